"""Events by HTTP: whatever comes in, the answer is never a server error, and no word of it is logged."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from adapters.slack.http import BODY
from bot.chat.cards import say
from bot.chat.events import CommandInvoked, FormSubmitted, MessageReceived
from bot.chat.port import NotStored
from tests.adapters.slack.rig import town
from tests.fakes.slack.reading import text


@pytest.fixture
async def door():
    """(the town, the address of its app, a session); events come by HTTP."""
    async with town(start=False) as here:
        here.adapter = here.new_adapter(replace(here.app, app_token=""))
        application = web.Application()
        application.add_routes(here.adapter.routes())
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        address = "http://{}:{}/slack/events".format(*runner.addresses[0][:2])
        async with aiohttp.ClientSession() as session:
            yield here, address, session
        await runner.cleanup()


def signed(secret, body, at=None, **more):
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}", "Content-Type": "application/json",
        **more,
    }  # fmt: skip


BODY_OF = json.dumps(
    {"type": "event_callback", "team_id": "T1", "event": {"type": "message", "text": "candid"}}
).encode()


async def test_the_whole_way_works_by_http(door):
    here, address, _ = door
    await here.adapter.start(here.door)
    assert here.adapter.ready
    assert await here.slack.over_http(f"{address}/main"), "Slack's challenge is answered"
    assert (await here.slack.post(here.ada, here.room, "Hello.")).ok
    assert [one.text for one in here.door.messages] == ["Hello."]
    here.door.will_answer(CommandInvoked, say("For you."))
    await here.slack.slash(here.ada, here.room, "/try one 3")
    await here.slack.slash(here.ada, here.room, "/try form")
    here.door.will_answer(FormSubmitted, say("Kept."))
    await here.slack.submit(here.ada)
    await here.rest()
    assert [text(one) for one in here.slack.ephemerals(here.ada)] == ["For you.", "Kept."]
    here.door.will_answer(MessageReceived, NotStored(say("I cannot keep anything.")))
    assert not (await here.slack.post(here.ada, here.room, "Again.")).ok
    await here.rest()
    assert [one.text for one in here.door.messages][-2:] == ["Again.", "Again."]


@pytest.mark.parametrize(
    "spoil",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64}, {"X-Slack-Signature": ""}, {"X-Slack-Signature": "v0=zzz"},
        {"X-Slack-Signature": "v0=é"}, {"X-Slack-Signature": "v1=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "yesterday"}, {"X-Slack-Request-Timestamp": ""}, {"X-Slack-Request-Timestamp": "-5"},
        {"X-Slack-Request-Timestamp": "٣٣٣"}, {"X-Slack-Request-Timestamp": "9" * 30},
        {"X-Slack-Request-Timestamp": "1e9"},
    ],
    ids=range(11),
)  # fmt: skip
async def test_a_request_that_is_not_signed_by_slack_is_refused(door, spoil, caplog):
    here, address, session = door
    caplog.set_level(logging.DEBUG)
    await here.adapter.start(here.door)
    before = len(here.door.heard)
    headers = signed(here.slack.signing_secret, BODY_OF) | spoil
    async with session.post(f"{address}/main", data=BODY_OF, headers=headers) as answer:
        assert answer.status == 401
    assert len(here.door.heard) == before
    ours = [one for one in caplog.records if one.name.startswith(("adapters", "slack", "aiohttp"))]
    assert "candid" not in "\n".join(one.getMessage() for one in ours)


@pytest.mark.parametrize("off", [-301, -3600, 301, 86_400])
async def test_a_request_from_another_time_is_refused(door, off):
    here, address, session = door
    await here.adapter.start(here.door)
    headers = signed(here.slack.signing_secret, BODY_OF, time.time() + off)
    async with session.post(f"{address}/main", data=BODY_OF, headers=headers) as answer:
        assert answer.status == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"x" * (BODY + 1), 413), (b"\xff\xfe\x00", 401), (b"", 200), (b"{}", 200), (b"[]", 401), (b"not json", 200),
        (b'{"type": "event_callback"}', 200), (b'{"type": "event_callback", "event": {}}', 200), (b"payload={", 401),
        (b'{"type": "view_submission", "view": {}}', 200), (b"payload=[]", 401), (b"command=/try", 400),
    ],
    ids=range(12),
)  # fmt: skip
async def test_nonsense_is_never_a_server_error(door, body, status):
    here, address, session = door
    await here.adapter.start(here.door)
    kind = "application/x-www-form-urlencoded" if b"=" in body else "application/json"
    headers = signed(here.slack.signing_secret, body, **{"Content-Type": kind})
    async with session.post(f"{address}/main", data=body, headers=headers) as answer:
        assert answer.status < 500
        if status != 200:
            assert answer.status == status


async def test_a_body_that_never_says_how_long_it_is_is_cut_off(door):
    here, address, session = door
    await here.adapter.start(here.door)

    async def endless():
        for _ in range(100):
            yield b"x" * 65_536

    headers = signed(here.slack.signing_secret, b"")
    try:
        async with session.post(f"{address}/main", data=endless(), headers=headers) as answer:
            assert answer.status == 413
    except aiohttp.ClientError:
        pass  # it hung up before we had said everything


async def test_an_app_that_is_not_there_is_not_found_and_one_that_is_not_ready_says_so(door):
    here, address, session = door
    headers = signed(here.slack.signing_secret, BODY_OF)
    async with session.post(f"{address}/other", data=BODY_OF, headers=headers) as answer:
        assert answer.status == 404
    async with session.post(f"{address}/main", data=BODY_OF, headers=headers) as answer:
        assert answer.status == 503, "Slack tries again"


async def test_a_replayed_request_changes_nothing(door):
    here, address, session = door
    await here.adapter.start(here.door)
    await here.slack.over_http(f"{address}/main")
    await here.slack.post(here.ada, here.room, "Once.")
    wrapper = here.slack.events("message")[-1]
    body = json.dumps(wrapper).encode()
    headers = signed(here.slack.signing_secret, body)
    for _ in range(2):
        async with session.post(f"{address}/main", data=body, headers=headers) as answer:
            assert answer.status == 200
    assert len(set(here.door.messages)) == 1


async def test_without_a_signing_secret_there_is_no_door(here):
    assert here.adapter.routes()
    assert not here.new_adapter(replace(here.app, signing_secret="")).routes()
