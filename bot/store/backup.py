"""Backups: a consistent copy of a SQLite database, made while it is in use."""

import os
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

from bot.store.engine import BUSY_SECONDS, database_file
from bot.store.errors import StoreRefused, StoreUnavailable
from bot.store.sqlite import sqlite3


def back_up(url: str, target: Path) -> Path:
    """Copy the database to `target`, checked and safely on disk, replacing what was there; blocking.

    Writers wait while it runs (about a second for each gigabyte on an SSD). The copy is readable by its
    owner only: it holds what people said in confidence, also what they ask to have erased later. Raises
    `StoreRefused` for PostgreSQL, `StoreUnavailable` when the copy could not be made; a file is at
    `target` only if it is whole.
    """
    source = database_file(url)
    if source is None:
        raise StoreRefused("Tilth copies SQLite databases only; back PostgreSQL up with pg_dump.")
    if not source.is_file():
        raise StoreRefused(f"There is no database at {source} to back up.")
    target = target.resolve()
    if target == source:
        raise StoreRefused("A backup needs another name than the database itself.")
    try:
        with closing(sqlite3.connect(source, timeout=BUSY_SECONDS)) as connection:
            copy_database(connection, target)
    except (OSError, sqlite3.Error) as error:
        raise StoreUnavailable(f"The backup {target} could not be made: {error}.") from error
    return target


def copy_database(source: sqlite3.Connection, target: Path) -> None:
    """Copy what this connection sees to `target`; raises `OSError`, `sqlite3.Error`."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(unfinished, isolation_level=None)) as new:
            new.execute("PRAGMA synchronous=OFF")  # one fsync at the end does for all
            # In one step: in several, every change by another process starts the copy again
            # (https://sqlite.org/backup.html).
            source.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")  # one file, also when the original is in WAL mode
            found = new.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise sqlite3.DatabaseError(f"the copy is damaged ({found}), so the original may be")
        _settle(unfinished)
        unfinished.replace(target)
        _settle(target.parent)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()


def _settle(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def delete_old_copies(
    url: str, folder: Path, older_than: timedelta, now: Callable[[], float] = time.time
) -> int:
    """Delete what migrations and restores kept of a database, once it is older than this; how many files.

    Of SQLite it is beside the file, of PostgreSQL in the data `folder`.
    """
    file = database_file(url)
    where, names = (folder, ("before-*.zip", "replaced-*.zip"))
    if file is not None:
        where, names = file.parent, (f"{file.name}.before-*", f"{file.name}.replaced-*")
    old = [
        one
        for name in names
        for one in where.glob(name)
        if now() - one.stat().st_mtime > older_than.total_seconds()
    ]
    for one in old:
        one.unlink()
    return len(old)
