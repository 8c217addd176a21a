"""A team whose people are on two platforms: whoever cannot be shown in a form is not taken out by it."""

from __future__ import annotations

from tests.audience.town import found_town, words
from tests.stories.stage import staged

SECOND = "local:second"


async def test_an_owner_without_an_account_here_stays(tmp_path):
    async with staged(tmp_path, "local") as stage:
        town = await found_town(stage)
        for who, space, facts in (("mo", "", ("moderator",)), ("ada", "", ()), ("noor", SECOND, ())):
            town.joins(who, *facts, space=space)
            await town.asks(who, "/tilth")
        await town.asks("mo", "/team create North")
        for who in ("ada", "noor"):
            await town.asks(who, "/team join North")
        step = {"what": "Count.", "day": "Friday"}
        assert "Noor Quill" in words(
            await town.submits("noor", "plan.write", "next/t1/v0", owner="noor", **step)
        )
        form = await town.opens("ada", "plan.write", "next/t1/e1")
        assert "noor" not in words(form), "there is nobody of this id here"
        later = {**step, "day": "tomorrow"}
        assert "Noor Quill" in words(await town.submits("ada", "plan.write", "next/t1/e1/v1", **later))
        assert "Ada Quill" in words(
            await town.submits("ada", "plan.write", "next/t1/e1/v2", owner="ada", **later)
        )
        assert "Quill" not in words(await town.submits("ada", "plan.write", "next/t1/e1/v3", **later))
