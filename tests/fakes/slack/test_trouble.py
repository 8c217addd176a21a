"""Faults a test can order, limits, scopes, and what fails a test by itself."""

from __future__ import annotations

import asyncio
import math
import time
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler

from tests.fakes.slack import FakeSlack, NotPossible
from tests.fakes.slack.rig import StillClock, bot, client_of, furnished


@pytest.fixture
def client(town):
    return client_of(town.slack)


async def test_a_rate_limit_says_how_long_to_wait(town, client):
    town.slack.fail("chat.postMessage", ratelimit=7)
    with pytest.raises(SlackApiError) as error:
        await client.chat_postMessage(channel=town.room, text="x")
    assert error.value.response.status_code == 429
    assert error.value.response.headers["Retry-After"] == "7"
    await client.chat_postMessage(channel=town.room, text="x")
    assert [c.status for c in town.slack.calls("chat.postMessage")] == [429, 200]


async def test_the_sdks_own_retry_honors_it(town, client):
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    town.slack.fail("chat.postMessage", ratelimit=1)
    started = time.monotonic()
    await client.chat_postMessage(channel=town.room, text="x")
    assert time.monotonic() - started >= 1
    assert len(town.slack.messages(town.room)) == 1


async def test_a_status_and_an_error(town, client):
    town.slack.fail("chat.postMessage", status=503)
    town.slack.fail("chat.postMessage", error="fatal_error")
    with pytest.raises(SlackApiError) as error:
        await client.chat_postMessage(channel=town.room, text="x")
    assert error.value.response.status_code == 503
    with pytest.raises(SlackApiError, match="fatal_error"):
        await client.chat_postMessage(channel=town.room, text="x")
    assert town.slack.messages(town.room) == []


async def test_a_lost_request_was_not_carried_out_and_a_lost_answer_was(town, client):
    client.retry_handlers.clear()
    town.slack.fail("chat.postMessage", drop="before")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=town.room, text="before")
    assert town.slack.messages(town.room) == []
    town.slack.fail("chat.postMessage", drop="after")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=town.room, text="after")
    assert [m["text"] for m in town.slack.messages(town.room)] == ["after"]


async def test_by_default_the_sdk_posts_twice_when_an_answer_is_lost(town, client):
    town.slack.fail("chat.postMessage", drop="after")
    await client.chat_postMessage(channel=town.room, text="x")
    assert [m["text"] for m in town.slack.messages(town.room)] == ["x", "x"]


@pytest.mark.parametrize("how", ["json", "cut"])
async def test_half_an_answer(town, client, how):
    client.retry_handlers.clear()
    town.slack.fail("chat.postMessage", half=how)
    with pytest.raises((aiohttp.ClientError, SlackClientError, ValueError)):
        await client.chat_postMessage(channel=town.room, text="x")
    assert len(town.slack.messages(town.room)) == 1


async def test_a_delay_and_a_choice_of_requests(town, client):
    town.slack.fail("chat.postMessage", delay=0.3, when=lambda args: args.text("text") == "slow")
    started = time.monotonic()
    await client.chat_postMessage(channel=town.room, text="quick")
    assert time.monotonic() - started < 0.3
    started = time.monotonic()
    await client.chat_postMessage(channel=town.room, text="slow")
    assert time.monotonic() - started >= 0.3


async def test_uploads_and_response_urls_can_fail_too(town, client):
    url = (await client.files_getUploadURLExternal(filename="a.txt", length=3))["upload_url"]
    answer_url = town.slack.responses.url(town.ben, town.room)
    town.slack.fail("upload", status=503)
    town.slack.fail("response_url", drop="after")
    async with aiohttp.ClientSession() as session:
        statuses = []
        for _ in range(2):
            async with session.post(url, data=b"abc") as answer:
                statuses.append(answer.status)
        with pytest.raises(aiohttp.ClientError):
            await session.post(answer_url, json={"text": "said"})
    assert statuses == [503, 200]
    assert [m["text"] for m in town.slack.ephemerals(town.ben)] == ["said"]
    assert [c.status for c in town.slack.calls("upload")] == [503, 200]
    assert [(c.status, c.args["text"]) for c in town.slack.calls("response_url")] == [(0, "said")]


async def test_trouble_lasts_until_it_is_mended(town, client):
    town.slack.fail("*", error="service_unavailable", times=math.inf)
    for _ in range(3):
        with pytest.raises(SlackApiError, match="service_unavailable"):
            await client.auth_test()
    town.slack.mend("*")
    await client.auth_test()


