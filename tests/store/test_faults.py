"""What SQLite may refuse, and how that is said."""

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.pool import NullPool

from bot.store import Store, StoreUnavailable
from bot.store.sqlite import sqlite3
from bot.store.writer import Writer
from tests.store.gathering import Ledger, together
from tests.store.tables import add, counts, jot


@contextmanager
def holding_the_lock(store: Store) -> Iterator[None]:
    with closing(sqlite3.connect(store.url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_a_lock_held_too_long_is_said_at_once_to_all_who_wait(sqlite_store: Store):
    ledger = Ledger(sqlite_store)
    with holding_the_lock(sqlite_store):
        results = await asyncio.gather(*(sqlite_store.write(add) for _ in range(20)), return_exceptions=True)
    assert {type(result) for result in results} == {StoreUnavailable}
    assert "busy" in str(results[0])
    assert isinstance(results[0].__cause__, OperationalError)
    assert len({id(result) for result in results}) == 20
    assert ledger.begins <= 2  # and not one wait for each of them
    await sqlite_store.write(add)
    assert sqlite_store.read_now(counts) == {"a": 1}


async def test_a_lock_held_briefly_is_waited_for(sqlite_url: str):
    with Store.open(sqlite_url, busy_seconds=10) as store:
        with holding_the_lock(store):
            writing = asyncio.ensure_future(store.write(lambda _: "done"))
            await asyncio.sleep(0.05)
            assert not writing.done()
        assert await writing == "done"


async def test_a_full_disk_is_said_and_survived(sqlite_store: Store):
    def limit(conn: Connection, pages: int) -> None:
        conn.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    used = sqlite_store.read_now(lambda conn: conn.scalar(text("PRAGMA page_count")))
    await sqlite_store.write(partial(limit, pages=used + 2))
    big = partial(jot, words="x" * 100_000)
    results = await together(sqlite_store, add, big, add)
    assert [type(result) for result in results] == [type(None), StoreUnavailable, type(None)]
    assert "full" in str(results[1])
    await sqlite_store.write(partial(limit, pages=10_000))
    await sqlite_store.write(big)
    assert sqlite_store.read_now(counts) == {"a": 2}


async def test_work_after_a_hidden_rollback_does_not_slip_in_by_itself(sqlite_store: Store):
    """SQLite ends the transaction by itself when the disk is full; hiding that must not go unnoticed."""
    used = sqlite_store.read_now(lambda conn: conn.scalar(text("PRAGMA page_count")))
    await sqlite_store.write(lambda conn: conn.exec_driver_sql(f"PRAGMA max_page_count={used + 2}").scalar())

    def hide(conn: Connection) -> None:
        with suppress(OperationalError):
            jot(conn, words="x" * 100_000)

    results = await together(sqlite_store, add, hide, add)
    assert results[0] is results[2] is None
    assert "swallowed a database error" in str(results[1])
    assert sqlite_store.read_now(counts) == {"a": 2}


def test_a_read_only_file_is_said(sqlite_store: Store):
    path = Path(sqlite_store.url.removeprefix("sqlite:///"))
    engine = create_engine(
        "sqlite://",
        module=sqlite3,
        creator=lambda: sqlite3.connect(f"file:{path}?mode=ro", uri=True),
        poolclass=NullPool,
    )
    writer = Writer(engine)
    with pytest.raises(StoreUnavailable, match="read-only"):
        writer.write_now(add)
    writer.close()


def test_a_broken_file_is_refused_in_words(sqlite_url: str):
    Path(sqlite_url.removeprefix("sqlite:///")).write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        Store.open(sqlite_url)


def test_errors_do_not_carry_what_people_said(store: Store):
    store.write_now(partial(jot, id=1))
    with pytest.raises(IntegrityError) as caught:
        store.write_now(partial(jot, id=1, words="in confidence"))
    assert "in confidence" not in str(caught.value)
