"""A long work is cut into pieces by the clock of the store, and each thing is done once."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import Connection, insert, select, update

from bot.store import Store
from bot.store.foresight import LaterWork, SetQuestion, ask_once, asking_once, do_later
from bot.store.slices import SLICE, Slice, work_in_slices, work_through
from tests.store.tables import add, counter, counts

COUNT = SetQuestion.about(counter)


class Stopwatch:
    """A clock that stands still until somebody spends time."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def watch(sqlite_store: Store) -> Stopwatch:
    one = Stopwatch()
    sqlite_store.times.clock = one
    return one


async def lengths(store: Store, work) -> list[float]:
    """For how long each piece held the writer while something was done."""
    found: list[float] = []
    store.times.watch = lambda piece: found.append(round(piece.seconds, 6)) if piece.seconds else None
    await work
    return found


async def test_what_the_things_of_a_piece_ask_alike_is_asked_once_until_it_changes(sqlite_store, watch):
    asked: list[int] = []

    def ask(conn: Connection) -> dict[str, int]:
        asked.append(1)
        return counts(conn)

    def do(conn: Connection, n: int) -> None:
        known = ask_once(conn, COUNT, "all", lambda: ask(conn))
        assert known == counts(conn), "nothing is seen as it was before"
        if n == 2:
            add(conn, name="c")

    await work_through(sqlite_store, range(5), do, first=100)
    assert len(asked) == 2


async def test_what_was_found_in_a_savepoint_that_is_rolled_back_is_asked_again(sqlite_store, watch):
    def do(conn: Connection, _n: int) -> None:
        with suppress(KeyError), conn.begin_nested():
            add(conn, name="c")
            assert ask_once(conn, COUNT, "all", lambda: counts(conn)) == {"c": 1}
            raise KeyError
        assert ask_once(conn, COUNT, "all", lambda: counts(conn)) == {}

    await work_through(sqlite_store, range(2), do)


async def test_a_set_within_a_piece_is_its_own_and_the_piece_asks_again_afterwards(sqlite_store, watch):
    later: list[str] = []
    put_off = LaterWork(1, lambda _conn, items: later.extend(items))

    def do(conn: Connection, _n: int) -> None:
        assert ask_once(conn, COUNT, "all", lambda: counts(conn)) == {}
        do_later(conn, put_off, "before")
        with suppress(KeyError), conn.begin_nested(), asking_once(conn):
            assert later == ["before"]
            add(conn, name="c")
            do_later(conn, put_off, "never: it is rolled back")
            raise KeyError
        assert ask_once(conn, COUNT, "all", lambda: counts(conn)) == {}
        do_later(conn, put_off, "after")

    await work_through(sqlite_store, range(1), do)
    assert later == ["before", "after"]


async def test_no_piece_takes_longer_than_a_slice_and_each_thing_is_done_once(sqlite_store, watch):
    def do(conn: Connection, n: int) -> None:
        add(conn, name=f"c{n}")
        watch.at += 0.004

    held = await lengths(sqlite_store, work_through(sqlite_store, range(20), do, first=100))
    assert max(held) <= SLICE
    assert sqlite_store.read_now(counts) == {f"c{n}": 1 for n in range(20)}
    assert 7 <= len(held) <= 10


async def test_a_thing_that_takes_longer_than_a_slice_has_a_piece_of_its_own(sqlite_store, watch):
    def do(conn: Connection, n: int) -> None:
        add(conn)
        watch.at += 0.1

    held = await lengths(sqlite_store, work_through(sqlite_store, range(3), do))
    assert held == [0.1, 0.1, 0.1]


async def test_what_is_quick_goes_in_few_pieces(sqlite_store):
    pieces: list[int] = []

    def work(conn: Connection, piece: Slice) -> None:
        left = 1000 - sum(pieces)
        pieces.append(len(list(piece.each(range(min(left, piece.limit))))))

    sqlite_store.times.clock = lambda: 0.0
    assert await work_in_slices(sqlite_store, work) == 1000
    assert len(pieces) <= 10


async def test_a_work_goes_on_until_it_finds_no_more_or_enough_was_done(sqlite_store, watch):
    async def run(in_all: int | None = None) -> int:
        sqlite_store.write_now(lambda conn: conn.execute(update(counter).values(n=1)).rowcount)
        return await work_in_slices(sqlite_store, work, in_all=in_all)

    def work(conn: Connection, piece: Slice) -> None:
        due = conn.execute(select(counter.c.name).where(counter.c.n == 1).limit(piece.limit)).scalars().all()
        for name in piece.each(due):
            conn.execute(update(counter).where(counter.c.name == name).values(n=2))
            watch.at += 0.006

    rows = [{"name": f"c{n}", "n": 1} for n in range(25)]
    sqlite_store.write_now(lambda conn: conn.execute(insert(counter), rows).rowcount)
    assert await run() == 25
    assert set(sqlite_store.read_now(counts).values()) == {2}
    assert 10 <= await run(10) < 13


async def test_what_was_done_before_a_fault_stays_and_the_rest_is_still_there(sqlite_store, watch):
    done: list[int] = []

    def do(conn: Connection, n: int) -> None:
        if n == 7:
            raise RuntimeError("the process ends here")
        add(conn, name=f"c{n}")
        watch.at += 0.006
        done.append(n)

    with pytest.raises(RuntimeError, match="ends here"):
        await work_through(sqlite_store, range(10), do, first=2)
    assert set(sqlite_store.read_now(counts)) == {f"c{n}" for n in range(6)}
