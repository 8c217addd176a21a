"""The moderators' side on PostgreSQL: the same statements, the same answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.stories.stage import staged
from tests.stories.test_highlights import GOOD
from tests.stories.test_moderation import report
from tests.stories.test_teams import FIVE, five


@pytest.mark.postgres
async def test_a_moderators_fortnight(tmp_path, postgres_url):
    async with staged(tmp_path, "local", url=postgres_url) as stage:
        form = await stage.asks("mo", "/prompt add")
        await stage.fills_in(
            "mo", form, deck="weekly", title="Stairs", question="What did you hear on the stairs?"
        )
        await stage.asks("ada", "/reflect suggest -- Who made you laugh?")
        await stage.asks("mo", "/prompt review")
        await stage.presses("mo", stage.last("mo"), "Accept")
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 headsup:2h approve:moderator")
        await stage.until("2026-10-05 07:05")
        await stage.presses("mo", stage.inbox("mo")[-1], "Another prompt")
        await stage.presses("mo", stage.inbox("mo")[-1], "Approve")
        await stage.until("2026-10-05 09:01")
        assert len(stage.prompts()) == 1
        await stage.asks("mo", "/prompt edit s1 approve:no")
        stage.shut()
        await stage.until("2026-10-12 10:30")
        assert "A schedule is on hold" in [stage.title(one) for one in stage.inbox("mo")]
        stage.reopen()
        await stage.asks("mo", "/prompt resume s1")
        await stage.later(minutes=2)
        assert len(stage.prompts()) == 2
        assert "Tilth suspended s1" in stage.text(await stage.asks("ida", "/tilth audit"))
        assert await stage.broken() == []


@pytest.mark.postgres
async def test_own_hours_notices_and_the_end_of_a_discussion(tmp_path, postgres_url):
    async with staged(tmp_path, "local", url=postgres_url) as stage:
        await stage.joins("kim", "Kim Vale", zone="Asia/Tokyo")
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 to:dm")
        await stage.confirms('/discuss schedule #staffroom "mon 12:00" title:"Lunch table" closes:2d')
        await stage.asks("mo", "/team create North")
        await stage.asks("mo", "/team lead @Ada Quinn North")
        await stage.until("2026-10-05 01:00")  # nine in Tokyo, and night in Dublin
        assert len(stage.inbox("kim")) == 1
        assert not any("Answer" in one.buttons for one in stage.inbox("ada"))
        await stage.until("2026-10-05 09:05")
        assert sum("made you lead" in one.text for one in stage.inbox("ada")) == 1
        assert sum("Answer" in one.buttons for one in stage.inbox("ada")) == 1
        await stage.until("2026-10-05 12:01")
        await stage.stops()
        stage.clock.advance(timedelta(days=3))
        await stage.starts()
        opens = {job.name: job.run for job in stage.app.runner.jobs}["opening threads again"]
        await opens()
        await stage.later(hours=1)
        assert stage.is_closed(stage.room()[-1])
        await stage.asks("mo", "/prompt cancel s1")
        assert await stage.broken() == []


@pytest.mark.postgres
async def test_a_reported_answer_and_the_total_of_a_team(tmp_path, postgres_url):
    async with staged(tmp_path, "local", url=postgres_url) as stage:
        await five(stage)
        for who in FIVE:
            await stage.asks(who, "/course done c2.1 -- We tried it.")
        await stage.until("2026-10-12 00:10")
        total = "5 people keep their progress private. Together they had finished 5 of 10 lessons"
        assert total in stage.text(await stage.asks("mo", "/team progress North c2"))
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.until("2026-10-12 09:05")
        await stage.asks("ada", "/reflect answer share:team -- The bus.")
        await report(stage, "ben")
        await stage.settles()
        shown = await stage.presses("mo", stage.inbox("mo")[-1], "Read it")
        await stage.fills_in("mo", await stage.presses("mo", shown, "Hide"), reason="unkind")
        await stage.asks("mo", "/reflect hide")
        await stage.presses("mo", stage.last("mo"), "Show again")
        await report(stage, "ben")
        await stage.asks("ada", "/reflect delete a1")
        await stage.until("2026-10-16 12:00")
        assert "No answer is reported or hidden" in stage.text(await stage.asks("mo", "/reflect hide"))
        await stage.fills_in("ben", await stage.asks("ben", "/my data delete"), word="DELETE")
        assert "Together" not in stage.text(await stage.asks("mo", "/team progress North c2"))
        assert await stage.broken() == []


@pytest.mark.postgres
async def test_a_week_is_reported_and_an_answer_shown(tmp_path, postgres_url):
    async with staged(tmp_path, "local", url=postgres_url) as stage:
        await stage.asks("mo", "/team create North")
        for number in range(6):
            await stage.joins(f"guest{number}", f"Guest {number}")
            await stage.asks(f"guest{number}", "/team join North")
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.until("2026-10-05 10:00")
        await stage.asks("ada", f"/reflect answer share:moderators -- {GOOD}")
        for number in range(6):
            await stage.asks(f"guest{number}", "/reflect answer share:me -- In the hallway.")
        await stage.until("2026-10-12 10:00")
        for number in range(6):
            await stage.presses(f"guest{number}", stage.prompts()[-1], "4")
        await stage.until("2026-10-19 10:00")
        [note, *others] = [one for one in stage.inbox("mo") if "The week of" in stage.text(one)]
        assert "7 of" not in stage.text(note), "11 people are too few to tell of 7: four did not answer"
        assert "7 people answered." in stage.text(note)
        assert len(others) == 1
        assert GOOD in stage.text(await stage.presses("mo", note, "See them"))
        scales = stage.text(await stage.asks("mo", "/report scales"))
        assert "4 on average, 6 people" in scales
        assert "North: 4 on 16 Oct" in scales
        assert "North" in stage.text(await stage.asks("mo", "/report teams"))
        choice = await stage.presses("mo", await stage.asks("mo", "/report highlights"), "Find one")
        await stage.presses("mo", choice, "Ask Ada Quinn")
        await stage.settles()
        await stage.presses("ada", stage.inbox("ada")[-1], "Yes, without my name")
        await stage.settles()
        form = await stage.presses("mo", stage.inbox("mo")[-1], "Choose a channel")
        await stage.fills_in("mo", form)
        await stage.settles()
        assert GOOD in stage.text(stage.room()[-1])
        form = await stage.asks("ada", "/my data delete")
        await stage.fills_in("ada", form, word="DELETE")
        await stage.settles()
        assert not any(GOOD in stage.text(one) for one in stage.room())
        assert await stage.broken() == []
