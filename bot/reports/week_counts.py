"""The count of a week: the reminders in it, and how many had turned them off when it was over."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, or_, select

from bot.feature import PeriodicJob
from bot.people.preferences import Reminders, preferences
from bot.people.small_groups import may_correct, may_tell
from bot.people.tables import Community, communities
from bot.reminders.tables import reminder
from bot.reports import tables
from bot.reports.tables import MessageCount
from bot.runtime.clock import Clock
from bot.schedules.weeks import Week, week_at, week_named
from bot.store.store import Store

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Where nothing was counted yet, the last week is due at once."""


class WeekCounter:
    """Counts the week that is over in each community."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def job(self) -> PeriodicJob:
        """The job that does it."""
        return PeriodicJob("counting weeks", 60, self.count_due, next_due)

    async def count_due(self) -> int:
        """Count the last week of every community where nobody did; how many."""
        now, counted = self._clock.now(), 0
        for home, week in await self._store.read(partial(_uncounted, now=now)):
            count = await self._store.read(partial(count_week, home=home, week=week))
            counted += await self._store.write(partial(tables.store_week, count=count, now=now))
        return counted


def _uncounted(conn: Connection, now: datetime) -> list[tuple[Community, Week]]:
    found = []
    for home in communities(conn):
        last = week_at(now, ZoneInfo(home.zone)).shifted(-1)
        if (tables.last_counted(conn, home.id) or "") < last.key:
            found.append((home, last))
    return found


def next_due(conn: Connection) -> datetime | None:
    """When the next week of a community is over."""
    found = []
    for home in communities(conn):
        last = tables.last_counted(conn, home.id)
        week = None if last is None else week_named(last)
        found.append(NEVER if week is None else week.shifted(1).ends(ZoneInfo(home.zone)))
    return min(found, default=None)


def count_week(conn: Connection, home: Community, week: Week) -> MessageCount:
    """What may be told of a week that is over."""
    zone, r = ZoneInfo(home.zone), reminder.c
    inside = (r.at >= week.begins(zone)) & (r.at < week.ends(zone)) & r.withdrawn_at.is_(None)
    ours = select(func.count(), func.count(func.distinct(r.member_id))).where(
        r.community_id == home.id, inside
    )
    reminders, people = conn.execute(ours).one()
    told = may_tell(people)
    return MessageCount(
        home.id, week.key, reminders if told else None, people if told else None, _count_muted(conn, home.id)
    )


def _count_muted(conn: Connection, community_id: int) -> int | None:
    """How many want no reminders; what was told last, unless so many differ that it tells of nobody."""
    p = preferences.c
    off = or_(p.reminders == Reminders.OFF, p.direct.is_(False), p.stopped_at.is_not(None))
    query = select(func.count()).select_from(preferences).where(p.community_id == community_id, off)
    now: int = conn.execute(query).scalar_one()
    before = tables.last_muted(conn, community_id)
    if before is not None and not may_correct(before, now):
        return before
    return now if may_tell(now) else None
