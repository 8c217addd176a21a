"""How the calendar looks: facts in, cards out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from bot.calendars.rebuild import Effect
from bot.calendars.tables import CalendarSource, SourceKind
from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Facts,
    Heading,
    Markdown,
    Moment,
    Note,
    Select,
    Words,
    say,
)
from bot.chat.language import format_short_day
from bot.schedules.breaks import Break
from bot.schedules.model import BreakPolicy, OccurrenceState, Schedule

FEW = 12
"""Changes that are listed; more are counted."""
MOST = 20
"""Sources on one card."""
KINDS = {
    SourceKind.BREAK: "Break",
    SourceKind.TERM: "Term",
    SourceKind.HOLIDAYS: "Public holidays",
    SourceKind.FILE: "Calendar file",
}
POLICIES = {
    BreakPolicy.SKIP: "is left out",
    BreakPolicy.HOLD: "waits for the day of return, and comes once",
    BreakPolicy.IGNORE: "comes all the same",
}


def day(one: date) -> str:
    """A date for people."""
    return format_short_day(one, year=True)


def days(first: date, last: date) -> str:
    """A first and a last day."""
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def calendar_card(sources: Sequence[CalendarSource], ahead: Sequence[Break], today: date) -> Card:
    """Where the breaks of a community come from, and the next of them."""
    if not sources:
        return say(
            "The calendar is empty",
            Heading("The calendar is empty"),
            Markdown(
                "Tell me when people are away, and nothing will be posted then:\n"
                "- `/tilth calendar add 26 oct to 30 oct -- Fall break`\n"
                "- `/tilth calendar term 1 sep to 18 dec -- Autumn term` (the gaps between terms are breaks)\n"
                "- `/tilth calendar holidays IE`\n"
                "- `/tilth calendar import` for a calendar file"
            ),
        )
    rows = tuple((f"b{one.id} · {KINDS[one.origin]}", about(one)) for one in sources[:MOST])
    coming = tuple((days(one.starts, one.ends), one.label) for one in ahead if one.ends >= today)
    blocks: list[Block] = [Heading("The calendar"), Facts(rows)]
    if coming:
        blocks += [Markdown("**Away next**"), Facts(coming[:FEW])]
    options = tuple((f"b{one.id}", f"b{one.id} {one.label}"[:75]) for one in sources[:25])
    blocks += [
        Select("Remove", "calendar.remove", options),
        Note("What falls into a break is left out, unless its schedule says hold or ignore."),
    ]
    return Card("The calendar", tuple(blocks))


def about(one: CalendarSource) -> str:
    """A source in a few words."""
    match one.origin:
        case SourceKind.BREAK | SourceKind.TERM:
            first, last = (date.fromisoformat(one.details[name]) for name in ("starts", "ends"))
            return f"{one.label}: {days(first, last)}"
        case SourceKind.FILE:
            only = one.details["only"]
            return f"{one.label}, whole-day events" + (f" with “{only}” in their title" if only else "")
        case SourceKind.HOLIDAYS:
            return one.label


def changed_card(
    title: str, one: CalendarSource, laid: Sequence[Break], effects: Sequence[Effect], zone: str
) -> Card:
    """The calendar changed: what was understood, and what it changes in the next weeks, with Undo."""
    blocks: list[Block] = [Heading(title), Markdown(f"b{one.id}: {about(one)}.")]
    if one.origin in (SourceKind.HOLIDAYS, SourceKind.FILE) and laid:
        blocks.append(Facts(tuple((days(b.starts, b.ends), b.label) for b in laid[:FEW])))
        if len(laid) > FEW:
            blocks.append(Markdown(f"And {len(laid) - FEW} more in the next three years."))
    blocks += effect_blocks(effects, zone)
    blocks.append(Buttons((Button("Undo", does="calendar.undo", value=f"b{one.id}"),)))
    return Card(title, tuple(blocks))


def effect_blocks(effects: Sequence[Effect], zone: str) -> list[Block]:
    """What changes in the next weeks, a line each."""
    if not effects:
        return [Markdown("Nothing that is due in the next eight weeks changes.")]
    rows = tuple((_name(one), _becomes(one, zone)) for one in effects[:FEW])
    blocks: list[Block] = [Markdown("**This changes in the next eight weeks**"), Facts(rows)]
    if len(effects) > FEW:
        blocks.append(Markdown(f"And {len(effects) - FEW} more."))
    return blocks


def _name(one: Effect) -> str:
    found = one.before or one.after
    return f"{found.schedule.label}" if found is not None else ""


def _becomes(one: Effect, zone: str) -> Words:
    due = Moment(one.at, zone)
    after = one.after
    if after is None or after.state is OccurrenceState.SKIPPED:
        reason = after.reason if after is not None and after.reason else "not within sight"
        return (due, f": skipped ({reason})")
    if after.at != after.due_at:
        return (due, ": held, and comes on ", Moment(after.at, zone))
    return (due, ": comes as planned")


def policy_card(schedule: Schedule, name: str) -> Card:
    """What a schedule does in a break from now on."""
    what = POLICIES[schedule.break_policy]
    return say("Breaks", Markdown(f"What {name} ({schedule.label}) has due in a break {what}."))


def removed_card(one: CalendarSource, effects: Sequence[Effect], zone: str) -> Card:
    """A source was taken away, with Undo."""
    blocks = effect_blocks(effects, zone)
    undo = Buttons((Button("Undo", does="calendar.restore", value=f"b{one.id}"),))
    heading = f"Removed: {one.label}"
    return Card(heading, (Heading(heading), *blocks, undo), replaces=True)


def undone_card(words: str, effects: Sequence[Effect], zone: str) -> Card:
    """A change of the calendar was taken back."""
    return Card(words, (Markdown(words), *effect_blocks(effects, zone)), replaces=True)


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    made = datetime(2026, 9, 1, tzinfo=UTC)
    half = CalendarSource(
        3, 1, SourceKind.BREAK, "Fall break", {"starts": "2026-10-26", "ends": "2026-10-30"}, made, None, None
    )
    bank = CalendarSource(
        4, 1, SourceKind.HOLIDAYS, "Public holidays, IE", {"country": "IE", "region": ""}, made, None, made
    )
    away = Break(1, 1, date(2026, 10, 26), date(2026, 10, 30), "Fall break", 3)
    return (
        calendar_card([], [], date(2026, 9, 1)),
        calendar_card([half, bank], [away], date(2026, 9, 1)),
        changed_card("Added to the calendar", half, [away], [], "Europe/Dublin"),
        removed_card(half, [], "Europe/Dublin"),
        undone_card("Fall break is back in the calendar.", [], "Europe/Dublin"),
    )
