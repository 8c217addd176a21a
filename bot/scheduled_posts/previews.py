"""A schedule shown to moderators: its rule, what it does, its next dates, and what may surprise them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import Block, Button, Buttons, Card, Facts, Heading, Markdown, Moment, Note, Table, Words
from bot.chat.models import Refusal
from bot.chat.time.rules import Once
from bot.feature import Request
from bot.people import channel_members
from bot.people import tables as people
from bot.people.tables import Community
from bot.scheduled_posts.cards import where_words
from bot.scheduled_posts.clashes import warn_of_clash
from bot.scheduled_posts.direct_reach import describe_reach, unreachable_example, warn_of_unlisted
from bot.scheduled_posts.due_list import state_words
from bot.scheduled_posts.model import PostKind
from bot.scheduled_posts.options import ONCE_OPEN, length_words
from bot.schedules.breaks import rule_of
from bot.schedules.forecast import UpcomingOccurrence, next_occurrences
from bot.schedules.model import PAUSED, BreakPolicy, CatchUp, OccurrenceState, Schedule
from bot.schedules.occurrences import breaks_for
from bot.schedules.recurrence import clock_notes, describe, local_to_utc

DATES = 5
SAMPLES = 3
"""Zones of members that are shown beside the community's own."""
BREAKS = {
    BreakPolicy.SKIP: "skipped in breaks",
    BreakPolicy.HOLD: "held until the return from a break",
    BreakPolicy.IGNORE: "also in breaks",
}
LATE = {CatchUp.LATEST: "posted late", CatchUp.SKIP: "left out", CatchUp.ASK: "moderators are asked"}


@dataclass(frozen=True, slots=True)
class SchedulePreview:
    """What a schedule does: facts, next dates, how others see them, what may surprise, and what its kind adds."""

    rows: tuple[tuple[str, Words], ...]
    dates: tuple[Words, ...]
    others: Table | None = None
    notes: tuple[str, ...] = ()
    more: tuple[Block, ...] = ()

    def blocks(self) -> list[Block]:
        """As blocks of a card."""
        blocks: list[Block] = [Facts(self.rows)]
        if self.dates:
            blocks.append(Markdown("**The next dates**" if len(self.dates) > 1 else "**When it comes**"))
            blocks.append(Facts(tuple((str(number), date) for number, date in enumerate(self.dates, 1))))
        if self.others is not None:
            blocks += [Markdown("As people see them:"), self.others]
        return [*blocks, *(Note(one) for one in self.notes), *self.more]


class PostPreviews:
    """How schedules of one kind are shown before they start, and while they run."""

    def __init__(self, kind: PostKind) -> None:
        self._kind = kind

    def preview_draft(self, conn: Connection, request: Request, draft: Schedule) -> Card:
        """What a new schedule will do, before it is confirmed. Raises `Refusal` when nothing is to come."""
        dates = self.next_dates(conn, draft, request.now)
        if not dates:
            raise Refusal("That time has passed.", "Pick one that is still to come.", request.line)
        return draft_card(self._kind, draft.id, self._look_at(conn, request, draft, dates))

    def show(self, conn: Connection, request: Request, schedule: Schedule) -> Card:
        """A schedule that runs, with everything about it."""
        dates = self.next_dates(conn, schedule, request.now)
        title = f"{schedule.name} {schedule.label}"
        return Card(title, (Heading(title), *self._look_at(conn, request, schedule, dates).blocks()))

    def next_dates(
        self, conn: Connection, seen: Schedule, now: datetime, count: int = DATES
    ) -> list[UpcomingOccurrence]:
        """The next dates of a schedule by its rule, without those before its first day."""
        away = breaks_for(conn, [seen], now).get(seen.community_id, ())
        ahead = next_occurrences(seen, away, now, count + 60)
        return [one for one in ahead if one.reason != PAUSED][:count]

    def _look_at(
        self, conn: Connection, request: Request, seen: Schedule, dates: Sequence[UpcomingOccurrence]
    ) -> SchedulePreview:
        zone, rule = ZoneInfo(seen.zone), rule_of(seen.rule)
        rows = (
            ("When", describe(rule, zone)),
            *self._kind.describe(conn, seen),
            *describe_columns(seen),
            *describe_reach(conn, seen),
        )
        told = self._kind.foretell(conn, seen, dates) if dates else ()
        words = tuple(
            _date_words(one, entry.title, entry.comes, entry.warning, seen.zone)
            for one, entry in zip(dates, told, strict=True)
        )
        today = request.now.astimezone(zone).date()
        notes = (
            *clock_notes(rule, zone, today, 400, anchor=seen.anchor),
            *warn_of_clash(conn, seen, [one.at for one in dates if one.goes_out], request.now),
            *warn_of_unlisted(conn, seen),
        )
        others = _views(conn, request.community, seen, dates)
        return SchedulePreview(rows, words, others, notes, tuple(self._kind.preview_blocks(conn, seen)))


