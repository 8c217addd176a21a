"""Every statement of courses and reminders runs on both databases: one short story that touches them all."""

from __future__ import annotations

from tests.stories.stage import staged


async def test_a_short_story_on_each_database(tmp_path, database_url):
    async with staged(tmp_path, url=database_url) as stage:
        await stage.asks("mo", "/team create North")
        for who in ("ada", "ben", "cleo"):
            await stage.asks(who, "/team join North")
        await stage.asks("mo", "/course enroll c1 team:North")
        await stage.asks("mo", "/course enroll c2 channel:#staffroom")
        await stage.asks("mo", "/course enroll c2 group:moderator")
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.asks("cleo", "/my settings progress:team quiet:21:00-06:00 reminders:light")
        await stage.asks("cleo", "/my away 6 oct to 7 oct")
        await stage.until("2026-10-05 10:00")
        assert "Lesson 1 of 4: Prepare Your Soil" in [stage.title(one) for one in stage.inbox("ada")]
        await stage.says("ada", "The caretaker.", thread=stage.prompts()[0])
        await stage.asks("ada", "/course done c1.1 -- A note.")
        await stage.until("2026-10-14 09:00")
        asked = [one for one in stage.inbox("ben") if "You get this because" in stage.text(one)]
        assert len(asked) == 2
        await stage.presses("ben", asked[-1], "Later")
        await stage.presses("ben", asked[0], "Pause this course")
        await stage.asks("ben", "/course resume")
        await stage.until("2026-10-16 08:59")
        closing = [one for one in stage.inbox("ada") if "closes soon" in stage.text(one)]
        assert len(closing) == 1
        assert "of 2 people done" in stage.text(await stage.asks("ada", "/team progress North c1"))
        for who in ("ada", "ben"):
            await stage.presses(who, await stage.asks(who, "/course buddy c1"), "Find me a buddy")
        assert "is your buddy" in stage.text(await stage.asks("ada", "/course buddy c1"))
        await stage.presses("ben", await stage.asks("ben", "/course buddy c1"), "No buddy anymore")
        await stage.asks("cleo", "/team leave")
        await stage.settles()
        assert "You have not joined that course" in stage.text(
            await stage.asks("cleo", "/course progress c1")
        )
        await stage.writes_to_the_bot("ben", "stop")
        await stage.writes_to_the_bot("ben", "resume")
        await stage.asks("ada", "/my data export")
        form = await stage.asks("ada", "/my data delete")
        await stage.fills_in("ada", form, word="DELETE")
        for beat in stage.app.runner.jobs:
            await beat.run()
        assert await stage.broken() == []
