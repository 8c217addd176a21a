"""A team whose people are on two platforms: whoever cannot be shown in a form is not taken out by it."""

from __future__ import annotations

from bot.chat.events import CompletionRequest
from bot.courses.teams.tables import set_lead
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
        # A button that lost a part of what it carries is out of date, and no fault.
        for button in ("plan.part", "plan.done", "plan.remove", "plan.undo"):
            assert "out of date" in words(await town.presses("ada", button, "t1"))
        # Who may place a plan is offered the teams that they may place.
        await town.asks("mo", "/team create East Side")
        await town.asks("noor", "/team join East Side")
        noor = await town.member("noor")
        await stage.app.store.write(lambda conn: set_lead(conn, 2, noor, True))
        for who, offered in (("mo", {"North", "East Side"}), ("noor", {"East Side"}), ("ada", set())):
            typing = CompletionRequest(town.people[who], stage.place(), "team", "place", "team", "")
            assert {value for value, _label in await stage.app.dispatcher.complete(typing)} == offered
        assert "East Side" in words(await town.asks("mo", "/team place team:East Side"))
