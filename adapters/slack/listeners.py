"""Bolt's listeners: it tries them in turn, so there are few, and messages come first."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.background import BackgroundTasks
from adapters.slack.events import SlackEvents
from adapters.slack.interactions import SlackInteractions
from adapters.slack.web_client import SlackWebClient, quiet_logger

log = logging.getLogger(__name__)

Json = Mapping[str, Any]
ANY = re.compile("")
LATER, OURS = 503, 400
"""Statuses after which Slack tries an event again, or tells whoever asked that it did not work."""


class Listeners:
    """Hands what bolt has checked to the ears and the desk. Once `closed`, everything is left to Slack's retries."""

    def __init__(self, ears: SlackEvents, desk: SlackInteractions, background: BackgroundTasks) -> None:
        self._ears, self._desk, self._background = ears, desk, background
        self.closed = False

    def bolt(self, wire: SlackWebClient, auth: AuthorizeResult, signing_secret: str) -> AsyncApp:
        """The bolt app of a workspace that said who we are in it."""

        async def authorize() -> AuthorizeResult:
            return auth  # asked once, at the start

        app = AsyncApp(
            name="tilth", logger=quiet_logger("bolt"), client=wire.bare, authorize=authorize,
            signing_secret=signing_secret, process_before_response=True, ssl_check_enabled=False,
            # Bolt would also swallow that an admin deleted a message of ours.
            ignoring_self_events_enabled=False, attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )  # fmt: skip
        app.event(ANY)(self.event)
        app.command(ANY)(self.command)
        app.action(ANY)(self.action)
        app.view({"callback_id": ANY, "type": "view_submission"})(self.submitted)
        app.view({"callback_id": ANY, "type": "view_closed"})(self.nothing)
        app.shortcut(ANY)(self.shortcut)
        app.options(ANY)(self.nothing)
        return app

    async def event(self, body: dict[str, Any], request: AsyncBoltRequest) -> BoltResponse:
        """Acknowledged only when it was kept."""
        if self.closed:
            return BoltResponse(status=LATER)
        attempt = int((request.headers.get("x-slack-retry-num") or ["0"])[0] or 0)
        kept = await self._background.send(self._ears.take(body, attempt))
        return BoltResponse(status=200 if kept else LATER)

    async def command(self, body: dict[str, Any]) -> BoltResponse:
        return await self._asked(self._desk.command, body)

    async def action(self, body: dict[str, Any]) -> BoltResponse:
        return await self._asked(self._desk.action, body)

    async def shortcut(self, body: dict[str, Any]) -> BoltResponse:
        return await self._asked(self._desk.shortcut, body)

    async def submitted(self, body: dict[str, Any]) -> BoltResponse:
        return await self._asked(self._desk.submitted, body)

    async def nothing(self) -> BoltResponse:
        """What needs no answer: a form that was closed, a list that nobody offers."""
        return BoltResponse(status=200)

    async def _asked(
        self, does: Callable[[Json], Awaitable[dict[str, Any] | None]], body: dict[str, Any]
    ) -> BoltResponse:
        if self.closed:
            return BoltResponse(status=LATER)
        try:
            return BoltResponse(status=200, body=await does(body) or "")
        except Exception:
            log.exception("a request of Slack's could not be read")
            return BoltResponse(status=OURS)
