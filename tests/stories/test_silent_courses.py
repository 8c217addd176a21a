"""A course in which nothing happens for six weeks is paused; its member is told once, and one word resumes it."""

from __future__ import annotations

PAUSED = "Nothing has happened in"


def told(stage, who: str) -> list:
    return [one for one in stage.inbox(who) if PAUSED in stage.text(one)]


async def test_a_silent_course_is_paused_and_one_word_resumes_it(stage):
    for who in ("ada", "ben", "cleo"):
        await stage.asks(who, "/course join c2")
        await stage.presses(who, stage.last(who), "Join")
    # Ben is away for two of the weeks; Cleo does something in the fifth.
    await stage.asks("ben", "/my away 12 oct to 25 oct")
    await stage.until("2026-11-03 12:00")
    await stage.asks("cleo", "/course extend c2.1 1w")
    assert told(stage, "ada") == []
    await stage.until("2026-11-18 12:00")
    [card] = told(stage, "ada")
    assert "so I paused it" in stage.text(card)
    assert told(stage, "ben") == []
    assert "It is paused" in stage.text(await stage.asks("ada", "/course progress c2"))
    await stage.until("2026-12-02 12:00")
    assert len(told(stage, "ada")) == 1, "it is said once"
    [card_of_ben] = told(stage, "ben")
    assert told(stage, "cleo") == []
    # One word, in either language; the button does it as well.
    await stage.writes_to_the_bot("ada", "Sigo.")
    assert "Welcome back" in stage.text(stage.inbox("ada")[-1])
    assert "It is paused" not in stage.text(await stage.asks("ada", "/course progress c2"))
    assert "Welcome back" in stage.text(await stage.presses("ben", card_of_ben, "Resume"))
    assert "Welcome back" in stage.text(await stage.asks("ben", "/course resume c2")), (
        "twice is as good as once"
    )
    assert await stage.broken() == []


async def test_whoever_said_stop_is_told_nothing_and_resume_brings_all_back(stage):
    await stage.asks("ada", "/course join c2")
    await stage.presses("ada", stage.last("ada"), "Join")
    await stage.later(hours=20)
    await stage.asks("ada", "/my stop")
    await stage.until("2026-11-24 12:00")
    assert told(stage, "ada") == []
    assert "It is paused" in stage.text(await stage.asks("ada", "/course progress c2"))
    await stage.writes_to_the_bot("ada", "resume")
    assert "Messages are on again" in stage.text(stage.inbox("ada")[-1])
    assert "It is paused" not in stage.text(await stage.asks("ada", "/course progress c2"))
    # Turning reminders on again in the settings says the same.
    await stage.asks("ada", "/my stop")
    await stage.until("2027-02-02 12:00")
    assert "It is paused" in stage.text(await stage.asks("ada", "/course progress c2"))
    await stage.asks("ada", "/my settings reminders:standard")
    assert "It is paused" not in stage.text(await stage.asks("ada", "/course progress c2"))
