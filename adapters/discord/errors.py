"""Failed calls to Discord, turned into errors of the port.

    discord.RateLimited · HTTP 429 · not connected       TryLater   it did not happen
    HTTP 400, 403, 404, 413                              Refused    it will not happen
    HTTP 401                                             LockedOut
    HTTP 5xx · a connection lost or too slow · anything else    Unclear

discord.py lets aiohttp's own errors through (github.com/Rapptz/discord.py issues 8426 and 842), so they are read here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import aiohttp
import discord

from bot.chat.port import (
    DIRECT_CLOSED,
    CredentialsRejected,
    OutcomeUnknown,
    PlatformError,
    Rejected,
    RetryLater,
)

log = logging.getLogger(__name__)

ARCHIVED = "thread_archived"
THERE = 160004
"""A thread has been started from this message already (docs topics/opcodes-and-status-codes)."""
GONE = frozenset({10003, 10008, 10070})
"""Unknown channel, message, scheduled event."""
_WORDS = {
    10003: "unknown_channel",
    10004: "unknown_server",
    10007: "unknown_member",
    10008: "unknown_message",
    10013: "unknown_user",
    10070: "unknown_event",
    30003: "too_many_pins",
    30034: "too_many_commands_today",
    40005: "file_too_large",
    40067: "tag_required",
    50001: "missing_access",
    50007: DIRECT_CLOSED,
    50013: "missing_permissions",
    50278: DIRECT_CLOSED,
    50035: "invalid_form",
    50083: ARCHIVED,
    160005: "thread_locked",
    160006: "too_many_threads",
    200000: "blocked_by_moderation",
}
_LATER = frozenset({30046, 160006, 40062, 20028, 20016, 20022})
"""Limits that pass by themselves, although they come as HTTP 400 or 403."""


def code_of(error: discord.HTTPException) -> str:
    """Why, in one word; for what has no word, Discord's own number."""
    return _WORDS.get(error.code) or (f"discord_{error.code}" if error.code else f"http_{error.status}")


def translate_error(error: BaseException) -> PlatformError:
    """Any error of a call, as one of the port's."""
    match error:
        case PlatformError():
            return error
        case discord.RateLimited():
            return RetryLater("rate_limited", error.retry_after)
        case discord.HTTPException():
            return _answered(error)
        case discord.LoginFailure():
            return CredentialsRejected("invalid_token")
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return RetryLater("cannot_connect")  # no byte was written
        case TimeoutError() | asyncio.TimeoutError():
            return OutcomeUnknown("timeout")
        case _:
            return OutcomeUnknown(type(error).__name__)


@contextmanager
def translate_errors() -> Iterator[None]:
    """Whatever goes wrong inside leaves as one of the port's errors; a cancelled call stays cancelled."""
    try:
        yield
    except PlatformError:
        raise
    except Exception as error:  # noqa: BLE001 - half a JSON body, a closed session: the port has one answer for all
        if not isinstance(error, discord.DiscordException | aiohttp.ClientError | OSError):
            log.warning("a call ended in %s", type(error).__name__)
        raise translate_error(error) from None


class translated_but:  # noqa: N801 - reads like `translated`
    """Like `translated`, and some of Discord's codes are what we want: inside, nothing else follows them.

    `happened` says afterwards whether one of them came.
    """

    def __init__(self, *codes: int) -> None:
        self._codes = codes
        self._inner = translate_errors()
        self.happened = False

    def __enter__(self) -> Self:
        self._inner.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, discord.HTTPException) and error.code in self._codes:
            self.happened = True
            return True
        return bool(self._inner.__exit__(kind, error, trace))


def _answered(error: discord.HTTPException) -> PlatformError:
    """An answer that is no success: Discord says what it did not do."""
    code = code_of(error)
    if error.status == 429:
        return RetryLater("rate_limited", _wait(error))
    if error.status == 401:
        return CredentialsRejected("invalid_token")
    if error.status >= 500 or error.status < 400:
        return OutcomeUnknown(code)
    if error.code in _LATER:
        return RetryLater(code, _wait(error))
    return Rejected(code)


def _wait(error: discord.HTTPException) -> float | None:
    """How long Discord told us to wait."""
    given = error.response.headers.get("Retry-After")
    try:
        return float(given) if given is not None else None
    except ValueError:
        return None
