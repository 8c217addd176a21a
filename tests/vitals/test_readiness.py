"""Readiness asks the database and the platforms, and says in words what is away."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery import pacing
from bot.runtime.clock import SteerableClock
from bot.store.migrate import upgrade
from bot.store.sqlite import sqlite3
from bot.store.store import Store
from bot.vitals.readiness import Readiness

START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


class Tower:
    """A platform that is there or not."""

    platform = "tower"

    def __init__(self) -> None:
        self.why = ""
        self.refuses = ""
        self.asked = 0

    @property
    def ready(self) -> bool:
        return not self.why

    async def check_credentials(self) -> None:
        self.asked += 1
        self.why = self.why or self.refuses
        await asyncio.sleep(0)


@pytest.fixture
def store(sqlite_url):
    upgrade(sqlite_url)
    with Store.open(sqlite_url, busy_seconds=0.05) as store:
        yield store


@pytest.fixture
def tower():
    return Tower()


@pytest.fixture
def readiness(store, tower, monkeypatch):
    monkeypatch.setattr("bot.vitals.readiness.FRESH", -1.0)
    return Readiness(store, SteerableClock(START), [tower], lambda: True)


async def test_it_is_ready_when_the_database_keeps_and_the_platforms_tell(readiness, tower):
    assert await readiness.find_problem() is None
    tower.why = "the line is cut"
    assert await readiness.find_problem() == "tower: the line is cut"
    tower.why, tower.refuses = "", "token_revoked"
    assert await readiness.find_problem() == "tower: token_revoked"


async def test_a_database_that_keeps_nothing_is_told_though_it_can_be_read(readiness, sqlite_url):
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "database is busy" in await readiness.find_problem()
    assert await readiness.find_problem() is None


async def test_a_space_that_refuses_us_is_told_and_one_that_was_left_is_not(readiness, store):
    store.write_now(
        lambda conn: pacing.open_circuit(conn, "tower:1", "", START + timedelta(minutes=1), "token_revoked")
    )
    store.write_now(
        lambda conn: pacing.open_circuit(conn, "tower:1", "c1", START + timedelta(hours=1), "no_channel")
    )
    store.write_now(lambda conn: pacing.leave_space(conn, "tower:2", START))
    assert await readiness.find_problem() == "tower:1 refuses us: token_revoked"
    readiness._clock.advance(timedelta(minutes=2))
    assert await readiness.find_problem() is None


async def test_many_who_ask_at_once_are_one_question(store, tower):
    readiness = Readiness(store, SteerableClock(START), [tower], lambda: True)
    assert await asyncio.gather(*(readiness.find_problem() for _ in range(50))) == [None] * 50
    assert tower.asked == 1


async def test_what_has_not_started_is_not_ready(store, tower):
    assert (
        await Readiness(store, SteerableClock(START), [tower], lambda: False).find_problem()
        == "not started yet"
    )
