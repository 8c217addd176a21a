"""Reads have their own connections, which cannot write."""

import asyncio
import threading
from functools import partial

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from bot.store import Store
from tests.store.tables import add, counts, jot, note


async def test_what_was_written_can_be_read(store: Store):
    await store.write(add)
    assert await store.read(counts) == {"a": 1}


async def test_a_query_cannot_write(store: Store):
    with pytest.raises(RuntimeError, match=r"hand this work to store\.write"):
        await store.read(add)
    assert await store.read(counts) == {}


async def test_a_query_sees_one_moment_throughout(store: Store):
    store.write_now(add)

    def query(conn: Connection) -> tuple[dict[str, int], dict[str, int]]:
        before = counts(conn)
        written.set()
        done.wait(1)  # on SQLite the writer waits for us to finish, on PostgreSQL it does not
        return before, counts(conn)

    written, done = threading.Event(), threading.Event()
    reading = asyncio.ensure_future(store.read(query))
    await asyncio.to_thread(written.wait, 10)
    writing = asyncio.ensure_future(store.write(add))
    if store.dialect == "postgresql":
        await writing
    done.set()
    before, after = await reading
    await writing
    assert before == after == {"a": 1}
    assert store.read_now(counts) == {"a": 2}


async def test_reads_run_beside_each_other(store: Store):
    meeting = threading.Barrier(4)
    await asyncio.gather(*(store.read(lambda _: meeting.wait(10)) for _ in range(4)))


async def test_a_read_goes_on_while_the_writer_is_at_work(store: Store):
    await store.write(partial(jot, id=1, words="kept"))

    def work(conn: Connection) -> list[str]:
        jot(conn, id=2)
        return store.read_now(lambda reader: list(reader.scalars(select(note.c.words))))

    assert await store.write(work) == ["kept"]


def test_a_mistake_in_a_query_is_not_called_a_fault_of_the_database(store: Store):
    with pytest.raises((OperationalError, ProgrammingError), match="nowhere"):
        store.read_now(lambda conn: conn.execute(text("SELECT 1 FROM nowhere")))


@pytest.mark.postgres
async def test_a_read_survives_the_end_of_its_connection(postgres_url: str):
    ends = []

    def query(conn: Connection) -> int | None:
        pid = conn.scalar(text("SELECT pg_backend_pid()"))
        if not ends:
            ends.append(pid)
            store.write_now(
                lambda other: other.execute(text("SELECT pg_terminate_backend(:p)"), {"p": pid}).scalar()
            )
        return conn.scalar(text("SELECT 1"))

    with Store.open(postgres_url) as store:
        assert await store.read(query) == 1


async def test_a_store_closes_itself_after_a_block(database_url: str):
    async with Store.open(database_url) as store:
        assert await store.read(lambda conn: conn.scalar(text("SELECT 1"))) == 1
    assert not store._writer._thread.is_alive()
    assert store._reading.pool.checkedout() == 0
