"""A schedule shown to moderators: its rule, what it does, its next dates, and what may surprise them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

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
    Table,
    Words,
)
from bot.chat.language import N_, _, format_short_moment, format_zone
from bot.chat.mass_mentions import group_mention
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
from bot.schedules.model import PAUSED, Approver, BreakPolicy, CatchUp, OccurrenceState, Schedule, Unapproved
from bot.schedules.occurrences import breaks_for
from bot.schedules.reasons import reason_words
from bot.schedules.recurrence import clock_notes, describe, local_to_utc

DATES = 5
SAMPLES = 3
"""Zones of members that are shown beside the community's own."""
BREAKS = {
    BreakPolicy.SKIP: N_("skipped in breaks"),
    BreakPolicy.HOLD: N_("held until a break is over"),
    BreakPolicy.IGNORE: N_("also in breaks"),
}
LATE = {
    CatchUp.LATEST: N_("posted late"),
    CatchUp.SKIP: N_("skipped"),
    CatchUp.ASK: N_("moderators are asked"),
}
APPROVALS = {
    (Approver.MODERATOR, Unapproved.WAIT): N_("by a moderator, each time; without it: wait"),
    (Approver.MODERATOR, Unapproved.SKIP): N_("by a moderator, each time; without it: skip"),
    (Approver.MODERATOR, Unapproved.POST): N_("by a moderator, each time; without it: post"),
    (Approver.ADMIN, Unapproved.WAIT): N_("by an admin, each time; without it: wait"),
    (Approver.ADMIN, Unapproved.SKIP): N_("by an admin, each time; without it: skip"),
    (Approver.ADMIN, Unapproved.POST): N_("by an admin, each time; without it: post"),
}


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
            blocks.append(Markdown(_("**Next dates**") if len(self.dates) > 1 else _("**Date**")))
            blocks.append(Facts(tuple((str(number), date) for number, date in enumerate(self.dates, 1))))
        if self.others is not None:
            blocks += [Markdown(_("As people see them:")), self.others]
        return [*blocks, *(Note(one) for one in self.notes), *self.more]


class PostPreviews:
    """How schedules of one kind are shown before they start, and while they run."""

    def __init__(self, kind: PostKind) -> None:
        self._kind = kind

    def preview_draft(self, conn: Connection, request: Request, draft: Schedule) -> Card:
        """What a new schedule will do, before it is confirmed. Raises `Refusal` when nothing is to come."""
        dates = self.next_dates(conn, draft, request.now)
        if not dates:
            raise Refusal(_("That time has passed."), _("Pick a later time."), request.line)
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
            (_("When"), describe(rule, zone)),
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
    title, value = _("A new schedule"), f"{kind.letter}{number}"
    buttons = (
        Button(_("Confirm"), does=f"{kind.noun}.confirm", value=value, style="main"),
        Button(_("Edit"), opens=f"{kind.noun}.draft", value=value),
        Button(_("Cancel"), does=f"{kind.noun}.drop", value=value),
    )
    return Card(title, (Heading(title), *seen.blocks(), Buttons(buttons)))


def describe_columns(schedule: Schedule) -> list[tuple[str, Words]]:
    """What every kind of schedule says beside its rule, as labels and values."""
    rows: list[tuple[str, Words]] = [(_("Where"), where_words(schedule.places, direct=schedule.direct))]
    open_for = schedule.open_for
    if open_for is None and isinstance(rule_of(schedule.rule), Once):
        open_for = ONCE_OPEN
    rows.append((_("Open for"), length_words(open_for)) if open_for else (_("Open"), _("until the next one")))
    if schedule.direct:
        own = (
            _("each member’s own")
            if schedule.headsup is None
            else _("each member’s own, once moderators have seen it")
        )
        rows.append((_("Time of day"), own))
    if schedule.headsup is not None:
        rows.append((_("Heads-up"), _("{time} before", time=length_words(schedule.headsup))))
    if schedule.approver is not None:
        rows.append((_("Approval"), _(APPROVALS[schedule.approver, schedule.unapproved])))
    if schedule.break_policy is not BreakPolicy.SKIP:
        rows.append((_("Breaks"), _(BREAKS[schedule.break_policy])))
    if schedule.catch_up is not CatchUp.LATEST:
        rows.append((_("When Tilth was not running"), _(LATE[schedule.catch_up])))
    pings = [one.pings for one in schedule.places if one.pings]
    if pings:
        named = [part for one in dict.fromkeys(pings) for part in (", ", group_mention(one))]
        rows.append((_("Notifies"), tuple(named[1:])))
    tags = schedule.details.get("tags")
    if tags:
        rows.append((_("Tags"), ", ".join(tags)))
    return rows


def _date_words(one: UpcomingOccurrence, title: str, comes: bool, warning: str, zone: str) -> Words:
    state = "" if one.state is OccurrenceState.PLANNED and not one.reason else state_words(one)
    if one.state is OccurrenceState.PLANNED and one.reason:
        state = reason_words(one.reason)
    if not comes and one.goes_out:
        state = _("skipped ({reason})", reason=warning)
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
    columns = (
        *(_("{name} ({zone})", name=name, zone=format_zone(home.zone)) for name in spaces),
        *(_("a member in {zone}", zone=format_zone(zone)) for zone in zones),
    )
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
    return format_short_moment(at.astimezone(ZoneInfo(zone)))


def preview_examples(kind: PostKind, upcoming: UpcomingOccurrence) -> tuple[Card, ...]:
    """A preview of an invented schedule."""
    others = Table(
        (
            _("{name} ({zone})", name="Harbour", zone="Central Time"),
            _("a member in {zone}", zone="Japan Standard Time"),
        ),
        (("Mon, Oct 5, 9:00 AM", "Mon, Oct 5, 11:00 PM"),),
    )
    rows = (("When", "every Monday at 9:00 AM, Central Time"), *describe_columns(upcoming.schedule))
    dates = tuple((Moment(upcoming.at + timedelta(weeks=week), "Europe/Dublin"),) for week in range(5))
    seen = SchedulePreview(
        rows, dates, others, ("On Monday, October 5, “weekly” (s2) is posted there at 9:00 AM.",)
    )
    return (
        draft_card(kind, 3, seen),
        draft_card(kind, 4, SchedulePreview(rows, dates[:1])),
        unreachable_example(),
    )
