"""The HTTP client of one workspace: a shared session, and no write is repeated."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.errors import call_slack, translate_error
from bot.chat.port import OutcomeUnknown, RetryLater
from bot.runtime.clock import PlatformClock

TOTAL, CONNECT = 14.0, 5.0
"""Seconds for a whole call, under the sender's own 15, and for connecting."""
PATIENT = 5
"""Rate limits that one read waits for: Slack says how long."""
LIBRARIES = ("slack_bolt", "slack_sdk")
"""Loggers whose INFO and DEBUG print bodies and addresses with tickets (platform facts L8, L9)."""


def silence_library() -> None:
    """Keep the libraries from printing what people write, whatever level the operator chose."""
    for name in LIBRARIES:
        logger = logging.getLogger(name)
        if logger.getEffectiveLevel() < logging.WARNING:
            logger.setLevel(logging.WARNING)
    logging.getLogger("slack_bolt.RequestVerification").setLevel(logging.ERROR)


class Discreet(logging.Filter):
    """Leaves out of a library's warnings everything behind its first words: errors quote bodies and tickets."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = str(record.msg).partition("(")[0].partition(":")[0].strip(), ()
        record.exc_info = record.exc_text = None
        return True


def quiet_logger(name: str) -> logging.Logger:
    """The logger that is handed to the libraries."""
    logger = logging.getLogger(f"adapters.slack.{name}")
    logger.setLevel(logging.WARNING)
    if not logger.filters:
        logger.addFilter(Discreet())
    return logger


class SlackWebClient:
    """What speaks to Slack: `writes` for what must never be done twice, `reads` for what may be asked again."""

    def __init__(self, api_url: str, bot_token: str, *, total: float = TOTAL) -> None:
        address = api_url.rstrip("/") + "/"
        log = quiet_logger("web")
        patient = [
            AsyncConnectionErrorRetryHandler(max_retry_count=1),
            AsyncRateLimitErrorRetryHandler(max_retry_count=PATIENT),
        ]
        # Bolt's default client repeats a write whose answer was lost: that is a second message.
        self.writes = AsyncWebClient(bot_token, base_url=address, retry_handlers=[], logger=log)
        self.reads = AsyncWebClient(bot_token, base_url=address, retry_handlers=patient, logger=log)
        self.bare = AsyncWebClient(base_url=address, retry_handlers=[], logger=log)
        """Without a token of its own: for bolt, and for calls with the app-level token."""
        self._total = total
        self.clock = PlatformClock()
        """Slack's own time, from its answers."""
        self.session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Open the session that all calls share; without one, the SDK would open a connection for each."""
        if self.session is None or self.session.closed:
            timeout = aiohttp.ClientTimeout(total=self._total, connect=CONNECT)
            self.session = aiohttp.ClientSession(timeout=timeout, trace_configs=[self._trace()])
        for client in (self.writes, self.reads, self.bare):
            client.session = self.session

    def _trace(self) -> aiohttp.TraceConfig:
        trace = aiohttp.TraceConfig()

        async def note(_session: object, _context: object, end: aiohttp.TraceRequestEndParams) -> None:
            self.clock.note_date(end.response.headers.get("Date"))

        trace.on_request_end.append(note)
        return trace

    async def close(self) -> None:
        if self.session is not None:
            await self.session.close()

    async def granted_scopes(self) -> frozenset[str]:
        """The scopes of our token, as Slack tells them; none where it does not say. Raises `PlatformError`."""
        try:
            answer = await self.reads.auth_test()
        except (SlackApiError, SlackClientError, OSError, TimeoutError) as error:
            raise translate_error(error) from None
        return read_scopes(answer)

    async def put(self, url: str, data: bytes) -> None:
        """Send the bytes of a file to the address that Slack gave for it. Raises `PlatformError`."""
        if self.session is None:
            raise RetryLater("not_connected")
        try:
            async with self.session.post(url, data=data) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise translate_error(error) from None
        if status != 200:
            raise OutcomeUnknown(f"http_{status}")


def read_scopes(answer: AsyncSlackResponse) -> frozenset[str]:
    """The scopes of our token, as every answer tells them; none where it does not."""
    headers = {name.lower(): value for name, value in dict(answer.headers).items()}
    told = str(headers.get("x-oauth-scopes", ""))
    return frozenset(one.strip() for one in told.split(",") if one.strip())


async def read_pages(
    ask: Callable[[str | None], Awaitable[AsyncSlackResponse]],
) -> AsyncIterator[dict[str, Any]]:
    """Every page of a list: `ask` is called with the cursor of the next one. Raises `PlatformError`."""
    cursor = ""
    while True:
        answer = await call_slack(ask(cursor or None))
        yield answer
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return
