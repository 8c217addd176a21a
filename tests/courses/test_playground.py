"""The playground opens with two teams in the middle of a course, and goes on from there."""

from __future__ import annotations

from datetime import timedelta

from bot.chat import plain_text
from bot.playground.app import open_playground
from tests.stories.stage import settings_for


async def test_two_teams_are_in_mid_course_and_the_next_lesson_comes_on_monday(tmp_path):
    stage, adapter = await open_playground(settings_for(tmp_path))
    try:
        stage.run(False)
        north = plain_text.card_text(await adapter.command("maya", "c1", "/team progress"))
        assert "1. Prepare Your Soil: 4 of 5 people done, 0 begun" in north.replace(
            " done.", " done, 0 begun."
        )
        assert "Everybody here shows their progress." in north
        south = plain_text.card_text(await adapter.command("ines", "c1", "/team progress"))
        assert "lessons done" not in south, "four people are too few for a total"
        assert "counted only in groups of five or more" in south
        plan = plain_text.card_text(await adapter.command("priya", "c1", "/team plan"))
        assert "Why: We never agreed how long to wait." in plan
        assert "[Write the change]" in plan, "what comes next is left to whoever tries it out"
        await stage.advance(timedelta(minutes=40))
        inbox = adapter.world.look(adapter.world.direct("noor").id, None, "noor")
        assert [one.card.title for one in inbox if one.card] == ["Lesson 3 of 4: Center Student Perspectives"]
        await stage.advance(timedelta(days=8))
        assert await stage.app.store.read(stage.app.invariants) == []
    finally:
        await stage.app.stop()
