"""The connection to Discord's gateway: it survives whatever passes, and says clearly what does not.

the first connection fails, an outage          tried again, ever more slowly (discord.py gives up: issue 10520)
resume, invalid session, 4000-4003, 4005-4009  discord.py's own affair
4004 · 401                                     CannotConnect: the token
4014                                           CannotConnect: an intent that is not switched on
4010 · 4011                                    CannotConnect: the number of shards
too many IDENTIFYs                             waits (see `budget`)
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

import discord

from adapters.discord.call_trace import watch_calls
from adapters.discord.client import (
    Hearer,
    Sharded,
    Single,
    hearts_stopped,
    make_client,
    point_library_at,
    silence_library,
)
from adapters.discord.errors import translate_error
from adapters.discord.identify_budget import IdentifyBudget, Limit
from adapters.discord.state import DiscordState
from adapters.discord.timings import Timings
from bot.chat.port import CannotConnect, CredentialsRejected, RetryLater
from bot.runtime.clock import PlatformClock

log = logging.getLogger(__name__)

PORTAL = "https://discord.com/developers/applications"


class GatewaySettings(Protocol):
    """What the operator asked for."""

    token: str
    api_url: str
    intents: discord.Intents
    shards: int


class _TooOften(Exception):
    """No IDENTIFY now; `seconds` until there may be one."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too many IDENTIFYs")
        self.seconds = seconds


