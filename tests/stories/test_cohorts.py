"""A group starts a course together: on a day, with everybody who joins by then, in a place of its own."""

from __future__ import annotations

from tests.stories.test_moved_lessons import lessons


async def test_a_group_starts_together_on_its_day_in_its_own_place(stage):
    await stage.opens_channel("c2", "north-room")
    await stage.asks("mo", "/team create North")
    await stage.asks("ada", "/team join North")
    assert "When does the group start?" in stage.text(
        await stage.asks("mo", "/course enroll c2 team:North place:#north-room")
    )
    assert "That day is not ahead." in stage.text(
        await stage.asks("mo", "/course enroll c2 team:North starts:2026-10-04")
    )
    said = stage.text(
        await stage.asks("mo", "/course enroll c2 team:North starts:2026-10-14 place:#north-room")
    )
    assert "They start together. The first lesson comes on" in said
    assert "14 October" in said
    # Whoever joins before the day starts with the others; nothing comes earlier.
    await stage.until("2026-10-08 12:00")
    await stage.asks("ben", "/team join North")
    await stage.until("2026-10-14 07:00")
    assert lessons(stage, "ada") == lessons(stage, "ben") == []
    assert stage.room(channel="c2") == []
    await stage.until("2026-10-14 12:00")
    assert lessons(stage, "ada") == lessons(stage, "ben") == ["What else"]
    [post] = stage.room(channel="c2")
    assert "Your group starts Two good questions today" in stage.plain(post)
    # Whoever comes later begins at once.
    await stage.asks("cleo", "/team join North")
    await stage.until("2026-10-15 12:00")
    assert lessons(stage, "cleo") == ["What else"]


async def test_a_start_that_was_taken_back_is_not_posted(stage):
    await stage.asks("mo", "/team create North")
    await stage.asks("ada", "/team join North")
    await stage.asks("mo", "/course enroll c2 team:North starts:2026-10-14 place:#staffroom")
    await stage.presses("mo", stage.last("mo"), "Undo")
    await stage.until("2026-10-15 12:00")
    assert not any("starts today" in stage.text(one) for one in stage.room())
    assert await stage.broken() == []
