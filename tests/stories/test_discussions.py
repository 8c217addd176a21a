"""A moderator plans a discussion: it comes by itself, is pinned in place of the last, closes with thanks."""

from __future__ import annotations

WEEKLY = '/discuss schedule #staffroom "thu 16:00" title:"Week {week}: {topic}" repeat:weekly close:6d -- What did you try?'


async def planned(stage, line=WEEKLY):
    preview = await stage.asks("mo", line)
    await stage.presses("mo", stage.last("mo"), "Confirm")
    return stage.text(preview)


def posts(stage, channel="c1"):
    return [one for one in stage.room(channel=channel)]


def titles(stage, channel="c1"):
    return [stage.title(one) for one in posts(stage, channel)]


async def test_a_weekly_discussion_from_the_plan_to_the_thanks(stage):
    said = await planned(stage)
    assert "every Thursday at 16:00" in said
    assert "1: Thursday 8 October 2026 at 16:00 (Europe/Dublin): Week 41: open floor" in said
    assert "What did you try?" in said
    added = stage.text(await stage.asks("mo", "/discuss topics d1 add -- Wait time\nThe first five minutes"))
    assert "t1: Wait time" in added
    assert posts(stage) == []

    await stage.until("2026-10-08 16:00")
    [first] = posts(stage)
    assert stage.title(first) == "Week 41: Wait time"
    assert "What did you try?" in stage.text(first)
    assert "Open until Wednesday 14 October 2026 at 16:00" in stage.text(first)
    assert stage.pinned(first)
    for who in ("ada", "ben", "cleo", "mo", "ida"):
        await stage.says(who, "Ten seconds, twice.", thread=first)

    await stage.until("2026-10-14 16:01")
    said = stage.thread_of(first)
    assert "Thank you: 5 people joined in." in said[-1]
    assert stage.locked(first)
    assert "This discussion is closed" in stage.text(posts(stage)[0])

    await stage.until("2026-10-15 16:01")
    _, second = posts(stage)
    assert stage.title(second) == "Week 42: The first five minutes"
    assert stage.pinned(second)
    assert not stage.pinned(first)
    assert await stage.broken() == []
    assert await stage.answers() == {}
