"""Failed calls to Slack, turned into errors of the port."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.chat.port import CredentialsRejected, OutcomeUnknown, PlatformError, Rejected, RetryLater

CREDENTIALS = frozenset(
    {
        "account_inactive",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
"""The whole workspace no longer accepts our token."""
UNCLEAR = frozenset(
    {
        # "Some aspect of the operation may have succeeded": https://docs.slack.dev/reference/methods/chat.postMessage
        "fatal_error",
        "internal_error",
        "request_timeout",
        "service_unavailable",
        "duplicate_channel_not_found",
        "duplicate_message_not_found",
    }
)
LATER = frozenset({"ratelimited", "rate_limited", "accesslimited", "team_added_to_org"})
"""Certainly not done, and it passes by itself."""


def translate_error(error: Exception) -> PlatformError:
    """The error of the port that this is. Never carries more of the answer than Slack's own code."""
    match error:
        case PlatformError():
            return error
        case SlackApiError():
            return _answered(error)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return RetryLater("cannot_connect")  # nothing was sent
        case TimeoutError():
            return OutcomeUnknown("timeout")
        case aiohttp.ClientError() | OSError() | SlackClientError():
            return OutcomeUnknown("disconnected")
        case _:
            return OutcomeUnknown(type(error).__name__)


def _answered(error: SlackApiError) -> PlatformError:
    status, headers, data = _parts(error.response)
    code = data.get("error")
    if status == 429 or code in LATER:
        return RetryLater(str(code or "ratelimited"), _seconds(headers))
    if status >= 500:
        return OutcomeUnknown(f"http_{status}")
    if not isinstance(code, str):
        return OutcomeUnknown("bad_answer")
    if code in CREDENTIALS:
        return CredentialsRejected(code)
    return OutcomeUnknown(code) if code in UNCLEAR else Rejected(code)


def _parts(response: Any) -> tuple[int, Mapping[str, str], Mapping[str, Any]]:
    """(status, headers, body). A body that was no JSON arrives as aiohttp's own response, whose `status` differs."""
    status: Any = getattr(response, "status_code", None) or getattr(response, "status", 200)
    data = getattr(response, "data", None)
    return int(status), getattr(response, "headers", {}) or {}, data if isinstance(data, dict) else {}


def _seconds(headers: Mapping[str, str]) -> float | None:
    try:
        return float(headers.get("Retry-After", ""))
    except ValueError:
        return None


async def call_slack(call: Awaitable[AsyncSlackResponse]) -> dict[str, Any]:
    """The body of Slack's answer; raises `PlatformError` and nothing else."""
    try:
        response = await call
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise translate_error(error) from None
    data = response.data
    if not isinstance(data, dict):
        raise OutcomeUnknown("bad_answer")
    return data


async def call_unless(codes: Iterable[str], call: Awaitable[AsyncSlackResponse]) -> None:
    """Make a call whose refusal with one of these codes is harmless: what it asks for is so already."""
    try:
        await call_slack(call)
    except Rejected as error:
        if error.code not in codes:
            raise