async def test_a_limit_counts_each_channel_by_the_clock(town, client):
    other = town.slack.channel("lounge")
    town.slack.limit("chat.postMessage", per_second=1, burst=2)

    async def posts(channel):
        try:
            await client.chat_postMessage(channel=channel, text="x")
        except SlackApiError as error:
            return error.response.headers["Retry-After"]
        return "ok"

    assert [await posts(town.room) for _ in range(3)] == ["ok", "ok", "1"]
    assert await posts(other) == "ok"
    town.clock.advance(seconds=1)
    assert [await posts(town.room) for _ in range(2)] == ["ok", "1"]


async def test_an_app_with_slow_history_reads_fifteen_a_minute():
    clock = StillClock()
    async with FakeSlack(clock=clock, slow_history=True) as slack:
        town = await furnished(slack, clock)
        for n in range(20):
            await slack.post(town.ben, town.room, str(n), at=clock.now() - timedelta(minutes=n + 1))
        client = client_of(slack)
        assert len((await client.conversations_history(channel=town.room, limit=100))["messages"]) == 15
        with pytest.raises(SlackApiError) as error:
            await client.conversations_history(channel=town.room)
        assert error.value.response.headers["Retry-After"] == "60"
        clock.advance(minutes=1)
        await client.conversations_history(channel=town.room)


async def test_the_free_plan_hides_what_is_old():
    clock = StillClock()
    async with FakeSlack(clock=clock, hide_before=clock.now() - timedelta(days=90)) as slack:
        town = await furnished(slack, clock)
        old = await slack.post(town.ben, town.room, "old", at=clock.now() - timedelta(days=91))
        await slack.reply(town.cem, town.room, old.ts, "new reply to old")
        new = await slack.post(town.ben, town.room, "new", at=clock.now() - timedelta(days=89))
        client = client_of(slack)
        history = await client.conversations_history(channel=town.room)
        assert [m["text"] for m in history["messages"]] == ["new"]
        assert history["is_limited"]
        with pytest.raises(SlackApiError, match="thread_not_found"):
            await client.conversations_replies(channel=town.room, ts=old.ts)
        assert "is_limited" not in await client.conversations_replies(channel=town.room, ts=new.ts)


async def test_settling_says_what_is_still_going_on(town):
    async with bot(town.slack) as one:
        release = asyncio.Event()

        @one.app.command("/hi")
        async def hi(ack):
            await release.wait()
            await ack()

        asked = asyncio.ensure_future(town.slack.slash(town.ben, town.room, "/hi"))
        await asyncio.sleep(0.02)
        with pytest.raises(AssertionError, match="slash_commands /hi"):
            await town.slack.settle(within=0.1)
        release.set()
        assert (await asked).ok
        await town.slack.settle()


async def test_revoked_tokens_open_nothing(town, client):
    town.slack.revoked = True
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.auth_test()


async def test_every_request_is_on_record(town, client):
    await client.chat_postMessage(channel=town.room, text="x")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="C404", text="y")
    first, second = town.slack.calls("chat.postMessage")
    assert (first.args["text"], first.error, first.at) == ("x", "", town.clock.now())
    assert second.error == "channel_not_found"
    assert len(town.slack.calls()) == 2


# ── what the manifest says, holds ─────────────────────────────────────────────

