"""The room that the writer makes for whoever is being answered."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from itertools import count
from typing import Any

import pytest

from bot.store import Store
from bot.store.askers import Askers
from tests.store.test_waiting_line import Told

LONG = 30.0
"""Seconds of a pause that nobody waits for to the end."""


@pytest.fixture(autouse=True)
def patience(store: Store) -> None:
    store.askers._pause = store.askers._spare = LONG


def tell(store: Store, told: Told, name: str) -> asyncio.Future[Any]:
    """Hand in what nobody waits for."""
    return asyncio.ensure_future(store.write(told.piece(name)))


async def test_what_nobody_waits_for_makes_room_for_who_is_being_answered(store: Store):
    told, outside = Told(), copy_context()
    with store.answering("b"):
        waiting = outside.run(tell, store, told, "a")
        await asyncio.wait([waiting], timeout=0.1)
        told.order.append("b is answered")
    await waiting
    assert told.order == ["b is answered", "a"]


async def test_an_answer_that_writes_is_held_back_by_nothing(store: Store):
    told, outside = Told(), copy_context()
    with store.answering("b"):
        waiting = outside.run(tell, store, told, "a")
        await asyncio.sleep(0)
        await asyncio.wait_for(store.write(told.piece("part of the answer")), LONG / 3)
        await asyncio.wait_for(told.ask(store, "b", "b asks"), LONG / 3)
    await waiting
    assert sorted(told.order) == ["a", "b asks", "part of the answer"]


async def test_nobody_is_held_back_once_all_are_answered(store: Store):
    told, outside = Told(), copy_context()
    with store.answering("b"):
        with store.answering("c"):
            pass
        waiting = outside.run(tell, store, told, "a")
        await asyncio.wait([waiting], timeout=0.1)
        assert told.order == []
    await asyncio.wait_for(waiting, LONG / 3)


def test_all_pauses_together_are_no_longer_than_the_time_between_them():
    now = [0.0]
    room = Askers(10.0, lambda: now[0])
    looks = count()

    def pause() -> float:
        def look() -> bool:
            now[0] += 1
            next(looks)
            return False

        begun = now[0]
        room.make_room(look)
        return now[0] - begun

    with room.answering("b"):
        assert pause() == 10
        assert pause() == 1, "no time is left, and a look takes one all the same"
        now[0] += 5
        assert pause() == 5 - 1
        now[0] += 100
        assert pause() == 10
    assert not room.has_any()
