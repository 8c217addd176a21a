"""`tilth run` on real platforms: their adapters made from the settings, and what runs beside them."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from aiohttp import web

from bot.app import App, build_app
from bot.chat.language import country_of_zone
from bot.chat.models import platform_of
from bot.chat.platform import AnyPlatform
from bot.chat.platform_adapter import PlatformAdapter
from bot.chat.port import AdapterState
from bot.cli.startup import collecting_no_garbage
from bot.delivery.claims import LeaseTerms
from bot.platforms import PLATFORMS
from bot.runtime.alarm import run_until_stopped, stop_signal
from bot.runtime.clock import Clock, SystemClock
from bot.runtime.health import Heartbeat, find_late_job
from bot.runtime.identity import name_process
from bot.runtime.web import Serving
from bot.schedules.public_holidays import load_public_holidays
from bot.settings.model import Settings
from bot.store import leases
from bot.store.adapter_state import StoredAdapterState
from bot.store.engine import database_file
from bot.store.errors import StoreFault
from bot.store.startup import open_store
from bot.store.store import Store
from bot.vitals import life_sign
from bot.vitals.monitor import Monitor
from bot.vitals.readiness import Readiness

log = logging.getLogger(__name__)

HELD = timedelta(seconds=60)
"""How long the right to be the one connected process lasts without being renewed."""
RENEWED = 10.0
PATIENCE = 25.0
"""Seconds that stopping may take; a container is killed after 30."""


def make_adapters(
    settings: Settings,
    now: Callable[[], datetime],
    memory: Callable[[str], AdapterState],
    platforms: Sequence[AnyPlatform] = PLATFORMS,
) -> list[PlatformAdapter]:
    """The adapter of every platform that is set up. `memory` is the state that outlives a restart, by its name."""
    own = settings.by_platform()
    return [
        one.make_adapter(own[one.name], now, memory(one.name)) for one in platforms if own[one.name].is_set_up
    ]


def find_community(settings: Settings, adapters: Sequence[PlatformAdapter]) -> Callable[[str], str | None]:
    """Space key → slug of its community, as its platform's adapter says; None: it belongs to none."""
    first = settings.community.slug
    by_platform = {one.platform: one for one in adapters}

    def of(space: str) -> str | None:
        adapter = by_platform.get(platform_of(space))
        slug = None if adapter is None else adapter.community_of(space)
        return first if slug == "" else slug

    return of


class GatewayLease:
    """The right to be the one process that is connected where each connection hears everything (a lease row).

    With several processes on one PostgreSQL, one works and the others stand by.
    """

    def __init__(self, store: Store, clock: Clock, name: str) -> None:
        self._store, self._clock = store, clock
        self.name = f"gateway:{name}"
        self._owner = name_process()
        self._held: leases.Lease | None = None

    async def wait(self) -> None:
        """Return when the right is ours."""
        while not await self._take():
            log.info("another process is connected; standing by")
            await asyncio.sleep(RENEWED)

    async def _take(self) -> bool:
        now = self._clock.now()
        self._held = await self._store.write(
            lambda conn: leases.take_lease(conn, self.name, self._owner, now, HELD)
        )
        return self._held is not None

    async def renew(self) -> int:
        """Keep the right; when somebody else has it, end this process: two must not answer."""
        held, now = self._held, self._clock.now()
        if held is not None:
            self._held = await self._store.write(lambda conn: leases.renew_lease(conn, held, now, HELD))
            if self._held is None:
                log.error("another process has taken over the gateway; this one stops")
                signal.raise_signal(signal.SIGTERM)
        return 0

    async def release(self) -> None:
        """Give the right back, so that whoever stands by begins at once."""
        held = self._held
        if held is not None:
            self._held = None
            with suppress(StoreFault):  # with the database away it runs out by itself
                await self._store.write(lambda conn: leases.release_lease(conn, held))


