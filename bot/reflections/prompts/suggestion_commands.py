"""Members suggest prompts; moderators accept, edit and accept, or decline with a reason that reaches them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.cards import Button, Buttons, Card, Markdown, say
from bot.chat.forms import FieldErrors, Form, LongText, ShortText
from bot.chat.language import N_, _, ngettext
from bot.chat.mass_mentions import mass_mention, refuse_calls
from bot.chat.menu import Command, Option, OptionKind, Shortcut
from bot.chat.models import Refusal, Role
from bot.chat.parsing.button_values import read_id
from bot.delivery import outbox
from bot.delivery.facts import Draft, Verb
from bot.feature import ButtonHandler, CommandHandler, FormHandler, Reads, Request, Writes, note_change
from bot.people.languages import speaking_to, speaking_to_all
from bot.reflections.prompts import bank, bank_cards, prompt_form, suggestion_cards, suggestions
from bot.reflections.prompts.bank import PromptOrigin
from bot.reflections.prompts.low_stock import Supplies
from bot.reflections.prompts.model import Prompt, Question
from bot.reflections.prompts.options import DECK
from bot.reflections.prompts.question_lines import ASK, too_long_text
from bot.reflections.prompts.suggestions import Fate, PromptSuggestion

DRAFT = 1000
"""Characters that the form of a suggestion begins with; its author shortens them there."""
MOST = 10
"""Suggestions of one member that may wait at the same time."""
KEY = "suggestions"
"""The alert that something waits for review."""
SHORTCUTS = (
    Shortcut(
        "reflect.suggest",
        N_("Suggest as prompt"),
        N_("Suggest a message to the moderators as a prompt"),
        opens=True,
    ),
)


@dataclass(frozen=True, slots=True)
class SuggestionCommands:
    """`/reflect suggest` and `/prompt review`."""

    alerts: Alerts
    supplies: Supplies

    def commands(self) -> Sequence[CommandHandler]:
        """The command of members and the one of moderators."""
        suggest = Command(
            "reflect", "suggest", N_("Suggest a prompt to the moderators"),
            (DECK, Option("text", N_("Your question"), OptionKind.TEXT)),
            opens=True, examples=("/reflect suggest -- Who made you laugh this week?",), label=N_("Suggest a prompt"), common=True,
        )  # fmt: skip
        review = Command(
            "prompt",
            "review",
            N_("Decide about prompts that members suggest"),
            role=Role.MODERATOR,
            label=N_("Review suggestions"),
            common=True,
        )
        return (
            CommandHandler(review, Reads(review_suggestion)),
            CommandHandler(suggest, Writes(self.suggest_prompt)),
        )

    def buttons(self) -> Sequence[ButtonHandler]:
        """The buttons under a suggestion."""
        return (
            ButtonHandler("prompt.review", Reads(review_suggestion), Role.MODERATOR),
            ButtonHandler("prompt.accept", Writes(self.accept_suggestion), Role.MODERATOR),
        )

    def forms(self) -> Sequence[FormHandler]:
        """The form of a suggestion, and the two with which it is decided."""
        role = Role.MODERATOR
        return (
            FormHandler("reflect.suggest", Reads(build_form), Writes(self.submit_suggestion)),
            FormHandler("prompt.take", Reads(build_edit_form), Writes(self.accept_edited), role),
            FormHandler("prompt.decline", Reads(build_decline_form), Writes(self.decline_suggestion), role),
        )

    # ── suggesting ────────────────────────────────────────────────────────────

    def suggest_prompt(self, conn: Connection, request: Request) -> Card | Form:
        """Suggest in one line, or by form."""
        text = request.text("text")
        if not text or len(text) > ASK:
            return build_form(conn, request)
        refuse_calls(text, returning=text)
        return self._store(conn, request, text)

    def submit_suggestion(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """Store what was written in the form."""
        text = " ".join(request.text("text").split())
        if len(text) > ASK:
            return FieldErrors({"text": too_long_text(len(text))})
        if call := mass_mention(text):
            return FieldErrors({"text": prompt_form.call_text(call)})
        return self._store(conn, request, text)

    def _store(self, conn: Connection, request: Request, text: str) -> Card:
        _check_consent(request)
        home, person, deck = request.community.id, request.person, request.text("deck")
        if suggestions.count_open_suggestions(conn, home, request.member.id) >= MOST:
            problem = _("{count} of your suggestions wait already.", count=MOST)
            raise Refusal(problem, _("Moderators answer those first."), text)
        name = prompt_form.slug_of(deck, "") if deck else ""
        suggestions.add_suggestion(
            conn, home, request.member.id, person.space, person.id, name, text, request.now
        )
        with speaking_to_all(conn, home):
            waiting = suggestion_cards.waiting_card()
        self.alerts.alert(conn, home, KEY, waiting, request.now)
        return suggestion_cards.thanks_card(text)

    # ── deciding ──────────────────────────────────────────────────────────────

    def accept_suggestion(self, conn: Connection, request: Request) -> Card:
        """Take a suggestion as it is."""
        found = _open(conn, request, hold=True)
        return self._accept(conn, request, found, _deck_of(conn, request, found), _prompt_of(found))

    def accept_edited(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """Take a suggestion with a moderator's changes."""
        deck, prompt, errors = prompt_form.read_form(request.values, None)
        if errors:
            return FieldErrors(errors)
        return self._accept(conn, request, _open(conn, request, hold=True), deck, prompt)

    def _accept(
        self, conn: Connection, request: Request, found: PromptSuggestion, deck: str, prompt: Prompt
    ) -> Card:
        made = bank.add_prompt(conn, request.community.id, deck, prompt, PromptOrigin.SUGGESTED)
        suggestions.decide_suggestion(conn, found.id, Fate.ACCEPTED, request.now, prompt_id=made.id)
        note_change(
            conn, request, "accepted", f"suggestion {found.id}", None, {"prompt": f"p{made.id}", "deck": deck}
        )
        changed = prompt.questions[0].ask != found.text
        with speaking_to(conn, found.member_id):
            _tell_author(conn, request, found, suggestion_cards.accepted_card(prompt, changed))
        self.supplies.check(conn, request.community.id, request.now)
        said = _("Accepted as {id}. I tell the person who suggested it.", id=f"p{made.id}")
        return self._decided(conn, request, bank_cards.details_card(made, 0, said))

    def decline_suggestion(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """Decline a suggestion; the reason goes to its author."""
        reason = request.text("reason")
        found = _open(conn, request, hold=True)
        suggestions.decide_suggestion(conn, found.id, Fate.DECLINED, request.now, reason=reason)
        note_change(conn, request, "declined", f"suggestion {found.id}")
        with speaking_to(conn, found.member_id):
            _tell_author(conn, request, found, suggestion_cards.declined_card(found.text, reason))
        words = _("Declined. I tell {name} why.", name=found.name)
        return self._decided(conn, request, say(_("Declined"), Markdown(words)))

    def _decided(self, conn: Connection, request: Request, said: Card) -> Card:
        """What was done, and a way to the next; moderators are left in peace when nothing waits any more."""
        waiting = suggestions.count_open_suggestions(conn, request.community.id)
        if not waiting:
            with speaking_to_all(conn, request.community.id):
                done = say(_("Every suggestion is decided."))
            self.alerts.resolve(conn, request.community.id, KEY, request.now, done)
            return replace(said, replaces=True)
        label = ngettext("Next ({count} waiting)", "Next ({count} waiting)", waiting)
        more = Buttons((Button(label, does="prompt.review", value="g0"),))
        return replace(said, blocks=(*said.blocks, more), replaces=True)


def build_form(conn: Connection, request: Request) -> Form:
    """The form of a suggestion, filled with what was said or with the message it was begun from."""
    _check_consent(request)
    about = " ".join((request.about.text if request.about is not None else request.text("text")).split())
    if len(about) > DRAFT:
        raise Refusal(too_long_text(len(about)), _("Suggest a shorter one."), about)
    decks = list(bank.count_by_deck(conn, request.community.id))
    names = ", ".join(decks[:8])
    known = _("Known: {decks}. Leave it empty if you do not mind.", decks=names) if decks else ""
    return Form(
        "reflect.suggest", _("Suggest a prompt"),
        (
            LongText("text", _("Your question"), _("Moderators see it with your name. Please don’t name "
                                                   "students or colleagues."),
                     value=about, limit=DRAFT),
            ShortText("deck", _("For which deck"), known, required=False, value=request.text("deck"), limit=40),
        ),
        submit=_("Suggest"),
    )  # fmt: skip


def review_suggestion(conn: Connection, request: Request) -> Card:
    """The oldest suggestion that waits, or the next one after it."""
    after = read_id(request.value) if request.value else 0
    return replace(_next(conn, request, after), replaces=bool(request.value))


def _next(conn: Connection, request: Request, after: int) -> Card:
    found = suggestions.next_open_suggestion(conn, request.community.id, after)
    found = found or suggestions.next_open_suggestion(conn, request.community.id)
    if found is None:
        return say(_("Nothing waits"), Markdown(_("No suggestion waits for a decision.")))
    waiting = suggestions.count_open_suggestions(conn, request.community.id)
    deck = _deck_of(conn, request, found)
    return suggestion_cards.review_card(found, deck, waiting, request.community.zone)


def build_edit_form(conn: Connection, request: Request) -> Form:
    """The form of a prompt, filled with what was suggested."""
    found = _open(conn, request)
    known, deck = list(bank.count_by_deck(conn, request.community.id)), _deck_of(conn, request, found)
    value, prompt = f"g{found.id}", _prompt_of(found)
    title = _("Edit and accept")
    return prompt_form.prompt_form("prompt.take", title, value, known, deck, prompt, _("Accept"))


def build_decline_form(conn: Connection, request: Request) -> Form:
    """The form that asks why a suggestion is declined."""
    found = _open(conn, request)
    reason = LongText("reason", _("Why"), _("{name} reads this, privately.", name=found.name), limit=500)
    return Form("prompt.decline", _("Decline a suggestion"), (reason,), f"g{found.id}", submit=_("Decline"))


def _check_consent(request: Request) -> None:
    if not request.member.keeps:
        raise Refusal(
            _("Saving is off for you, so I can’t save a suggestion."),
            _("`/my settings keep:yes` changes that."),
            request.text("text"),
        )


def _tell_author(conn: Connection, request: Request, found: PromptSuggestion, card: Card) -> None:
    told = Draft(
        community_id=request.community.id, space=found.space, verb=Verb.DIRECT, person=found.person, card=card,
        key=f"suggestion:{found.id}", kind="suggestion", priority=1,
    )  # fmt: skip
    outbox.queue_draft(conn, told, request.now)


def _open(conn: Connection, request: Request, *, hold: bool = False) -> PromptSuggestion:
    """The suggestion a button carries, while nobody has decided about it."""
    found = suggestions.find_suggestion(conn, request.community.id, read_id(request.value), hold=hold)
    if found is None or found.fate is not Fate.OPEN:
        raise Refusal(
            _("That suggestion is decided, or was taken back."), _("`/prompt review` shows what waits.")
        )
    return found


def _deck_of(conn: Connection, request: Request, found: PromptSuggestion) -> str:
    """Where it goes unless a moderator says otherwise: the deck it names if there is one, else the first."""
    known = bank.count_by_deck(conn, request.community.id)
    return found.deck if found.deck in known else next(iter(known), "weekly")


def _prompt_of(found: PromptSuggestion) -> Prompt:
    return prompt_form.plain_prompt(prompt_form.title_of(found.text), (Question(found.text),))