class Gateway:
    """Keeps one client connected. `ready` and `why` say how it is."""

    def __init__(
        self,
        wanted: GatewaySettings,
        state: DiscordState,
        now: Callable[[], float],
        timings: Timings,
        hearer: Hearer,
    ) -> None:
        """`now` is the seconds since 1970 by the injected clock."""
        self._wanted, self._state, self._now, self._timings = wanted, state, now, timings
        self._hearer = hearer
        self.clock = PlatformClock()
        """Discord's own time, from its answers."""
        self.client: Single | Sharded = self._make(wanted.shards or 1)
        self.why = "not started"
        self._up: set[int] = set()
        self._shards = max(1, wanted.shards)
        self._logged_in = False
        self._budget = IdentifyBudget()
        self._task: asyncio.Task[None] | None = None
        self._settled = asyncio.Event()
        self._fatal: CannotConnect | None = None

    @property
    def ready(self) -> bool:
        """Whether events can arrive from every server."""
        return len(self._up) >= self._shards and self._fatal is None

    @property
    def http(self) -> discord.http.HTTPClient:
        """What makes the calls. Raises `RetryLater` while nothing can."""
        if not self._logged_in or self.client.is_closed():
            raise RetryLater("not_connected")
        return self.client.http

    def _make(self, shards: int) -> Single | Sharded:
        trace = watch_calls(self.clock)
        return make_client(self._hearer, self._wanted.intents, shards, self._timings.settle, trace=trace)

    # ── start and stop ────────────────────────────────────────────────────────

    async def start(self) -> None:
        """Return when connected, or when it is clear that this takes longer: it is tried on. Raises `CannotConnect`."""
        silence_library()
        point_library_at(self._wanted.api_url)
        self._budget = IdentifyBudget(self._state.identifies, self._timings.free)
        self.why = "connecting to Discord"
        self._task = asyncio.create_task(self._run(), name="discord gateway")
        with suppress(TimeoutError):
            async with asyncio.timeout(self._timings.patience):
                await self._settled.wait()
        if self._fatal is not None:
            raise self._fatal

    async def stop(self) -> None:
        """Leave the gateway; the session ends with it."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self._close()
        await hearts_stopped()
        self._up.clear()
        self._logged_in = False
        self.why = "stopped"

    async def _close(self) -> None:
        if not self._logged_in:
            await self.client.http.close()
        elif not self.client.is_closed():
            await self.client.close()

    # ── staying connected ─────────────────────────────────────────────────────

    async def _run(self) -> None:
        pause = self._timings.first
        while True:
            began, wait = self._now(), pause
            try:
                await self._connect()
                self.why = "Discord closed the connection"
            except _TooOften as error:
                wait = error.seconds
                self.why = "too many starts: waiting, so that Discord does not reset the token"
                await self._renew()
            except CannotConnect as error:
                return await self._give_up(error)
            except Exception as error:  # noqa: BLE001 - issue 10520: even an AttributeError means "not connected"
                self.why = f"no connection to Discord: {_named(error)}"
            self._up.clear()
            self._settled.set()
            log.warning("%s; trying again in %.0f seconds", self.why, wait)
            await asyncio.sleep(wait)
            lasted = self._now() - began > 60
            pause = self._timings.first if lasted else min(pause * 2, self._timings.longest)

    async def _give_up(self, error: CannotConnect) -> None:
        """Only the operator can help now."""
        self._fatal, self.why = error, str(error)
        self._up.clear()
        self._settled.set()
        log.critical("%s", error)
        await self._close()
        self._logged_in = False

    async def _renew(self) -> None:
        """Another client, which can make calls meanwhile: the old one holds a connection that must not IDENTIFY."""
        await self._close()
        with suppress(Exception):
            await self._log_in()

    async def _connect(self) -> None:
        """Log in and stay connected; returns or raises when the connection is over."""
        client = await self._log_in()
        try:
            shards, url, left = await client.http.get_bot_gateway()
        except discord.GatewayNotFound as error:
            raise translate_error(error.__cause__ or error) from None
        point_library_at(self._wanted.api_url, url)
        client = await self._with_shards(client, self._wanted.shards or shards)
        limit = Limit(left["remaining"], left["reset_after"] / 1000)
        wait = self._budget.wait(self._now(), range(self._shards), limit)
        if wait > 0:
            raise _TooOften(wait)
        try:
            await client.connect(reconnect=True)
        except discord.PrivilegedIntentsRequired:
            raise CannotConnect(self._intents_refused()) from None
        except discord.ConnectionClosed as error:
            raise self._closed(error.code) from None

    async def _log_in(self) -> Single | Sharded:
        if self.client.is_closed():
            self._logged_in = False
            self.client = self._make(self._shards)
        if not self._logged_in:
            await self._enter(self.client)
        return self.client

    async def _enter(self, client: Single | Sharded) -> None:
        try:
            await client.login(self._wanted.token)
        except Exception as error:
            # What has failed to log in cannot do so again: its connector is closed with its session.
            await client.http.close()
            self.client = self._make(self._shards)
            if isinstance(translate_error(error), CredentialsRejected):
                raise CannotConnect(
                    "Discord does not accept TILTH_DISCORD__TOKEN. Reset the token under “Bot” at "
                    f"{PORTAL} and set it anew."
                ) from None
            raise
        flags = client.application_flags
        content = flags.gateway_message_content or flags.gateway_message_content_limited
        members = flags.gateway_guild_members or flags.gateway_guild_members_limited
        if (self._wanted.intents.message_content and not content) or (
            self._wanted.intents.members and not members
        ):
            raise CannotConnect(self._intents_refused())

    async def _with_shards(self, client: Single | Sharded, shards: int) -> Single | Sharded:
        """The client for so many shards: another one, when Discord recommends more than we thought."""
        if shards == self._shards:
            return client
        log.info("Discord recommends %s shards", shards)
        await client.close()
        self._logged_in, self._shards = False, shards
        self.client = self._make(shards)
        await self._enter(self.client)
        return self.client

    def _intents_refused(self) -> str:
        names = {"MESSAGE_CONTENT": "Message Content Intent", "MEMBERS": "Server Members Intent"}
        asked = {
            "MESSAGE_CONTENT": self._wanted.intents.message_content,
            "MEMBERS": self._wanted.intents.members,
        }
        wanted = [f"“{names[one]}” (or set TILTH_DISCORD__{one}=false)" for one in names if asked[one]]
        return (
            f"Discord refuses an intent. Under “Bot” at {PORTAL} switch on "
            f"{' and '.join(wanted) or 'nothing: this is a fault of ours'}."
        )

    def _closed(self, code: int) -> Exception:
        match code:
            case 4004:
                return CannotConnect(
                    f"Discord does not accept TILTH_DISCORD__TOKEN any more. Reset the token under “Bot” at {PORTAL}."
                )
            case 4010 | 4011:
                return CannotConnect(
                    "Discord wants another number of shards. Set TILTH_DISCORD__SHARDS=0, and it is asked."
                )
            case 4012 | 4013 | 4014:
                return CannotConnect(self._intents_refused() if code == 4014 else f"Discord closed: {code}.")
            case _:
                return ConnectionError(f"closed with {code}")

    # ── what the client tells ─────────────────────────────────────────────────

    def entered(self) -> None:
        """The client has logged in, whoever told it to."""
        self._logged_in = True

    def up(self, shard: int) -> None:
        """A shard can tell events."""
        self._up.add(shard)
        if self.ready:
            self.why = ""
            self._settled.set()

    def down(self, shard: int) -> None:
        """A shard is cut off; discord.py is already trying."""
        self._up.discard(shard)
        if self._fatal is None:
            self.why = "the connection to Discord was lost; reconnecting"

    async def spend(self, shard: int, *, initial: bool) -> None:
        """An IDENTIFY is about to be sent. Raises when that would be one too many."""
        now = self._now()
        wait = self._budget.wait(now, (shard,))
        if wait > 0:
            raise _TooOften(wait)
        if not initial:
            await asyncio.sleep(self._timings.spacing)
        self._budget.spend(self._now(), shard)
        await self._state.identify(self._budget.times)


def _named(error: BaseException) -> str:
    code = getattr(translate_error(error), "code", "")
    return str(code or type(error).__name__)
