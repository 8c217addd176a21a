"""The Socket Mode connection: it has a deadline, notices when it is deaf, and is built anew."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMessage
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.slack.errors import call_slack
from adapters.slack.socket_watchdog import SocketWatchdog
from adapters.slack.web_client import SlackWebClient, quiet_logger
from bot.chat.port import PlatformError, RetryLater

log = logging.getLogger(__name__)

WORDS = {
    "link_disabled": "Socket Mode was switched off for this app. Switch it on under Settings, Socket Mode.",
    "too_many_websockets": "Ten other connections use this app token. Stop the other copies of me.",
    "silent": "The connection was deaf: messages were there that it had not told.",
    "lost": "The connection was lost.",
    "invalid_auth": "Slack refuses the app-level token. Make a new one under Basic Information, App-Level Tokens.",
}
FINAL = frozenset({"link_disabled", "too_many_websockets"})
"""Reasons to disconnect after which connecting again at once would only be told the same."""


@dataclass(frozen=True, slots=True)
class ConnectionIntervals:
    """How a connection is looked after, in seconds. Tests make them short."""

    ping: float = 10.0
    glance: float = 1.0
    deadline: float = 10.0
    """How long connecting may take until Slack says hello."""
    first: float = 1.0
    """The first wait after a failure; it doubles up to `longest`."""
    longest: float = 60.0


class Socket(SocketModeClient):
    """Slack's own client, which reconnects by itself, but not where Slack has told us to stay away."""

    def __init__(
        self, app_token: str, wire: SlackWebClient, ping: float, on_hello: Callable[[int], None]
    ) -> None:
        super().__init__(
            app_token, logger=quiet_logger("socket"), web_client=wire.bare, ping_interval=ping,
            on_message_listeners=[self._notice],
        )  # fmt: skip
        self.ended = ""
        """Why Slack ended the connection for good."""
        self.greeted = asyncio.Event()
        self._on_hello = on_hello

    async def _notice(self, message: WSMessage) -> None:
        # Called right after the message was queued and before it is handled: `ended` is set in time.
        if '"envelope_id"' in message.data:
            return
        told: dict[str, Any] = json.loads(message.data)
        if told.get("type") == "hello":
            self.greeted.set()
            self._on_hello(int(told.get("num_connections") or 1))
        elif told.get("type") == "disconnect" and told.get("reason") in FINAL:
            self.ended = str(told["reason"])

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        if not self.ended:
            await super().connect_to_new_endpoint(force)


class Connection:
    """Keeps one socket of one app alive. `ready` says that events can arrive, `why` what is wrong while not."""

    def __init__(
        self, name: str, app: AsyncApp, app_token: str, wire: SlackWebClient, watchdog: SocketWatchdog,
        on_connected: Callable[[], None], beat: ConnectionIntervals,
    ) -> None:  # fmt: skip
        """`on_connected` is called with every hello: something may have been missed before it."""
        self._name, self._app, self._app_token = name, app, app_token
        self._wire, self._watchdog, self._on_connected = wire, watchdog, on_connected
        self._beat = beat
        self._task: asyncio.Task[None] | None = None
        self._up = asyncio.Event()
        self.why = "not connected yet"
        self.connections = 1
        """How many sockets of the app Slack has counted, ours among them."""
        self.built = 0
        """How many sockets were built so far."""

    @property
    def ready(self) -> bool:
        return self._up.is_set()

    async def start(self) -> bool:
        """Begin; returns when connected, or after the deadline, in which case it goes on trying."""
        self._task = asyncio.create_task(self._live())
        try:
            async with asyncio.timeout(self._beat.deadline):
                await self._up.wait()
        except TimeoutError:
            log.warning("Slack app %s is not connected yet: %s", self._name, self.why)
        return self.ready

    async def stop(self) -> None:
        """Disconnect for good."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        self._up.clear()
        self.why = "stopped"

    async def _live(self) -> None:
        wait = self._beat.first
        while True:
            before = time.monotonic()
            told: float | None = None
            try:
                reason = await self._once()
            except PlatformError as error:
                reason = error.code
                told = error.seconds if isinstance(error, RetryLater) else None
            except TimeoutError:
                reason = "no answer in time"
            except Exception as error:
                reason = type(error).__name__
                log.exception("the connection of Slack app %s failed", self._name)
            self._up.clear()
            self.why = WORDS.get(reason, reason)
            log.warning("Slack app %s is not connected: %s", self._name, self.why)
            if time.monotonic() - before > 2 * self._beat.deadline:
                wait = self._beat.first  # it had been well
            await asyncio.sleep(told or wait * random.uniform(0.5, 1.0))  # noqa: S311 - spreads, hides nothing
            wait = min(wait * 2, self._beat.longest)

    async def _once(self) -> str:
        """One socket from its beginning to its end: why it ended. Raises `PlatformError`."""
        answer = await call_slack(self._wire.bare.apps_connections_open(app_token=self._app_token))
        socket = Socket(self._app_token, self._wire, self._beat.ping, self._greeted)
        socket.socket_mode_request_listeners.append(self._take)
        socket.wss_uri = str(answer["url"])
        self.built += 1
        try:
            async with asyncio.timeout(self._beat.deadline):
                await socket.connect()  # type: ignore[no-untyped-call]
                await socket.greeted.wait()
            return await self._watch(socket)
        finally:
            await asyncio.shield(_close(socket))

    def _greeted(self, connections: int) -> None:
        if connections > 1:
            log.warning(
                "Slack app %s: %d connections use its token at the same time", self._name, connections
            )
        self._watchdog.connected()
        self._up.set()
        self.why = ""
        self._on_connected()

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        response = await run_async_bolt_app(self._app, request)
        await send_async_response(client, request, response, time.time())

    async def _watch(self, socket: Socket) -> str:
        """Look after a socket until it has to be replaced: why."""
        down: float | None = None
        while not socket.ended:
            await asyncio.sleep(self._beat.glance)
            if await socket.is_connected():
                down = None
            else:
                down = down or time.monotonic()
                self._up.clear()
                self.why = WORDS["lost"]
                if time.monotonic() - down > 3 * self._beat.ping:
                    return "lost"
            if self._watchdog.deaf():
                return "silent"
            if down is None and not self._up.is_set() and socket.greeted.is_set():
                self._up.set()
                self.why = ""
        return socket.ended


async def _close(socket: Socket) -> None:
    try:
        await socket.close()  # type: ignore[no-untyped-call]
    except Exception as error:  # noqa: BLE001 - it is given up in any case
        log.warning("a socket could not be closed: %s", type(error).__name__)
