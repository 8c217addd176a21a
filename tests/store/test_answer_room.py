"""The room that is made for whoever is being answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context, copy_context
from itertools import count
from typing import Any

from sqlalchemy import Connection

from bot.store import Store
from bot.store.answer_room import AnswerRoom
from bot.store.pieces import COMMIT
from bot.store.slices import work_through
from tests.store.gathering import held_up
from tests.store.test_waiting_line import Told

LONG = 30.0
"""Seconds of a pause that nobody waits for to the end."""


def tell(store: Store, told: Told, name: str) -> asyncio.Future[Any]:
    """Hand in what nobody waits for."""
    return asyncio.ensure_future(store.write(told.piece(name)))


async def test_what_nobody_waits_for_makes_room_for_who_is_being_answered(store: Store):
    store._writer.room, told, outside = AnswerRoom(LONG), Told(), copy_context()
    with store.answering("b"):
        waiting = outside.run(tell, store, told, "a")
        await asyncio.wait([waiting], timeout=0.1)
        told.order.append("b is answered")
    await waiting
    assert told.order == ["b is answered", "a"]


async def test_an_answer_that_writes_is_held_back_by_nothing(store: Store):
    store._writer.room, told, outside = AnswerRoom(LONG), Told(), copy_context()
    with store.answering("b"):
        waiting = outside.run(tell, store, told, "a")
        await asyncio.sleep(0)
        await asyncio.wait_for(store.write(told.piece("part of the answer")), LONG / 3)
        await asyncio.wait_for(told.ask(store, "b", "b asks"), LONG / 3)
    await waiting
    assert sorted(told.order) == ["a", "b asks", "part of the answer"]


async def test_nobody_is_held_back_once_all_are_answered(store: Store):
    store._writer.room, told, outside = AnswerRoom(LONG), Told(), copy_context()
    with store.answering("b"):
        with store.answering("c"):
            pass
        waiting = outside.run(tell, store, told, "a")
        await asyncio.wait([waiting], timeout=0.1)
        assert told.order == []
    await asyncio.wait_for(waiting, LONG / 3)


def test_all_pauses_together_are_no_longer_than_the_time_between_them():
    now = [0.0]
    room = AnswerRoom(10.0, lambda: now[0])
    looks = count()

    def pause() -> float:
        def look() -> bool:
            now[0] += 1
            next(looks)
            return False

        begun = now[0]
        room.make(look)
        return now[0] - begun

    with room.answering("b"):
        assert pause() == 10
        assert pause() == 1, "no time is left, and a look takes one all the same"
        now[0] += 5
        assert pause() == 5 - 1
        now[0] += 100
        assert pause() == 10
    assert room.count == 0


async def test_what_is_written_for_somebody_who_is_answered_goes_before_what_others_told(store: Store):
    order: list[str] = []
    with held_up(store):
        told = asyncio.ensure_future(store.write(lambda _conn: order.append("told")))
        await asyncio.sleep(0)
        with store.answering("ada"):
            asked = asyncio.ensure_future(store.write(lambda _conn: order.append("asked")))
            await asyncio.sleep(0)
        assert store.waits_for("ada")
    await asyncio.gather(told, asked)
    assert order == ["asked", "told"]


async def test_what_goes_on_after_an_answer_is_done_for_nobody_who_waits(store: Store):
    order: list[str] = []
    answered = asyncio.Event()

    async def go_on() -> None:
        await answered.wait()
        await store.write(lambda _conn: order.append("went on"))

    with store.answering("ada"):
        later = asyncio.ensure_future(go_on())
        await asyncio.sleep(0)
    with held_up(store):
        told = asyncio.ensure_future(store.write(lambda _conn: order.append("told")))
        await asyncio.sleep(0)
        answered.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await asyncio.gather(told, later)
    assert order == ["told", "went on"]


async def test_a_piece_of_a_long_work_ends_where_somebody_is_answered(store: Store):
    asking, elsewhere = store.answering("ada"), Context()
    pieces = await pieces_of_six(store, lambda: elsewhere.run(asking.__enter__))
    elsewhere.run(asking.__exit__, None, None, None)
    assert pieces[0] == 2, "what came after the second was left to the next piece"
    assert pieces[-1] == 6


async def test_a_long_work_for_whoever_is_answered_does_not_make_room_for_them(store: Store):
    with store.answering("ada"):
        assert await pieces_of_six(store, lambda: None) == [6]


async def pieces_of_six(store: Store, at_two: Callable[[], object]) -> list[int]:
    """How many of six things were done after each piece; something happens when two are done."""
    store.times.clock = lambda: 0.0
    done, found = 0, list[int]()

    def do(_conn: Connection, number: int) -> None:
        nonlocal done
        done += 1
        if number == 2:
            at_two()

    store.times.watch = lambda piece: found.append(done) if piece.name == COMMIT else None
    await work_through(store, range(1, 7), do)
    return found
