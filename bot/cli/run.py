"""`tilth run` on real platforms: their adapters made from the settings, and what runs beside them."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Protocol

from aiohttp import web

from bot.app import App, build, open_store
from bot.chat.port import Adapter, AdapterState
from bot.runtime.alarm import run_until_stopped, stop_signal
from bot.runtime.clock import Clock, SystemClock
from bot.runtime.health import Heartbeat, well
from bot.runtime.web import Serving
from bot.settings.model import Settings
from bot.store import leases
from bot.store.adapter_state import StoredAdapterState
from bot.store.engine import database_file
from bot.store.store import Store

if TYPE_CHECKING:
    from adapters.discord.adapter import DiscordAdapter
    from adapters.slack.adapter import SlackAdapter

log = logging.getLogger(__name__)

HELD = timedelta(seconds=60)
"""How long the right to be the one connected process lasts without being renewed."""
RENEWED = 10.0
PATIENCE = 25.0
"""Seconds that stopping may take; a container is killed after 30."""


Remembering = Callable[[str], AdapterState]
"""The shelf of this name, which outlives a restart."""


Finding = tuple[Literal["ok", "warning", "error"], str, str]
"""How bad it is, what it is, and what to do (empty where there is nothing to do)."""


class Platform(Adapter, Protocol):
    """An adapter of a real platform: it can be away, and may want to be reached by HTTP."""

    @property
    def ready(self) -> bool: ...

    @property
    def why(self) -> str: ...

    def routes(self) -> Sequence[web.RouteDef]:
        """The addresses at which it wants to be reached."""
        ...

    async def examine(self, channels: Mapping[str, Collection[str]]) -> list[Finding]:
        """What the platform says of our credentials, permissions, and the channels (by space) we speak in."""
        ...


def is_set_up(settings: Settings) -> bool:
    """Whether any platform has been given its tokens."""
    return bool(settings.slack.everyone() or settings.discord.token.get_secret_value())


def slack(settings: Settings, clock: Clock, memory: Remembering) -> SlackAdapter | None:
    """The adapter of all Slack workspaces in the settings; None when there are none."""
    found = settings.slack.everyone()
    if not found:
        return None
    from adapters.slack.adapter import SlackAdapter, SlackApp  # imported only where it is set up

    apps = [
        SlackApp(
            name,
            *(secret.get_secret_value() for secret in (one.bot_token, one.app_token, one.signing_secret)),
        )
        for name, one in found.items()
    ]
    return SlackAdapter(apps, clock, memory("slack"), api_url=settings.slack.api_url)


def discord(settings: Settings, clock: Clock, memory: Remembering) -> DiscordAdapter | None:
    """The adapter of the Discord bot in the settings; None when there is none."""
    own = settings.discord
    if not own.token.get_secret_value():
        return None
    from adapters.discord.adapter import DiscordAdapter  # imported only where it is set up

    return DiscordAdapter(
        own.token.get_secret_value(), clock, memory("discord"), api_url=own.api_url,
        message_content=own.message_content, members=own.members, shards=own.shards,
    )  # fmt: skip


def belonging(settings: Settings, slack_app: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """Space key → slug of its community. A workspace belongs where its app does; a server where it is listed."""
    first = settings.community.slug
    apps = settings.slack.everyone()

    def of(space: str) -> str | None:
        platform, _, id = space.partition(":")
        if platform == "slack":
            name = slack_app(space)
            return (apps[name].community or first) if name in apps else None
        return settings.discord.servers.get(id)

    return of


class GatewayLease:
    """The right to be the one process that is connected where each connection hears everything (a lease row).

    With several processes on one PostgreSQL, one works and the others stand by.
    """

    def __init__(self, store: Store, clock: Clock, name: str) -> None:
        self._store, self._clock = store, clock
        self._name = f"gateway:{name}"
        self._owner = f"{socket.gethostname()}:{os.getpid()}"
        self._held: leases.Lease | None = None

    async def wait(self) -> None:
        """Return when the right is ours."""
        while not await self._take():
            log.info("another process is connected; standing by")
            await asyncio.sleep(RENEWED)

    async def _take(self) -> bool:
        now = self._clock.now()
        self._held = await self._store.write(
            lambda conn: leases.take(conn, self._name, self._owner, now, HELD)
        )
        return self._held is not None

    async def renew(self) -> int:
        """Keep the right; when somebody else has it, end this process: two must not answer."""
        held, now = self._held, self._clock.now()
        if held is not None:
            self._held = await self._store.write(lambda conn: leases.renew(conn, held, now, HELD))
            if self._held is None:
                log.error("another process has taken over the gateway; this one stops")
                signal.raise_signal(signal.SIGTERM)
        return 0

    async def release(self) -> None:
        """Give the right back, so that whoever stands by begins at once."""
        held = self._held
        if held is not None:
            self._held = None
            await self._store.write(lambda conn: leases.release(conn, held))


def platforms(
    settings: Settings, clock: Clock, memory: Remembering
) -> tuple[list[Platform], Callable[[str], str | None]]:
    """The adapters of everything that is set up, and which community a space belongs to."""
    on_slack, on_discord = slack(settings, clock, memory), discord(settings, clock, memory)
    adapters: list[Platform] = [one for one in (on_slack, on_discord) if one is not None]
    return adapters, belonging(settings, on_slack.app_of if on_slack is not None else lambda _space: None)


async def run(settings: Settings) -> None:
    """Connect every platform in the settings and serve them until SIGTERM or SIGINT.

    Raises `CannotConnect` when a platform refuses our credentials, `StoreFault`, `OSError`, `SettingsError`.
    """
    clock = SystemClock()
    store, release = open_store(settings)
    gateway = GatewayLease(store, clock, "discord")
    adapters, belongs = platforms(settings, clock, partial(StoredAdapterState, store))
    app = build(settings, clock, store, adapters, belongs=belongs, release=release)
    pulse = Heartbeat(settings.store.folder)
    serving = Serving(
        settings.web.host, settings.web.port, lambda: well(pulse.beats()), lambda: _unready(app, adapters)
    )
    stop = stop_signal()

    async def begin() -> None:
        # A SQLite file has one process anyway, and whoever was killed must not keep the next one waiting.
        several = database_file(settings.store.url.get_secret_value()) is None
        if several and any(one.platform == "discord" for one in adapters):
            await gateway.wait()
        reached = [route for one in adapters for route in one.routes()]
        await serving.start([*reached, *(route for one in app.features for route in one.routes)])
        await app.start()

    try:
        if await _before(stop, begin()):
            more = [("pulse", 10.0, pulse.beat), ("renewing the gateway", RENEWED, gateway.renew)]
            await run_until_stopped(app.ring(), more, pulse, stop)
    finally:
        # A platform that does not let go must not keep us: whatever is unfinished is safe in the database.
        asyncio.get_running_loop().call_later(PATIENCE, os._exit, 70)
        await app.disconnect()
        await serving.stop()
        await gateway.release()
        await app.stop()
        pulse.stop()


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


def _unready(app: App, adapters: Sequence[Platform]) -> str | None:
    """What keeps the bot from hearing or keeping anything now."""
    away = [f"{one.platform}: {one.why}" for one in adapters if not one.ready]
    return "; ".join(away) or (None if app.alarm is not None else "not started yet")
