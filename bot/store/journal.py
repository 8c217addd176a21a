"""The journal of a SQLite file: a write-ahead log where that is safe, a rollback journal elsewhere, and why.

A commit to the write-ahead log waits for the disk once, one with a rollback journal three times. But libraries before 3.51.3
can lose commits of it, and it needs memory that all processes on the file share, which only a local file system gives.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from sqlalchemy import Connection

from bot.store import file_system
from bot.store.errors import StoreRefused
from bot.store.sqlite import sqlite3

log = logging.getLogger(__name__)

JournalMode = Literal["truncate", "wal"]
Journal = Literal["auto", "truncate", "wal"]
"""What the setting says: one of the modes, or whichever is right for this machine."""

PATIENCE = 20
"""Milliseconds for which the writer waits for readers while it empties the log."""
ATTEMPTS = 10
_WANTED = "tilth: empty the log"


@dataclass(frozen=True, slots=True)
class JournalChoice:
    """The mode that a database is opened in, and the reason in a sentence for whoever runs it."""

    mode: JournalMode
    reason: str

    def describe(self) -> str:
        """Both, in one sentence."""
        kept = "a write-ahead log (WAL)" if self.mode == "wal" else "a rollback journal (TRUNCATE)"
        return f"The database is written with {kept}: {self.reason}."


def choose_journal(asked: Journal, path: Path) -> JournalChoice:
    """The mode for a file, and why; raises `StoreRefused` when WAL is asked for and this library can lose commits."""
    version, safe = sqlite3.sqlite_version, is_wal_safe(sqlite3.sqlite_version_info)
    if asked == "wal" and not safe:
        raise StoreRefused(
            f"SQLite {version} can corrupt a database in WAL mode (fixed in 3.51.3, 3.50.7 and "
            "3.44.6). Leave the journal on its default, or run a Python with a newer SQLite."
        )
    if asked != "auto":
        return JournalChoice(asked, "TILTH_STORE__JOURNAL says so")
    if not safe:
        return JournalChoice("truncate", f"SQLite {version} could lose commits of a write-ahead log")
    kind = file_system.find_file_system(path, file_system.read_mounts())
    if not kind:
        return JournalChoice("truncate", "nothing tells what kind of file system it is on")
    if not file_system.is_local(kind):
        return JournalChoice("truncate", f"{kind} is not known as a local file system")
    return JournalChoice("wal", f"SQLite {version} is safe with it, and {kind} is a local file system")


def is_wal_safe(version: tuple[int, ...]) -> bool:
    """Tell whether this SQLite is free of the WAL-reset race that loses commits (https://sqlite.org/wal.html)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def empty_log_after(conn: Connection) -> None:
    """Have the log emptied once this transaction is committed, before whoever asked hears that it is done.

    For work that deletes what members said: the log keeps the pages it stood on.
    """
    conn.info[_WANTED] = True


def take_wish(conn: Connection) -> bool:
    """Whether a transaction wished for the log to be emptied; asked once after each."""
    return bool(conn.info.pop(_WANTED, False))


def empty_log(raw: Any) -> bool:
    """Bring the log into the file and cut it to nothing (https://sqlite.org/pragma.html#pragma_wal_checkpoint).

    For the writer's connection, between two transactions; false when a reader keeps some of it. Nothing to do where
    there is no log.
    """
    (usual,) = raw.execute("PRAGMA busy_timeout").fetchone()
    raw.execute(f"PRAGMA busy_timeout={PATIENCE}")
    try:
        (busy, _, _) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        raw.execute(f"PRAGMA busy_timeout={usual}")
    return not busy


def empty_log_of(connection: Connection) -> None:
    """Do the same for SQLite, whatever comes of it: the work is committed, and `scrub` comes back to the log."""
    if connection.dialect.name == "sqlite":
        try:
            empty_log(connection.connection.dbapi_connection)
        except sqlite3.Error as error:
            log.warning("the log of the database could not be emptied (%s); it is tried again", error)


def find_foreign_log(database: Path, file: IO[bytes]) -> Path | None:
    """The log that another database left beside this one; None where the log is its own, or there is none.

    SQLite takes whatever log lies beside a file for its own. When a crash left one, and a backup was put in the place of
    the database, it would write pages of the old one into it. A backup of Tilth says in its header that it has no log, and
    a database that has one never says so (https://sqlite.org/fileformat2.html#file_format_version_numbers).
    """
    beside = database.with_name(database.name + "-wal")
    file.seek(18)
    return beside if file.read(2) == b"\x01\x01" and beside.exists() else None


def remove_foreign_log(database: Path, file: IO[bytes]) -> None:
    """Remove a log that is another database's. `file` is this one, opened and held alone, before SQLite opens it."""
    beside = find_foreign_log(database, file)
    if beside is not None:
        log.warning("%s was left by the database that stood here before this one; it is removed", beside)
        beside.unlink()
        database.with_name(database.name + "-shm").unlink(missing_ok=True)


def refuse_foreign_log(database: Path) -> None:
    """Raise `StoreRefused` for a log that is another database's; for a process that has not opened the database yet.

    Not later: closing the file would take SQLite's own locks on it away.
    """
    if database.is_file():
        with database.open("rb") as file:
            beside = find_foreign_log(database, file)
        if beside is not None:
            raise StoreRefused(
                f"{beside} belongs to the database that stood here before this one, and would damage it. "
                "Start Tilth, which removes it, or remove it yourself."
            )
