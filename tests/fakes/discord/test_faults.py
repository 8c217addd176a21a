"""What goes wrong on the way: errors, lost answers, rate limits; and what a real client makes of it."""

from __future__ import annotations

import asyncio
import json
import time

import aiohttp
import discord
import pytest

SEND = "POST /channels/{}/messages"
HISTORY = "GET /channels/{}/messages"


@pytest.fixture
async def place(d, start):
    channel = d.channel(d.guild(), "plots")
    client = await start()
    return client.get_channel(channel.id)


def said(d, place):
    return [m["content"] for m in d.messages(d.world.channels[place.id])]


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_502_is_tried_again_with_the_same_nonce_and_one_message_appears(d, place, when):
    d.fail(SEND, status=502, when=when)
    await place.send("once")
    calls = d.calls_to(SEND)
    assert [c.status for c in calls] == [502, 200]
    assert calls[0].json["nonce"] == calls[1].json["nonce"]
    assert calls[0].json["enforce_nonce"] is True
    assert said(d, place) == ["once"]


async def test_a_forum_post_has_no_nonce_so_a_502_after_storing_doubles_it(d, start):
    forum = d.forum(d.guild("Other"))
    client = await start()
    d.fail("POST /channels/{}/threads", status=502, when="after")
    await client.get_channel(forum.id).create_thread(name="Week 41", content="What grew?")
    assert [t.name for t in d.posts(forum)] == ["Week 41", "Week 41"]


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_503_is_not_tried_again(d, place, when):
    d.fail(SEND, status=503, when=when)
    with pytest.raises(discord.DiscordServerError):
        await place.send("hello")
    assert len(d.calls_to(SEND)) == 1
    assert said(d, place) == (["hello"] if when == "after" else [])


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_dropped_connection_raises_a_raw_aiohttp_error(d, place, when):
    d.fail(SEND, drop=True, when=when)
    with pytest.raises(aiohttp.ClientError):
        await place.send("hello")
    assert [(c.status, c.fault) for c in d.calls_to(SEND)] == [(None, f"drop {when}")]
    assert said(d, place) == (["hello"] if when == "after" else [])


async def test_a_dropped_read_is_repeated_once_by_aiohttp_itself(d, place):
    d.fail(HISTORY, drop=True)
    assert [m async for m in place.history()] == []
    d.fail(HISTORY, drop=True, times=2)
    with pytest.raises(aiohttp.ClientError):
        [m async for m in place.history()]


async def test_a_hanging_request_is_carried_out_or_not_and_lets_go_when_told(d, place):
    d.fail(SEND, hang=True, when="after")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await place.send("stored")
    await d.settle()
    assert said(d, place) == ["stored"]
    d.faults.release()


async def test_a_slow_request_is_only_late(d, place):
    d.fail(SEND, delay=0.1)
    before = time.monotonic()
    await place.send("late")
    assert time.monotonic() - before > 0.1
    assert said(d, place) == ["late"]


async def test_half_an_answer_is_no_json(d, place):
    d.fail(SEND, half=True, when="after")
    with pytest.raises(json.JSONDecodeError):
        await place.send("hello")
    d.fail(SEND, cut=True, when="after")
    with pytest.raises(aiohttp.ClientPayloadError):
        await place.send("again")
    assert said(d, place) == ["hello", "again"]


async def test_an_answer_with_another_content_type_stays_text(d, place):
    d.fail(SEND, text=True, when="after")
    with pytest.raises(TypeError):
        await place.send("hello")
    assert said(d, place) == ["hello"]


async def test_an_error_page_is_no_discord_error(d, place):
    d.fail(SEND, status=503, html=True)
    with pytest.raises(discord.DiscordServerError) as error:
        await place.send("hello")
    assert error.value.code == 0


async def test_a_rate_limit_is_waited_for_inside_the_call(d, place):
    d.fail(SEND, retry_after=0.2)
    before = time.monotonic()
    await place.send("patient")
    assert time.monotonic() - before >= 0.2
    assert [c.status for c in d.calls_to(SEND)] == [429, 200]
    assert d.bad_answers == 1


async def test_a_rate_limit_without_via_raises_at_once(d, place):
    d.fail(SEND, retry_after=0.2, via=False)
    with pytest.raises(discord.HTTPException) as error:
        await place.send("hello")
    assert error.value.status == 429
    assert len(d.calls_to(SEND)) == 1


async def test_the_global_limit_stops_other_routes_too(d, place):
    d.fail(SEND, retry_after=0.3, everywhere=True)
    sending = asyncio.create_task(place.send("hello"))
    await d.until(lambda: d.calls_to(SEND) and d.calls_to(SEND)[0].status == 429)
    await asyncio.sleep(0.02)
    before = time.monotonic()
    [m async for m in place.history()]
    assert time.monotonic() - before > 0.15
    await sending


async def test_headers_of_a_bucket_keep_a_client_from_going_over_it(d, place):
    d.limit(SEND, 2, 0.3)
    before = time.monotonic()
    for n in range(5):
        await place.send(f"{n}")
    assert time.monotonic() - before > 0.5
    assert {c.status for c in d.calls_to(SEND)} == {200}


async def test_a_hidden_bucket_answers_429(d, place):
    d.limit(SEND, 1, 0.2, hidden=True)
    await place.send("1")
    await place.send("2")
    assert [c.status for c in d.calls_to(SEND)] == [200, 429, 200]


async def test_all_routes_together_have_a_limit(d, place):
    d.limit("*", 2, 0.2)
    await place.send("1")
    await place.send("2")
    [m async for m in place.history()]
    assert 429 in [c.status for c in d.calls]


async def test_a_fault_can_be_for_some_requests_only(d, place):
    d.fail(SEND, status=503, where=lambda call: "bad" in call.json["content"])
    await place.send("good")
    with pytest.raises(discord.DiscordServerError):
        await place.send("bad")


async def test_a_route_this_fake_does_not_have_is_complained_about(d, place):
    with pytest.raises(discord.HTTPException):
        await place.create_webhook(name="hook")
    assert d.unknown == [f"POST /channels/{place.id}/webhooks"]
    d.unknown.clear()
