"""Days and times are understood and written as the community's country does it."""

from __future__ import annotations

import pytest

from tests.stories.stage import staged

PLAN = "/prompt schedule #staffroom every mon 9am closes:4d"


@pytest.fixture
async def chicago(tmp_path, platform):
    async with staged(tmp_path, platform, zone="America/Chicago") as stage:
        yield stage


async def says(stage, line):
    return stage.text(await stage.asks("mo", line))


async def test_in_the_us_the_month_comes_first_and_the_clock_has_twelve_hours(chicago):
    shown = await says(chicago, PLAN)
    assert "every Monday at 9:00 AM, Central Time" in shown
    await chicago.presses("mo", chicago.last("mo"), "Confirm")
    assert "s1 is paused until Saturday, December 5, 2026." in await says(
        chicago, "/prompt pause s1 until:12/5"
    )
    kept = await says(chicago, "/tilth calendar add 12/20 to 1/3 -- Winter break")
    assert "Dec 20, 2026" in kept
    assert "Jan 3, 2027" in kept
    assert "Sunday, December 20, 2026" in await says(chicago, "/prompt pause s1 until:20/12")


async def test_in_ireland_the_day_comes_first(stage):
    await stage.confirms(PLAN)
    assert "is paused until Saturday 5 December 2026" in await says(stage, "/prompt pause s1 until:5/12")
    assert "is paused until Sunday 20 December 2026" in await says(stage, "/prompt pause s1 until:12/20")


async def test_a_weekday_that_does_not_fit_its_day_is_refused_politely(chicago):
    await chicago.confirms(PLAN)
    refused = await says(chicago, '/prompt pause s1 until:"fri 12/5"')
    assert "Saturday, December 5, 2026 is not a Friday." in refused