def draft_card(kind: PostKind, number: int, seen: SchedulePreview) -> Card:
    """A new schedule, before it is confirmed. `number` is that of its row, because it has no name yet."""
    title, value = f"A new {kind.one} schedule", f"{kind.letter}{number}"
    buttons = (
        Button("Confirm", does=f"{kind.noun}.confirm", value=value, style="main"),
        Button("Edit", opens=f"{kind.noun}.draft", value=value),
        Button("Cancel", does=f"{kind.noun}.drop", value=value),
    )
    return Card(title, (Heading(title), *seen.blocks(), Buttons(buttons)))


def describe_columns(schedule: Schedule) -> list[tuple[str, Words]]:
    """What every kind of schedule says beside its rule, as labels and values."""
    rows: list[tuple[str, Words]] = [("Where", where_words(schedule.places, direct=schedule.direct))]
    open_for = schedule.open_for
    if open_for is None and isinstance(rule_of(schedule.rule), Once):
        open_for = ONCE_OPEN
    rows.append(("Open for", length_words(open_for)) if open_for else ("Open", "until the next one"))
    if schedule.direct:
        seen = "" if schedule.headsup is None else ", once moderators have seen it"
        rows.append(("Hour", f"each member's own{seen}"))
    if schedule.headsup is not None:
        rows.append(("Heads-up", f"{length_words(schedule.headsup)} before"))
    if schedule.approver is not None:
        words = f"by {schedule.approver.one}, each time; without it: {schedule.unapproved}"
        rows.append(("Approval", words))
    if schedule.break_policy is not BreakPolicy.SKIP:
        rows.append(("Breaks", BREAKS[schedule.break_policy]))
    if schedule.catch_up is not CatchUp.LATEST:
        rows.append(("When I was away", LATE[schedule.catch_up]))
    pings = [one.pings for one in schedule.places if one.pings]
    if pings:
        rows.append(("Notifies", ", ".join(dict.fromkeys(pings))))
    tags = schedule.details.get("tags")
    if tags:
        rows.append(("Tags", ", ".join(tags)))
    return rows


def _date_words(one: UpcomingOccurrence, title: str, comes: bool, warning: str, zone: str) -> Words:
    state = "" if one.state is OccurrenceState.PLANNED and not one.reason else state_words(one)
    if one.state is OccurrenceState.PLANNED and one.reason:
        state = one.reason
    if not comes and one.goes_out:
        state = f"skipped ({warning})"
    name = f": {title}" if title else ""
    return (Moment(one.at, zone), f"{name}{f' · {state}' if state else ''}")


def _views(
    conn: Connection, home: Community, schedule: Schedule, dates: Sequence[UpcomingOccurrence]
) -> Table | None:
    """The dates as each space has them, and as members in other zones do; None when everybody has the same."""
    names = people.spaces(conn, home.id)
    spaces = list(dict.fromkeys(names.get(spot.space, spot.space) for spot in schedule.places))
    zones = _samples(conn, home, schedule)
    if len(spaces) < 2 and not zones:
        return None
    columns = (*(f"{name} ({home.zone})" for name in spaces), *(f"a member in {zone}" for zone in zones))
    rows = tuple(
        tuple(_local(one, zone) for zone in (*(home.zone for _ in spaces), *zones))
        for one in dates
        if one.goes_out
    )
    return Table(columns, rows) if rows else None


def _samples(conn: Connection, home: Community, schedule: Schedule) -> list[str]:
    """Zones of members in the schedule's places other than the community's, the most frequent first."""
    zones = channel_members.count_zones(conn, home.id, [spot.place for spot in schedule.places])
    ordered = sorted(zones.items(), key=lambda pair: (-pair[1], pair[0]))
    return [zone for zone, _ in ordered if zone != home.zone][:SAMPLES]


def _local(one: UpcomingOccurrence, zone: str) -> str:
    """A date as it reads on a wall in this zone."""
    at = one.at
    if one.schedule.direct:
        wall = at.astimezone(ZoneInfo(one.schedule.zone)).replace(tzinfo=None)
        at = local_to_utc(datetime.fromisoformat(one.wall) if one.at == one.due_at else wall, ZoneInfo(zone))[
            0
        ]
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def preview_examples(kind: PostKind, upcoming: UpcomingOccurrence) -> tuple[Card, ...]:
    """A preview of an invented schedule."""
    others = Table(
        ("Harbour (Europe/Dublin)", "a member in Asia/Tokyo"), (("Mon 5 Oct 09:00", "Mon 5 Oct 17:00"),)
    )
    rows = (("When", "every Monday at 09:00, Europe/Dublin"), *describe_columns(upcoming.schedule))
    dates = tuple((Moment(upcoming.at + timedelta(weeks=week), "Europe/Dublin"),) for week in range(5))
    seen = SchedulePreview(rows, dates, others, ("On Monday “weekly” comes there at 09:00 too (s2).",))
    return (
        draft_card(kind, 3, seen),
        draft_card(kind, 4, SchedulePreview(rows, dates[:1])),
        unreachable_example(),
    )
