"""The cards of highlights: the choice, the question to the author, their decision, and what everyone reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.chat.cards import Block, Button, Buttons, Card, Heading, Markdown, Note, Quote, say
from bot.chat.forms import Form, Pick
from bot.chat.language import _
from bot.chat.models import Sharing
from bot.chat.short_text import shorten
from bot.reflections.answers.tables import Answer
from bot.reflections.cards import clip_text
from bot.reflections.conversations.buttons import talk_buttons
from bot.reports.highlights.tables import Consent, Highlight

LIST, LOOK, ASK, DECIDE, POST, UNPOST = (
    "report.highlights",
    "report.look",
    "report.ask",
    "report.decide",
    "report.post",
    "report.unpost",
)
NAMED, NAMELESS, NO, BACK = "named", "nameless", "no", "back"
"""What an author can decide."""
SHOWN = 700
"""Characters of an answer that everyone is shown."""
NAME = 30


def choice_card(answer: Answer, prompt: str, *, thanked: bool, following: int | None) -> Card:
    """An answer that everyone might like to read. `following` is the place of the next one to look at."""
    title = _("An answer to show everyone?")
    why = _("Somebody has thanked for it.") if thanked else _("Nobody has thanked for it yet.")
    name = shorten(answer.name, NAME)
    buttons = [Button(_("Ask {name}", name=name), does=ASK, value=f"a{answer.id}", style="main")]
    if following is not None:
        buttons.append(Button(_("Another one"), does=LOOK, value=str(following)))
    return say(
        title, Heading(title), Markdown(prompt), Quote(clip_text(answer.words, SHOWN), by=answer.name),
        Markdown(why), Buttons(tuple(buttons)),
        Note(_("Its author is asked in private. Nothing is shown unless they say yes.")),
    )  # fmt: skip


def no_choice_card() -> Card:
    """There is no answer to choose."""
    text = _("There is no answer to suggest now. It takes one of the last two weeks that moderators can read, of an author who was not asked lately.")  # fmt: skip
    return say(_("No answer to suggest"), Markdown(text))


def asked_card(name: str, *, new: bool, reached: bool = True) -> Card:
    """To the moderator who asked."""
    if not reached:
        text = _("I cannot write to {name}, so I did not ask. You can ask them yourself.", name=name)
        return say(_("Not asked"), Markdown(text))
    if not new:
        return say(_("Asked already"), Markdown(_("{name} was asked about this answer already. `/report highlights` shows where it stands.", name=name)))  # fmt: skip
    text = _("I asked {name} in private. `/report highlights` shows what they say.", name=name)
    return say(_("Asked"), Markdown(text))


def question_card(one: Highlight, answer: Answer, prompt: str) -> Card:
    """To the author: may everyone read this?"""
    title = _("May everyone read your answer?")
    state = f"h{one.id}"
    return say(
        title, Heading(title), Markdown(prompt), Quote(clip_text(answer.words, SHOWN)),
        Markdown(_("A moderator would like to show it in a channel.")),
        Buttons((
            Button(_("Yes, with my name"), does=DECIDE, value=f"{state}/{NAMED}", style="main"),
            Button(_("Yes, without my name"), does=DECIDE, value=f"{state}/{NAMELESS}"),
            Button(_("No"), does=DECIDE, value=f"{state}/{NO}"),
        )),
        Note(_("Without a yes, nothing is shown. You can take a yes back at any time.")),
    )  # fmt: skip


def decided_card(one: Highlight) -> Card:
    """To the author: what is on record now."""
    if one.consent is Consent.AGREED:
        text = (
            _("A moderator may show your answer in a channel, with your name.")
            if one.named
            else _("A moderator may show your answer in a channel, without your name.")
        )
        back = Button(_("Take it back"), does=DECIDE, value=f"h{one.id}/{BACK}")
        note = Note(_("If you change or delete your answer, what is shown changes too."))
        return say(_("Thank you"), Markdown(text), Buttons((back,)), note)
    if one.consent is Consent.WITHDRAWN:
        return say(_("Taken back"), Markdown(_("Your answer is no longer shown. It stays where you shared it yourself.")))  # fmt: skip
    return say(
        _("Nothing is shown"), Markdown(_("Your answer is not shown. Nobody asks you about it again."))
    )


def agreed_card(one: Highlight, prompt: str) -> Card:
    """To the moderator who asked: the author said yes."""
    text = (
        _(
            "Its author agrees that you show an answer to *{prompt}* in a channel, with their name.",
            prompt=prompt,
        )
        if one.named
        else _(
            "Its author agrees that you show an answer to *{prompt}* in a channel, without their name.",
            prompt=prompt,
        )
    )
    choose = Button(_("Choose a channel"), opens=POST, value=f"h{one.id}", style="main")
    return say(_("The author said yes"), Markdown(text), Buttons((choose,)))


def post_form(one: Highlight, channel: str) -> Form:
    """Where to show it."""
    pick = Pick("channel", _("Which channel?"), "channel", value=channel)
    return Form(POST, _("Show an answer"), (pick,), value=f"h{one.id}", submit=_("Show it"))


def post_card(one: Highlight, answer: Answer, prompt: str) -> Card:
    """What everyone reads."""
    title = _("Worth reading: {prompt}", prompt=prompt)
    blocks: list[Block] = [
        Heading(title),
        Quote(clip_text(answer.words, SHOWN), by=answer.name if one.named else None),
    ]
    if (
        one.named and answer.sharing is Sharing.EVERYONE
    ):  # others cannot thank for what is not shared with them
        blocks.append(Buttons(talk_buttons(answer.id, answer.name)))
    return say(title, *blocks, Note(_("Its author agreed to show this here.")))


def posted_card() -> Card:
    """To the moderator who shows it."""
    return say(_("On its way"), Markdown(_("The answer will be in the channel in a moment. `/report highlights` takes it away again.")))  # fmt: skip


@dataclass(frozen=True, slots=True)
class HighlightRow:
    """A highlight with its answer and prompt, for the list of moderators."""

    one: Highlight
    answer: Answer
    prompt: str


def list_card(rows: Sequence[HighlightRow], page: int = 0, *, more: bool = False) -> Card:
    """A page of the answers that were asked about, with where each stands. `more`: there is a page after it."""
    title = _("Answers to show")
    turns = [Button(_("Find one"), does=LOOK, value="0", style="main")]
    if page:
        turns.append(Button(_("Back"), does=LIST, value=str(page - 1)))
    if more:
        turns.append(Button(_("More"), does=LIST, value=str(page + 1)))
    blocks: list[Block] = [Heading(title)]
    if not (rows or page or more):
        blocks.append(Markdown(_("Nobody was asked about an answer yet.")))
    for row in rows:
        blocks.append(Markdown(_("*{prompt}*, {name}: {state}", prompt=row.prompt, name=row.answer.name, state=_state(row.one))))  # fmt: skip
        if row.one.consent is Consent.AGREED and row.one.key is None:
            label = _("Show the answer of {name}", name=shorten(row.answer.name, NAME))
            blocks.append(Buttons((Button(label, opens=POST, value=f"h{row.one.id}"),)))
        elif row.one.key is not None:
            label = _("Take away that of {name}", name=shorten(row.answer.name, NAME))
            blocks.append(Buttons((Button(label, does=UNPOST, value=f"h{row.one.id}"),)))
    return say(title, *blocks, Buttons(tuple(turns)))


def _state(one: Highlight) -> str:
    if one.key is not None:
        return _("it is shown")
    return {
        Consent.ASKED: _("no reply yet"),
        Consent.AGREED: _("they said yes"),
        Consent.DECLINED: _("not to be shown"),
        Consent.WITHDRAWN: _("not to be shown"),
    }[one.consent]


def examples() -> tuple[Card, ...]:
    """Every card of highlights."""
    from datetime import UTC, datetime  # examples only

    from bot.reflections.examples import ANSWER, ASKED, LONG

    asked = Highlight(
        1, 1, ASKED.id, ANSWER.id, 3, 4, datetime(2026, 11, 23, tzinfo=UTC), Consent.ASKED, False, None, None, None, None, 0
    )  # fmt: skip
    agreed, prompt = replace(asked, consent=Consent.AGREED, named=True), ASKED.prompt.title
    shown = replace(agreed, key="highlight:1:1", space="local:example", channel="c1", message="m1")
    taken = replace(asked, consent=Consent.WITHDRAWN)
    every = (asked, agreed, shown, replace(asked, consent=Consent.DECLINED))
    return (
        choice_card(LONG, prompt, thanked=True, following=1), choice_card(ANSWER, prompt, thanked=False, following=None),
        no_choice_card(), asked_card("Cleo Marsh", new=True), asked_card("Cleo Marsh", new=False),
        asked_card("Cleo Marsh", new=True, reached=False), question_card(asked, LONG, prompt), decided_card(agreed),
        decided_card(replace(agreed, named=False)), decided_card(taken), decided_card(every[3]), agreed_card(agreed, prompt),
        agreed_card(replace(agreed, named=False), prompt), post_card(shown, LONG, prompt),
        post_card(replace(shown, named=False), ANSWER, prompt), posted_card(), list_card(()),
        list_card([HighlightRow(one, LONG, prompt) for one in every], 1, more=True),
    )  # fmt: skip
