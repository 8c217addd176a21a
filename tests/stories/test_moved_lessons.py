"""A lesson is moved before it comes: by a member for themselves, and by a lead for everybody in a team."""

from __future__ import annotations

import re

SOIL, DISCOURSE = "Prepare Your Soil", "Change the Discourse"


def lessons(stage, who: str) -> list[str]:
    found = [re.match(r"Lesson \d of \d: (.+)", stage.text(one)) for one in stage.inbox(who)]
    return [one[1] for one in found if one is not None]


async def test_a_lesson_is_moved_before_it_comes(stage):
    await stage.asks("mo", "/team create North")
    for who in ("ada", "ben", "cleo"):
        await stage.asks(who, "/team join North")
        await stage.asks(who, "/course join c1")
        await stage.presses(who, stage.last(who), "Join")
    await stage.asks("mo", "/team lead @Cleo Marsh North")
    await stage.until("2026-10-05 12:00")
    # Ada takes a week more before the second lesson comes, thinks better of it, and does it again.
    moved = stage.text(await stage.asks("ada", "/course extend c1.2 1w"))
    assert "19 October" in moved
    assert "comes when it was planned" in stage.plain(await stage.presses("ada", stage.last("ada"), "Undo"))
    assert "12 October" in stage.text(await stage.asks("ada", "/course progress"))
    await stage.asks("ada", "/course extend c1.2 1w")
    # Only whoever leads the team, or a moderator, moves it for all; Ada's own week is counted from her day.
    assert "Only a moderator or a lead of" in stage.text(
        await stage.asks("ben", "/course extend c1.3 1w team:North")
    )
    said = stage.plain(await stage.asks("cleo", "/course extend c1.3 1w team:North"))
    assert "comes 7 days later to 3 people in North" in said
    assert "There is no lesson c1.9" in stage.text(
        await stage.asks("cleo", "/course extend c1.9 1w team:North")
    )
    await stage.until("2026-10-12 10:00")
    assert lessons(stage, "ben") == [SOIL, DISCOURSE]
    assert lessons(stage, "ada") == [SOIL]
    await stage.until("2026-10-19 10:00")
    assert lessons(stage, "ada") == [SOIL, DISCOURSE]
    assert len(lessons(stage, "ben")) == 2, "the third was moved for the team"
    nobody = stage.text(await stage.asks("cleo", "/course extend c1.1 1w team:North"))
    assert "Nobody in North is still waiting" in nobody
    await stage.until("2026-11-02 10:00")  # the last Monday of October is a holiday in Dublin
    assert len(lessons(stage, "ben")) == 3
    assert len(lessons(stage, "ada")) == 2
    # What has no date is promised none: Ben pauses, and there is no date for his fourth lesson.
    await stage.asks("ben", "/course pause")
    alone = stage.plain(await stage.asks("ben", "/course extend c1.4 1w"))
    assert (
        "From Root Causes to Grassroots Action is paused. Once it goes on, Look Again comes no earlier than"
        in alone
    )
    said = stage.plain(await stage.asks("cleo", "/course extend c1.4 1w team:North"))
    assert "Look Again comes to 3 people in North no earlier than Monday 16 November" in said
    await stage.until("2026-11-09 10:00")
    assert len(lessons(stage, "ada")) == 3
    # Whoever is erased leaves no trace of it.
    await stage.fills_in("ada", await stage.asks("ada", "/my data delete"), word="DELETE")
    assert await stage.broken() == []
    assert sum(line.startswith('INSERT INTO "lesson_hold"') for line in await stage.dump()) == 5
