"""The lock that lets one process at a time use a SQLite file."""

import os
import socket
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from bot.store.engine import create_private, database_file
from bot.store.errors import AlreadyRunning, StoreRefused
from bot.store.journal import remove_foreign_log


class SingleProcessLock:
    """The right to be the only Tilth on this database; ends with `release`, with `with`, or with the process."""

    def __init__(self, *held: IO[Any]) -> None:
        self._held = held

    def release(self) -> None:
        """Let the next one in. The lock file stays: deleting it would let two in at once."""
        for file in self._held:
            file.close()
        self._held = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def hold_database(url: str) -> SingleProcessLock:
    """Claim a SQLite file for this process; raises `AlreadyRunning` when another one has it.

    The locks are the kernel's (`flock`), so they end with their process, `kill -9` included: one on `<file>.lock`, which
    also says who has it and outlives a file that is replaced, and one on the database itself, whatever name or hard link
    it is reached by. PostgreSQL needs no such thing. Limits: on Windows nothing is held, and two machines that share a
    disk do not see each other's locks, one more reason why `engine` refuses network file systems.
    """
    database = database_file(url)
    if database is None or sys.platform == "win32":
        return SingleProcessLock()
    path = database.with_name(database.name + ".lock")
    # Opened for adding, so that the words of whoever has it are still there to read.
    words = _open(path, "a+")
    if not _lock(words, path):
        raise AlreadyRunning(_who(words, database))
    try:
        file = _claim_file(database)
    except BaseException:
        words.close()
        raise
    words.truncate(0)
    started = datetime.now(UTC).isoformat(timespec="seconds")  # for a person to read, nothing depends on it
    words.write(f"{os.getpid()} {socket.gethostname()} {started}\n")
    words.flush()
    return SingleProcessLock(file, words)


def _claim_file(database: Path) -> IO[bytes]:
    """The open and locked database, whatever name it is reached by.

    SQLite locks with `fcntl`, which `flock` does not disturb; but closing this takes SQLite's own locks away, so it stays
    open until the store is closed (https://sqlite.org/howtocorrupt.html, "POSIX advisory locks canceled").
    """
    create_private(database)
    file = _open(database, "rb")
    if _lock(file, database):
        remove_foreign_log(database, file)
        return file
    file.close()
    raise AlreadyRunning(
        f"Another Tilth is running on {database}, which it knows by another name (a link). Stop that one first, or give "
        "this one its own database."
    )


def _open(path: Path, mode: str) -> IO[Any]:
    try:
        return path.open(mode)
    except OSError as error:
        raise StoreRefused(
            f"The file {path} cannot be opened: {error.strerror}. "
            "Check that its folder exists and that Tilth may write there."
        ) from error


def _lock(file: IO[Any], path: Path) -> bool:
    """Lock an open file until it is closed; whether nobody else has."""
    import fcntl  # not on Windows

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        file.close()
        raise StoreRefused(f"{path} cannot be locked: {error.strerror}. Use a local disk.") from error
    return True


def _who(file: IO[Any], database: Path) -> str:
    with file:
        file.seek(0)
        words = file.read().split()
    who = "Another Tilth"
    with suppress(ValueError):
        pid, host, started = words
        who = f"Another Tilth (process {pid} on {host}, since {started})"
    return (
        f"{who} is running on {database}. Stop that one first, or give this one its own database; "
        "several processes on one database need PostgreSQL."
    )
