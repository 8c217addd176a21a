"""Changing discussions: one, or that one and all that follow; also in the second in which it goes out."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.discussions.settings import KIND, DiscussionSettings
from bot.playground.rehearsal import _quick_folder
from bot.schedules import edits
from bot.schedules.model import SchedulePlace
from tests.seeds import seeds
from tests.stories.stage import staged
from tests.stories.test_discussions import planned, titles

FORM = {"when": "every thu 16:00", "closes": "6 days"}


async def test_only_the_next_one_says_other_words(stage):
    await planned(stage)
    form = await stage.asks("mo", "/discuss edit d1")
    assert stage.value(form, "title") == "Week {week}: {topic}"
    said = await stage.fills_in(
        "mo", form, scope="this", title="A guest comes", text="Bring questions.", **FORM
    )
    assert "the others stay" in stage.text(said)
    assert "A guest comes" in stage.text(await stage.asks("mo", "/discuss list"))
    await stage.until("2026-10-15 16:01")
    assert titles(stage) == ["A guest comes", "Week 42: open floor"]


async def test_that_one_and_all_that_follow(stage):
    await planned(stage)
    await stage.until("2026-10-08 16:01")
    form = await stage.asks("mo", "/discuss edit d1 scope:following")
    said = await stage.fills_in(
        "mo", form, scope="following", title="Friday {n}", text="", when="every fri 15:00", closes="2d"
    )
    assert "Friday 16 October at 15:00" in stage.text(said)  # this week has had its one
    await stage.until("2026-10-16 15:01")
    assert titles(stage) == ["Week 41: open floor", "Friday 2"]
    assert "Sunday 18 October at 15:00" in stage.text(stage.room()[-1])


async def test_the_one_that_is_open_is_changed_in_place(stage):
    await planned(stage)
    await stage.until("2026-10-08 16:01")
    form = await stage.asks("mo", "/discuss edit d1")
    said = await stage.fills_in(
        "mo",
        form,
        scope="open",
        title="Week {week}: silence",
        text="New words.",
        when="every thu 16:00",
        closes="2d",
    )
    assert "The message says the new words now." in stage.text(said)
    await stage.later(minutes=1)
    [first] = stage.room()
    assert "New words." in stage.text(first)
    assert "Week 41: silence" in stage.text(first)
    assert "Saturday 10 October at 16:00" in stage.text(first)


async def test_one_moves_to_another_time(stage):
    await planned(stage)
    await stage.asks("mo", "/discuss topics d1 add -- Wait time\nBells")
    form = await stage.asks("mo", "/discuss edit d1")
    said = await stage.fills_in(
        "mo", form, scope="this", title="Week {week}: {topic}", text="Late.", when="fri 12:00", closes="6d"
    )
    assert "it comes on Friday 9 October at 12:00" in stage.text(said)
    assert "(d2)" in stage.text(said)
    await stage.until("2026-10-08 17:00")
    assert stage.room() == []
    await stage.until("2026-10-15 16:01")
    assert titles(stage) == ["Week 41: Wait time", "Week 42: Bells"]


async def test_it_moves_to_another_channel(stage):
    await stage.opens_channel("c2", "lounge")
    await planned(stage)
    said = await stage.asks("mo", "/discuss edit d1 channel:#lounge tags:weekly,staff")
    assert "weekly, staff" in stage.text(said)
    await stage.until("2026-10-08 16:01")
    assert titles(stage) == []
    assert titles(stage, "c2") == ["Week 41: open floor"]


async def test_bad_words_in_an_edit_change_nothing(stage):
    await planned(stage)
    form = await stage.asks("mo", "/discuss edit d1")
    said = await stage.fills_in("mo", form, scope="following", title="Hi @here", text="", **FORM)
    assert "That would notify everybody" in stage.text(said)
    assert "Week 41: open floor" in stage.text(await stage.asks("mo", "/discuss list"))


@pytest.mark.only("local", reason="a thousand times, and what is raced for is the core's")
@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(1, 10))
async def test_an_edit_while_it_goes_out_ends_in_one_of_both_words_and_the_answer_says_which(platform, seed):
    """The planner, the sender and the moderator at once, in a hundred orders of each of ten seeds."""
    dice, fates = random.Random(seed), Counter()
    # In memory where the machine has such a folder: a hundred turns are a thousand commits.
    with tempfile.TemporaryDirectory(dir=_quick_folder()) as folder:
        async with staged(Path(folder), platform) as stage:
            for turn in range(100):
                if turn % 25 == 0:
                    await stage.opens_channel(f"r{turn // 25}", f"room-{turn}")
                fates[await _race(stage, dice, f"r{turn // 25}", turn % 25)] += 1
            assert await stage.broken() == []
    assert sum(fates.values()) == 100
    assert {"new", "old"} <= set(fates), fates


async def _race(stage, dice, channel, before):
    """One discussion goes out while it is edited; what came of it."""
    number = await _once(stage, channel)
    await stage.app.planner.tick()
    form = await stage.asks("mo", f"/discuss edit d{number}")
    new = {"scope": dice.choice(("this", "following")), "title": "New", "text": "", "closes": "50d"}
    stage.clock.advance(timedelta(minutes=1))
    edit = partial(stage.fills_in, "mo", form, when=stage.value(form, "when"), **new)
    deeds = (edit, stage.app.planner.tick, stage.app.sender.beat)
    answer, *_ = await asyncio.gather(*(_after(dice.randrange(12), deed) for deed in deeds))
    for _ in range(2):
        await stage.app.planner.tick()
        await stage.app.sender.beat()
        stage.clock.advance(timedelta(seconds=5))
    return _judged(stage.room(channel=channel)[before:], stage.text(answer))


def _judged(posts, said):
    """Which words stand there, once, and that the answer told so."""
    assert len(posts) == 1, [one.text for one in posts]
    told_old = (
        "with the old words." in said
        or "Nothing from" in said
        or "has nothing planned" in said
        or "has no next date" in said
    )
    if "New" in posts[0].text:
        assert not told_old, (posts[0].text, said)
        return "changed" if posts[0].edited else "new"
    assert told_old, (posts[0].text, said)
    return "old"


async def _once(stage, channel):
    """A single discussion in a minute."""
    at = stage.clock.now() + timedelta(minutes=1)
    place = stage.place(channel)
    details = DiscussionSettings("Old", "").to_details()
    rule = f"{at:%Y-%m-%d %H:%M}"

    def add(conn):
        return edits.add_schedule(
            conn,
            1,
            kind=KIND,
            title="Old",
            rule=rule,
            zone="UTC",
            anchor=at.date(),
            now=stage.clock.now(),
            letter="d",
            places=(SchedulePlace(place.space, place.channel),),
            open_minutes=50 * 1440,
            details=details,
        )

    return await stage.app.store.write(add)


async def _after(steps, do):
    for _ in range(steps):
        await asyncio.sleep(0)
    return await do()
