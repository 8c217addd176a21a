"""The cards of trying: the buttons under what was shared, the question two weeks later, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from bot.chat.cards import Button, Buttons, Card, Heading, Markdown, Quote, say
from bot.chat.forms import Choice, Form, LongText
from bot.chat.language import _, format_day, ngettext
from bot.people.small_groups import may_tell
from bot.strategies.try_tables import ANSWER, LONGEST, STRATEGY, TriedThing, TryResult

TRY, UNTRY, RESULTS, WENT = "strategy.try", "strategy.untry", "strategy.results", "strategy.went"
YES = "yes"


def tried_buttons(thing: TriedThing, *, tried: bool, count: int) -> tuple[Button, ...]:
    """The buttons under something that can be tried."""
    if not tried:
        return (Button(_("Tried it"), does=TRY, value=thing.state), *_results_button(thing, count))
    return (
        Button(_("How did it go?"), opens=WENT, value=thing.state),
        Button(_("I did not try it"), does=UNTRY, value=thing.state),
        *_results_button(thing, count),
    )


def _results_button(thing: TriedThing, count: int) -> tuple[Button, ...]:
    return (
        (Button(_("Who tried it"), does=RESULTS, value=thing.state),)
        if count and thing.kind == ANSWER
        else ()
    )


def tries_text(count: int) -> str:
    """How many people tried something; a number only from five on."""
    if not count:
        return _("Nobody has said yet that they tried it.")
    if not may_tell(count):
        return _("People tried it.")
    return ngettext("{count} person tried it.", "{count} people tried it.", count)


def results_card(results: Sequence[TryResult], count: int) -> Card:
    """What those say who tried what an answer tells."""
    said = [Quote(one.text, by=one.by) for one in results]
    return say(_("Who tried it"), Markdown(tries_text(count)), *said)


def tried_card(thing: TriedThing, *, new: bool) -> Card:
    """To whoever tried it: what comes next."""
    words = _("Noted. In two weeks I ask you once in private how it went, unless your reminders are off.")
    if not new:
        words = _("You said so before. You can say how it went at any time.")
    return say(
        _("Tried it"),
        Markdown(words),
        Buttons(
            (
                Button(_("Say it now"), opens=WENT, value=thing.state),
                Button(_("I did not try it"), does=UNTRY, value=thing.state),
            )
        ),
    )


def untried_card(*, was: bool) -> Card:
    """To whoever takes that back."""
    words = (
        _("Taken back. I will not ask you about it.") if was else _("You have not said that you tried it.")
    )
    return say(_("Tried it"), Markdown(words))


def went_question(thing: TriedThing, sentence: str) -> Card:
    """The question, two weeks later. It has no words of what was tried: a button shows that."""
    see = Button(_("See it"), does="strategy.see", value=f"w{thing.ref}")
    if thing.kind == ANSWER:
        see = Button(_("See it"), does="reflect.whole", value=f"a{thing.ref}")
    return Card(
        _("How did it go?"),
        (
            Heading(_("How did it go?")),
            Markdown(sentence),
            Buttons(
                (
                    Button(_("Say how it went"), opens=WENT, value=thing.state, style="main"),
                    see,
                    Button(_("I did not try it"), does=UNTRY, value=thing.state),
                )
            ),
        ),
    )


def went_sentence(thing: TriedThing, day: date) -> str:
    """What is said then; each time another sentence, because none is said twice in a month."""
    name = f"w{thing.ref}" if thing.kind == STRATEGY else f"a{thing.ref}"
    return _(
        "On {day} you tapped **Tried it** ({name}). One sentence helps the next person.",
        day=format_day(day),
        name=name,
    )


def went_form(thing: TriedThing, result: str) -> Form:
    """What happened, and whether others may read it."""
    return Form(
        WENT, _("How did it go?"),
        (
            LongText("result", _("What happened?"), _("A sentence is enough."), value=result, limit=LONGEST),
            Choice(
                "share", _("May others read it under the card, with your name?"),
                ((YES, _("Yes, share it")), ("no", _("No, do not store it"))), value=YES if result else "",
            ),
        ),
        thing.state,
    )  # fmt: skip


def went_card(*, shared: bool) -> Card:
    """To whoever said how it went."""
    words = (
        _("Thank you. It stands under the card now, with your name.")
        if shared
        else _("Thank you. I stored nothing of it.")
    )
    return say(_("How it went"), Markdown(words))


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    at = datetime(2026, 10, 12, 9, tzinfo=UTC)
    results = (TryResult("Ada Quinn", "Two came back.", at), TryResult("Ben Okafor", "It took a week.", at))
    thing = TriedThing(STRATEGY, 7)
    return (
        results_card(results, 2),
        tried_card(thing, new=True),
        tried_card(thing, new=False),
        untried_card(was=True),
        untried_card(was=False),
        went_question(thing, went_sentence(thing, at)),
        went_question(TriedThing(ANSWER, 301), went_sentence(TriedThing(ANSWER, 301), at)),
        went_card(shared=True),
        went_card(shared=False),
    )
