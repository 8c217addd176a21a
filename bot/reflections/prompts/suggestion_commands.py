"""Members suggest prompts, moderators decide: accept, edit and accept, or decline with a reason that reaches them."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.cards import Block, Button, Buttons, Card, Facts, Markdown, Moment, Note, Quote, say
from bot.chat.forms import FieldErrors, Form, LongText, ShortText
from bot.chat.mass_mentions import mass_mention, refuse_calls
from bot.chat.models import Refusal
from bot.delivery import outbox
from bot.delivery.facts import Draft, Verb
from bot.feature import Request, note
from bot.reflections.prompts import bank, bank_cards, prompt_form, suggestions
from bot.reflections.prompts.bank import PromptOrigin
from bot.reflections.prompts.low_stock import Supplies
from bot.reflections.prompts.model import Prompt, Question
from bot.reflections.prompts.prompt_form import ASK
from bot.reflections.prompts.suggestions import Fate, PromptSuggestion
from bot.reflections.schedule.ids import number_of
from bot.store.store import Store

MOST = 10
"""Suggestions of one member that may wait at the same time."""
KEY = "suggestions"
"""The alert that something waits for review."""


class SuggestionCommands:
    """`/reflect suggest` and `/prompt review`."""

    def __init__(self, store: Store, alerts: Alerts, supplies: Supplies) -> None:
        self._store, self._alerts, self._supplies = store, alerts, supplies

    # ── suggesting ────────────────────────────────────────────────────────────

    async def suggest(self, request: Request) -> Card | Form:
        """Suggest in one line, or by form."""
        text = request.text("text")
        if not text or len(text) > ASK:
            return await self.form(request)
        refuse_calls(text, returning=text)
        return await self._keep(request, request.text("deck"), text)

    async def form(self, request: Request) -> Form:
        """The form of a suggestion, filled with what was said or with the message it was begun from."""
        self._may(request)
        about = request.about.text if request.about is not None else request.text("text")
        decks = await self._store.read(lambda conn: list(bank.decks(conn, request.community.id)))
        known = f"Known: {', '.join(decks[:8])}. Leave it empty if you do not mind." if decks else ""
        return Form(
            "reflect.suggest", "Suggest a prompt",
            (
                LongText("text", "Your question", "Moderators see it with your name. Please name no pupil or colleague.",
                         value=" ".join(about.split())[:1000], limit=1000),
                ShortText("deck", "For which deck", known, required=False, value=request.text("deck"), limit=40),
            ),
            submit="Suggest",
        )  # fmt: skip

    async def take(self, request: Request) -> Card | FieldErrors:
        """The form came back."""
        text = " ".join(request.text("text").split())
        if len(text) > ASK:
            return FieldErrors(
                {"text": f"A question has at most {ASK} characters; this one has {len(text)}."}
            )
        if call := mass_mention(text):
            return FieldErrors({"text": f"“{call}” would call everybody at once. Leave it out."})
        return await self._keep(request, request.text("deck"), text)

    @staticmethod
    def _may(request: Request) -> None:
        if not request.member.keeps:
            raise Refusal(
                "You asked me to keep nothing, so I cannot take a suggestion.",
                "`/my settings keep:yes` changes that.",
                request.text("text"),
            )

    async def _keep(self, request: Request, deck: str, text: str) -> Card:
        self._may(request)

        def keep(conn: Connection) -> Card:
            home = request.community.id
            if suggestions.count_open(conn, home, request.member.id) >= MOST:
                raise Refusal(
                    f"{MOST} of your suggestions wait already.", "Moderators answer those first.", text
                )
            name = prompt_form.slug_of(deck, "") if deck else ""
            who = request.person
            suggestions.add(conn, home, request.member.id, who.space, who.id, name, text, request.now)
            self._alerts.alert(conn, home, KEY, waiting_card(), request.now)
            return thanks_card(text)

        return await self._store.write(keep)

    # ── deciding ──────────────────────────────────────────────────────────────

    async def review(self, request: Request) -> Card:
        """The oldest suggestion that waits, or the next one after it."""
        after = number_of(request.value) if request.value else 0

        def look(conn: Connection) -> Card:
            return replace(self._next(conn, request, after), replaces=bool(request.value))

        return await self._store.read(look)

    @staticmethod
    def _next(conn: Connection, request: Request, after: int = 0) -> Card:
        found = suggestions.open_after(conn, request.community.id, after)
        found = found or suggestions.open_after(conn, request.community.id)
        if found is None:
            return say("Nothing waits", Markdown("No suggestion waits for a decision."))
        waiting = suggestions.count_open(conn, request.community.id)
        deck = _deck_for(conn, request, found)
        return review_card(found, deck, waiting, request.community.zone)

    async def accept(self, request: Request) -> Card:
        """Take it as it is."""

        def take(conn: Connection) -> Card:
            found = _open(conn, request, number_of(request.value))
            title = prompt_form.title_of(found.text)
            prompt = prompt_form.plain_prompt(title, (Question(found.text),))
            return self._accepted(conn, request, found, _deck_for(conn, request, found), prompt)

        return await self._store.write(take)

    async def edit(self, request: Request) -> Form | Card:
        """The form of a prompt, filled with what was suggested."""

        def look(conn: Connection) -> Form:
            found = _open(conn, request, number_of(request.value))
            known = list(bank.decks(conn, request.community.id))
            prompt = prompt_form.plain_prompt(prompt_form.title_of(found.text), (Question(found.text),))
            deck = _deck_for(conn, request, found)
            return prompt_form.prompt_form(
                "prompt.take", "Edit and accept", f"g{found.id}", known, deck, prompt, "Accept"
            )

        return await self._store.write(look)

    async def take_edited(self, request: Request) -> Card | FieldErrors:
        """Take it with a moderator's changes."""
        deck, prompt, errors = prompt_form.read_form(request.values, None)
        if errors:
            return FieldErrors(errors)

        def take(conn: Connection) -> Card:
            return self._accepted(conn, request, _open(conn, request, number_of(request.value)), deck, prompt)

        return await self._store.write(take)

    def _accepted(
        self, conn: Connection, request: Request, found: PromptSuggestion, deck: str, prompt: Prompt
    ) -> Card:
        made = bank.add(conn, request.community.id, deck, prompt, PromptOrigin.SUGGESTED)
        suggestions.decide(conn, found.id, Fate.ACCEPTED, request.now, prompt_id=made.id)
        note(
            conn, request, "accepted", f"suggestion {found.id}", None, {"prompt": f"p{made.id}", "deck": deck}
        )
        self._tell(conn, request, found, accepted_card(prompt, prompt.questions[0].ask != found.text))
        self._supplies.check(conn, request.community.id, request.now)
        said = f"Accepted as p{made.id}; whoever suggested it hears of it."
        return self._decided(conn, request, bank_cards.one_card(made, 0, said))

    async def ask_reason(self, request: Request) -> Form | Card:
        """The form that asks why it is declined."""

        def look(conn: Connection) -> Form:
            found = _open(conn, request, number_of(request.value))
            hint = f"{found.name} reads this, privately."
            return Form("prompt.decline", "Decline a suggestion", (LongText("reason", "Why", hint, limit=500),),
                        f"g{found.id}", submit="Decline")  # fmt: skip

        return await self._store.write(look)

    async def decline(self, request: Request) -> Card | FieldErrors:
        """Decline it; the reason goes to whoever suggested it."""
        reason = request.text("reason")

        def drop(conn: Connection) -> Card:
            found = _open(conn, request, number_of(request.value))
            suggestions.decide(conn, found.id, Fate.DECLINED, request.now, reason=reason)
            note(conn, request, "declined", f"suggestion {found.id}")
            self._tell(conn, request, found, declined_card(found.text, reason))
            said = say("Declined", Markdown(f"Declined. {found.name} hears why."))
            return self._decided(conn, request, said)

        return await self._store.write(drop)

    def _decided(self, conn: Connection, request: Request, said: Card) -> Card:
        """What was done, and a way to the next; moderators are left in peace when nothing waits any more."""
        waiting = suggestions.count_open(conn, request.community.id)
        if not waiting:
            done = say("Every suggestion is decided.")
            self._alerts.resolve(conn, request.community.id, KEY, request.now, done)
            return replace(said, replaces=True)
        more = Buttons((Button(f"Next ({waiting} waiting)", does="prompt.review", value="g0"),))
        return replace(said, blocks=(*said.blocks, more), replaces=True)

    @staticmethod
    def _tell(conn: Connection, request: Request, found: PromptSuggestion, card: Card) -> None:
        told = Draft(
            community_id=request.community.id, space=found.space, verb=Verb.DIRECT, person=found.person, card=card,
            key=f"suggestion:{found.id}", kind="suggestion", priority=1,
        )  # fmt: skip
        outbox.queue(conn, told, request.now)


