"""A stretch of time ahead: everything that will come round, with what becomes of it and why.

It is the planner's own forecast, merged with the occurrences that are rows already: what a moderator skipped stays
skipped, and what was sent early is not told twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, or_, select

from bot.schedules.breaks import Break, BreakVerdict, forecast, rule_of
from bot.schedules.model import BY_HAND, Occurrence, OccurrenceState, Schedule
from bot.schedules.occurrences import Zones, breaks_for
from bot.schedules.recurrence import Instant, Note
from bot.schedules.tables import occurrence, schedules

OPEN = frozenset({OccurrenceState.PLANNED, OccurrenceState.ASKED, OccurrenceState.SKIPPED})
"""States in which an occurrence is still ahead."""
LONGEST_KEY = timedelta(days=32)
"""How long one key of a rule lasts: a month."""


@dataclass(frozen=True, slots=True)
class UpcomingOccurrence:
    """One date of a schedule: `at` is when it goes out (or would have), `wall` the local time as the rule means it.

    `occurrence_id` is None as long as the planner has made no row of it.
    """

    schedule: Schedule
    key: str
    due_at: datetime
    at: datetime
    wall: str
    note: Note
    state: OccurrenceState
    reason: str | None
    occurrence_id: int | None = None

    @property
    def goes_out(self) -> bool:
        """Whether it will be posted, as far as anybody knows."""
        return self.state is OccurrenceState.PLANNED


@dataclass(frozen=True, slots=True)
class ForecastEntry:
    """What one coming-round of a schedule will say, as far as it is known; `warning` is for moderators.

    `comes` is false for what its feature will leave out, for the reason in `warning`.
    """

    title: str = ""
    warning: str = ""
    comes: bool = True


Forecaster = Callable[[Connection, Schedule, Sequence[UpcomingOccurrence]], Sequence[ForecastEntry]]
"""Says of each coming-round of one schedule, in order, what it will be; changes nothing."""


def upcoming_occurrences(
    conn: Connection,
    community_id: int,
    since: datetime,
    until: datetime,
    *,
    kinds: Collection[str] = (),
    among: Collection[int] | None = None,
    breaks: Sequence[Break] | None = None,
    zones: Zones = ZoneInfo,
) -> list[UpcomingOccurrence]:
    """What comes after `since` and up to `until`, soonest first; of all kinds and schedules unless some are named.

    With `breaks`, as it would be under that calendar instead of the community's own; rows are then looked at only
    for what moderators decided.
    """
    rows = [
        one
        for one in schedules(conn, community_id)
        if one.running and (not kinds or one.kind in kinds) and (among is None or one.id in among)
    ]
    away = breaks if breaks is not None else breaks_for(conn, rows, since).get(community_id, ())
    made = _made(conn, [one.id for one in rows], since)
    found: list[UpcomingOccurrence] = []
    for one in rows:
        known = made.get(one.id, {})
        if breaks is not None:
            known = {key: o for key, o in known.items() if o.state not in OPEN or _by_people(o)}
        found += [_row(one, o) for o in known.values() if _is_ahead(one, o, since) and o.fire_at <= until]
        found += _foreseen(one, away, since, until, known, zones)
    return sorted(found, key=lambda it: (it.at, it.schedule.id))


def next_occurrences(
    one: Schedule, breaks: Sequence[Break], since: datetime, count: int, zones: Zones = ZoneInfo
) -> list[UpcomingOccurrence]:
    """The next dates of one schedule by its rule alone, whether it runs or is only being planned."""
    upcoming_occurrences = forecast(
        rule_of(one.rule), zones(one.zone), one.anchor, since, breaks, one.break_policy, one.paused_until
    )
    return [_told(one, instant, verdict) for instant, verdict in islice(upcoming_occurrences, count)]


def _told(one: Schedule, instant: Instant, verdict: BreakVerdict) -> UpcomingOccurrence:
    wall, at = instant.local.isoformat(" ", "minutes"), verdict.fire_at or instant.at
    return UpcomingOccurrence(
        one, instant.key, instant.at, at, wall, instant.note, verdict.state, verdict.reason
    )


def _foreseen(
    one: Schedule,
    breaks: Sequence[Break],
    since: datetime,
    until: datetime,
    known: Mapping[str, Occurrence],
    zones: Zones,
) -> list[UpcomingOccurrence]:
    """What the rule says beyond the rows that exist."""
    found = []
    rule = rule_of(one.rule)
    upcoming_occurrences = forecast(
        rule, zones(one.zone), one.anchor, since, breaks, one.break_policy, one.paused_until
    )
    for instant, verdict in upcoming_occurrences:
        if instant.at > until:
            break
        told = _told(one, instant, verdict)
        if instant.key not in known and told.at <= until:
            found.append(told)
    return found


def _made(
    conn: Connection, schedule_ids: Collection[int], since: datetime
) -> Mapping[int, Mapping[str, Occurrence]]:
    """The rows of these schedules that can matter from here on, by schedule and key.

    Of what is past too: a rule that was moved to a later day does not come twice in one week or month.
    """
    o = occurrence.c
    ahead = or_(
        o.due_at > since - LONGEST_KEY,
        o.fire_at > since,
        o.state.in_((OccurrenceState.PLANNED, OccurrenceState.ASKED)),
    )
    found: dict[int, dict[str, Occurrence]] = {}
    for row in conn.execute(select(occurrence).where(o.schedule_id.in_(schedule_ids), ahead)):
        found.setdefault(row.schedule_id, {})[row.key] = Occurrence(*row)
    return found


def _is_ahead(one: Schedule, o: Occurrence, since: datetime) -> bool:
    """Whether it is still to come: what waits is, however long it has been due.

    A direct post is until the schedule's own hour, though members whose day begins earlier have it already.
    """
    match o.state:
        case OccurrenceState.PLANNED | OccurrenceState.ASKED:
            return True
        case OccurrenceState.SKIPPED:
            return o.fire_at > since
        case OccurrenceState.QUEUED | OccurrenceState.DONE:
            return one.direct and o.reason != BY_HAND and o.due_at > since
        case _:
            return False


def _row(one: Schedule, o: Occurrence) -> UpcomingOccurrence:
    note: Note = "gap" if o.note == "gap" else "fold" if o.note == "fold" else None
    early = one.direct and o.reason != BY_HAND and o.fire_at < o.due_at
    state = OccurrenceState.QUEUED if o.state is OccurrenceState.DONE else o.state
    at = o.due_at if early else o.fire_at
    return UpcomingOccurrence(one, o.key, o.due_at, at, o.wall, note, state, o.reason, o.id)


def _by_people(o: Occurrence) -> bool:
    """Whether a moderator, and not the calendar, made it what it is."""
    return o.reason is not None and "moderator" in o.reason
