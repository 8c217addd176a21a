"""What is stored is removed when its days are over, and everybody is told how many those are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.people.tables import member
from bot.settings.model import RetentionSettings
from bot.store.retention import DAY
from tests.stories.stage import staged

AGES = RetentionSettings(answers=123, meetings=45, audit=678, left=30)
TOLD = ("**123 days**: your answers", "**45 days**: whether you come to a meeting")


@pytest.fixture
async def short(tmp_path, platform):
    """A bot that keeps things for other times than usual, on the Monday of a prompt."""
    async with staged(tmp_path, platform, retention=AGES) as stage:
        card = await stage.asks("mo", "/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.presses("mo", card, "Confirm")
        await stage.until("2026-10-05 09:00")
        yield stage


def tells_how_long(stage, card) -> bool:
    words = stage.plain(card)
    return all(one.replace("*", "") in words for one in TOLD)


def welcome(stage) -> str:
    """The welcome that Ada got, without the marks of bold type."""
    [found] = [one for one in stage.inbox("ada") if "Welcome to Tilth" in stage.text(one)]
    return stage.plain(found)


async def answers(stage, door: str, prompt):
    """Ada answers through this door; what she is shown."""
    if door == "thread":
        await stage.says("ada", "The caretaker.", thread=prompt)
        return stage.last("ada", thread=prompt)
    if door == "direct":
        await stage.writes_to_the_bot("ada", "The caretaker.")
        return stage.inbox("ada")[-1]
    if door == "form":
        form = await stage.presses("ada", prompt, "Answer or edit")
        return await stage.fills_in("ada", form, q0="The caretaker.")
    return await stage.asks("ada", "/reflect answer -- The caretaker.")


@pytest.mark.parametrize("door", ["thread", "direct", "form", "line"])
async def test_the_first_answer_through_any_door_brings_how_long_things_are_kept_and_no_other(short, door):
    [prompt] = short.prompts()
    await answers(short, door, prompt)
    await short.later(seconds=10)
    assert "your answers, for 123 days" in welcome(short)
    assert "/my data has everything, and for how long" in welcome(short).replace("`", "")
    await answers(short, "form", prompt)
    await short.later(seconds=10)
    assert welcome(short)


async def test_how_long_things_are_kept_can_be_asked(short):
    assert tells_how_long(short, await short.asks("ada", "/my data mirror"))


async def test_whoever_joins_is_told_how_long_things_are_kept(short):
    preview = await short.asks("mo", "/tilth invite #staffroom")
    await short.presses("mo", preview, "Post")
    await short.later(seconds=5)
    await short.presses("ada", short.room()[-1], "Join")
    assert "your answers, for 123 days" in welcome(short)


async def kinds_with_rows(stage, at=None) -> set[str]:
    """The kinds of which there is anything, or anything too old at this time."""

    def look(conn):
        far = stage.clock.now() + timedelta(days=5000)
        ages = {one: far if at is None else at - (one.kept or timedelta()) for one in stage.app.upkeep.kinds}
        return {one.kind for one, before in ages.items() if one.find(conn, before, 1)}

    return await stage.app.store.read(look)


@pytest.mark.only("local", reason="what is stored is stored in the same way everywhere")
async def test_each_kind_of_data_goes_when_its_days_are_over_and_not_before(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", "The caretaker.", thread=prompt)
    await stage.asks("ada", "/reflect suggest -- Who sweeps here?")
    await stage.asks("mo", "/prompt review")
    form = await stage.presses("mo", stage.last("mo"), "Decline")
    await stage.fills_in("mo", form, reason="Thank you.")
    await stage.leaves("ben")
    await stage.until("2026-10-12 09:30")
    began, upkeep = stage.clock.now(), stage.app.upkeep
    kinds = await kinds_with_rows(stage)
    assert {"answers", "suggestions", "messages", "events", "conversations", "audit", "left"} <= kinds
    for age in sorted({one.kept for one in upkeep.kinds if one.kept and one.kept > DAY}):
        here = {one.kind for one in upkeep.kinds if one.kept == age} & kinds
        stage.clock.set(began + age - timedelta(days=8))
        await upkeep.tidy()
        assert here <= await kinds_with_rows(stage), "nothing goes too early"
        stage.clock.set(began + age + timedelta(days=15))
        await upkeep.tidy()
        assert not await kinds_with_rows(stage, stage.clock.now()), "nothing stays"
    assert await stage.broken() == []


async def test_it_is_looked_for_once_a_day_and_at_every_start(monday):
    stage = monday
    await stage.says("ada", "The caretaker.", thread=stage.prompts()[0])
    await stage.app.upkeep.tidy()
    stage.clock.advance(timedelta(days=401))
    await stage.restarts()
    await stage.app.upkeep.tidy()
    assert await stage.answers() == {}


async def test_whoever_left_is_erased_after_some_days_and_whoever_came_back_is_not(short):
    stage, [prompt] = short, short.prompts()
    await stage.says("ada", "The caretaker.", thread=prompt)
    await stage.says("ben", "The lift.", thread=prompt)
    await stage.leaves("ada")
    await stage.leaves("ben")
    await stage.joins("ben", "Ben Okafor")
    await stage.settles()
    stage.clock.advance(timedelta(days=29))
    await stage.app.upkeep.tidy()
    assert await stage.answers() == {"Ada Quinn": "The caretaker.", "Ben Okafor": "The lift."}
    stage.clock.advance(timedelta(days=2))
    await stage.app.upkeep.tidy()
    assert await stage.answers() == {"Ben Okafor": "The lift."}
    names = await stage.app.store.read(lambda conn: set(conn.execute(select(member.c.name)).scalars()))
    assert "Ada Quinn" not in names
    assert "Ben Okafor" in names
