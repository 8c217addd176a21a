"""What is too old goes in slices, each short, and a process that is killed between two of them loses nothing of that."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot.chat.language import speaking
from bot.people import audit
from bot.runtime.clock import SteerableClock
from bot.store.migrate import upgrade
from bot.store.retention import DAY, Retention, describe_retention
from bot.store.store import Store
from bot.upkeep import FIRST, MOST, SLICE, Upkeep
from tests.store.old_changes import NOW, OLD, audit_retention, fill_audit, run_upkeep

ROOT = Path(__file__).parents[2]


def count_changes(store: Store) -> int:
    return store.read_now(
        lambda conn: conn.execute(select(func.count()).select_from(audit.audit)).scalar_one()
    )


def test_a_removal_that_was_killed_between_two_slices_is_finished_at_the_next_start(database_url):
    upgrade(database_url)
    with Store.open(database_url) as store:
        store.write_now(lambda conn: fill_audit(conn, 500))
    command = [sys.executable, "-m", "tests.store.old_changes", database_url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=100, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
    with Store.open(database_url) as store:
        left = count_changes(store)
        assert 2 < left < 502, "some slices are gone for good, others are still there"
        asyncio.run(run_upkeep(store))
        assert count_changes(store) == 2, "what is not too old stays"


def test_a_slice_that_holds_the_writer_for_too_long_is_followed_by_smaller_ones(sqlite_url):
    slices = _slices(sqlite_url, seconds_for_each=SLICE / 40)
    assert slices[:5] == [100, 50, 25, 25, 25], "more than forty take too long"


def test_a_slice_that_is_quickly_done_is_followed_by_larger_ones(sqlite_url):
    assert _slices(sqlite_url, seconds_for_each=0, rows=3000) == [FIRST, 200, 400, 800, MOST, 500]


def _slices(url: str, seconds_for_each: float, rows: int = 400) -> list[int]:
    """How many rows each slice removed, by a clock that knows how long a row takes."""
    upgrade(url)
    passed, sizes = [0.0], []
    kind = audit_retention()

    def remove(conn, found, before):
        sizes.append(len(found))
        passed[0] += seconds_for_each * len(found)
        return kind.remove(conn, found, before)

    with Store.open(url) as store:
        store.write_now(lambda conn: fill_audit(conn, rows))
        slow = Retention(kind.kind, kind.kept, kind.find, remove)
        upkeep = Upkeep(store, SteerableClock(NOW), None, None, (slow,), seconds=lambda: passed[0])
        asyncio.run(upkeep.tidy())
        assert count_changes(store) == 2
    return sizes


def test_what_cannot_be_removed_does_not_hold_up_the_rest(sqlite_url):
    upgrade(sqlite_url)
    stuck = Retention("stuck", DAY, lambda conn, before, limit: [1], lambda conn, found, before: 0)
    with Store.open(sqlite_url) as store:
        store.write_now(lambda conn: fill_audit(conn, 5))
        asyncio.run(Upkeep(store, SteerableClock(NOW), None, None, (stuck, audit_retention())).tidy())
        assert count_changes(store) == 2


def test_what_changed_after_it_was_found_stays(sqlite_url):
    upgrade(sqlite_url)
    kind = audit_retention()
    with Store.open(sqlite_url) as store:
        store.write_now(lambda conn: fill_audit(conn, 3))
        found = store.read_now(lambda conn: kind.find(conn, NOW, 100))
        assert store.write_now(lambda conn: kind.remove(conn, found, OLD - DAY)) == 0
        assert count_changes(store) == 5


def kind_of(words: str, kept: timedelta | None) -> Retention:
    """A kind of data of which only the words and the age matter."""
    return Retention(
        words or "hidden", kept, lambda conn, before, limit: [], lambda conn, found, before: 0, words
    )


def test_how_long_things_are_kept_is_told_from_the_shortest_to_for_ever():
    ages = (("b", DAY * 30), ("a", DAY), ("c", None), ("d", DAY * 30), ("", DAY * 7))
    told = describe_retention(kind_of(words, kept) for words, kept in ages)
    assert told == "**1 day**: a. **30 days**: b, d. **Until you delete it**: c."


def test_how_long_things_are_kept_is_told_in_the_readers_language():
    kinds = (kind_of("your answers", None), kind_of("that I wrote to you", DAY * 30))
    with speaking("es_US"):
        told = describe_retention(kinds)
    assert told == "**30 días**: que te escribí. **Hasta que lo borres**: tus respuestas."
