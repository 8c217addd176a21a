"""The connection: what passes is survived, what does not is said, and IDENTIFYs are counted across restarts."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.discord import client
from bot.chat.cards import say
from bot.chat.events import MessageReceived, SpaceConnected
from bot.chat.menu import Command, Menu
from bot.chat.port import CannotConnect, RetryLater
from tests.adapters.discord.conftest import QUICK
from tests.contract.door import MENU

MARK = "0123456789abcdef01234567"
SYNC = "PUT /applications/{}/commands"


def identifies(school):
    return len(school.fake.gateway.identifies)


async def hears(school):
    """The bot hears what is said now."""
    said = await school.fake.say(school.ada, school.room, "Do you hear me?")
    await school.fake.until(
        lambda: any(one.message.id == said["id"] for one in school.door.of(MessageReceived))
    )


# ── the first connection ──────────────────────────────────────────────────────


@pytest.mark.parametrize("how", ["503", "429", "drop"])
async def test_a_first_connection_that_fails_is_tried_again(school, how):
    school.fake.gateway.refuse_connects(2, how)
    bot = await school.start(replace(QUICK, patience=10.0))
    await school.fake.until(lambda: bot.ready, limit=15)
    await hears(school)


async def test_an_outage_at_the_start_does_not_keep_the_bot_from_starting(school):
    school.fake.fail("GET /users/@me", status=503, times=3)
    school.fake.fail("GET /gateway/bot", status=503, times=2)
    bot = await school.start()
    assert bot.why == "" or "Discord" in bot.why
    await school.fake.until(lambda: bot.ready, limit=15)
    assert bot.why == ""
    await hears(school)


async def test_calls_can_be_made_while_the_gateway_is_away(school):
    school.fake.gateway.refuse_connects(50)
    bot = await school.start(replace(QUICK, patience=0.3))
    assert not bot.ready
    assert bot.why
    await bot.post(school.place(), say("What did you notice?"), MARK)
    assert school.said() == ["What did you notice?"]


async def test_nothing_answers_at_all(school):
    bot = school.adapter(api_url="http://127.0.0.1:9/api/v10")
    await bot.start(school.door)
    assert not bot.ready
    assert "cannot_connect" in bot.why
    with pytest.raises(RetryLater):
        await bot.post(school.place(), say("Anybody?"), MARK)


# ── what the operator must mend ───────────────────────────────────────────────


async def test_a_token_that_is_not_accepted_names_its_setting(school):
    bot = school.adapter()
    bot.token = "wrong.token.here"
    with pytest.raises(CannotConnect, match="TILTH_DISCORD__TOKEN") as wrong:
        await bot.start(school.door)
    assert "wrong.token.here" not in str(wrong.value)
    assert identifies(school) == 0


@pytest.mark.parametrize(
    ("granted", "options", "setting"),
    [
        (1 << 1, {"message_content": True, "members": True}, "TILTH_DISCORD__MESSAGE_CONTENT"),
        (1 << 15, {"message_content": True, "members": True}, "TILTH_DISCORD__MEMBERS"),
    ],
)
async def test_an_intent_that_is_not_switched_on_is_named(school, granted, options, setting):
    school.fake.gateway.portal = granted
    with pytest.raises(CannotConnect, match=setting):
        await school.adapter(**options).start(school.door)
    assert identifies(school) == 0, "found out before anything is spent"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (4004, "TILTH_DISCORD__TOKEN"),
        (4010, "TILTH_DISCORD__SHARDS"),
        (4011, "TILTH_DISCORD__SHARDS"),
        (4014, "Intent"),
    ],
)
async def test_a_connection_that_is_closed_for_good_is_not_tried_again(school, code, words, caplog):
    bot = await school.start()
    before = school.fake.gateway.connects
    school.fake.gateway.close(code)
    await school.fake.until(lambda: not bot.ready and words in bot.why)
    await asyncio.sleep(0.3)
    assert school.fake.gateway.connects == before
    assert any(one.levelno == logging.CRITICAL and words in one.message for one in caplog.records)


# ── what passes ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("code", [1000, 4000, 4001, 4002, 4003, 4005, 4008])
async def test_any_other_close_is_resumed_without_an_identify(school, code):
    bot = await school.start()
    school.fake.gateway.close(code)
    await school.fake.say(school.ada, school.room, "Said in between.")
    await school.fake.until(lambda: school.fake.gateway.resumes)
    await school.fake.until(lambda: bot.ready)
    await school.fake.until(lambda: school.door.messages)
    assert identifies(school) == 1
    assert school.door.messages[0].text == "Said in between."
    await hears(school)


@pytest.mark.parametrize("how", ["reconnect", "invalidate", "cut"])
async def test_a_connection_that_is_lost_is_taken_up_again_and_the_gap_is_told(school, how):
    bot = await school.start()
    school.door.heard.clear()
    pull = school.fake.gateway
    pull.invalidate(resumable=True) if how == "invalidate" else getattr(pull, how)()
    await school.fake.until(lambda: school.door.of(SpaceConnected), limit=10)
    await school.fake.until(lambda: bot.ready)
    assert identifies(school) == 1
    await hears(school)


@pytest.mark.parametrize("code", [None, 4007, 4009])
async def test_a_session_that_is_over_begins_anew_and_the_gap_is_told(school, code):
    bot = await school.start()
    school.door.heard.clear()
    if code is None:
        school.fake.gateway.invalidate(resumable=False)
    else:
        school.fake.gateway.close(code)
    await school.fake.until(lambda: identifies(school) == 2, limit=15)
    await school.fake.until(lambda: school.door.of(SpaceConnected), limit=10)
    await school.fake.until(lambda: bot.ready)
    await hears(school)


async def test_while_the_connection_is_away_the_bot_says_so(school):
    bot = await school.start()
    school.fake.gateway.refuse_connects(3)
    school.fake.gateway.cut()
    await school.fake.until(lambda: not bot.ready)
    assert "reconnecting" in bot.why
    await school.fake.until(lambda: bot.ready, limit=20)
    assert bot.why == ""


# ── IDENTIFYs are counted ─────────────────────────────────────────────────────


async def test_a_crash_loop_waits_before_the_fourth_identify(school):
    careful = replace(QUICK, free=3, patience=1.0)
    for _ in range(3):
        bot = await school.start(careful)
        assert bot.ready
        await bot.stop()
    assert len(school.book.pages["identifies"]) == 3
    bot = await school.start(careful)
    assert not bot.ready
    assert "too many starts" in bot.why
    assert identifies(school) == 3
    await bot.post(school.place(), say("Still able to speak."), MARK)
    await bot.stop()
    school.clock.advance(timedelta(minutes=11))
    assert (await school.start(careful)).ready


async def test_sessions_that_are_invalidated_over_and_over_stop_costing_identifies(school):
    bot = await school.start(replace(QUICK, free=3))
    for expected in (2, 3):
        school.fake.gateway.invalidate(resumable=False)
        await school.fake.until(lambda n=expected: identifies(school) == n, limit=15)
        await school.fake.until(lambda: bot.ready)
    school.fake.gateway.invalidate(resumable=False)
    await school.fake.until(lambda: "too many starts" in bot.why, limit=15)
    await asyncio.sleep(0.2)
    assert identifies(school) == 3
    await bot.post(school.place(), say("Still able to speak."), MARK)
    assert school.said() == ["Still able to speak."]


async def test_when_discord_has_nearly_nothing_left_the_bot_does_not_take_it(school):
    school.fake.gateway.budget.remaining = 40
    bot = await school.start(replace(QUICK, patience=0.5))
    assert "too many starts" in bot.why
    assert identifies(school) == 0


# ── commands ──────────────────────────────────────────────────────────────────


PATIENT = replace(QUICK, settle=60.0)


async def test_once_every_server_was_told_nothing_more_is_waited_for(school):
    school.fake.guild("Second School")
    adapter = await school.start(PATIENT)
    assert adapter.ready
    assert len(adapter.client.guilds) == 2


async def test_without_a_server_nothing_is_waited_for(school):
    school.fake.world.guilds.clear()
    assert (await school.start(PATIENT)).ready


async def test_a_server_that_is_away_is_waited_for(school):
    school.fake.outage(school.guild)
    adapter = await school.start(replace(PATIENT, patience=0.3))
    assert not adapter.ready
    assert adapter.why == "connecting to Discord"


async def test_commands_are_told_only_when_they_have_changed(school):
    bot = await school.start()
    [told] = school.fake.calls_to(SYNC)
    assert all("description_localizations" in one for one in told.json if one["name"] in MENU.nouns)
    await bot.stop()
    await (await school.start()).stop()
    assert len(school.fake.calls_to(SYNC)) == 1
    more = Command("try", "more", "One more.")
    school.door.menu = Menu((*MENU.commands, more), MENU.nouns, MENU.shortcuts)
    await school.start()
    assert len(school.fake.calls_to(SYNC)) == 2


async def test_commands_that_could_not_be_told_are_told_again(school):
    school.fake.fail(SYNC, status=503)
    await school.start()
    await school.fake.until(lambda: len(school.fake.calls_to(SYNC)) == 2)
    await school.fake.until(lambda: "commands" in school.book.pages)


# ── shards, logs ──────────────────────────────────────────────────────────────


async def test_as_many_shards_as_discord_recommends(school):
    school.fake.shards_advised = 2
    school.fake.gateway.budget.max_concurrency = 2
    bot = await school.start(replace(QUICK, patience=10.0))
    await school.fake.until(lambda: bot.ready, limit=10)
    assert sorted(shard for _, shard in school.fake.gateway.identifies) == [(0, 2), (1, 2)]
    await hears(school)
    await bot.post(school.place(), say("Both of us."), MARK)
    direct = await school.fake.open_dm(school.ben)
    await school.fake.say(school.ben, direct, "Directly.")
    await school.fake.until(lambda: school.door.messages[-1].place.private)
    school.fake.gateway.cut(shard=0)
    school.fake.gateway.cut(shard=1)
    await school.fake.until(lambda: bot.ready and len(school.fake.gateway.resumes) == 2, limit=10)
    await hears(school)


async def test_a_number_of_shards_may_be_set(school):
    bot = await school.start(replace(QUICK, patience=10.0), shards=2)
    await school.fake.until(lambda: bot.ready, limit=10)
    assert sorted(shard for _, shard in school.fake.gateway.identifies) == [(0, 2), (1, 2)]


def test_discord_py_never_logs_what_people_say():
    logger = logging.getLogger("discord.gateway")
    logger.setLevel(logging.DEBUG)
    client.silence_library()
    assert logger.level == logging.INFO
    logger.setLevel(logging.ERROR)
    client.silence_library()
    assert logger.level == logging.ERROR, "and never more than the operator asked for"
    logger.setLevel(logging.NOTSET)


async def test_the_address_is_the_only_seam(school):
    import discord

    await school.start()
    assert school.fake.api_url == discord.http.Route.BASE
    assert str(discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY) == school.fake.gateway.url