async def run(
    settings: Settings, clock: Clock | None = None, platforms: Sequence[AnyPlatform] = PLATFORMS,
    terms: LeaseTerms | None = None,
) -> None:  # fmt: skip
    """Connect every platform in the settings and serve them until SIGTERM or SIGINT.

    The clock, the platforms and the terms of the sender's leases are others only in tests that cannot wait.
    Raises `CannotConnect` when a platform refuses our credentials, `StoreFault`, `OSError`, `SettingsError`.
    """
    clock = clock or SystemClock()
    app, adapters = _open_app(settings, clock, platforms, terms)
    gateways = _gateways(settings, app.store, clock, platforms)
    pulse, stop, at = Heartbeat(settings.store.folder), stop_signal(), settings.web
    ready = Readiness(app.store, clock, adapters, lambda: app.alarm is not None)
    serving = Serving(at.host, at.port, lambda: find_late_job(pulse.beats()), ready.find_problem)
    monitor = Monitor(settings.monitoring, app.store, clock, app.tally, pulse, adapters)

    async def begin() -> None:
        for gateway in gateways:
            await gateway.wait()
        await serving.start(_routes(app, adapters))
        await monitor.start()
        await app.start()
        _load_later(settings, clock)

    try:
        if await _before(stop, begin()):
            more = [("pulse", 10.0, pulse.beat), ("sign of life", life_sign.SECONDS, monitor.beat)]
            more += [(f"renewing {one.name}", RENEWED, one.renew) for one in gateways]
            await run_until_stopped(app.ring(), more, pulse, stop)
    finally:
        # A platform that does not let go must not keep us: whatever is unfinished is safe in the database.
        asyncio.get_running_loop().call_later(PATIENCE, os._exit, 70)
        await app.disconnect()
        await serving.stop()
        await monitor.stop()
        for gateway in gateways:
            await gateway.release()
        await app.stop()
        pulse.stop()


def _load_later(settings: Settings, clock: Clock) -> None:
    """Read public holidays beside what runs from now on: it takes a third of a second, and nobody is connected by it."""
    countries = {one.country or country_of_zone(one.zone) for one in settings.all_communities()}
    loop = asyncio.get_running_loop()
    loop.run_in_executor(None, load_public_holidays, countries, clock.now().date())


def _open_app(
    settings: Settings, clock: Clock, platforms: Sequence[AnyPlatform], terms: LeaseTerms | None
) -> tuple[App, Sequence[PlatformAdapter]]:
    """The bot of these settings, on its database, with an adapter for each platform that is set up."""
    store, release = open_store(settings)
    with collecting_no_garbage():
        adapters = make_adapters(settings, clock.now, partial(StoredAdapterState, store), platforms)
        belongs = find_community(settings, adapters)
        app = build_app(settings, clock, store, adapters, belongs=belongs, release=release, terms=terms)
    return app, adapters


def _routes(app: App, adapters: Sequence[PlatformAdapter]) -> list[web.RouteDef]:
    """Every address at which a platform or a feature wants to be reached."""
    reached = [route for one in adapters for route in one.routes()]
    return [*reached, *(route for one in app.features for route in one.routes)]


def _gateways(
    settings: Settings, store: Store, clock: Clock, platforms: Sequence[AnyPlatform]
) -> list[GatewayLease]:
    """The right to connect to each platform that allows one connection, where there may be several processes."""
    # A SQLite file has one process anyway, and whoever was killed must not keep the next one waiting.
    if database_file(settings.store.url.get_secret_value()) is not None:
        return []
    own = settings.by_platform()
    wanted = [one.name for one in platforms if one.one_connection and own[one.name].is_set_up]
    return [GatewayLease(store, clock, name) for name in wanted]


async def _before(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Do this unless somebody says stop meanwhile; whether it was done. What it raises is raised."""
    doing, told = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait((doing, told), return_when=asyncio.FIRST_COMPLETED)
    for one in (doing, told):
        one.cancel()
    with suppress(asyncio.CancelledError):
        await doing
        return True
    return False
