"""What was deleted is in no byte of the file, nor of its log."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, func, insert, select, update

from bot.store import Store, metadata
from bot.store.journal import Journal
from bot.store.migrate import upgrade
from bot.store.scrub import empty_log, next_rewrite, scrub, want_rewrite
from bot.store.sqlite import sqlite3
from tests.store.tables import add, counts, note, tables

NOW = datetime(2026, 10, 5, tzinfo=UTC)


@pytest.fixture(params=["truncate", "wal"])
def kept(request: pytest.FixtureRequest, sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    """A store in each journal mode."""
    journal: Journal = request.param
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))
    with Store.open(sqlite_url, journal=journal) as store:
        store.write_now(tables.create_all)
        store.write_now(metadata.create_all)
        yield store


def mode_of(store: Store) -> str:
    assert store.chosen is not None
    return store.chosen.mode


def left_of(folder: Path, words: list[str]) -> list[str]:
    data = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    return [word for word in words if word.encode() in data]


async def test_a_rewritten_file_holds_nothing_that_was_deleted(kept: Store, tmp_path: Path):
    """Rows that come and go move others between pages, where deleting one of them leaves a copy behind."""
    chance = random.Random(1)
    live: dict[int, str] = {}
    gone: list[str] = []

    def live_on(conn: Connection) -> None:
        for turn in range(4000):
            word = f"W{turn:06}{chance.randrange(10**9):09}"
            filled = word + "x" * chance.choice((0, 5, 50, 300, 900, 3000))
            if not live or chance.random() < 0.5:
                id = chance.randrange(1, 10**9)
                conn.execute(insert(note).values(id=id, words=filled))
                live[id] = word
            else:
                id = chance.choice(list(live))
                gone.append(live.pop(id))
                if chance.random() < 0.5:
                    conn.execute(delete(note).where(note.c.id == id))
                else:
                    conn.execute(update(note).where(note.c.id == id).values(words=filled))
                    live[id] = word

    await kept.write(live_on)
    await empty_log(kept)
    assert left_of(tmp_path, gone) != [], "else this says nothing: SQLite leaves copies behind"
    await kept.write(lambda conn: want_rewrite(conn, NOW))
    assert await scrub(kept) == 1
    assert left_of(tmp_path, gone) == []
    assert await kept.read(lambda conn: conn.execute(select(func.count()).select_from(note)).scalar()) == len(
        live
    )
    assert await kept.read(next_rewrite) is None
    assert await scrub(kept) == 0


async def test_the_log_is_emptied_and_a_reader_is_no_fault(kept: Store, tmp_path: Path):
    await kept.write(lambda conn: conn.execute(insert(note).values(id=1, words="A word.")).rowcount)
    await kept.write(lambda conn: conn.execute(delete(note)).rowcount)
    with kept._reading.connect() as reader:
        reader.execute(select(note)).all()
        assert await empty_log(kept) is (mode_of(kept) != "wal")
    assert await empty_log(kept)
    assert left_of(tmp_path, ["A word."]) == []


async def test_what_is_in_the_log_is_gone_within_a_minute(kept: Store, tmp_path: Path):
    await kept.write(lambda conn: conn.execute(insert(note).values(id=1, words="A word.")).rowcount)
    await kept.write(lambda conn: conn.execute(update(note).values(words="Another")).rowcount)
    assert await scrub(kept) == 0
    assert left_of(tmp_path, ["A word."]) == []


async def test_what_is_written_meanwhile_is_written(kept: Store):
    await kept.write(lambda conn: want_rewrite(conn, NOW))
    many = [kept.write(lambda conn: add(conn)) for _ in range(50)]
    results = await asyncio.gather(*many[:25], scrub(kept), *many[25:], scrub(kept))
    assert sum(one for one in results if isinstance(one, int)) >= 1
    assert await kept.read(counts) == {"a": 50}


async def test_a_wish_that_cannot_be_granted_stays(kept: Store, caplog: pytest.LogCaptureFixture):
    await kept.write(lambda conn: want_rewrite(conn, NOW))
    await kept.maintain(lambda raw: raw.execute("PRAGMA busy_timeout=50"))
    file = kept.url.removeprefix("sqlite:///")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert await scrub(kept) == 0
    assert "could not be written anew (SQLITE_BUSY)" in caplog.text
    other.execute("ROLLBACK")
    other.close()
    assert await kept.read(next_rewrite) == NOW
    assert await scrub(kept) == 1


async def test_postgresql_looks_after_itself(postgres_url: str):
    upgrade(postgres_url)
    with Store.open(postgres_url) as store:
        await store.write(lambda conn: want_rewrite(conn, NOW))
        assert await scrub(store) == 1
        assert await store.read(next_rewrite) is None
