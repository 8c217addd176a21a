"""Sets: pieces of one kind ask and write together, in their order, and each has its own result."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.store import Store
from bot.store.foresight import LaterWork, PieceOfSet, SetQuestion, do_later, remember, take_answer
from tests.store.gathering import Ledger, together
from tests.store.tables import add, counter, counts, jot

COUNT = SetQuestion.about(counter)
ASK = object()


def add_all(conn: Connection, names: Any) -> None:
    LATER_CALLS.append(len(names))
    for name in names:
        add(conn, name)


ADDED = LaterWork(1, add_all)
LATER_CALLS: list[int] = []


@dataclass
class Adding:
    """Adds one to a counter, and tells what it was before; `asked` is what nobody had foreseen."""

    asked: list[str] = field(default_factory=list)
    sets: list[int] = field(default_factory=list)
    spoil: str = ""

    def foresee(self, conn: Connection, about: Any) -> None:
        self.sets.append(len(about))
        now = counts(conn)
        firsts = {name: now.get(name, 0) for name in dict.fromkeys(about)}
        remember(conn, COUNT, firsts)

    def do(self, conn: Connection, name: str) -> int:
        if name == "fails":
            raise KeyError(name)
        known = take_answer(conn, COUNT, name, ASK)
        if known is ASK:
            self.asked.append(name)
            known = counts(conn).get(name, 0)
        do_later(conn, ADDED, name)
        if name == self.spoil:
            conn.execute(select(counter)).all()
        return int(known)

    def piece(self, name: str) -> PieceOfSet[str, int]:
        return PieceOfSet(self, self.do, name)


@pytest.fixture(autouse=True)
def no_calls() -> None:
    LATER_CALLS.clear()


async def test_a_set_asks_and_writes_once(store: Store):
    kind, ledger = Adding(), Ledger(store)
    results = await together(store, *(kind.piece(f"c{n}") for n in range(20)))
    assert (results, kind.sets, kind.asked, LATER_CALLS) == ([0] * 20, [20], [], [20])
    assert ledger.commits == 2
    assert store.read_now(counts) == {f"c{n}": 1 for n in range(20)}


async def test_a_piece_that_asks_by_itself_sees_what_was_put_off(store: Store):
    kind = Adding()
    assert await together(store, *map(kind.piece, ("a", "a", "b", "a"))) == [0, 1, 0, 2]
    assert kind.asked == ["a", "a"]
    assert store.read_now(counts) == {"a": 3, "b": 1}


async def test_a_question_of_another_kind_comes_after_what_was_put_off(store: Store):
    kind = Adding(spoil="b")
    assert await together(store, *map(kind.piece, ("a", "b", "c"))) == [0, 0, 0]
    assert LATER_CALLS == [2, 1]


async def test_what_is_written_by_hand_makes_nobody_see_what_was(store: Store):
    kind = Adding()

    def meddle(conn: Connection, name: str) -> int:
        add(conn, "b")
        return kind.do(conn, name)

    results = await together(store, kind.piece("a"), PieceOfSet(kind, meddle, "x"), kind.piece("b"))
    assert results == [0, 0, 1]
    assert store.read_now(counts) == {"a": 1, "b": 2, "x": 1}


async def test_the_order_of_kinds_is_kept(store: Store):
    one, other = Adding(), Adding()
    pieces = (one.piece("a"), one.piece("b"), other.piece("a"), partial(add, name="a"), one.piece("a"))
    assert await together(store, *pieces) == [0, 0, 1, None, 3]
    assert (one.sets, other.sets) == ([2], [])


async def test_one_that_fails_takes_nobody_with_it(store: Store):
    kind = Adding()
    results = await together(store, *map(kind.piece, ("a", "b", "fails", "c")), partial(jot, id=1))
    assert [type(one) for one in results] == [int, int, KeyError, int, type(None)]
    assert store.read_now(counts) == {"a": 1, "b": 1, "c": 1}


async def test_a_set_that_cannot_look_ahead_is_done_one_by_one(store: Store):
    kind = Adding()
    kind.foresee = lambda _conn, _about: {}["nothing"]  # type: ignore[method-assign]
    assert await together(store, *map(kind.piece, ("a", "a", "b"))) == [0, 1, 0]
    assert store.read_now(counts) == {"a": 2, "b": 1}
