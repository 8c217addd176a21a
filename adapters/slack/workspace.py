"""The workspace: one app, its tokens, its connection, and how it starts."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.api import SlackApi
from adapters.slack.app import SlackApp
from adapters.slack.background import BackgroundTasks
from adapters.slack.canvases import SlackCanvases
from adapters.slack.connection import Connection
from adapters.slack.directory import SlackDirectory
from adapters.slack.errors import call_slack
from adapters.slack.events import SlackEvents
from adapters.slack.hear import Here
from adapters.slack.history import SlackHistory
from adapters.slack.home import HomePublisher
from adapters.slack.interactions import SlackInteractions
from adapters.slack.listeners import Listeners
from adapters.slack.people import SlackPeople
from adapters.slack.posts import SlackPosts
from adapters.slack.replies import Replies
from adapters.slack.socket_watchdog import SocketWatchdog
from adapters.slack.state import SlackState
from adapters.slack.timings import SlackTimings
from adapters.slack.upkeep import ChannelUpkeep
from adapters.slack.web_client import SlackWebClient
from adapters.slack.workspace_parts import WorkspaceParts, is_command
from bot.chat.events import SpaceConnected
from bot.chat.port import (
    AdapterState,
    CannotConnect,
    CorePort,
    CredentialsRejected,
    NotStored,
    PlatformError,
    Rejected,
)

log = logging.getLogger(__name__)


class Workspace:
    """Connects one app, and hands what it hears to its ears and its desk."""

    def __init__(
        self,
        app: SlackApp,
        api_url: str,
        now: Callable[[], datetime],
        memory: AdapterState,
        timings: SlackTimings,
    ) -> None:
        self.app, self.timings = app, timings
        self._now, self._state = now, SlackState(memory)
        self._wire = SlackWebClient(api_url, app.bot_token)
        self._background = BackgroundTasks()
        self._watchdog = SocketWatchdog(patience=timings.patience)
        self._introductions: SlackDirectory | None = None
        self._bolt: AsyncApp | None = None
        self._listeners: Listeners | None = None
        self._stopping = False
        self._trying: asyncio.Task[None] | None = None
        self.connection: Connection | None = None
        self.team: WorkspaceParts | None = None
        self.why = "not started"
        self._refusal = ""
        self._checked_at = 0.0

    @property
    def ready(self) -> bool:
        """Whether events can arrive now."""
        arrives = self.connection is None or self.connection.ready
        return self.team is not None and arrives and not self._stopping and not self._refusal

    @property
    def problem(self) -> str:
        """What is wrong while not ready."""
        if self._refusal:
            return self._refusal
        return self.connection.why if self.connection is not None and self.team is not None else self.why

    async def check_token(self) -> None:
        """Ask Slack whether the bot token still works, at most every few seconds."""
        now = time.monotonic()
        if self.team is None or self._stopping or now - self._checked_at < self.timings.check:
            return
        self._checked_at = now
        try:
            await call_slack(self._wire.writes.auth_test())
        except CredentialsRejected as error:
            self._refusal = str(self._refused(error, "bot_token"))
        except PlatformError:
            pass  # away is no refusal: whether events arrive, the connection knows
        else:
            self._refusal = ""

    @property
    def space(self) -> str:
        """The key of its space; empty before Slack has told it."""
        return "" if self.team is None else self.team.here.space

    def platform_time(self) -> datetime | None:
        """What time it is for Slack, by its answers here."""
        return self._wire.clock.now()

    # ── beginning and end ─────────────────────────────────────────────────────

    async def start(self, core: CorePort) -> None:
        """Connect. A wrong token raises `CannotConnect`; a network that is away is waited for in the background."""
        if not self.app.app_token and not self.app.signing_secret:
            raise CannotConnect(
                f"Slack app {self.app.name} has neither an app-level token nor a signing secret. Set "
                f"{self.app.setting('app_token')} (Socket Mode) or {self.app.setting('signing_secret')} (HTTP)."
            )
        self._stopping = False
        await self._wire.open()
        try:
            await self._begin(core)
        except (CredentialsRejected, Rejected) as error:
            raise self._refused(error, "bot_token") from None
        except PlatformError as error:
            self.why = f"Slack cannot be reached ({error.code})"
            log.warning("Slack app %s: %s; I keep trying", self.app.name, self.why)
            self._trying = asyncio.create_task(self._keep_trying(core))

    async def _keep_trying(self, core: CorePort) -> None:
        wait = self.timings.beat.first
        while True:
            await asyncio.sleep(wait)
            wait = min(wait * 2, self.timings.beat.longest)
            try:
                await self._begin(core)
            except (PlatformError, CannotConnect) as error:
                self.why = str(error)
                log.warning("Slack app %s is not connected: %s", self.app.name, self.why)
            else:
                return

    def _refused(self, error: PlatformError, which: str) -> CannotConnect:
        where = {
            "bot_token": "copy the “Bot User OAuth Token” from OAuth & Permissions",
            "app_token": "make a token with connections:write under Basic Information, App-Level Tokens",
        }
        return CannotConnect(
            f"Slack refuses {self.app.setting(which)} of app {self.app.name} ({error.code}): {where[which]}."
        )

    async def _begin(self, core: CorePort) -> None:
        """Ask who we are, check the other token, build everything, connect, and tell who is there."""
        answer = await call_slack(self._wire.writes.auth_test())
        if not answer.get("bot_id"):
            raise CannotConnect(
                f"{self.app.setting('bot_token')} is no bot token: copy the one that begins with xoxb-."
            )
        if self.app.app_token:
            try:
                await call_slack(self._wire.bare.apps_connections_open(app_token=self.app.app_token))
            except (CredentialsRejected, Rejected) as error:
                raise self._refused(error, "app_token") from None
        auth = AuthorizeResult.from_auth_test_response(
            bot_token=self.app.bot_token, auth_test_response=answer
        )
        self.team = self._furnish(answer, core)
        self._introductions = SlackDirectory(self.team)
        desk = SlackInteractions(self.team, self.timings.ack)
        self._listeners = Listeners(SlackEvents(self.team, self._state), desk, self._background)
        self._bolt = self._listeners.bolt(self._wire, auth, self.app.signing_secret)
        await self._arrive()
        if self.app.app_token:
            self.connection = Connection(
                self.app.name, self._bolt, self.app.app_token, self._wire, self._watchdog,
                self._connected, self.timings.beat,
            )  # fmt: skip
            await self.connection.start()
        self.why = ""

    def _furnish(self, answer: Mapping[str, Any], core: CorePort) -> WorkspaceParts:
        here = Here(f"slack:{answer['team_id']}", str(answer["user_id"]), str(answer["bot_id"]))
        people = SlackPeople(self._wire, here)
        speaks = SlackApi(
            self._wire,
            here,
            self._background,
            self._watchdog,
            soon=self.timings.soon,
            between=self.timings.between,
        )
        return WorkspaceParts(
            here, str(answer.get("team") or here.space), core, self._wire, people, speaks,
            SlackPosts(speaks, self._state, self._now), ChannelUpkeep(self._wire), SlackCanvases(self._wire),
            Replies(self._wire, speaks),
            SlackHistory(
                self._wire, here, people, self._watchdog, self._now,
                lambda raw, direct: is_command(core, here, people, raw, direct=direct), self._state.noted_files,
            ),
            self._watchdog, self._background,
            HomePublisher(self._wire, core, people, self._background, rest=self.timings.rest),
        )  # fmt: skip

    def _connected(self) -> None:
        """A hello: what happened before it may have been missed."""
        self._background.send(self._arrive(), idle=True)

    async def _arrive(self) -> None:
        """Tell that the space is there, so that everything in it is read again, and who is in it."""
        if self.team is None:
            return
        try:
            await self.team.core.hear(SpaceConnected(self.team.here.space, self.team.name))
        except NotStored:
            log.warning("the space of Slack app %s could not be noted", self.app.name)
        if self._introductions is not None:
            self._background.send(self._introductions.tell(), idle=True)

    async def stop(self) -> None:
        """Take nothing more in, finish what has begun, disconnect."""
        self._stopping = True
        if self._listeners is not None:
            self._listeners.closed = True
        if self._trying is not None:
            self._trying.cancel()
            await asyncio.gather(self._trying, return_exceptions=True)
        await self._background.stop(self.timings.drain)
        if self.connection is not None:
            await self.connection.stop()
        self.why = "stopped"
        await self._wire.close()

    # ── hearing ───────────────────────────────────────────────────────────────

    async def take(self, request: AsyncBoltRequest) -> BoltResponse:
        """Take in a signed HTTP request."""
        if self._bolt is None or self._stopping:
            return BoltResponse(status=503)
        return await self._bolt.async_dispatch(request)

    @property
    def takes_http(self) -> bool:
        return bool(self.app.signing_secret)
