"""What the simulator says is what then happens: twelve weeks are foretold, lived through, and compared."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bot.cli import main
from bot.forecast.year import forecast_year, forecasters
from bot.people import tables as people
from bot.schedules import tables
from bot.schedules.model import PAUSED, OccurrenceState
from bot.store.sqlite import sqlite3
from tests.stories.platforms import EVERY
from tests.stories.test_discussions import planned

SCHEDULES = (
    "/prompt schedule #staffroom every mon 09:00 closes:4d",
    '/prompt schedule #lounge "every 2 weeks on wed 12:30"',
    '/prompt schedule #lounge "last day of month 08:00"',
)
DISCUSSIONS = (
    '/discuss schedule #staffroom "thu 16:00" title:"Week {week}, {n}: {topic}" repeat:weekly closes:6d breaks:hold',
    '/discuss schedule #lounge "sun 01:30" title:"Night shift {n}" repeat:every-2-weeks closes:2d breaks:ignore dry:skip',
)


async def furnished(stage):
    await stage.opens_channel("c2", "lounge")
    for line in (*SCHEDULES, *DISCUSSIONS):
        await planned(stage, line)
    await stage.asks("mo", "/discuss topics d1 add -- Wait time\nBells\nCorridors\nHomework")
    await stage.asks("mo", "/tilth calendar add 26 oct to 30 oct -- Half term")
    await stage.asks("mo", "/tilth calendar term 1 sep 2026 to 11 dec 2026 -- Autumn")
    await stage.asks("mo", "/tilth calendar term 4 jan 2027 to 26 mar 2027 -- Spring")
    await stage.asks("mo", "/discuss skip d1 on:15 oct")
    await stage.asks("mo", "/prompt pause s3")


async def foretold(stage, weeks):
    def see(conn):
        [home] = people.communities(conn)
        return forecast_year(
            conn,
            home,
            stage.clock.now(),
            stage.clock.now() + timedelta(weeks=weeks),
            forecasters(stage.app.features),
        )

    return await stage.app.store.read(see)


@pytest.mark.only(
    "local", reason="it is the planner's arithmetic that is compared; no platform has a part in it"
)
@pytest.mark.parametrize("before", [0, 3] if EVERY else [3])
async def test_twelve_weeks_come_as_they_were_foretold(stage, before):
    await furnished(stage)
    await stage.later(weeks=before)
    year = await foretold(stage, 12)
    seen = {channel: len(stage.room(channel=channel)) for channel in ("c1", "c2")}
    begun = stage.clock.now()
    await stage.later(weeks=12, minutes=5)

    said = [(row.places[0][1], row.title) for row in year.rows if row.goes_out]
    for channel in ("c1", "c2"):
        posted = [stage.title(one) for one in stage.room(channel=channel)[seen[channel] :]]
        posted = [title for title in posted if not title.startswith("Looking back")]
        there = stage.place(channel).channel  # the platform's own name of it
        assert posted == [title for where, title in said if where == there]

    def rows(conn):
        o, s = tables.occurrence, tables.schedule
        query = select(o, s.c.name).join(s, s.c.id == o.c.schedule_id).where(o.c.due_at > begun)
        return {(row.name, row.due_at): row for row in conn.execute(query)}

    made = await stage.app.store.read(rows)
    skipped = [row for row in year.rows if not row.goes_out and row.reason != PAUSED]
    assert skipped
    for row in skipped:
        real = made[(row.schedule, row.at)]
        assert (real.state, real.reason) == (OccurrenceState.SKIPPED, row.reason)
    # And each of them at the very minute.
    times = sorted(row.at for row in year.rows if row.goes_out)
    real = sorted(
        row.queued_at for row in made.values() if row.queued_at is not None and row.queued_at <= year.until
    )
    assert [at.replace(second=0, microsecond=0) for at in real] == times
    assert await stage.broken() == []


async def test_the_preview_in_chat_tells_skips_clocks_clashes_and_what_runs_dry(stage):
    await furnished(stage)
    await planned(stage, '/discuss schedule #staffroom "thu 16:30" title:"Too close" repeat:weekly')
    shown = await stage.asks("mo", "/discuss preview weeks:8")
    said = stage.files(shown)["ahead.txt"].decode()
    assert "Week 41, 1: Wait time" in said
    assert "[skipped: skipped by a moderator]" in said
    assert "[skipped: break: Half term]" in said
    assert "held until the return" in said
    assert "the clocks go 1 hour back" in said
    assert "this time comes twice; it is the first" in said
    assert "within an hour of Week 41, 1: Wait time in the same channel" in said
    assert "no topic is left" in said
    assert "begins again" in said
    assert "every date" not in said
    again = stage.text(await stage.asks("mo", "/prompt preview weeks:2"))
    assert "Wait time" in again
    assert "Only a moderator" in stage.text(await stage.asks("ada", "/discuss preview"))


async def test_looking_ahead_changes_nothing(stage):
    await furnished(stage)
    await stage.later(days=3)
    before = await stage.dump()
    await foretold(stage, 40)
    assert await stage.dump() == before


def test_the_command_prints_a_school_year_of_an_imagined_community():
    out = CliRunner().invoke(main.app, ["preview", "--example", "--weeks", "52", "--from", "2026-08-31"])
    assert out.exit_code == 0, out.output
    for words in (
        "The Prairie and Lakeshore network", "Week 36: Wait time", "away until Fri, Nov 27, 2026: Thanksgiving break",
        "between Fall semester and Spring semester", "Week 53", "Week 1:", "the clocks go 1 hour forward",
        "within an hour of", "begins again", "no topic is left",
    ):  # fmt: skip
        assert words in out.output
    out = CliRunner().invoke(
        main.app, ["preview", "--example", "--weeks", "40", "--from", "2026-08-31", "--json"]
    )
    whole = json.loads(out.stdout)
    assert {place["space"] for row in whole["dates"] for place in row["places"]} == {
        "local:prairie",
        "local:lakeshore",
    }
    assert len({row["schedule"] for row in whole["dates"]}) == 5


async def test_the_command_reads_the_database_of_a_bot_that_runs(stage, monkeypatch):
    await furnished(stage)
    url = stage.app.settings.store.url.get_secret_value()
    monkeypatch.setenv("TILTH_STORE__URL", url)
    monkeypatch.setenv("TILTH_STORE__FOLDER", str(stage.app.settings.store.folder))
    out = CliRunner().invoke(main.app, ["preview", "--weeks", "4", "--from", "2026-10-05", "--json"])
    assert out.exit_code == 0, out.output
    titles = [row["title"] for row in json.loads(out.output)["dates"]]
    assert "Week 41, 1: Wait time" in titles


def test_without_a_database_the_command_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("TILTH_STORE__URL", f"sqlite:///{tmp_path}/none.db")
    out = CliRunner().invoke(main.app, ["preview"])
    assert out.exit_code == 2
    assert "tilth preview --example" in out.output
    with pytest.raises(sqlite3.OperationalError):
        sqlite3.connect(f"file:{tmp_path}/none.db?mode=ro", uri=True)
