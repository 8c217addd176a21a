"""The cards of the month: what everyone reads in the channel, and what moderators see of whether and where it comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    ChannelLink,
    Heading,
    Markdown,
    Moment,
    Note,
    Quote,
    compose,
    say,
)
from bot.chat.forms import Form, Pick
from bot.chat.language import _, format_month
from bot.chat.literal_text import literal_markdown
from bot.chat.models import Place
from bot.chat.short_text import shorten
from bot.reflections.cards import clip_text
from bot.reports.monthly_card.tables import MonthlyChoice, MonthState
from bot.reports.monthly_card.tried_things import TriedItem
from bot.strategies.cards import SEE
from bot.strategies.try_cards import TRY, tries_text
from bot.strategies.try_tables import ANSWER, STRATEGY, TriedThing

PLACE, SWITCH, OFF = "strategy.monthly.place", "strategy.monthly", "off"
LINE = 160
"""Characters of what happened."""
NAME = 40
"""Characters of a name on a button."""


def month_card(month: date, items: Sequence[TriedItem]) -> Card:
    """What everyone reads. Its buttons answer whoever presses them in private."""
    title = _("What people here tried in {month}", month=format_month(month.month))
    blocks: list[Block] = [Heading(title)]
    for one in items:
        blocks += [
            Markdown(f"**{literal_markdown(one.what)}**"),
            Quote(clip_text(" ".join(one.happened.split()), LINE), by=one.author),
            Note(tries_text(one.count)),
            Buttons((_read_button(one), Button(_("Tried it"), does=TRY, value=one.thing.state))),
        ]
    return say(title, *blocks, Note(_("`/find` finds more. `/strategy save` saves what worked for you.")))


def _read_button(one: TriedItem) -> Button:
    if one.thing.kind == STRATEGY:
        return Button(_("Read {what}", what=shorten(one.what, NAME)), does=SEE, value=f"w{one.thing.ref}")
    name = shorten(one.author, NAME)
    return Button(_("Read what {name} wrote", name=name), does="reflect.whole", value=f"a{one.thing.ref}")


def choice_card(choice: MonthlyChoice | None, next_at: datetime | None, zone: str) -> Card:
    """To a moderator: whether the card comes, where, when next, and what became of the last one."""
    title = _("The monthly card")
    what = _("It shows up to five strategies and answers that people tried in the month before. Everyone can read all of them already.")  # fmt: skip
    if choice is None or next_at is None:
        pick = Button(_("Choose a channel"), opens=PLACE, value="", style="main")
        return say(title, Heading(title), Markdown(_("The card is off.")), Markdown(what), Buttons((pick,)))
    words = compose(
        _("It comes in {channel}. The next one comes {when}, if somebody tried something."),
        channel=ChannelLink(choice.place.channel), when=Moment(next_at, zone),
    )  # fmt: skip
    blocks: list[Block] = [Heading(title), Markdown(words)]
    if last := _last_text(choice):
        blocks.append(Markdown(last))
    another = Button(_("Choose another channel"), opens=PLACE, value="")
    return say(
        title, *blocks, Markdown(what), Buttons((another, Button(_("Turn it off"), does=SWITCH, value=OFF))),
        Note(_("It comes on the first working day of a month.")),
    )  # fmt: skip


def _last_text(choice: MonthlyChoice) -> str:
    match choice.state:
        case MonthState.SILENT:
            month = format_month(choice.told.month)
            return _("Nobody tried anything in {month}, so there was no card.", month=month)
        case MonthState.FAILED:
            return _("The last card could not be posted.")
        case MonthState.NONE | MonthState.SAID:
            return ""


def place_form(channel: str) -> Form:
    """Where it is to come."""
    hint = _("I post there on the first working day of each month.")
    pick = Pick("channel", _("Which channel?"), "channel", hint, value=channel)
    return Form(PLACE, _("The monthly card"), (pick,), submit=_("Post it there"))


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    month, at, long = date(2026, 11, 1), datetime(2027, 1, 4, 13, 30, tzinfo=UTC), "We called by noon. " * 20
    items = [
        TriedItem(TriedThing(STRATEGY, ref), "A call home " * 10, long, "Cleo Marsh", 9 - ref)
        for ref in (1, 2, 3)
    ]
    items += [
        TriedItem(TriedThing(ANSWER, ref), "Week notes " * 8, long, "Ben Okafor", 1, 7) for ref in (4, 5)
    ]
    choices = [MonthlyChoice(1, Place("local:example", "c1"), month, state) for state in MonthState]
    return (
        month_card(month, items), month_card(month, items[:1]), choice_card(None, None, "America/New_York"),
        *(choice_card(one, at, "America/New_York") for one in choices),
    )  # fmt: skip
