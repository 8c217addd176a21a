"""The end of a school year: moderators are asked once what is to become of the teams; nothing happens by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.alerts.tables import open_alert
from bot.courses.teams import archive_cards, tables
from bot.feature import PeriodicJob
from bot.people.languages import speaking_to_all
from bot.people.tables import Community, communities
from bot.runtime.clock import Clock
from bot.store.next_due import only_where
from bot.store.store import Store

BEFORE = timedelta(days=7)
"""How long before the last day of a school year is asked: then people are still there."""
FRESH = timedelta(days=14)
"""How long after that day it is still asked."""
ASKED_AT = time(9)
"""The community's time of day."""
YearEnd = Callable[[Connection, Community, date], date]
"""(connection, community, today) → the last day of the school year that today is in, or that ended last."""


@dataclass(frozen=True, slots=True)
class TeamYears:
    """Asks what becomes of teams when a school year ends."""

    store: Store
    clock: Clock
    alerts: Alerts
    year_end: YearEnd

    def job(self) -> PeriodicJob:
        """The job that asks."""
        return PeriodicJob(
            "asking what becomes of teams", 900, self.ask_due, only_where(tables.team, self.next_due)
        )

    async def ask_due(self) -> int:
        """Ask the moderators of every community whose school year is about to end; how many."""
        asked, now = 0, self.clock.now()
        for home in await self.store.read(communities):
            if await self.store.read(partial(self._wanted_at, home=home, now=now)) == now:
                asked += await self.store.write(partial(self._ask, home=home, now=now))
        return asked

    def next_due(self, conn: Connection) -> datetime | None:
        """When somebody is next to be asked."""
        now = self.clock.now()
        found = (self._wanted_at(conn, home, now) for home in communities(conn))
        return min((at for at in found if at is not None), default=None)

    def _wanted_at(self, conn: Connection, home: Community, now: datetime) -> datetime | None:
        """When to ask about the teams of a community: now, or later; None: not this year."""
        if not tables.teams(conn, home.id):
            return None
        ends = self.year_end(conn, home, home.day_of(now))
        at = datetime.combine(ends - BEFORE, ASKED_AT, ZoneInfo(home.zone))
        if now < at:
            return at
        over = home.day_of(now) > ends + FRESH or open_alert(conn, home.id, _key(ends)) is not None
        return None if over else now

    def _ask(self, conn: Connection, home: Community, now: datetime) -> bool:
        ends = self.year_end(conn, home, home.day_of(now))
        with speaking_to_all(conn, home.id):
            card = archive_cards.year_card(tables.teams(conn, home.id), ends)
        return self.alerts.alert(conn, home.id, _key(ends), card, now)


def _key(ends: date) -> str:
    """The key of the question about the teams of a year."""
    return f"team-year:{ends.isoformat()}"
