"""The check of who moderates: whoever no longer does loses what was told to moderators directly, within a minute.

Roles are the platform's facts, and most platforms tell when they change; where one does not, it is asked.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from functools import partial

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.models import Person, platform_of
from bot.chat.port import Adapter, PlatformError
from bot.people import accounts, departures
from bot.people import tables as people
from bot.runtime.clock import Clock
from bot.store.store import Store

log = logging.getLogger(__name__)

SECONDS = 30
"""How often it is asked who moderates."""
TIMEOUT = 10.0


class ModeratorCheck:
    """Asks the platforms about those who are told what is for moderators, and takes it back from others."""

    def __init__(self, store: Store, clock: Clock, adapters: Mapping[str, Adapter], alerts: Alerts) -> None:
        self._store, self._clock, self._adapters, self._alerts = store, clock, adapters, alerts

    async def beat(self) -> int:
        """Ask about every moderator, and take back what others were told; how much that was."""
        asked = await self._store.read(self._asked)
        for community_id, known in asked:
            now = await self._look_up(known)
            if now is not None and (now.facts, now.stranger) != (known.facts, known.stranger):
                await self._store.write(partial(self._keep, community_id=community_id, who=now))
        owed = await self._store.read(self._alerts.told_in_vain)
        if not owed:
            return 0
        return await self._store.write(lambda conn: self._alerts.take_back(conn, self._clock.now()))

    def _asked(self, conn: Connection) -> list[tuple[int, Person]]:
        """Whom to ask about: moderators by what is known of them."""
        found = []
        for home in people.communities(conn):
            for _, space, person in self._alerts.moderators(conn, home.id):
                known = departures.account_now(conn, space, person)
                if known is not None:
                    found.append((home.id, known[0]))
        return found

    async def _look_up(self, known: Person) -> Person | None:
        """Somebody as the platform knows them now; None where it does not say."""
        adapter = self._adapters.get(platform_of(known.space))
        if adapter is None:
            return None
        try:
            async with asyncio.timeout(TIMEOUT):
                return await adapter.look_up(known.space, known.id)
        except (PlatformError, TimeoutError) as error:
            log.info("cannot ask who moderates in %s: %s", known.space, type(error).__name__)
            return None

    def _keep(self, conn: Connection, community_id: int, who: Person) -> None:
        """Store what somebody is now; whoever is not there any more has left."""
        if who.stranger:
            departures.leave_account(conn, who, self._clock.now())
            return
        accounts.member_of(conn, who, people.community_by_id(conn, community_id), self._clock.now())
