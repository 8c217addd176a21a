"""Readiness: whether the running bot can hear and keep anything now, asked of the database and of the platforms."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from bot.chat.platform_adapter import PlatformAdapter
from bot.delivery import pacing
from bot.runtime.clock import Clock
from bot.store.errors import StoreFault
from bot.store.store import Store

PATIENCE = 4.0
"""Seconds that an answer may take; those who ask wait a few seconds themselves."""
FRESH = 1.0
"""Seconds for which an answer is given again: asking often must cost nothing."""


class Readiness:
    """Asks, one question at a time for however many ask."""

    def __init__(
        self, store: Store, clock: Clock, adapters: Sequence[PlatformAdapter], started: Callable[[], bool]
    ) -> None:
        self._store, self._clock, self._adapters, self._started = store, clock, adapters, started
        self._asking: asyncio.Task[str | None] | None = None
        self._asked = 0.0

    async def find_problem(self) -> str | None:
        """What keeps the bot from hearing or keeping anything; None when nothing does."""
        if self._asking is None or (self._asking.done() and time.monotonic() - self._asked > FRESH):
            self._asked = time.monotonic()
            self._asking = asyncio.create_task(self._ask())
        return await asyncio.shield(self._asking)

    async def _ask(self) -> str | None:
        store, _ = await asyncio.gather(
            self._ask_store(), asyncio.gather(*(self._ask_platform(one) for one in self._adapters))
        )
        away = [f"{one.platform}: {one.why}" for one in self._adapters if not one.ready]
        wrong = "; ".join([*store, *away])
        return wrong or (None if self._started() else "not started yet")

    async def _ask_store(self) -> list[str]:
        """What is wrong with the database, and which spaces have refused us lately."""
        now = self._clock.now()

        def refusing(conn: Connection) -> list[str]:
            return [f"{one.space} refuses us: {one.code}" for one in pacing.refusing_spaces(conn, now)]

        try:
            async with asyncio.timeout(PATIENCE):
                # Written and not read, for there may be a connection for reading while nothing can be kept.
                return await self._store.write(refusing)
        except StoreFault as fault:
            return [str(fault)]
        except TimeoutError:
            return ["The database does not answer."]

    async def _ask_platform(self, one: PlatformAdapter) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await one.check_credentials()
        except TimeoutError:
            pass  # whether events arrive, its connection knows
