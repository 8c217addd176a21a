"""An erasure is made of pieces: whoever is killed between two of them ends it at the next start, and nobody is told before."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.feature import DataSubject
from bot.people import tables as people
from bot.people.accounts import accounts_of
from bot.people.begun_erasures import list_erasing
from bot.store.pieces import COMMIT, PieceTime
from tests.stories.stage import Stage, staged
from tests.stories.traces import search_tables

ROOT = Path(__file__).parents[2]
WORDS = ("Zorvex-thread", "Ada Quinn")
pytestmark = pytest.mark.only("local", reason="what is stored is the core's")


@pytest.fixture
async def stage(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    """Ada and Ben answered in the thread, and the digest is out."""
    async with staged(tmp_path, url=database_url, on_disk=False) as one:
        await one.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await one.until("2026-10-05 09:00")
        await one.says("ada", "Zorvex-thread", thread=one.prompts()[0])
        await one.says("ben", "Ben's own.", thread=one.prompts()[0])
        await one.until("2026-10-09 12:00")
        yield one


async def who(stage: Stage, name: str) -> int:
    named = select(people.member.c.id).where(people.member.c.name == name)
    return int(await stage.app.store.read(lambda conn: conn.execute(named).scalar_one()))


async def under_way(stage: Stage) -> list[tuple[int, int]]:
    return await stage.app.store.read(list_erasing)


async def erases(stage: Stage, who: str) -> None:
    form = await stage.asks(who, "/my data delete")
    assert "erased" in stage.text(await stage.fills_in(who, form, word="DELETE"))


def kill(folder: Path, url: str, now: datetime, member_id: int, pieces: int) -> None:
    """Another process erases a member and is killed in the so-manieth piece of it."""
    words = [str(folder), url, now.isoformat(), str(member_id), str(pieces)]
    command = [sys.executable, "-m", "tests.stories.erasing_victim", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=100, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]


@pytest.mark.slow
@pytest.mark.parametrize("pieces", [1, 2, 4, 12])
async def test_whoever_is_killed_between_two_pieces_of_an_erasure_ends_it_at_the_next_start(
    stage, database_url, tmp_path, pieces
):
    ada = await who(stage, "Ada Quinn")
    await stage.stops()
    kill(tmp_path, database_url, stage.clock.now(), ada, pieces)
    await stage.starts()
    assert await under_way(stage) == []
    assert search_tables(stage.app.store, WORDS) == set()
    await stage.settles()
    assert "Zorvex" not in stage.text(stage.digests()[0])
    assert await stage.answers() == {"Ben Okafor": "Ben's own."}
    assert await stage.broken() == []


async def test_what_another_process_began_to_erase_is_erased_within_minutes(stage):
    ada, home = (
        await who(stage, "Ada Quinn"),
        await stage.app.store.read(lambda conn: people.community_by_id(conn, 1)),
    )
    accounts = await stage.app.store.read(lambda conn: accounts_of(conn, 1, ada))
    whose = DataSubject(home, ada, tuple(accounts), stage.clock.now())
    await stage.app.store.write(partial(stage.app.erasure.begin, subject=whose))
    assert await under_way(stage) == [(1, ada)]
    assert search_tables(stage.app.store, WORDS)
    [again] = [job for job in stage.app.runner.jobs if job.name == "forgetting again"]
    assert again.seconds <= 300
    await again.run()
    assert await under_way(stage) == []
    assert search_tables(stage.app.store, WORDS) == set()


async def test_an_erasure_is_many_pieces_and_told_when_nothing_is_left(stage):
    pieces: list[PieceTime] = []
    stage.app.store.times.watch = pieces.append
    await erases(stage, "ada")
    stage.app.store.times.watch = None
    assert len([one for one in pieces if one.name != COMMIT]) > 10
    assert await under_way(stage) == []
    assert search_tables(stage.app.store, WORDS) == set()
    await stage.later(minutes=5)
    await stage.says("ada", "Here I am again.", thread=stage.prompts()[0])
    assert await stage.answers() == {"Ada Quinn": "Here I am again.", "Ben Okafor": "Ben's own."}
