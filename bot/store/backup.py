"""Copies of a SQLite database, made while it is in use, and the end of those that nobody needs any more."""

import os
import re
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from fnmatch import fnmatch
from pathlib import Path

from bot.store.engine import BUSY_SECONDS, database_file
from bot.store.errors import StoreRefused, StoreUnavailable
from bot.store.file_system import sync_path
from bot.store.sqlite import sqlite3

_UNFINISHED = re.compile(
    r"\.{1,2}(?P<of>[^.].*?)\.(?P<process>\d+)(?:\.db(?:\.\d+)?)?(?:-(?:journal|wal|shm))?"
)
"""What stands for a copy or a backup until it is whole: its name, and the process that makes it."""
COPIES = timedelta(days=35)
"""How long is kept what a migration or a restore left of the old database: words that people may since have erased."""
RESTORING = ".{}.restoring"
"""The name of a SQLite file while a backup is unpacked to it."""


def back_up(url: str, target: Path) -> Path:
    """Copy the database to `target`, checked and safely on disk, replacing what was there; blocking.

    Writers wait while it runs (about a second for each gigabyte on an SSD). The copy is readable by its
    owner only: it holds what people said in confidence, also what they ask to have erased later. Raises
    `StoreRefused` where there is no such file, `StoreUnavailable` when the copy could not be made; a file is at
    `target` only if it is whole.
    """
    source = database_file(url)
    if source is None or not source.is_file():
        raise StoreRefused(f"There is no SQLite database at {source or 'this address'} to back up.")
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
        sync_path(unfinished)
        unfinished.replace(target)
        sync_path(target.parent)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()


def delete_old_copies(
    url: str, folder: Path, older_than: timedelta, now: Callable[[], float] = time.time
) -> int:
    """Delete what migrations and restores kept of a database, once it is older than this; how many files.

    Of SQLite it is beside the file, of PostgreSQL in the data `folder`. What such a one left when it was killed goes, too,
    however young. So nobody may restore meanwhile: the database is held, or a bot is connected to it. Raises `OSError`.
    """
    file = database_file(url)
    where, names = (folder, ("before-*.zip", "replaced-*.zip"))
    if file is not None:
        where, names = file.parent, (f"{file.name}.before-*", f"{file.name}.replaced-*")
        for ending in ("", "-journal", "-wal", "-shm"):
            (where / (RESTORING.format(file.name) + ending)).unlink(missing_ok=True)
    delete_unfinished(where, lambda name: any(fnmatch(name, one) for one in names))
    old = [
        one
        for name in names
        for one in where.glob(name)
        if now() - one.stat().st_mtime > older_than.total_seconds()
    ]
    for one in old:
        one.unlink(missing_ok=True)
    return len(old)


def delete_unfinished(folder: Path, is_ours: Callable[[str], object]) -> None:
    """Delete what copies and backups of such names left when they were killed: what people said, and nobody would find it."""
    for one in folder.iterdir() if folder.is_dir() else ():
        found = _UNFINISHED.fullmatch(one.name)
        if found is not None and is_ours(found["of"]) and not _runs(int(found["process"])):
            one.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    if os.name != "posix":  # where a signal cannot be asked for without sending one
        return True
    with suppress(ProcessLookupError):
        with suppress(PermissionError):
            os.kill(process, 0)
        return process != os.getpid()
    return False
