"""Whoever asks sees in how many weeks they answered or did something: alone, and without being told unasked."""

from __future__ import annotations


async def test_ones_own_weeks_are_counted_when_one_asks(stage):
    await stage.asks("ada", "/course join c1")
    await stage.presses("ada", stage.last("ada"), "Join")
    assert "You have not answered or done anything yet." in stage.text(
        await stage.asks("ada", "/course weeks")
    )
    await stage.until("2026-10-05 12:00")
    await stage.presses("ada", stage.inbox("ada")[-1], "I have begun")
    await stage.asks("mo", "/prompt schedule #staffroom every tue 09:00 deck:with-lessons closes:4d")
    await stage.presses("mo", stage.last("mo"), "Confirm")
    await stage.until("2026-10-13 09:00")
    await stage.says("ada", "One voice at a time, and the quiet go first.", thread=stage.prompts()[-1])
    await stage.until("2026-10-26 12:00")
    said = stage.text(await stage.asks("ada", "/course weeks"))
    assert "Weeks in which you answered or did something: 2" in said
    assert "Only you see this." in said
    await stage.asks("ada", "/my away 19 oct to 23 oct")
    assert not any("Your weeks" in stage.text(one) for one in stage.inbox("ada"))
