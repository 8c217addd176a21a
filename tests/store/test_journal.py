"""The journal of a SQLite file: which one it is and why, and a log that keeps nothing of what was deleted."""

import shutil
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, select, text

from bot.store import Store, StoreRefused, StoreUnavailable, file_system
from bot.store.backup import back_up
from bot.store.journal import choose_journal, empty_log_after, is_wal_safe, refuse_foreign_log
from bot.store.single_process import hold_database
from bot.store.sqlite import sqlite3
from tests.store.tables import add, counts, jot, note, tables

NEW, OLD = (3, 53, 4), (3, 40, 1)


@pytest.fixture
def logged(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store with a write-ahead log, whatever library this machine has."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", NEW)
    with Store.open(sqlite_url, journal="wal") as store:
        store.write_now(tables.create_all)
        yield store


@pytest.mark.parametrize(
    ("asked", "version", "mounted", "mode", "reason"),
    [
        ("auto", NEW, "ext4", "wal", "ext4 is a local file system"),
        ("auto", OLD, "ext4", "truncate", "could lose commits"),
        ("auto", NEW, "fuseblk", "truncate", "fuseblk is not known as a local file system"),
        ("auto", NEW, "virtiofs", "truncate", "virtiofs is not known as a local file system"),
        ("auto", NEW, "", "truncate", "nothing tells what kind"),
        ("wal", NEW, "", "wal", "TILTH_STORE__JOURNAL says so"),
        ("truncate", NEW, "ext4", "truncate", "TILTH_STORE__JOURNAL says so"),
    ],
)
def test_the_log_is_taken_where_library_and_file_system_are_safe(
    monkeypatch: pytest.MonkeyPatch, asked, version, mounted, mode, reason
):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    monkeypatch.setattr(
        file_system, "read_mounts", lambda: mounted and f"27 1 254:0 / / rw,relatime - {mounted} x rw\n"
    )
    found = choose_journal(asked, Path("/srv/tilth.db"))
    assert found.mode == mode
    assert reason in found.describe()
    assert ("(WAL)" if mode == "wal" else "(TRUNCATE)") in found.describe()


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
    ],
)
def test_the_versions_on_which_wal_is_safe(version: tuple[int, ...], safe: bool):
    assert is_wal_safe(version) is safe


def test_wal_is_refused_on_a_version_that_can_lose_data(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(StoreRefused, match="can corrupt a database in WAL mode"):
        Store.open(sqlite_url, journal="wal")


def test_wal_by_setting_and_back(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))

    def mode(conn: Connection) -> str:
        return str(conn.scalar(text("PRAGMA journal_mode")))

    with Store.open(sqlite_url, journal="wal") as store:
        assert store.read_now(mode) == "wal"
        with pytest.raises(StoreUnavailable, match="another program has held it"):
            Store.open(sqlite_url, journal="truncate", busy_seconds=0.05)
    with Store.open(sqlite_url, journal=None) as store:
        assert store.write_now(mode) == "wal", "whoever only looks leaves it as it is"
        assert store.chosen is None
    with Store.open(sqlite_url, journal="truncate") as store:
        assert store.write_now(mode) == "truncate"


def beside(store: Store, what: str) -> Path:
    return Path(store.url.removeprefix("sqlite:///") + what)


def test_words_are_gone_from_the_log_when_their_deletion_is_answered(logged: Store):
    def forget(conn: Connection) -> None:
        conn.execute(delete(note))
        empty_log_after(conn)

    logged.write_now(lambda conn: jot(conn, words="Zorvex"))
    logged.write_now(lambda conn: conn.execute(delete(note)).rowcount)
    assert b"Zorvex" in beside(logged, "-wal").read_bytes(), "else this says nothing"
    logged.write_now(forget)
    assert beside(logged, "-wal").read_bytes() == b""
    assert b"Zorvex" not in beside(logged, "").read_bytes()
    logged.write_now(add)
    assert beside(logged, "-wal").read_bytes() != b"", "it is asked for once"


def test_a_reader_in_the_way_does_not_undo_a_deletion(logged: Store):
    logged.write_now(lambda conn: jot(conn, words="Zorvex"))
    with logged._reading.connect() as reader:
        assert reader.execute(select(note.c.words)).scalars().all() == ["Zorvex"]
        logged.write_now(lambda conn: (conn.execute(delete(note)).rowcount, empty_log_after(conn)))
        assert beside(logged, "-wal").read_bytes() != b""
    assert logged.read_now(lambda conn: conn.execute(select(note)).all()) == []


def test_the_whole_database_is_in_its_file_when_it_is_closed(logged: Store):
    file = beside(logged, "")
    with closing(sqlite3.connect(file)) as other:
        logged.write_now(add)
        assert other.execute("SELECT n FROM counter").fetchall() == [(1,)]
        logged.close_now()
        assert beside(logged, "-wal").read_bytes() == b"", "also while somebody else has it open"
    assert not beside(logged, "-wal").exists()
    assert not beside(logged, "-shm").exists()


def test_what_lies_beside_the_file_is_readable_by_its_owner_only(logged: Store):
    logged.write_now(add)
    assert [stat.S_IMODE(beside(logged, what).stat().st_mode) for what in ("-wal", "-shm")] == [0o600] * 2


def test_a_log_that_a_crash_left_is_taken_in_by_its_own_database(
    logged: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    logged.write_now(add)
    (tmp_path / "crashed").mkdir()
    for what in ("", "-wal"):
        shutil.copyfile(beside(logged, what), tmp_path / "crashed" / f"tilth.db{what}")
    url = f"sqlite:///{tmp_path}/crashed/tilth.db"
    with hold_database(url), Store.open(url) as again:
        assert again.read_now(counts) == {"a": 1}


def test_a_log_that_another_database_left_is_removed_before_it_does_harm(
    logged: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    """As when a backup is put in the place of a database whose process was killed."""
    restored = tmp_path / "restored" / "tilth.db"
    restored.parent.mkdir()
    logged.write_now(add)
    back_up(logged.url, restored)
    logged.write_now(lambda conn: [add(conn) for _ in range(3)] and None)
    shutil.copyfile(beside(logged, "-wal"), f"{restored}-wal")
    with pytest.raises(StoreRefused, match=r"tilth.db-wal belongs to the database that stood here before"):
        refuse_foreign_log(restored)
    url = f"sqlite:///{restored}"
    with hold_database(url):
        refuse_foreign_log(restored)
        assert "tilth.db-wal was left by the database that stood here before" in caplog.text
        with Store.open(url) as again:
            assert again.read_now(counts) == {"a": 1}