def _open(conn: Connection, request: Request, number: int) -> PromptSuggestion:
    found = suggestions.find(conn, request.community.id, number)
    if found is None or found.fate is not Fate.OPEN:
        raise Refusal("That suggestion is decided, or was taken back.", "`/prompt review` shows what waits.")
    return found


def _deck_for(conn: Connection, request: Request, found: PromptSuggestion) -> str:
    """Where it goes unless a moderator says otherwise: the deck it names if there is one, else the first."""
    known = bank.decks(conn, request.community.id)
    return found.deck if found.deck in known else next(iter(known), "weekly")


# ── how it looks ──────────────────────────────────────────────────────────────


def thanks_card(text: str) -> Card:
    """To the member: it is with the moderators."""
    return say(
        "Thank you",
        Markdown("Thank you. The moderators look at it, and I tell you what became of it."),
        Quote(text),
    )


def waiting_card() -> Card:
    """To moderators: something waits, without its words."""
    return say(
        "A suggestion waits",
        Markdown("A member suggested a prompt."),
        Buttons((Button("Review", does="prompt.review", style="main"),)),
        Note("I tell this once until nothing waits. /prompt review does the same."),
    )


def review_card(found: PromptSuggestion, deck: str, waiting: int, zone: str) -> Card:
    """One suggestion and what can be done with it."""
    value = f"g{found.id}"
    buttons = [
        Button("Accept", does="prompt.accept", value=value, style="main"),
        Button("Edit", opens="prompt.take", value=value),
        Button("Decline", opens="prompt.decline", value=value),
    ]
    if waiting > 1:
        buttons.append(Button("Another", does="prompt.review", value=value))
    blocks: list[Block] = [
        Quote(found.text, by=found.name),
        Facts((("Suggested", (Moment(found.at, zone),)), ("Goes to", deck), ("Waiting", str(waiting)))),
        Buttons(tuple(buttons)),
    ]
    return say("A suggested prompt", *blocks)


def accepted_card(prompt: Prompt, changed: bool) -> Card:
    """To whoever suggested it: it was taken."""
    how = "with a few changes" if changed else "as it is"
    return say(
        "Your suggestion is taken",
        Markdown(f"The moderators took your suggestion {how}. One day I will ask:"),
        Quote("\n".join(question.ask for question in prompt.questions)),
    )


def declined_card(text: str, reason: str) -> Card:
    """To whoever suggested it: it was not taken, and why."""
    return say(
        "About your suggestion",
        Markdown("The moderators did not take your suggestion:"),
        Quote(text),
        Markdown("They say:"),
        Quote(reason),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    from bot.reflections.examples import ASKED, PROMPT  # examples only

    one = PromptSuggestion(
        7, 7, "Ada Quinn", "local:example", "u1", "weekly", "Who spoke first?", Fate.OPEN, ASKED.opened_at
    )
    return (
        thanks_card(one.text),
        waiting_card(),
        review_card(one, "weekly", 2, "Europe/Dublin"),
        accepted_card(PROMPT, changed=True),
        declined_card(one.text, "We asked nearly the same in spring."),
    )
