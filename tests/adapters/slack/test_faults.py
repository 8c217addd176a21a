"""Every way in which Slack or the network can say no, in one of the five words of the door."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.errors import call_slack, translate_error
from bot.chat.port import CredentialsRejected, OutcomeUnknown, Rejected, RetryLater


def answered(error=None, status=200, headers=None, data=None):
    body = data if data is not None else {"ok": False, **({"error": error} if error else {})}
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data=body,
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError("the server said something with a member's words in it", response)


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (answered("channel_not_found"), Rejected, "channel_not_found"),
        (answered("not_in_channel"), Rejected, "not_in_channel"),
        (answered("is_archived"), Rejected, "is_archived"),
        (answered("msg_too_long"), Rejected, "msg_too_long"),
        (answered("invalid_blocks"), Rejected, "invalid_blocks"),
        (answered("missing_scope"), Rejected, "missing_scope"),
        (answered("an_error_of_tomorrow"), Rejected, "an_error_of_tomorrow"),
        (answered("invalid_auth"), CredentialsRejected, "invalid_auth"),
        (answered("token_revoked"), CredentialsRejected, "token_revoked"),
        (answered("account_inactive"), CredentialsRejected, "account_inactive"),
        (answered("fatal_error"), OutcomeUnknown, "fatal_error"),
        (answered("internal_error"), OutcomeUnknown, "internal_error"),
        (answered("request_timeout"), OutcomeUnknown, "request_timeout"),
        (answered("service_unavailable"), OutcomeUnknown, "service_unavailable"),
        (answered("duplicate_message_not_found"), OutcomeUnknown, "duplicate_message_not_found"),
        (answered(status=500, data={}), OutcomeUnknown, "http_500"),
        (answered("invalid_blocks", status=503), OutcomeUnknown, "http_503"),
        (answered(data={}), OutcomeUnknown, "bad_answer"),
        (answered(data="<html>"), OutcomeUnknown, "bad_answer"),
        (TimeoutError(), OutcomeUnknown, "timeout"),
        (aiohttp.ServerDisconnectedError(), OutcomeUnknown, "disconnected"),
        (aiohttp.ClientOSError(104, "reset"), OutcomeUnknown, "disconnected"),
        (aiohttp.ClientPayloadError(), OutcomeUnknown, "disconnected"),
        (ConnectionResetError(), OutcomeUnknown, "disconnected"),
        (SlackRequestError("odd"), OutcomeUnknown, "disconnected"),
        (aiohttp.ConnectionTimeoutError(), RetryLater, "cannot_connect"),
        (aiohttp.ServerTimeoutError(), OutcomeUnknown, "timeout"),
        (ValueError("odd"), OutcomeUnknown, "ValueError"),
        (Rejected("x"), Rejected, "x"),
    ],
)  # fmt: skip
def test_each_failure_has_its_word(error, kind, code):
    found = translate_error(error)
    assert (type(found), found.code) == (kind, code)
    assert "member" not in str(found)


@pytest.mark.parametrize(
    ("headers", "seconds"), [({"Retry-After": "30"}, 30.0), ({}, None), ({"Retry-After": "soon"}, None)]
)
def test_a_rate_limit_says_how_long(headers, seconds):
    found = translate_error(answered("ratelimited", 429, headers))
    assert isinstance(found, RetryLater)
    assert found.seconds == seconds


async def test_no_connection_is_certainly_not_done():
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError) as raised:
            await session.get("http://127.0.0.1:1")
    assert isinstance(translate_error(raised.value), RetryLater)


async def test_an_answer_that_is_no_object_is_unclear():
    async def answer():
        return AsyncSlackResponse(
            client=None, http_verb="POST", api_url="", req_args={}, data=b"x", headers={}, status_code=200
        )

    with pytest.raises(OutcomeUnknown, match="bad_answer"):
        await call_slack(answer())
