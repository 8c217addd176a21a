"""The place of a SQLite file, into which a backup is put: the new file takes its name in one step, the old one keeps another."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.delivery.restore_guard import forget_tokens
from bot.people.privacy import Erasures
from bot.store import dialect
from bot.store.backup import RESTORING
from bot.store.backup_file import (
    DATABASE,
    BackupManifest,
    find_damage,
    is_sqlite,
    name_moment,
    read_part,
)
from bot.store.engine import build_engine
from bot.store.errors import StoreRefused, StoreUnavailable
from bot.store.file_system import sync_path
from bot.store.revisions import read_revision
from bot.store.single_process import hold_database
from bot.store.sqlite import sqlite3
from bot.store.unfinished import At, is_free, mark_unfinished

log = logging.getLogger(__name__)

LOGS = ("-wal", "-journal")
"""What belongs to a SQLite file while somebody has it open, or was killed with it."""


class SqliteTarget:
    """A SQLite file that is to be replaced, or made."""

    def __init__(self, file: Path, now: datetime) -> None:
        """The time goes into the name that the old file gets."""
        self._url, self._file = f"sqlite:///{file}", file
        self.beside = file.with_name(f"{file.name}.replaced-{name_moment(now)}")
        """Where the old file is afterwards."""

    @property
    def name(self) -> str:
        """The place, as an operator knows it."""
        return str(self._file)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep every bot from this place meanwhile."""
        with hold_database(self._url):
            yield

    def is_free(self) -> bool:
        """Whether nothing is here. What cannot be read is something."""
        if not self._file.stat().st_size:
            return True
        engine = build_engine(self._url, "read")
        try:
            with engine.connect() as conn:
                return is_free(conn)
        except DBAPIError:
            return False
        finally:
            engine.dispose()

    def share_erasures(self, erasures: Erasures) -> bool:
        """Bring what the old database knows of erased people into the list; whether it could be read."""
        engine = build_engine(self._url, "read")
        try:
            with engine.connect() as conn:
                erasures.share(conn)
        except DBAPIError as error:
            log.warning(
                "the old database cannot be read (%s), so its list of erased people is not used",
                type(error).__name__,
            )
            return False
        finally:
            engine.dispose()
        return True

    def fill(self, file: Path, manifest: BackupManifest, *, free: bool, at: At) -> Path | None:
        """Put the backup here; where the old file is now. Raises `StoreFault`."""
        unfinished = self._file.with_name(RESTORING.format(self._file.name))
        try:
            if free:
                mark_unfinished(self._url)
            at("marked")
            self._unpack(file, manifest, unfinished)
            at("unpacked")
            kept = None if free else self._keep_aside()
            at("kept")
            # A journal of the old file would be played into the new one; a log is known as foreign by the next start.
            self._with("-journal").unlink(missing_ok=True)
            unfinished.replace(self._file)
            at("replaced")
            for ending in ("-wal", "-shm"):
                self._with(ending).unlink(missing_ok=True)
            sync_path(self._file.parent)
        except OSError as error:
            raise StoreUnavailable(f"The backup could not be restored to {self._file}: {error}.") from error
        finally:
            unfinished.unlink(missing_ok=True)
        return kept

    def _unpack(self, file: Path, manifest: BackupManifest, unfinished: Path) -> None:
        """Write the database of a backup beside its place, and look at what was written."""
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            if is_sqlite(file):
                with file.open("rb") as given:
                    out.writelines(iter(lambda: given.read(1024 * 1024), b""))
            else:
                out.writelines(read_part(file, manifest, DATABASE))
            out.flush()
            os.fsync(out.fileno())
        if found := find_damage(unfinished):
            raise StoreRefused(
                f"The database in {file} is damaged ({found}). Nothing was changed. Take another backup."
            )
        with closing(sqlite3.connect(unfinished)) as connection:
            connection.execute(
                "PRAGMA journal_mode=DELETE"
            )  # also of a copy that another tool made of a file with a log
        engine = build_engine(f"sqlite:///{unfinished}", "migrate")
        try:
            with dialect.faults(), engine.begin() as conn:
                if read_revision(conn) != manifest.schema:
                    raise StoreRefused(f"{file} is not what its manifest says. Nothing was changed.")
                forget_tokens(conn)
        finally:
            engine.dispose()
        for ending in (*LOGS, "-shm"):
            unfinished.with_name(unfinished.name + ending).unlink(missing_ok=True)

    def _keep_aside(self) -> Path:
        """Give the old file a second name, with its logs where it could not be closed cleanly; then it may be replaced."""
        with suppress(sqlite3.Error), closing(sqlite3.connect(self._file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for other in self._file.parent.glob(f"{self._file.name}.replaced-*"):
            if other.samefile(self._file):  # a second name of this very file, by a restore that was killed
                other.unlink()
        for ending in ("", *LOGS):
            beside = self.beside.with_name(self.beside.name + ending)
            with suppress(FileNotFoundError):
                os.link(self._with(ending), beside)
                os.utime(beside)  # the days for which it is kept begin now, however long ago it was written
        return self.beside

    def _with(self, ending: str) -> Path:
        return self._file.with_name(self._file.name + ending)
