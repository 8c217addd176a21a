"""A process that is killed at any point (kill -9, for real) leaves one message behind, and a row that names it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery import outbox
from bot.store import Store
from bot.store.journal import Journal
from tests.delivery.rig import Rig, make_tables
from tests.delivery.victim import Disk, rig_on

NIGHTLY = bool(os.environ.get("NIGHTLY"))
ROOT = Path(__file__).parents[2]

POSTING = (
    "claiming", "claim written", "claimed", "opened", "guarded", "calling", "stored", "called", "before finish",
    "finish written", "finished",
)  # fmt: skip
LOOKING = (
    "recovery claim written",
    "recovery claimed",
    "recovery looked",
    "recovery written",
    "recovery finished",
)
SWEEPING = ("sweep claimed", "sweep looked", "sweep removed", "sweep written")

CASES = [
    *(("post", "posting", point) for point in POSTING),
    ("direct", "posting", "opened"),
    ("direct", "posting", "stored"),
    *(("post", "found", point) for point in LOOKING),
    *(("post", "absent", point) for point in (*LOOKING, "stored")),
    ("direct", "found", "recovery looked"),
    *(("post", "swept", point) for point in SWEEPING),
]


def kill(url: str, world: Path, verb: str, story: str, point: str, journal: Journal) -> None:
    command = [sys.executable, "-m", "tests.delivery.victim", url, str(world), verb, story, point, journal]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=100, check=False)
    assert done.returncode == -signal.SIGKILL, (point, done.returncode, done.stderr.decode()[-2000:])


async def live_on(rig: Rig, seconds: float) -> None:
    """The next process: no more than the sender's beats."""
    await rig.run(seconds, rig.another("next"))


@pytest.mark.slow
@pytest.mark.parametrize(("verb", "story", "point"), CASES, ids=lambda value: value)
def test_killed_at(database_url: str, tmp_path: Path, verb: str, story: str, point: str) -> None:
    is_once_after_a_kill(database_url, tmp_path, verb, story, point)


@pytest.mark.slow
@pytest.mark.skipif(not NIGHTLY, reason="for the night: the first journal is the one of most machines")
@pytest.mark.parametrize(("verb", "story", "point"), CASES, ids=lambda value: value)
def test_killed_at_with_a_rollback_journal(
    sqlite_url: str, tmp_path: Path, verb: str, story: str, point: str
) -> None:
    is_once_after_a_kill(sqlite_url, tmp_path, verb, story, point, "truncate")


def is_once_after_a_kill(
    database_url: str, tmp_path: Path, verb: str, story: str, point: str, journal: Journal = "auto"
) -> None:
    with Store.open(database_url, journal=journal) as store:
        make_tables(store)
    world = tmp_path / "world.db"
    kill(database_url, world, verb, story, point, journal)

    async def restart() -> None:
        disk = Disk(world)
        with Store.open(database_url, journal=journal) as store:
            rig = await rig_on(store, disk)
            found = store.read_now(lambda conn: outbox.find_by_key(conn, "it"))
            assert found is not None
            began = [found.created_at, found.lease_until, found.unclear_at, found.sent_at, found.sweep_at]
            rig.clock.set(max(at for at in began if at is not None) - timedelta(seconds=50))
            await live_on(rig, 180 if story != "swept" else 900)
            rig.once("it")
            rig.sound()
            await live_on(rig, 1200)
            rig.once("it")
            assert store.read_now(outbox.count_states)["duplicates_swept"] <= 1
        disk.close()

    asyncio.run(restart())
