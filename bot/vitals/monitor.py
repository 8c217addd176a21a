"""The monitor of one running process: it serves the numbers, and gives the sign of life while all is well."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from functools import partial
from importlib.metadata import version
from typing import Protocol

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.runtime.clock import Clock
from bot.runtime.health import Heartbeat
from bot.runtime.web import Listener
from bot.settings.web import MonitoringSettings
from bot.store.errors import StoreFault
from bot.store.store import Store
from bot.vitals.figures import Figures, read_figures
from bot.vitals.life_sign import LifeSign
from bot.vitals.tally import CallTally
from bot.vitals.trouble import Trouble, find_troubles

log = logging.getLogger(__name__)

FRESH = 5.0
"""Seconds for which the figures are told again: asking often must cost nothing."""
TEXT = "text/plain; version=0.0.4; charset=utf-8"


class ReadyPlatform(Protocol):
    """What the numbers tell of a platform."""

    platform: str

    @property
    def ready(self) -> bool:
        """Whether its events can arrive."""
        ...


class Monitor:
    """Looks at one process and at its database. `pulse` knows how overdue each job is."""

    def __init__(
        self, settings: MonitoringSettings, store: Store, clock: Clock, tally: CallTally, pulse: Heartbeat,
        platforms: Sequence[ReadyPlatform] = (),
    ) -> None:  # fmt: skip
        self._settings, self._store, self._clock, self._tally = settings, store, clock, tally
        self._pulse, self._platforms = pulse, platforms
        address = settings.ping.get_secret_value()
        self._sign = LifeSign(address) if address else None
        self._listener: Listener | None = None
        self._asking = asyncio.Lock()
        self._known: tuple[float, Figures | None] = (float("-inf"), None)
        self._told: tuple[str, ...] = ()

    async def start(self) -> int | None:
        """Serve the numbers where the settings say so; the port that was taken. Raises `OSError` when it is not free."""
        if self._settings.port is None:
            return None
        app = web.Application()
        app.router.add_get("/metrics", self._answer)
        listener = Listener(app, self._settings.host, self._settings.port)
        try:
            port = await listener.start()
        except OSError as error:
            named = f"{self._settings.host}:{self._settings.port}"
            error.strerror = f"TILTH_MONITORING__PORT: nothing can be served on {named} ({error.strerror})"
            raise
        self._listener = listener
        log.info("numbers for Prometheus are on port %s", port)
        return port

    async def stop(self) -> None:
        """Serve nothing any more. Twice is as good as once."""
        if self._listener is not None:
            await self._listener.stop()
            self._listener = None

    async def beat(self) -> int:
        """Give the sign of life where one is wanted and nothing stops the bot; 1 when it was given."""
        if self._sign is None:
            return 0
        stopping = await self.find_stops()
        if tuple(stopping) != self._told:
            for one in stopping:
                log.warning("no sign of life: %s", one)
            self._told = tuple(stopping)
        return int(await self._sign.give()) if not stopping else 0

    async def find_stops(self) -> list[str]:
        """What keeps posts from going out now, in sentences; none while all is well."""
        figures = await self._figures()
        if figures is None:
            return ["The database does not answer."]
        return [one.what for one in self._troubles(figures) if one.stops]

    async def page(self) -> bytes:
        """The numbers as Prometheus reads them."""
        from bot.vitals.metrics import Snapshot, render_page  # its library takes a while to import

        figures = await self._figures()
        snapshot = Snapshot(
            self._tally, self._store.times, figures, version("tilth-bot"), self._pulse.beats(),
            {one.platform: one.ready for one in self._platforms},
            well=figures is not None and not any(one.stops for one in self._troubles(figures)),
        )  # fmt: skip
        return await asyncio.to_thread(render_page, snapshot)

    async def _answer(self, _request: web.Request) -> web.StreamResponse:
        return web.Response(
            body=await self.page(), headers={"Content-Type": TEXT, "Cache-Control": "no-store"}
        )

    def _troubles(self, figures: Figures) -> list[Trouble]:
        return find_troubles(figures, self._pulse.beats())

    async def _figures(self) -> Figures | None:
        """What the database says, at most a few seconds old; None while it does not answer."""
        async with self._asking:
            at, known = self._known
            if time.monotonic() - at > FRESH:
                known = await self._read()
                self._known = (time.monotonic(), known)
            return known

    async def _read(self) -> Figures | None:
        try:
            async with asyncio.timeout(FRESH):
                return await self._store.read(partial(read_figures, now=self._clock.now()))
        except (StoreFault, SQLAlchemyError, TimeoutError):
            return None
