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
    compose,
    say,
)
from bot.chat.language import N_, _, format_short_day, ngettext
from bot.schedules.breaks import Break
from bot.schedules.model import BreakPolicy, OccurrenceState, Schedule
from bot.schedules.reasons import reason_words

FEW = 12
"""Changes that are listed; more are counted."""
MOST = 20
"""Sources on one card."""
KINDS = {
    SourceKind.BREAK: N_("Days off"),
    SourceKind.TERM: N_("Term"),
    SourceKind.HOLIDAYS: N_("Public holidays"),
    SourceKind.FILE: N_("Calendar file"),
}
POLICIES = {
    BreakPolicy.SKIP: N_("{name} ({label}) skips its dates in a break."),
    BreakPolicy.HOLD: N_("{name} ({label}) waits during a break. It posts once, on the first day back."),
    BreakPolicy.IGNORE: N_("{name} ({label}) posts in breaks, too."),
}


def day(one: date) -> str:
    """A date for people."""
    return format_short_day(one, year=True)


def days(first: date, last: date) -> str:
    """A first and a last day."""
    return day(first) if first == last else _("{first} to {last}", first=day(first), last=day(last))


def calendar_card(sources: Sequence[CalendarSource], ahead: Sequence[Break], today: date) -> Card:
    """Where the breaks of a community come from, and the next of them."""
    if not sources:
        return say(
            _("The calendar is empty"),
            Heading(_("The calendar is empty")),
            Markdown(
                _(
                    "Add the days when people are away. Nothing is posted then.\n"
                    "- A break: `/tilth calendar add oct 26 to oct 30 -- Fall break`\n"
                    "- A semester: `/tilth calendar term sep 1 to dec 18 -- Fall semester`. "
                    "The days between two semesters are a break.\n"
                    "- Public holidays: `/tilth calendar holidays US`\n"
                    "- A calendar file: `/tilth calendar import`"
                )
            ),
        )
    rows = tuple((f"b{one.id} · {_(KINDS[one.origin])}", about(one)) for one in sources[:MOST])
    coming = tuple((days(one.starts, one.ends), one.label) for one in ahead if one.ends >= today)
    blocks: list[Block] = [Heading(_("The calendar")), Facts(rows)]
    if coming:
        blocks += [Markdown(_("**Next days off**")), Facts(coming[:FEW])]
    options = tuple((f"b{one.id}", f"b{one.id} {name_of(one)}"[:75]) for one in sources[:25])
    blocks += [
        Select(_("Remove"), "calendar.remove", options),
        Note(_("Posts due in a break are skipped, unless their schedule says hold or ignore.")),
    ]
    return Card(_("The calendar"), tuple(blocks))


def about(one: CalendarSource) -> str:
    """A source in a few words."""
    match one.origin:
        case SourceKind.BREAK | SourceKind.TERM:
            first, last = (date.fromisoformat(one.details[name]) for name in ("starts", "ends"))
            return f"{one.label}: {days(first, last)}"
        case SourceKind.FILE:
            only = one.details["only"]
            if only:
                return _("{label}, whole-day events with “{only}” in their title", label=one.label, only=only)
            return _("{label}, whole-day events", label=one.label)
        case SourceKind.HOLIDAYS:
            return name_of(one)


def name_of(one: CalendarSource) -> str:
    """What a source is called."""
    if one.origin is not SourceKind.HOLIDAYS:
        return one.label
    country, region = one.details["country"], one.details["region"]
    if region:
        return _("Public holidays, {country} ({region})", country=country, region=region)
    return _("Public holidays, {country}", country=country)


def changed_card(
    title: str, one: CalendarSource, laid: Sequence[Break], effects: Sequence[Effect], zone: str
) -> Card:
    """The calendar changed: what was understood, and what it changes in the next weeks, with Undo."""
    blocks: list[Block] = [Heading(title), Markdown(f"b{one.id}: {about(one)}.")]
    if one.origin in (SourceKind.HOLIDAYS, SourceKind.FILE) and laid:
        blocks.append(Facts(tuple((days(b.starts, b.ends), b.label) for b in laid[:FEW])))
        if len(laid) > FEW:
            more = len(laid) - FEW
            blocks.append(Markdown(_("And {count} more in the next three years.", count=more)))
    blocks += effect_blocks(effects, zone)
    blocks.append(Buttons((Button(_("Undo"), does="calendar.undo", value=f"b{one.id}"),)))
    return Card(title, tuple(blocks))


def effect_blocks(effects: Sequence[Effect], zone: str) -> list[Block]:
    """What changes in the next weeks, a line each."""
    if not effects:
        return [Markdown(_("Nothing that is due in the next eight weeks changes."))]
    rows = tuple((_name(one), _becomes(one, zone)) for one in effects[:FEW])
    blocks: list[Block] = [Markdown(_("**This changes in the next eight weeks**")), Facts(rows)]
    if len(effects) > FEW:
        blocks.append(Markdown(ngettext("And {count} more.", "And {count} more.", len(effects) - FEW)))
    return blocks


def _name(one: Effect) -> str:
    found = one.before or one.after
    return found.schedule.label if found is not None else ""


def _becomes(one: Effect, zone: str) -> Words:
    due = Moment(one.at, zone)
    after = one.after
    if after is None:
        return compose(_("{when}: not in the next eight weeks"), when=due)
    if after.state is OccurrenceState.SKIPPED:
        return compose(_("{when}: skipped ({reason})"), when=due, reason=reason_words(after.reason or ""))
    if after.at != after.due_at:
        return compose(_("{when}: held, and comes on {later}"), when=due, later=Moment(after.at, zone))
    return compose(_("{when}: comes as planned"), when=due)


def policy_card(schedule: Schedule, name: str) -> Card:
    """What a schedule does in a break from now on."""
    words = _(POLICIES[schedule.break_policy], name=name, label=schedule.label)
    return say(_("Breaks"), Markdown(words))


def removed_card(one: CalendarSource, effects: Sequence[Effect], zone: str) -> Card:
    """A source was taken away, with Undo."""
    blocks = effect_blocks(effects, zone)
    undo = Buttons((Button(_("Undo"), does="calendar.restore", value=f"b{one.id}"),))
    heading = _("Removed: {name}", name=name_of(one))
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
        changed_card(_("Added to the calendar"), half, [away], [], "Europe/Dublin"),
        removed_card(half, [], "Europe/Dublin"),
        undone_card(_("{name} is back in the calendar.", name="Fall break"), [], "Europe/Dublin"),
    )
