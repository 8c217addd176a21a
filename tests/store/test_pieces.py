"""What held the one writer is known: which piece of work, and for how long."""

from __future__ import annotations

import logging
from functools import partial
from itertools import count

import pytest

from bot.store import Store
from bot.store.pieces import COMMIT, WARN, PieceTime, name_work
from bot.store.slices import wrap
from tests.store.tables import add, counts


def steps(store: Store, seconds: float) -> None:
    """Let each reading of the clock be so many seconds after the one before."""
    ticks = count()
    store.times.clock = lambda: next(ticks) * seconds


async def test_the_longest_piece_is_kept_with_its_name(sqlite_store: Store):
    seen: list[PieceTime] = []
    store = sqlite_store
    store.times.watch = seen.append
    await store.write(partial(add, name="a"))
    assert [one.name for one in seen] == ["tests.store.tables.add", COMMIT]
    store.times.clock = iter((0.0, 9.0, 9.0, 9.1, 20.0, 21.0, 21.0, 21.1)).__next__
    await store.write(counts)
    await store.write(partial(add, name="a"))
    assert store.times.longest == PieceTime("tests.store.tables.counts", 9.0)


async def test_a_piece_that_takes_long_is_named_in_the_log_and_nothing_of_its_words(
    sqlite_store: Store, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.WARNING)
    steps(sqlite_store, WARN / 2)
    await sqlite_store.write(partial(add, name="The late bus."))
    assert caplog.text == ""
    steps(sqlite_store, WARN * 2)
    await sqlite_store.write(partial(add, name="The late bus."))
    assert "tests.store.tables.add held the writer for 500 ms" in caplog.text
    assert "late bus" not in caplog.text


def test_a_piece_has_the_name_of_what_does_the_work():
    def outer() -> None:
        """Is wrapped around it."""

    assert name_work(partial(wrap(outer, partial(add, name="a")))) == "tests.store.tables.add"
    assert name_work(Store.write) == "store.store.Store.write"
