"""When a discussion cannot be posted: one word to moderators, one more try, then it rests until they resume it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.app import build_app
from bot.delivery.facts import OutboxState, Verb
from bot.delivery.tables import outbox
from bot.store.store import Store
from tests.stories.stage import staged
from tests.stories.test_discussions import WEEKLY, planned, titles


def told(stage, who="mo"):
    words = ("was not posted in", "could not be posted in", "I can post in")
    return [one for one in stage.inbox(who) if any(some in one.text for some in words)]


async def test_a_channel_that_disappears_is_told_once_tried_again_and_then_the_discussion_rests(stage):
    await planned(stage)
    await stage.until("2026-10-08 15:59")
    code = stage.shut()
    await stage.until("2026-10-08 16:05")
    first = told(stage)[-1]
    assert "Week 41: open floor" in first.text
    assert "(d1) was not posted in" in first.text
    assert code in first.text
    assert "I try again in 10 minutes" in first.text
    await stage.until("2026-10-08 17:15")
    assert "Nothing is posted there before that" in told(stage)[-1].text
    listed = stage.text(await stage.asks("mo", "/discuss list"))
    assert "suspended" in listed
    before = stage.inbox("mo")
    await stage.until("2026-10-16 09:00")
    [note] = stage.inbox("mo")[len(before) :]  # one word, not one a week
    assert "The week of" in stage.text(note)
    assert stage.text(note).count("A post did not go out") == 1, "three tries are one trouble"
    assert told(stage) == before
    assert stage.room() == []

    stage.reopen()
    await stage.presses("mo", told(stage)[-1], "Resume")
    await stage.later(minutes=1)
    assert titles(stage) == ["Week 41: open floor"]
    await stage.until("2026-10-22 16:01")
    assert titles(stage) == ["Week 41: open floor", "Week 43: open floor"]
    assert await stage.broken() == []


async def test_a_channel_that_is_back_within_the_hour_gets_it_by_itself(stage):
    await planned(stage)
    await stage.until("2026-10-08 15:59")
    stage.shut()
    await stage.until("2026-10-08 16:05")
    stage.reopen()
    await stage.until("2026-10-08 16:15")
    assert titles(stage) == ["Week 41: open floor"]
    assert "I can post in #staffroom again" in told(stage)[-1].text
    assert "Open until" in stage.text(stage.room()[0])


async def test_another_channel_and_one_click_put_it_right(stage):
    await stage.opens_channel("c2", "lounge")
    await planned(stage)
    await stage.until("2026-10-08 15:59")
    stage.shut()
    await stage.until("2026-10-08 16:05")
    await stage.asks("mo", "/discuss edit d1 channel:#lounge", channel="c2")
    await stage.presses("mo", told(stage)[-1], "Try now")
    await stage.later(minutes=1)
    assert titles(stage, "c2") == ["Week 41: open floor"]


async def test_a_cancelled_discussion_is_not_tried_again(stage):
    await planned(stage)
    await stage.until("2026-10-08 15:59")
    stage.shut()
    await stage.until("2026-10-08 16:05")
    old = told(stage)[-1]
    said = stage.text(await stage.asks("mo", "/discuss cancel d1"))
    assert "is already going out" not in said
    assert "d1 is canceled" in stage.text(await stage.presses("mo", old, "Try now"))
    stage.reopen()
    await stage.until("2026-10-09 16:00")
    assert stage.room() == []
    assert told(stage) == []
    assert [one for one in stage.inbox("mo") if "d1 was canceled" in stage.text(one)]


async def test_a_lost_answer_posts_it_once(stage):
    await planned(stage)
    await stage.until("2026-10-08 15:59")
    stage.lose_answer()
    await stage.until("2026-10-08 16:15")
    assert titles(stage) == ["Week 41: open floor"]
    assert len(stage.pinned()) == 1


async def test_the_week_survives_a_restart(stage):
    await planned(stage)
    await stage.until("2026-10-08 16:01")
    [first] = stage.room()
    await stage.restarts()
    await stage.settles()
    await stage.says("ada", "After the restart.", thread=first)
    await stage.until("2026-10-14 16:05")
    assert "the few who wrote" in stage.thread("ada", first)[-1].text
    await stage.until("2026-10-15 16:01")
    assert len(stage.room()) == 2


async def opens_and_closes_in_one_round(stage, first, second):
    """Two jobs of one round, in this order; which of them begins, nobody promises."""
    jobs = {job.name: job.run for job in stage.app.runner.jobs}
    await jobs[first]()
    await jobs[second]()
    await stage.settles()


@pytest.mark.parametrize("late", ["opening threads again", "closing discussions"])
async def test_a_discussion_that_ended_while_the_bot_was_down_stays_closed(stage, late):
    await planned(stage)
    await stage.until("2026-10-08 16:05")
    [first] = stage.room()
    await stage.stops()
    stage.clock.set(datetime(2026, 10, 14, 16, 0, tzinfo=UTC))  # long after the thread was to be opened again
    await stage.starts()
    names = ("opening threads again", "closing discussions")
    await opens_and_closes_in_one_round(stage, *sorted(names, key=lambda one: one == late))
    await stays_closed(stage, first)


async def test_a_discussion_that_is_over_is_not_opened_while_its_thread_cannot_be_read(stage):
    await planned(stage)
    await stage.until("2026-10-08 16:05")
    [first] = stage.room()
    await stage.stops()
    stage.clock.set(datetime(2026, 10, 14, 16, 0, tzinfo=UTC))
    await stage.starts()
    stage.hide_history()  # so that the closing waits, and the opening does not
    await stage.settles()
    stage.hide_history(False)
    await stays_closed(stage, first)


async def stays_closed(stage, first):
    await stage.later(hours=2)
    assert "This discussion is closed" in stage.text(stage.room()[0])
    opened = select(outbox.c.id).where(outbox.c.verb == Verb.UNLOCK, outbox.c.state == OutboxState.SENT)
    assert stage.app.store.read_now(lambda conn: conn.execute(opened).all()) == [], (
        "what is over is never opened"
    )
    if not stage.platform.platform.startswith("slack"):  # a thread cannot be locked there
        assert stage.is_closed(first)


@pytest.mark.only("local", reason="two bots on one database: the platform has no part in it")
async def test_two_processes_open_and_close_it_once(tmp_path, platform, postgres_url):
    """Two bots, one PostgreSQL, one room: every beat of both at the same time."""
    async with staged(tmp_path, platform, url=postgres_url) as stage:
        await planned(stage, WEEKLY + "\nWith a meeting.")
        await stage.asks("mo", '/discuss edit d1 meets:"fri 15:00" seats:2 headsup:1h')
        store = Store.open(postgres_url)
        second = build_app(
            stage.app.settings, stage.clock, store, list(stage.app.adapters.values()), decks=stage.app.decks
        )
        for at in ("2026-10-08 15:00", "2026-10-08 16:00"):
            await _together(stage, second, at)
        [post] = stage.room()
        await stage.says("ada", "I will bring the map.", thread=post)
        await _together(stage, second, "2026-10-14 16:00")
        assert [one.text for one in stage.thread("ada", post)[2:]] != []
        assert len(stage.thread("ada", post)) == 3  # the post, what Ada wrote, and one word of thanks
        assert len([one for one in stage.inbox("mo") if "It has gone out" in one.text]) == 1
        await store.close()
        assert await stage.broken() == []


async def _together(stage, second, at):
    local = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo("Europe/Dublin"))
    stage.clock.set(local.astimezone(UTC))
    for _ in range(12):
        await asyncio.gather(stage.app.settle(), second.settle())
        stage.clock.advance(timedelta(seconds=10))
