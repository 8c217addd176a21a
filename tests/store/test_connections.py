"""What may become of a connection to PostgreSQL, and of the work on it."""

import asyncio
import threading
from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import Connection, event, text

from bot.store import Store, StoreUnavailable, WriteUnclear
from tests.store.gathering import together
from tests.store.tables import add, counts, tables

pytestmark = pytest.mark.postgres


def end_connections(store: Store) -> None:
    """Have the server end every other connection to this database."""
    kill = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with store._reading.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(kill)


@pytest.fixture
def postgres_store(postgres_url: str) -> Iterator[Store]:
    with Store.open(postgres_url) as store:
        store.write_now(tables.create_all)
        yield store


async def test_a_connection_killed_between_writes_is_made_anew(postgres_store: Store):
    await postgres_store.write(add)
    end_connections(postgres_store)
    await postgres_store.write(add)
    end_connections(postgres_store)
    assert await asyncio.gather(*(postgres_store.write(add) for _ in range(5))) == [None] * 5
    assert await postgres_store.read(counts) == {"a": 7}


async def test_a_connection_killed_in_the_middle_of_work_costs_nothing(postgres_store: Store):
    times = []

    def interrupted(conn: Connection) -> None:
        add(conn)
        if not times:
            end_connections(postgres_store)
        times.append(1)
        add(conn)

    assert await together(postgres_store, add, interrupted, add) == [None] * 3
    assert postgres_store.read_now(counts) == {"a": 4}


async def test_work_that_always_loses_its_connection_fails_alone(postgres_store: Store):
    def fatal(conn: Connection) -> None:
        end_connections(postgres_store)
        add(conn)

    results = await together(postgres_store, add, fatal, add)
    assert [type(result) for result in results] == [type(None), StoreUnavailable, type(None)]
    assert postgres_store.read_now(counts) == {"a": 2}


async def test_a_connection_killed_at_commit_is_unclear_and_nothing_is_repeated(postgres_store: Store):
    runs = []

    def work(conn: Connection) -> None:
        runs.append(1)
        add(conn)

    event.listen(postgres_store._writing, "commit", lambda _: end_connections(postgres_store), once=True)
    with pytest.raises(WriteUnclear, match="died during COMMIT"):
        await postgres_store.write(work)
    assert runs == [1]
    await postgres_store.write(add)
    assert postgres_store.read_now(counts) == {"a": 1}


async def test_a_collision_is_tried_again_a_few_times(postgres_store: Store):
    collide = text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001', MESSAGE = 'collided'; END $$")
    runs = []

    def work(conn: Connection, until: int) -> str:
        runs.append(1)
        if len(runs) < until:
            conn.execute(collide)
        return "done"

    assert await postgres_store.write(partial(work, until=3)) == "done"
    assert len(runs) == 3
    runs.clear()
    with pytest.raises(StoreUnavailable, match="kept changing the same rows"):
        await postgres_store.write(partial(work, until=100))
    assert len(runs) == 5


async def test_two_stores_that_lock_crosswise_both_succeed(postgres_store: Store, postgres_url: str):
    first, both = threading.Event(), threading.Barrier(2)

    def crosswise(conn: Connection, names: tuple[str, str]) -> None:
        add(conn, names[0])
        if not first.is_set():
            both.wait(10)
            first.set()
        add(conn, names[1])

    with Store.open(postgres_url) as other:
        postgres_store.write_now(lambda conn: [add(conn, name) for name in "ab"])
        await asyncio.gather(
            postgres_store.write(partial(crosswise, names=("a", "b"))),
            other.write(partial(crosswise, names=("b", "a"))),
        )
    assert postgres_store.read_now(counts) == {"a": 3, "b": 3}


def test_a_server_that_is_not_there_is_said():
    with pytest.raises(StoreUnavailable, match=r"No connection to PostgreSQL .*Check that it runs"):
        Store.open("postgresql://nobody@localhost:1/none")


def test_a_database_that_is_not_there_is_said(postgres_server: str):
    with pytest.raises(StoreUnavailable, match='database "tilth_missing" does not exist'):
        Store.open(postgres_server.format(name="tilth_missing"))
