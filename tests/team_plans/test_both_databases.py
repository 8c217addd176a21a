"""Every statement of team plans runs on both databases: one short story that touches them all."""

from __future__ import annotations

from datetime import timedelta

from tests.stories.stage import staged


async def test_a_short_plan_on_each_database(tmp_path, database_url):
    async with staged(tmp_path, url=database_url) as stage:
        await stage.asks("mo", "/team create North")
        for who in ("ada", "ben", "cleo"):
            await stage.asks(who, "/team join North")

        async def writes(who, part, **fields):
            return await stage.fills_in(who, await stage.asks(who, f"/team plan {part}"), **fields)

        cause = {"cause": "The hall is loud.", "category": "structures", "basis": "guess"}
        await writes("ada", "cause", **cause)
        await stage.chooses(
            "ben", await stage.asks("ben", "/team plan choose"), "Choose a cause", cause["cause"]
        )
        await writes("ben", "change", what="Ask Cleo Marsh to ring once.", owner="ben", day="Oct 7")
        first, second = (
            await stage.asks("ada", "/team plan measure"),
            await stage.asks("cleo", "/team plan measure"),
        )
        await stage.fills_in("ada", first, measure="Bells", prediction="One", wrong="Two")
        clash = await stage.fills_in("cleo", second, measure="Noise", prediction="Less", wrong="More")
        await stage.presses("cleo", clash, "Save mine")
        assert "Noise" in stage.text(await stage.asks("ada", "/team plan"))
        saved = await writes("ada", "next", what="Count.", owner="cleo", day="Friday")
        await stage.presses("ada", saved, "Undo")
        await writes("ben", "next", what="Listen.", day="Friday")
        steps = await stage.chooses(
            "ada", await stage.asks("ada", "/team plan"), "Add or change a part", "Next steps"
        )
        removed = await stage.presses(
            "ada", await stage.presses("ada", steps, "Mark as done"), "See the plan"
        )
        assert "Listen." in stage.text(removed)
        history = await stage.asks("ada", "/team plan history")
        assert "added by Ben Okafor" in stage.text(await stage.presses("ada", history, "Earlier changes"))
        await stage.presses("ada", await stage.asks("ada", "/team plan share"), "Share with everybody")
        assert "Plan of North" in stage.text(await stage.asks("mo", "/team plan"))
        await writes("cleo", "voice", said="Rosa hears it.", students="Grade 7")
        await stage.asks("cleo", "/my data export")
        await stage.fills_in("cleo", await stage.asks("cleo", "/my data delete"), word="DELETE")
        assert "Ask somebody to ring once." in stage.text(await stage.asks("mo", "/team plan North"))
        await stage.joins("jose", "José Ñúñez")
        await stage.asks("jose", "/team join North")
        await writes("ada", "aim", amount="As JOSÉ ÑÚÑEZ and José count", students="Grade 7", day="Dec 18")
        await stage.fills_in("jose", await stage.asks("jose", "/my data delete"), word="DELETE")
        shown = stage.text(await stage.asks("ada", "/team plan North"))
        assert "As somebody and somebody count" in shown
        await stage.asks("ada", "/team meet now")
        await stage.writes_to_the_bot("ada", "done")
        for beat in stage.app.runner.jobs:
            await beat.run()
        stage.clock.advance(timedelta(days=401))
        await stage.app.upkeep.tidy()
        assert await stage.broken() == []


async def test_a_plan_on_a_canvas_on_postgres(tmp_path, postgres_url):
    async with staged(tmp_path, "slack-socket", url=postgres_url) as stage:
        await stage.opens_channel("c2", "team-north")
        await stage.asks("mo", "/team create North")
        await stage.asks("ada", "/team join North")
        await stage.asks("mo", "/team lead @Ada Quinn North")
        slack, channel = stage.platform.slack, stage.platform._ids["c2"]
        slack.manifest.scopes |= {"canvases:read", "canvases:write"}
        form = await stage.asks("ada", "/team plan problem")
        await stage.fills_in("ada", form, what="The hall is loud.", students="Grade 7")
        asked = await stage.presses(
            "ada", await stage.asks("ada", "/team place", "c2"), "Post it in this channel"
        )
        await stage.presses("ada", asked, "Post it there")
        await stage.later(minutes=1)
        slack.write_on_canvas(channel, "Grade 7", "Grade 8")
        slack.write_on_canvas(channel, "", "- [x] Ask families")
        form = await stage.asks("ada", "/team plan problem")
        await stage.fills_in("ada", form, students="Grade 9")
        await stage.later(minutes=12)
        waits = await stage.presses("ada", await stage.asks("ada", "/team plan"), "See what waits")
        await stage.presses("ada", waits, "Take what is on the canvas")
        await stage.presses("ada", await stage.asks("ada", "/team place", "c2"), "Remove it from there")
        await stage.later(minutes=2)
        assert slack.canvas_of(channel) is None
        plan = stage.text(await stage.asks("ada", "/team plan"))
        assert "Grade 8" in plan
        assert "Ask families" in plan
        assert await stage.broken() == []
