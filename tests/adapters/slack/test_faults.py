"""Every way in which Slack or the network can say no, in one of the five words of the door."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.errors import asked, named
from bot.chat.port import LockedOut, Refused, TryLater, Unclear


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
        (answered("channel_not_found"), Refused, "channel_not_found"),
        (answered("not_in_channel"), Refused, "not_in_channel"),
        (answered("is_archived"), Refused, "is_archived"),
        (answered("msg_too_long"), Refused, "msg_too_long"),
        (answered("invalid_blocks"), Refused, "invalid_blocks"),
        (answered("missing_scope"), Refused, "missing_scope"),
        (answered("an_error_of_tomorrow"), Refused, "an_error_of_tomorrow"),
        (answered("invalid_auth"), LockedOut, "invalid_auth"),
        (answered("token_revoked"), LockedOut, "token_revoked"),
        (answered("account_inactive"), LockedOut, "account_inactive"),
        (answered("fatal_error"), Unclear, "fatal_error"),
        (answered("internal_error"), Unclear, "internal_error"),
        (answered("request_timeout"), Unclear, "request_timeout"),
        (answered("service_unavailable"), Unclear, "service_unavailable"),
        (answered("duplicate_message_not_found"), Unclear, "duplicate_message_not_found"),
        (answered(status=500, data={}), Unclear, "http_500"),
        (answered("invalid_blocks", status=503), Unclear, "http_503"),
        (answered(data={}), Unclear, "bad_answer"),
        (answered(data="<html>"), Unclear, "bad_answer"),
        (TimeoutError(), Unclear, "timeout"),
        (aiohttp.ServerDisconnectedError(), Unclear, "disconnected"),
        (aiohttp.ClientOSError(104, "reset"), Unclear, "disconnected"),
        (aiohttp.ClientPayloadError(), Unclear, "disconnected"),
        (ConnectionResetError(), Unclear, "disconnected"),
        (SlackRequestError("odd"), Unclear, "disconnected"),
        (aiohttp.ConnectionTimeoutError(), TryLater, "cannot_connect"),
        (aiohttp.ServerTimeoutError(), Unclear, "timeout"),
        (ValueError("odd"), Unclear, "ValueError"),
        (Refused("x"), Refused, "x"),
    ],
)  # fmt: skip
def test_each_failure_has_its_word(error, kind, code):
    found = named(error)
    assert (type(found), found.code) == (kind, code)
    assert "member" not in str(found)


@pytest.mark.parametrize(
    ("headers", "seconds"), [({"Retry-After": "30"}, 30.0), ({}, None), ({"Retry-After": "soon"}, None)]
)
def test_a_rate_limit_says_how_long(headers, seconds):
    found = named(answered("ratelimited", 429, headers))
    assert isinstance(found, TryLater)
    assert found.seconds == seconds


async def test_no_connection_is_certainly_not_done():
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError) as raised:
            await session.get("http://127.0.0.1:1")
    assert isinstance(named(raised.value), TryLater)


async def test_an_answer_that_is_no_object_is_unclear():
    async def answer():
        return AsyncSlackResponse(
            client=None, http_verb="POST", api_url="", req_args={}, data=b"x", headers={}, status_code=200
        )

    with pytest.raises(Unclear, match="bad_answer"):
        await asked(answer())
