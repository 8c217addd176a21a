"""`tilth status`: one screen that is true while the bot runs, while it does not, and before there is a database."""

from __future__ import annotations

import json
import os
from datetime import timedelta

import pytest

from bot.cli import deployment_status
from bot.cli.deployment_status import NO_BOT, read_status, show_status
from bot.runtime.health import Heartbeat
from bot.store.sqlite import sqlite3
from tests.stories.stage import staged

WORDS = "The caretaker, with both hands full."


@pytest.fixture
async def lived(tmp_path, monkeypatch):
    """A community in which a prompt was answered this morning; the machine's clock says the same."""
    async with staged(tmp_path, "local") as stage:
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.until("2026-10-05 09:00")
        [prompt] = stage.prompts()
        await stage.says("ada", WORDS, thread=prompt)
        await stage.later(minutes=5)
        monkeypatch.setattr(deployment_status, "SystemClock", lambda: stage.clock)
        yield stage


async def beats(stage, **late):
    pulse = Heartbeat(stage.folder)
    pulse.beats = lambda: {name: timedelta(minutes=minutes) for name, minutes in late.items()}
    await pulse.beat()


async def test_while_it_runs_it_says_what_is_due_and_that_all_is_well(lived):
    await beats(lived, sending=0)
    well, words = show_status(lived.settings(), as_json=False)
    assert well, words
    assert f"Tilth (process {os.getpid()}) is well." in words
    assert "1 in the last hour, 1 in the last day" in words
    assert "0 waiting, 0 being sent, 0 in doubt" in words
    assert "last message 5 minutes ago" in words
    assert "next       Mon, 12 Oct, 09:00   s1   " in words
    assert words.splitlines()[-1] == "problems   none"
    assert len(words.splitlines()) < 24
    assert WORDS not in words
    assert not any(name in words for name in ("Ada", "ada", "Quinn"))


async def test_after_a_summer_it_does_not_say_that_nothing_was_ever_said(lived):
    await lived.app.store.write(
        lambda conn: conn.exec_driver_sql("UPDATE outbox SET sent_at = NULL").rowcount
    )
    _, words = show_status(lived.settings(), as_json=False)
    assert "0 messages failed in the last day; last message: none that is still stored" in words


async def test_while_it_does_not_run_it_says_so_and_what_to_do(lived):
    await lived.stops()
    well, words = show_status(lived.settings(), as_json=False)
    assert not well
    assert NO_BOT.what in words
    assert "→ Start it: `tilth run`." in words
    assert "1 in the last day" in words
    await lived.starts()


async def test_a_job_that_hangs_and_posts_that_wait_are_told_with_their_fixes(lived):
    await beats(lived, sending=9)
    await lived.until("2026-10-12 08:59")
    lived.platform.adapter.faults.offline = True
    await lived.until("2026-10-12 09:30")
    found = read_status(lived.settings())
    assert "sending" in found.troubles[0].what
    assert any("should have gone out" in one.what for one in found.troubles), found.troubles
    assert all(one.fix for one in found.troubles)


async def test_it_is_told_to_a_program_as_well(lived):
    await beats(lived)
    well, words = show_status(lived.settings(), as_json=True)
    told = json.loads(words)
    assert told["well"] is well is True
    assert told["figures"]["answers_day"] == 1
    assert told["coming"][0]["name"] == "s1"


def test_before_the_first_start_there_is_nothing_to_read(tmp_path):
    from tests.stories.stage import settings_for

    found = read_status(settings_for(tmp_path, ""))
    assert found.database == "none yet"
    assert not (tmp_path / "tilth.db").exists(), "and nothing was made"


async def test_tables_of_another_version_are_named(lived):
    await lived.stops()
    with sqlite3.connect(lived.folder / "tilth.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = 'r9999'")
    raw.close()
    found = read_status(lived.settings())
    assert "another version" in found.troubles[0].what
    with sqlite3.connect(lived.folder / "tilth.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = 'r0001'")
    raw.close()
    await lived.starts()
