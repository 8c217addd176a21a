"""The moderators' side on PostgreSQL: the same statements, the same answers."""

from __future__ import annotations

import pytest

from tests.stories.stage import staged


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
        await stage.asks("mo", "/prompt schedule #staffroom every mon 09:00 headsup:2h approve:moderator")
        await stage.presses("mo", stage.last("mo"), "Confirm")
        await stage.until("2026-10-05 07:05")
        await stage.presses("mo", stage.inbox("mo")[-1], "Another prompt")
        await stage.presses("mo", stage.inbox("mo")[-1], "Approve")
        await stage.until("2026-10-05 09:01")
        assert len(stage.prompts()) == 1
        await stage.asks("mo", "/prompt edit s1 approve:no")
        stage.shut()
        await stage.until("2026-10-12 10:30")
        assert "A schedule is suspended" in [stage.title(one) for one in stage.inbox("mo")]
        stage.reopen()
        await stage.asks("mo", "/prompt resume s1")
        await stage.later(minutes=2)
        assert len(stage.prompts()) == 2
        assert "Tilth (tilth) suspended s1" in stage.text(await stage.asks("ida", "/tilth audit"))
        assert await stage.broken() == []
