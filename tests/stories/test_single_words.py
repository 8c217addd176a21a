"""A single word to the bot: an answer where one is awaited, and asked about elsewhere."""

from __future__ import annotations

from tests.stories.test_talk import ASKED, reply_to


async def test_a_word_answers_a_prompt_that_was_just_asked_and_is_asked_about_later(monday):
    stage = monday
    kept = await reply_to(stage, "ada", "patience")
    assert "Saved as your answer" in stage.text(kept)
    assert ASKED in stage.text(await reply_to(stage, "ada", "money")), "they have answered"
    assert await stage.answers() == {"Ada Quinn": "patience"}
    await stage.presses("ada", kept, "Not an answer")
    await stage.until("2026-10-08 09:00")
    assert ASKED in stage.text(await reply_to(stage, "ben", "patience")), "three days later"
    assert await stage.answers() == {}
