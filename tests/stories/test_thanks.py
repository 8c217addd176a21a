"""Thanks are a tap; the author hears of all of them together, in one quiet line a day at most, without names."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.reflections.conversations.thanks import thanks

ANSWER = "By the photocopier, of all places."
HEARD = "for your answer to"


@pytest.fixture
async def digest(monday):
    """Ada's answer stands in the digest, with its two buttons; it is Friday noon."""
    await monday.says("ada", ANSWER, thread=monday.prompts()[0])
    await monday.until("2026-10-09 12:00")
    [found] = monday.digests()
    return found


def lines(stage, who="ada"):
    """The lines about thanks that somebody got."""
    return [stage.text(one) for one in stage.inbox(who) if HEARD in stage.text(one)]


async def given(stage):
    """How many thanks are stored."""
    return len(await stage.app.store.read(lambda conn: conn.execute(select(thanks)).all()))


async def test_a_tap_thanks_and_the_author_hears_of_it_without_a_name(monday, digest):
    stage = monday
    shown = stage.text(await stage.presses("ben", digest, "Thank Ada Quinn"))
    assert "You thanked Ada Quinn for this answer" in shown
    assert "without your name" in shown
    await stage.later(minutes=8)
    assert lines(stage) == []
    await stage.later(minutes=4)
    [line] = lines(stage)
    assert "You got thanks for your answer to" in line
    assert "Ben" not in line
    assert "1" not in line.split("You get this because")[0], "so few people are not counted"
    assert lines(stage, "ben") == []


async def test_pressed_twice_is_once_and_it_can_be_taken_back(monday, digest):
    stage = monday
    shown = await stage.presses("ben", digest, "Thank Ada Quinn")
    again = await stage.presses("ben", digest, "Thank Ada Quinn")
    assert "You have thanked Ada Quinn" in stage.text(again)
    assert await given(stage) == 1
    assert "taken back" in stage.text(await stage.presses("ben", shown, "Take back my thanks"))
    assert "taken back" in stage.text(await stage.presses("ben", again, "Take back my thanks"))
    await stage.later(hours=2)
    assert lines(stage) == [], "thanks that were taken back are not told"
    assert await given(stage) == 0


async def test_the_author_hears_once_a_day_at_most_and_never_at_night(monday, digest):
    stage = monday
    await stage.presses("ben", digest, "Thank Ada Quinn")
    await stage.later(minutes=12)
    await stage.presses("cleo", digest, "Thank Ada Quinn")
    await stage.until("2026-10-12 07:58")
    assert len(lines(stage)) == 1, "nothing comes in the evening, and nothing at the weekend"
    await stage.until("2026-10-12 17:00")
    assert len(lines(stage)) == 2
    await stage.presses("mo", digest, "Thank Ada Quinn")
    await stage.until("2026-10-16 11:00")
    assert len(lines(stage)) == 2, "inside the two reminders of a week"
    await stage.until("2026-10-17 21:00")
    assert len(lines(stage)) == 3


async def test_from_five_people_on_they_are_counted(monday, digest):
    stage = monday
    await stage.joins("dora", "Dora Lind")
    for who in ("ben", "cleo", "mo", "ida", "dora"):
        await stage.presses(who, digest, "Thank Ada Quinn")
    await stage.later(minutes=12)
    [line] = lines(stage)
    assert "5 people thanked you for your answer to" in line
    await stage.joins("emil", "Emil Ross")
    await stage.presses("emil", digest, "Thank Ada Quinn")
    await stage.later(days=3)
    assert "You got thanks for your answer to" in lines(stage)[1], "nobody is counted twice"


@pytest.mark.parametrize("mute", ["/my settings reminders:off", "/my settings direct:no"])
async def test_who_wants_no_reminders_hears_nothing_and_not_later_either(monday, digest, mute):
    stage = monday
    await stage.asks("ada", mute)
    await stage.presses("ben", digest, "Thank Ada Quinn")
    await stage.later(hours=2)
    await stage.asks("ada", "/my settings reminders:standard direct:yes")
    await stage.later(days=2)
    assert lines(stage) == []


async def test_only_what_may_be_read_can_be_thanked_for(monday, digest):
    stage = monday
    assert "your own answer" in stage.text(await stage.presses("ada", digest, "Thank Ada Quinn"))
    await stage.presses("ben", digest, "Thank Ada Quinn")
    await stage.asks("ada", "/reflect delete a1")
    assert "not shared with you now" in stage.text(await stage.presses("cleo", digest, "Thank Ada Quinn"))
    assert await given(stage) == 1
    await stage.later(hours=2)
    assert lines(stage) == [], "nobody is thanked for what they took back"


async def test_who_wants_nothing_stored_thanks_nobody(monday, digest):
    await monday.asks("ben", "/my settings keep:no")
    assert "Saving is off" in monday.text(await monday.presses("ben", digest, "Thank Ada Quinn"))
    assert await given(monday) == 0


async def test_thanks_go_with_either_of_the_two(monday, digest):
    stage = monday
    await stage.presses("ben", digest, "Thank Ada Quinn")
    await stage.presses("cleo", digest, "Thank Ada Quinn")
    exported = stage.files(await stage.asks("ben", "/my data export"))["tilth-my-data.json"].decode()
    assert "thanks you gave" in exported
    for who, left in (("ben", 1), ("ada", 0)):
        form = await stage.asks(who, "/my data delete")
        await stage.fills_in(who, form, word="DELETE")
        assert await given(stage) == left
    await stage.later(hours=2)
    assert lines(stage) == []
