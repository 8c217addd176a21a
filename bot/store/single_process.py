"""The lock that lets one process at a time use a SQLite file."""

import os
import socket
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from bot.store.engine import database_file
from bot.store.errors import AlreadyRunning, StoreRefused


class SingleProcessLock:
    """The right to be the only Tilth on this database; ends with `release`, with `with`, or with the process."""

    def __init__(self, file: IO[str] | None) -> None:
        self._file = file

    def release(self) -> None:
        """Let the next one in. The lock file stays: deleting it would let two in at once."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def hold_database(url: str) -> SingleProcessLock:
    """Claim a SQLite file for this process; raises `AlreadyRunning` when another one has it.

    The lock is the kernel's (`flock` on `<file>.lock`), so it ends with its process, `kill -9` included.
    PostgreSQL needs no such thing. Limits: on Windows nothing is held, and two machines that share a disk
    do not see each other's lock, one more reason why `engine` refuses network file systems.
    """
    database = database_file(url)
    if database is None or sys.platform == "win32":
        return SingleProcessLock(None)
    import fcntl  # not on Windows

    path = database.with_name(database.name + ".lock")
    try:
        # Opened for adding, so that the words of whoever has it are still there to read.
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise StoreRefused(
            f"The lock file {path} cannot be opened: {error.strerror}. "
            "Check that its folder exists and that Tilth may write there."
        ) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise AlreadyRunning(_who(file, database)) from error
    except OSError as error:
        file.close()
        raise StoreRefused(f"{path} cannot be locked: {error.strerror}. Use a local disk.") from error
    file.truncate(0)
    started = datetime.now(UTC).isoformat(timespec="seconds")  # for a person to read, nothing depends on it
    file.write(f"{os.getpid()} {socket.gethostname()} {started}\n")
    file.flush()
    return SingleProcessLock(file)


def _who(file: IO[str], database: Path) -> str:
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
