"""Backups: whole, checked, and made while the bot is at work."""

import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.store import Store, StoreRefused, StoreUnavailable
from bot.store import backup as backup_module
from bot.store.backup import back_up
from bot.store.sqlite import sqlite3
from tests.store.tables import add, counts


def test_a_backup_is_a_database_with_everything_in_it(sqlite_store: Store, tmp_path: Path):
    sqlite_store.write_now(add)
    copy = back_up(sqlite_store.url, tmp_path / "copy.db")
    sqlite_store.write_now(add)
    with Store.open(f"sqlite:///{copy}") as restored:
        assert restored.read_now(counts) == {"a": 1}
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_backup_made_during_writing_is_of_one_moment(sqlite_url: str, tmp_path: Path):
    def pair(conn: Connection) -> None:
        add(conn, "a")
        add(conn, "b")

    with Store.open(sqlite_url) as store:
        from tests.store.tables import tables

        store.write_now(tables.create_all)
        stop = threading.Event()

        def write() -> None:
            while not stop.is_set():
                store.write_now(pair)

        writing = threading.Thread(target=write)
        writing.start()
        try:
            copies = [back_up(sqlite_url, tmp_path / f"{n}.db") for n in range(5)]
        finally:
            stop.set()
            writing.join()
    for copy in copies:
        with Store.open(f"sqlite:///{copy}") as restored:
            kept = restored.read_now(counts)
        assert kept.get("a") == kept.get("b")


def test_what_is_not_yet_committed_is_not_in_it(sqlite_store: Store, tmp_path: Path):
    def work(conn: Connection) -> None:
        add(conn)
        back_up(sqlite_store.url, tmp_path / "copy.db")

    sqlite_store.write_now(work)
    with Store.open(f"sqlite:///{tmp_path / 'copy.db'}") as restored:
        assert restored.read_now(counts) == {}


def test_an_older_backup_is_replaced_only_by_a_whole_one(sqlite_store: Store, tmp_path: Path):
    target = back_up(sqlite_store.url, tmp_path / "copy.db")
    before = target.read_bytes()
    path = Path(sqlite_store.url.removeprefix("sqlite:///"))
    sqlite_store.close_now()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreUnavailable, match="could not be made"):
        back_up(sqlite_store.url, target)
    assert target.read_bytes() == before
    left = {found.name for found in tmp_path.iterdir() if not found.name.startswith("tilth.db-")}
    assert left == {"copy.db", "tilth.db"}


def test_a_damaged_copy_is_noticed(tmp_path: Path):
    source = tmp_path / "source.db"
    with closing(sqlite3.connect(source, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE t (a TEXT)")
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 500,)] * 100)
        connection.execute("CREATE INDEX i ON t (a)")
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'i'")
    with pytest.raises(StoreUnavailable, match=r"damaged|malformed"):
        back_up(f"sqlite:///{source}", tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_the_copy_reaches_the_disk_before_it_gets_its_name(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    synced, original = [], backup_module.sync_path

    def sync(path: Path) -> None:
        synced.append((path == tmp_path, (tmp_path / "copy.db").exists()))
        original(path)

    monkeypatch.setattr(backup_module, "sync_path", sync)
    back_up(sqlite_store.url, tmp_path / "copy.db")
    assert synced == [(False, False), (True, True)]


def test_what_cannot_be_backed_up_is_refused_with_advice(tmp_path: Path, sqlite_store: Store):
    with pytest.raises(StoreRefused, match="no SQLite database at this address"):
        back_up("postgresql://host/tilth", tmp_path / "copy.db")
    with pytest.raises(StoreRefused, match="no SQLite database at /"):
        back_up(f"sqlite:///{tmp_path}/other.db", tmp_path / "copy.db")
    with pytest.raises(StoreRefused, match="another name"):
        back_up(sqlite_store.url, Path(sqlite_store.url.removeprefix("sqlite:///")))
    with pytest.raises(StoreUnavailable, match="could not be made"):
        back_up(sqlite_store.url, tmp_path / "missing" / "copy.db")
