"""Who is being answered goes first, and long works make way for them."""

from __future__ import annotations

import asyncio
from contextvars import Context

import pytest
from sqlalchemy import Connection

from bot.store import Store, askers
from bot.store.pieces import COMMIT
from bot.store.slices import work_through
from tests.store.gathering import held_up
from tests.store.tables import add, counts

NAMES = [f"c{number}" for number in range(6)]


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is waited for so long that the machine's own slowness decided."""
    monkeypatch.setattr(askers, "MOMENT", 60.0)


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
    loop, committed = asyncio.get_running_loop(), asyncio.Event()
    store.times.clock = lambda: 0.0
    store.times.watch = lambda one: loop.call_soon_threadsafe(committed.set) if one.name == COMMIT else None
    asking, elsewhere = store.answering("ada"), Context()

    def do(conn: Connection, name: str) -> None:
        add(conn, name=name)
        if name == NAMES[1]:
            elsewhere.run(asking.__enter__)

    work = asyncio.ensure_future(work_through(store, NAMES, do))
    await committed.wait()
    assert len(store.read_now(counts)) == 2, "what came after the second was left to the next piece"
    assert not work.done()
    elsewhere.run(asking.__exit__, None, None, None)
    assert await work == len(NAMES)


async def test_the_next_piece_begins_when_they_are_answered(store: Store):
    with store.answering("ada"), store.answering("ben"):
        work = asyncio.get_running_loop().create_task(_work_elsewhere(store))
        for _ in range(5):
            await asyncio.sleep(0)
        await store.write(lambda _conn: None)
        assert store.read_now(counts) == {}
    assert await work == len(NAMES)


async def test_whoever_is_answered_for_long_keeps_no_work_away(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(askers, "MOMENT", 0.001)
    with store.answering("ada"), store.answering("ben"):
        assert await _work_elsewhere(store) == len(NAMES)


async def test_a_long_work_for_whoever_is_answered_does_not_wait_for_them(store: Store):
    with store.answering("ada"):
        assert await asyncio.wait_for(_work_elsewhere(store), 30) == len(NAMES)


async def _work_elsewhere(store: Store) -> int:
    return await work_through(store, NAMES, lambda conn, name: add(conn, name=name))
