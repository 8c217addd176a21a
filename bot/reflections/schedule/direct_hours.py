"""The first hour of a direct prompt: it goes out when the day of its first member begins, before the community's own.

The occurrence keeps the community's hour, by which moderators see, approve and skip it. Where moderators want to see a
prompt first, nobody is asked before they have: whoever's hour has passed by then is late, by their own clock.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.feature import PeriodicJob
from bot.reflections.schedule.posts import zones_of
from bot.runtime.clock import Clock
from bot.scheduled_posts import headsups
from bot.schedules import planner_queries, tables
from bot.schedules.model import Occurrence, Schedule
from bot.schedules.recurrence import local_to_utc
from bot.store.next_due import only_where
from bot.store.store import Store


class DirectHours:
    """Brings direct prompts forward to the hour of the first member they are for."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def job(self) -> PeriodicJob:
        """The job that looks for members whose day begins earlier."""
        return PeriodicJob(
            "asking where the day begins first",
            10,
            self.bring_forward,
            only_where(tables.schedule, self.next_due, tables.schedule.c.direct),
        )

    async def bring_forward(self) -> int:
        """Let every direct prompt go out whose first hour has come; how many those are."""
        now = self._clock.now()
        due = [(one, at) for one, at in await self._store.read(self._first_hours) if at <= now]
        moved = 0
        for one, at in due:
            moved += await self._store.write(
                partial(planner_queries.bring_forward, occurrence_id=one.id, at=at)
            )
        return moved

    def next_due(self, conn: Connection) -> datetime | None:
        """When the first hour of a direct prompt comes."""
        return min((at for _, at in self._first_hours(conn)), default=None)

    def _first_hours(self, conn: Connection) -> list[tuple[Occurrence, datetime]]:
        """Direct prompts whose first hour is before the community's, with that hour."""
        found = []
        for one, schedule in planner_queries.direct_posts(conn, self._clock.now()):
            since = _free_since(conn, one, schedule)
            at = None if since is None else _first_hour(conn, one, schedule, since)
            if at is not None:
                found.append((one, at))
        return found


def _free_since(conn: Connection, one: Occurrence, schedule: Schedule) -> datetime | None:
    """When moderators had seen it, if they want to; None while it waits for them."""
    since = schedule.created_at
    if schedule.headsup is None:
        return since
    row = headsups.find_headsup(conn, schedule.id, one.key)
    at = None if row is None else row.told_at if schedule.approver is None else row.approved_at
    return None if at is None else max(since, at)


def _first_hour(conn: Connection, one: Occurrence, schedule: Schedule, since: datetime) -> datetime | None:
    """The first hour of a member from an instant on; None where it is not before the schedule's own."""
    wall = datetime.fromisoformat(one.wall)
    zones = zones_of(conn, one.community_id, schedule)
    hours = (local_to_utc(wall, ZoneInfo(zone))[0] for zone in zones)
    return min((at for at in hours if since <= at < one.due_at), default=None)
