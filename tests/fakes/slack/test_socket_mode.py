"""Socket Mode: tickets, acks, retries, trouble with connections."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack
from tests.fakes.slack.rig import bot, client_of, furnished


async def test_an_event_arrives_and_is_acknowledged(town):
    async with bot(town.slack) as one:
        one.listen("message")
        heard = await town.slack.post(town.ben, town.room, "good morning")
        await town.slack.settle()
    assert heard.ok
    assert 0 < heard.seconds < 3
    assert [e["text"] for e in one.events()] == ["good morning"]
    assert one.events()[0]["channel_type"] == "channel"
    assert one.events()[0]["ts"] == heard.ts == "1791190800.000000"


async def test_a_ticket_opens_one_connection(town):
    client = AsyncWebClient(token=town.slack.app_token, base_url=town.slack.api_url)
    url = (await client.apps_connections_open(app_token=town.slack.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
        hello = await ws.receive_json()
        assert hello["type"] == "hello"
        assert hello["num_connections"] == 1
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(url)
    assert refused.value.status == 403


async def test_the_two_tokens_are_not_interchangeable(town):
    slack = town.slack
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await client_of(slack).apps_connections_open(app_token=slack.bot_token)
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await client_of(slack).auth_test(token=slack.app_token)
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await client_of(slack).auth_test(token="xoxb-wrong")
    async with aiohttp.ClientSession() as session, session.post(slack.api_url + "auth.test") as answer:
        assert (await answer.json())["error"] == "not_authed"


async def test_bolt_acks_events_before_the_listener_is_done(town):
    done = asyncio.Event()
    async with bot(town.slack) as one:

        @one.app.event("message")
        async def slow():
            await done.wait()

        assert (await town.slack.post(town.ben, town.room, "hello")).ok
        done.set()


async def test_with_process_before_response_the_ack_comes_after_the_listener(town):
    finished = []
    async with bot(town.slack, process_before_response=True) as one:

        @one.app.event("message")
        async def slow():
            await asyncio.sleep(0.1)
            finished.append(True)

        heard = await town.slack.post(town.ben, town.room, "hello")
        assert finished == [True]
        assert heard.seconds >= 0.1


async def test_a_lost_ack_is_retried_with_the_same_event_id(town):
    async with bot(town.slack) as one:
        one.listen("message")
        town.slack.lose_acks(2)
        heard = await town.slack.post(town.ben, town.room, "hello")
        assert not heard.ok
        await town.slack.settle()
    assert one.retries == ["0", "1", "2"]
    assert len({body["event_id"] for body in one.heard}) == 1


async def test_an_event_is_tried_four_times_at_most(town):
    async with bot(town.slack) as one:
        one.listen("message")
        town.slack.lose_acks(100)
        await town.slack.post(town.ben, town.room, "hello")
        await town.slack.settle()
    assert one.retries == ["0", "1", "2", "3"]


async def test_a_listener_that_fails_before_the_ack_is_tried_again(town):
    town.slack.socket.ack_seconds = 0.3
    async with bot(town.slack, process_before_response=True) as one:
        tries = []

        @one.app.event("message")
        async def fails_once():
            tries.append(1)
            if len(tries) == 1:
                raise RuntimeError("the database is away")

        heard = await town.slack.post(town.ben, town.room, "hello")
        assert heard.reason == "timeout"
        assert heard.seconds >= 0.3
        await town.slack.settle()
    assert len(tries) == 2


async def test_what_was_said_without_a_connection_comes_by_retry():
    async with FakeSlack(retry_delays=(0.5,)) as slack:
        town = await furnished(slack, None)
        assert (await slack.post(town.ben, town.room, "anybody?")).reason == "no_connection"
        async with bot(slack) as one:
            one.listen("message")
            await slack.settle()
        assert one.retries == ["1"]


async def test_a_payload_goes_to_exactly_one_of_several_connections(town):
    async with bot(town.slack, connections=3) as one:
        one.listen("message")
        for n in range(12):
            await town.slack.post(town.ben, town.room, str(n))
        await town.slack.settle()
        assert len(town.slack.socket.connections) == 3
    assert sorted(int(e["text"]) for e in one.events()) == list(range(12))


async def test_the_eleventh_connection_is_turned_away(town):
    client = client_of(town.slack)
    async with aiohttp.ClientSession() as session:
        open_ones = []
        for n in range(11):
            url = (await client.apps_connections_open(app_token=town.slack.app_token))["url"]
            ws = await session.ws_connect(url)
            first = await ws.receive_json()
            assert first["type"] == ("hello" if n < 10 else "disconnect")
            open_ones.append(ws)
        assert first["reason"] == "too_many_websockets"
        assert (await ws.receive()).type == aiohttp.WSMsgType.CLOSE
        for ws in open_ones:
            await ws.close()


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_after_a_refresh_the_bot_is_back(town, reason):
    async with bot(town.slack) as one:
        one.listen("message")
        await town.slack.refresh(reason)
        await town.slack.connected()
        assert town.slack.socket.opened == 2
        assert (await town.slack.post(town.ben, town.room, "still there?")).ok
        await town.slack.settle()
    assert len(one.heard) == 1


async def test_after_a_cut_the_bot_is_back_within_its_ping_interval(town):
    async with bot(town.slack, ping_interval=0.2) as one:
        one.listen("message")
        town.slack.delivery.delays = (0.3, 1, 2)
        await town.slack.cut()
        assert (await town.slack.post(town.ben, town.room, "hello?")).reason == "no_connection"
        await town.slack.connected()
        await town.slack.settle()
    assert len(one.heard) == 1


async def test_what_was_in_flight_when_a_connection_broke_comes_again(town):
    heard = []
    town.slack.delivery.delays = (0.3, 1, 2)
    async with bot(town.slack, process_before_response=True) as one:

        @one.app.event("message")
        async def slow(body):
            heard.append(body["event_id"])
            await asyncio.sleep(0.1)

        said = asyncio.ensure_future(town.slack.post(town.ben, town.room, "hello"))
        await asyncio.sleep(0.05)
        await town.slack.cut()
        outcome = await said
        await town.slack.settle()
    assert not outcome.ok
    assert outcome.seconds < 3  # the broken connection is noticed at once, not when the ack is due
    assert len(heard) == 2
    assert len(set(heard)) == 1


async def test_a_deaf_connection_stays_open_and_hears_nothing(town):
    async with bot(town.slack) as one:
        one.listen("message")
        town.slack.deaf()
        assert not (await town.slack.post(town.ben, town.room, "hello?")).ok
        await town.slack.settle()
        assert town.slack.socket.opened == 1
        assert one.heard == []
        async with bot(town.slack) as other:
            other.listen("message")
            for _ in range(20):  # the deaf one takes its share
                await town.slack.post(town.ben, town.room, "hello again")
            await town.slack.settle()
        assert other.heard
        assert one.heard == []


async def test_lost_events_are_not_tried_again(town):
    async with bot(town.slack) as one:
        one.listen("message")
        town.slack.lose_events(1)
        await town.slack.post(town.ben, town.room, "lost")
        await town.slack.post(town.ben, town.room, "found")
        await town.slack.settle()
    assert [e["text"] for e in one.events()] == ["found"]
    assert [m["text"] for m in town.slack.messages(town.room)] == ["lost", "found"]


async def test_redelivery_repeats_the_event_id(town):
    async with bot(town.slack) as one:
        one.listen("message")
        await town.slack.post(town.ben, town.room, "hello")
        await town.slack.redeliver()
        await town.slack.settle()
    assert one.retries == ["0", "1"]
    assert len({body["event_id"] for body in one.heard}) == 1


async def test_commands_are_never_tried_again(town):
    town.slack.socket.ack_seconds = 0.2
    async with bot(town.slack) as one:
        calls = []

        @one.app.command("/hi")
        async def hi(ack):
            calls.append(1)
            await asyncio.sleep(0.3)
            await ack()

        heard = await town.slack.slash(town.ben, town.room, "/hi")
        assert not heard.ok
        await town.slack.settle()
        await asyncio.sleep(0.2)
    assert calls == [1]
