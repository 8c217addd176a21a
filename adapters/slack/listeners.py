"""The one door behind bolt's checks: it looks once what a request is, where bolt's listeners are asked one after the other.

Bolt lays out some thirty arguments for each listener that it tries, and once more for the one that it calls. This is the last
of its middleware instead, which is given the request as it is.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request import payload_utils as kinds
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.background import BackgroundTasks
from adapters.slack.events import SlackEvents
from adapters.slack.interactions import SlackInteractions
from adapters.slack.web_client import SlackWebClient, quiet_logger

log = logging.getLogger(__name__)

Json = Mapping[str, Any]
LATER, OURS = 503, 400
"""Statuses after which Slack tries an event again, or tells whoever asked that it did not work."""


class Listeners(AsyncMiddleware):
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
        app.use(self)
        return app

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - bolt's name
        next: Callable[[], Awaitable[Any]],
    ) -> BoltResponse | None:
        """Answer what is known, messages first; of anything else bolt says that nobody answered it."""
        body = req.body
        if kinds.is_event(body):
            return await self._event(body, req)
        if kinds.is_slash_command(body):
            return await self._asked(self._desk.command, body)
        if kinds.is_action(body):
            return await self._asked(self._desk.action, body)
        if kinds.is_view_submission(body):
            return await self._asked(self._desk.submitted, body)
        if kinds.is_shortcut(body):
            return await self._asked(self._desk.shortcut, body)
        if kinds.is_view_closed(body) or kinds.is_options(body):
            return BoltResponse(status=200)  # a form that was closed, a list that nobody offers
        await next()
        return None

    async def _event(self, body: dict[str, Any], request: AsyncBoltRequest) -> BoltResponse:
        """Acknowledged only when it was kept."""
        if self.closed:
            return BoltResponse(status=LATER)
        attempt = int((request.headers.get("x-slack-retry-num") or ["0"])[0] or 0)
        kept = await self._background.send(self._ears.take(body, attempt))
        return BoltResponse(status=200 if kept else LATER)

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