MANIFEST = {
    "features": {
        "app_home": {"home_tab_enabled": False, "messages_tab_enabled": True},
        "slash_commands": [{"command": "/hi", "description": "Hello", "should_escape": True}],
        "shortcuts": [{"type": "message", "callback_id": "save", "name": "Save", "description": "Save it"}],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "channels:history", "users:read"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["message.channels"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


@pytest.fixture
async def bound():
    """A workspace whose app has a small manifest."""
    clock = StillClock()
    async with FakeSlack(clock=clock, manifest=MANIFEST) as slack:
        yield await furnished(slack, clock)


async def test_a_missing_scope_is_named(bound):
    client = client_of(bound.slack)
    await client.chat_postMessage(channel=bound.room, text="x")
    await client.conversations_history(channel=bound.room)
    with pytest.raises(SlackApiError) as error:
        await client.reactions_add(channel=bound.room, timestamp="1.000000", name="wave")
    assert error.value.response["needed"] == "reactions:write"
    assert "chat:write" in error.value.response["provided"]
    private = bound.slack.channel("board", [bound.ben], private=True)
    with pytest.raises(SlackApiError, match="groups:history"):
        await client.conversations_history(channel=private)
    assert "email" not in (await client.users_info(user=bound.ben))["user"]["profile"]


async def test_only_subscribed_events_arrive(bound):
    slack = bound.slack
    async with bot(slack) as one:
        one.listen("message", "reaction_added", "team_join")
        ts = (await slack.post(bound.ben, bound.room, "x")).ts
        assert (await slack.react(bound.ben, bound.room, ts, "wave")).acks == ()
        assert (await slack.post(bound.ben, slack.dm(bound.ben), "x")).acks == ()
        assert (await slack.emit({"type": "team_join", "user": {}})).acks == ()
        await slack.settle()
    assert [e["type"] for e in one.events()] == ["message"]


async def test_people_can_use_only_what_the_manifest_offers(bound):
    slack = bound.slack
    with pytest.raises(NotPossible, match="/bye is not a valid command"):
        await slack.slash(bound.ben, bound.room, "/bye")
    with pytest.raises(NotPossible, match="no home tab"):
        await slack.open_home(bound.ben)
    with pytest.raises(NotPossible, match="shortcut"):
        await slack.global_shortcut(bound.ben, "save")
    with pytest.raises(SlackApiError, match="not_enabled"):
        await client_of(slack).views_publish(user_id=bound.ben, view={"type": "home", "blocks": []})


async def test_escaped_commands_carry_people_channels_and_links_as_entities(bound):
    texts = []
    async with bot(bound.slack) as one:

        @one.app.command("/hi")
        async def hi(ack, body):
            texts.append(body["text"])
            await ack()

        await bound.slack.slash(
            bound.ben, bound.room, "/hi @cem.clay #staffroom a&b https://a.invalid/?a=1&b=2 ada@school"
        )
    assert texts == [
        f"<@{bound.cem}|cem.clay> <#{bound.room}|staffroom> a&amp;b <https://a.invalid/?a=1&amp;b=2> ada@school"
    ]


async def test_without_a_messages_tab_nobody_writes_in_direct_messages():
    for tab, bot_may in (
        ({}, False),
        ({"messages_tab_enabled": True, "messages_tab_read_only_enabled": True}, True),
    ):
        scopes = {"scopes": {"bot": ["chat:write"]}}
        manifest = {"features": {"app_home": tab}, "oauth_config": scopes}
        async with FakeSlack(manifest=manifest) as slack:
            ben = slack.person("Ben Brook")
            with pytest.raises(NotPossible, match="messages tab"):
                await slack.post(ben, slack.dm(ben), "hello")
            if bot_may:
                await client_of(slack).chat_postMessage(channel=ben, text="x")
            else:
                with pytest.raises(SlackApiError, match="messages_tab_disabled"):
                    await client_of(slack).chat_postMessage(channel=ben, text="x")


def test_a_manifest_that_slack_would_refuse_is_refused():
    bad = {"settings": {"event_subscriptions": {"bot_events": ["message.groups"]}}}
    with pytest.raises(ValueError, match=r"message\.groups.*groups:history"):
        FakeSlack(manifest=bad)
    with pytest.raises(ValueError, match="no bot event"):
        FakeSlack(manifest={"settings": {"event_subscriptions": {"bot_events": ["message"]}}})


async def test_posting_everywhere_needs_its_own_scope():
    scopes = {"oauth_config": {"scopes": {"bot": ["chat:write", "chat:write.public"]}}}
    async with FakeSlack(manifest=scopes) as slack:
        outside = slack.channel("lounge", bot=False)
        secret = slack.channel("board", private=True, bot=False)
        await client_of(slack).chat_postMessage(channel=outside, text="x")
        with pytest.raises(SlackApiError, match="channel_not_found"):
            await client_of(slack).chat_postMessage(channel=secret, text="x")


# ── what fails a test by itself ───────────────────────────────────────────────


async def test_an_unknown_method_fails_the_test_at_its_end():
    async def play():
        async with FakeSlack() as slack:
            with pytest.raises(SlackApiError, match="unknown_method"):
                await client_of(slack).api_call("chat.shout")

    with pytest.raises(AssertionError, match=r"unknown method chat\.shout"):
        await play()


async def test_an_answer_slack_cannot_use_fails_the_test_at_its_end():
    async def play():
        async with FakeSlack() as slack:
            town = await furnished(slack, None)
            async with bot(slack) as one:

                @one.app.command("/hi")
                async def hi(ack):
                    await ack(blocks=[{"type": "section"}], text="x")

                await slack.slash(town.ben, town.room, "/hi")

    with pytest.raises(AssertionError, match="answer to /hi was refused"):
        await play()


async def test_errors_at_inputs_that_are_not_there_fail_the_test_at_its_end():
    async def play():
        async with FakeSlack() as slack:
            town = await furnished(slack, None)
            async with bot(slack) as one:

                @one.app.view("form")
                async def form(ack):
                    await ack(response_action="errors", errors={"elsewhere": "No."})

                element = {"type": "users_select", "action_id": "who"}
                label = {"type": "plain_text", "text": "Who"}
                view = {
                    "type": "modal",
                    "title": label,
                    "submit": label,
                    "callback_id": "form",
                    "blocks": [{"type": "input", "block_id": "who", "label": label, "element": element}],
                }
                await one.client.views_open(trigger_id=slack.triggers.give(town.ben), view=view)
                await slack.submit(town.ben, {"Who": town.cem})

    with pytest.raises(AssertionError, match="invalid_errors"):
        await play()
