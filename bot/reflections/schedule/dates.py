"""When prompts come, as the people who wait for them see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.time.rule_parser import parse_rule
from bot.reflections.schedule.settings import KIND, terms_of
from bot.schedules import forecast
from bot.schedules.forecast import UpcomingOccurrence
from bot.schedules.model import OccurrenceState, Schedule
from bot.schedules.occurrences import PreviewedInstant, breaks_for, preview
from bot.schedules.recurrence import instants, local_to_utc

EARLIEST = "Pacific/Kiritimati"
"""Schedules of direct messages fire in the zone where each day begins first; each message then waits for its
reader's own local hour."""
FAR = timedelta(days=100)
"""How far ahead the next date is looked for."""


def as_people_see_it(schedule: Schedule, zone: str) -> Schedule:
    """A schedule of direct messages in the community's zone; it is planned where the day begins first."""
    return replace(schedule, zone=zone) if schedule.direct else schedule


def next_dates(schedule: Schedule, after: datetime, count: int) -> list[datetime]:
    """The next instants of a schedule's rule (aware UTC), whatever the calendar says."""
    rule, _ = parse_rule(schedule.rule)
    return [one.at for one in islice(instants(rule, ZoneInfo(schedule.zone), schedule.anchor, after), count)]


def foreseen(
    conn: Connection, schedule: Schedule, zone: str, after: datetime, count: int = 5
) -> list[PreviewedInstant]:
    """The next dates of a schedule with what the calendar makes of each, in the zone people see it in."""
    seen = as_people_see_it(schedule, zone)
    rule, _ = parse_rule(seen.rule)
    away = breaks_for(conn, [seen], after).get(seen.community_id, ())
    return preview(
        rule, ZoneInfo(seen.zone), seen.anchor, after, away, seen.break_policy, count, seen.paused_until
    )


def coming(
    conn: Connection, community_id: int, zone: str, since: datetime, until: datetime
) -> list[UpcomingOccurrence]:
    """Every prompt that comes round or still waits for a word, as moderators mean it, soonest first."""
    # A direct schedule fires up to a day before its readers' own hour.
    found = forecast.upcoming_occurrences(conn, community_id, since - timedelta(days=1), until, kinds=(KIND,))
    seen = [replace(one, at=seen_at(one, zone)) for one in found]
    ahead = (one for one in seen if one.at > since or one.state is OccurrenceState.ASKED)
    return sorted(ahead, key=lambda one: (one.at, one.schedule.id))


def seen_at(one: UpcomingOccurrence, zone: str) -> datetime:
    """When it comes, as moderators mean it: direct messages at their wall time, others when they go out."""
    if not terms_of(one.schedule).direct or one.at != one.due_at:
        return one.at
    return local_to_utc(datetime.fromisoformat(one.wall), ZoneInfo(zone))[0]


def next_coming(conn: Connection, schedule: Schedule, zone: str, after: datetime) -> datetime | None:
    """When the next prompt of a schedule really comes: breaks, pauses and skips heeded."""
    found: Sequence[UpcomingOccurrence] = coming(conn, schedule.community_id, zone, after, after + FAR)
    return next((one.at for one in found if one.schedule.id == schedule.id and one.goes_out), None)
