"""The line in front of the writer: whoever waits for an answer goes first, and nobody's own order changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from sqlalchemy import Connection

from bot.store import Store
from bot.store.foresight import PieceOfSet
from bot.store.waiting_line import WaitingLine, WaitingPiece
from tests.store.gathering import Ledger, held_up

SLOW = 0.02
"""Seconds on the writer's own clock that a message takes here: longer than a transaction takes in while somebody waits."""


class Told:
    """Messages that leave their names in the order in which they are stored."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.foreseen: list[int] = []

    def foresee(self, _conn: Connection, about: Sequence[str]) -> None:
        self.foreseen.append(len(about))

    def do(self, _conn: Connection, name: str) -> None:
        self.order.append(name)

    def piece(self, name: str) -> PieceOfSet[str, None]:
        return PieceOfSet(self, self.do, name, teller=name[:1])

    def ask(self, store: Store, who: str, name: str) -> asyncio.Future[None]:
        return asyncio.ensure_future(store.write(lambda conn: self.do(conn, name), asker=who))


async def test_who_asks_goes_before_what_others_told(store: Store):
    told, ledger = Told(), Ledger(store)
    with held_up(store):
        waiting: list[Any] = [asyncio.ensure_future(store.write(told.piece(f"a{n}"))) for n in range(3)]
        waiting.append(told.ask(store, "b", "b asks"))
        waiting.append(told.ask(store, "c", "c asks"))
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert told.order == ["b asks", "c asks", "a0", "a1", "a2"]
    assert ledger.commits == 1 + 2  # who asks does not wait for the others to be committed


async def test_it_is_known_whose_words_are_not_kept_yet(store: Store):
    told = Told()
    with held_up(store):
        waiting: list[Any] = [asyncio.ensure_future(store.write(told.piece("a1")))]
        waiting.append(told.ask(store, "b", "b asks"))
        await asyncio.sleep(0)
        assert [store.waits_for(one) for one in "abc"] == [True, True, False]
    await asyncio.gather(*waiting)
    assert [store.waits_for(one) for one in "abc"] == [False, False, False]


async def test_what_somebody_told_is_kept_before_they_are_answered(store: Store):
    told = Told()
    with held_up(store):
        names = ("x0", "b0", "x1", "b1")
        waiting: list[Any] = [asyncio.ensure_future(store.write(told.piece(name))) for name in names]
        waiting.append(told.ask(store, "b", "b asks"))
        waiting.append(asyncio.ensure_future(store.write(told.piece("b2"))))
        waiting.append(asyncio.ensure_future(store.write(told.piece("x2"))))
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert told.order == ["b0", "b1", "b asks", "x0", "x1", "b2", "x2"]


async def test_a_long_transaction_ends_where_somebody_asks_and_the_rest_is_kept(store: Store):
    told, ledger = Told(), Ledger(store)
    waiting, interrupted = await interrupt(store, told, lambda: [told.ask(store, "b", "b asks")])
    await asyncio.gather(*waiting, *interrupted)
    assert told.order == ["a0", "a1", "b asks", "a2", "a3"]
    assert told.foreseen == [4, 2]
    assert ledger.commits == 1 + 3


async def test_what_a_transaction_had_no_time_for_is_kept_when_the_store_closes(store: Store):
    told = Told()
    last = lambda: [told.ask(store, "b", "b asks"), asyncio.ensure_future(store.close())]
    _waiting, (_asked, closing) = await interrupt(store, told, last)
    await closing
    assert told.order == ["a0", "a1", "b asks", "a2", "a3"]


async def interrupt(
    store: Store, told: Told, meanwhile: Callable[[], list[Any]]
) -> tuple[list[Any], list[Any]]:
    """Tell four messages, and let the loop do something while the writer is busy with the second; each is slow."""
    loop = asyncio.get_running_loop()
    interrupted: asyncio.Future[list[Any]] = loop.create_future()

    def do(conn: Connection, name: str) -> None:
        told.do(conn, name)
        if name == "a1":
            loop.call_soon_threadsafe(lambda: interrupted.set_result(meanwhile()))
            for _ in range(2):  # a turn for the tasks that were made, which hand their work in
                asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(30)

    with held_up(store):
        pieces = [PieceOfSet(told, do, f"a{number}", teller="a") for number in range(4)]
        waiting = [asyncio.ensure_future(store.write(one)) for one in pieces]
        await asyncio.sleep(0)
        moments = count()
        store.times.clock = lambda: next(moments) * SLOW
    return waiting, await interrupted


async def test_a_crowd_that_asks_does_not_keep_away_what_is_told():
    line = WaitingLine(100)
    for number in range(6):
        line.put(piece(f"t{number}"))
        line.put(piece(f"q{number}", asker=number))
    rounds = [names(line.take(2)) for _ in range(6)]
    assert rounds == [["q0", "q1"], ["t0", "t1"], ["q2", "q3"], ["t2", "t3"], ["q4", "q5"], ["t4", "t5"]]


async def test_what_there_was_no_time_for_is_the_next_of_its_kind():
    line = WaitingLine(100)
    for name in ("t0", "t1", "t2"):
        line.put(piece(name))
    first = line.take(9)
    line.put(piece("t3"))
    line.put(piece("q", asker="q"))
    assert line.has_asker()
    line.put_back(first[1:])
    assert [names(line.take(9)) for _ in range(2)] == [["q"], ["t1", "t2", "t3"]]


async def test_bare_work_has_a_round_to_itself_and_who_asks_goes_before_it():
    line = WaitingLine(100)
    for name in ("t0", "t1"):
        line.put(piece(name))
    line.put(piece("bare", bare=True))
    line.put(piece("t2"))
    line.put(piece("q", asker="q"))
    line.close()
    rounds = [names(line.take(9)) for _ in range(5)]
    assert rounds == [["q"], ["t0", "t1"], ["bare"], ["t2"], []]


def piece(name: str, **how: Any) -> WaitingPiece[str]:
    return WaitingPiece(lambda _conn: name, asyncio.Future(), None, **how)


def names(pieces: Sequence[WaitingPiece[str]]) -> list[str]:
    return [one.work(None) for one in pieces]
