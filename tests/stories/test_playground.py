"""The playground as a newcomer finds it: what is due and what is left out, and a clock that stops at both."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.local.adapter import LocalAdapter
from bot.playground.app import open_playground
from bot.playground.stage import AFTER, Stage
from tests.stories.stage import settings_for

Playing = tuple[Stage, LocalAdapter]


@pytest.fixture
async def playing(tmp_path) -> AsyncIterator[Playing]:
    stage, adapter = await open_playground(settings_for(tmp_path))
    stage.run(False)
    yield stage, adapter
    await stage.app.stop()


async def test_what_is_due_shows_what_a_break_leaves_out_and_why(playing: Playing):
    stage, _ = playing
    due = await stage.due()
    whats = [one.what for one in due]
    assert "Better than expected" in whats
    assert "Lunch table: The first five minutes" in whats
    assert [(one.what, one.why) for one in due if one.state == "skipped"] == [
        ("Lunch table: …", "break: Professional development days")
    ]


async def test_next_due_stops_at_prompts_lessons_and_discussions_but_not_at_what_is_left_out(
    playing: Playing,
):
    stage, adapter = playing
    stops: dict[str, str] = {}
    for _ in range(30):
        before = set(adapter.world.messages)
        await stage.go_to_next()
        new = [one for id, one in adapter.world.messages.items() if id not in before]
        assert all(stage.now() - one.at <= AFTER for one in new), "the clock went past something"
        stops |= {one.card.title: f"{stage.now():%a}" for one in new if one.card}
        if "Lunch table: Whose questions" in stops:
            break
    assert stops["Better than expected"] == "Mon"
    assert stops["Lesson 3 of 3: Center Student Perspectives"] == "Mon"
    assert stops["Lunch table: The first five minutes"] == "Wed"
    assert stops["Lunch table: Whose questions"] == "Wed"
    assert await stage.app.store.read(stage.app.invariants) == []


async def test_a_playground_opened_again_begins_with_nothing_twice(tmp_path):
    for _ in range(2):
        stage, _ = await open_playground(settings_for(tmp_path))
        try:
            whats = [one.what for one in await stage.due()]
            assert whats.count("Lunch table: …") == 1
        finally:
            await stage.app.stop()
