"""The playground as a newcomer finds it: what is due and what is left out, and a clock that stops at both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from adapters.local.adapter import LocalAdapter
from bot.playground.app import invented_settings, open_playground
from bot.playground.school_year import first_school_monday
from bot.playground.stage import AFTER, SEEN_JOBS, Stage
from bot.settings.web import WebSettings
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
        ("Lunch table: [topic]", "break: Professional development days")
    ]


async def test_next_due_stops_at_prompts_lessons_and_discussions_but_not_at_what_is_left_out(
    playing: Playing,
):
    stage, adapter = playing
    stops: dict[str, str] = {}
    for _ in range(30):
        before = set(adapter.world.messages)
        told = await stage.go_to_next()
        new = [one for id, one in adapter.world.messages.items() if id not in before]
        assert told, "the clock stopped at what nobody sees"
        assert {one.id for one in new if one.author is None} <= set(told)
        assert all(stage.now() - one.at <= AFTER for one in new), "the clock went past something"
        stops |= {one.card.title: f"{stage.now():%a}" for one in new if one.card}
        if "Lunch table: Whose questions" in stops:
            break
    assert stops["Better than expected"] == "Mon"
    assert stops["Lesson 3 of 4: Center Student Perspectives"] == "Mon"
    assert stops["Lunch table: The first five minutes"] == "Wed"
    assert stops["Lunch table: Whose questions"] == "Wed"
    assert await stage.app.store.read(stage.app.invariants) == []


async def test_each_press_of_next_due_brings_something_that_somebody_sees(playing: Playing):
    stage, adapter = playing
    for _ in range(3):
        told = await stage.go_to_next()
        assert [adapter.world.messages[id].author for id in told][:1] == [None]


async def test_what_is_due_is_what_people_see_and_says_where(playing: Playing):
    stage, _ = playing
    assert {job.name for job in stage.app.runner.jobs} >= set(SEEN_JOBS)
    due = await stage.due()
    assert {one.where for one in due if "Lunch table" in one.what} == {"#lunch-table"}
    shown = {one.what for one in due if not one.where}
    assert shown <= set(SEEN_JOBS.values())


async def test_the_community_is_in_the_us_and_an_operator_can_say_otherwise(playing: Playing, tmp_path):
    stage, adapter = playing
    assert (stage.zone, stage.country) == ("America/Chicago", "US")
    assert {one.locale for one in adapter.world.people.values()} == {"en", "es"}
    own = settings_for(tmp_path).community.model_copy(update={"zone": "America/Denver", "country": "CA"})
    web = WebSettings(public_url="https://tilth.example")
    there = invented_settings(settings_for(tmp_path, community=own, web=web)).community
    assert not invented_settings(settings_for(tmp_path, web=web)).web.public_url, (
        "a feed that nobody serves is not promised"
    )
    assert (there.zone, there.name) == ("America/Denver", "Prairie Schools Network")
    assert there.home_country == "CA"


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        (date(2026, 9, 2), date(2026, 9, 14)),  # Labor Day is no school day
        (date(2026, 11, 16), date(2026, 11, 30)),  # Thanksgiving break
        (date(2026, 12, 8), date(2027, 1, 25)),  # winter break, and Martin Luther King Jr. Day
        (date(2027, 6, 9), date(2027, 8, 16)),  # summer
    ],
)
def test_the_first_morning_is_followed_by_three_weeks_of_school(today: date, monday: date):
    assert first_school_monday(today) == monday


async def test_a_playground_opened_again_begins_with_nothing_twice(tmp_path):
    for _ in range(2):
        stage, _ = await open_playground(settings_for(tmp_path))
        try:
            whats = [one.what for one in await stage.due()]
            assert whats.count("Lunch table: [topic]") == 1
        finally:
            await stage.app.stop()
