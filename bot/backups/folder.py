"""The folder of backups: a name for each by its time, the list of erased people beside them, and the oldest deleted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import inspect

from bot.people.privacy import LIST, Erasures
from bot.people.tables import erasure
from bot.store import dialect
from bot.store.backup import delete_unfinished
from bot.store.backup_file import BackupManifest, name_moment, write_backup
from bot.store.engine import build_engine
from bot.store.errors import StoreUnavailable

_NAME = re.compile(r"tilth-\d{8}T\d{6}Z\.zip")


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """A backup that is there, and what came of its neighbors. `list` is the list of erased people beside it."""

    path: Path
    manifest: BackupManifest
    list: Path
    deleted: int = 0

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return self.path.stat().st_size


def add_backup(url: str, data: Path, target: Path, now: datetime, keep: int = 0) -> MadeBackup:
    """Back the database up into a folder, or to a file; in a folder, only the newest `keep` stay (0: all of them).

    The list of erased people is written beside it, after the backup: it knows at least those whom the backup knows, and
    `restore` reads it. `data` is the data folder of the bot. Raises `StoreFault`.
    """
    into_folder = names_folder(target)
    try:
        if into_folder:
            target.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = target / f"tilth-{name_moment(now)}.zip" if into_folder else target.resolve()
        delete_unfinished(file.parent, _NAME.fullmatch if into_folder else file.name.__eq__)
        manifest = write_backup(url, file, now)
        beside = file.parent / LIST
        share_erasures(url, data, beside)
        deleted = _delete_oldest(target, keep) if into_folder and keep else 0
    except OSError as error:
        raise StoreUnavailable(f"The backup could not be made at {target}: {error}.") from error
    return MadeBackup(file.resolve(), manifest, beside, deleted)


def names_folder(target: Path) -> bool:
    """Whether a target is a folder: one that is there, or a name without an ending."""
    return target.is_dir() or not target.suffix


def share_erasures(url: str, data: Path, beside: Path) -> None:
    """Bring what the database and the data folder know of erased people into the list beside a backup.

    The list is there afterwards also where nobody was erased: `restore` must not take that for a list that is lost.
    """
    beside.touch(mode=0o600)
    there = Erasures((), beside.parent)
    there.add_list(data / LIST)
    engine = build_engine(url, "read")
    try:
        with dialect.faults(), engine.connect() as conn:
            if inspect(conn).has_table(erasure.name):
                there.share(conn)
    finally:
        engine.dispose()


def find_backups(folder: Path) -> list[Path]:
    """The backups in a folder, the newest first."""
    return sorted((one for one in folder.iterdir() if _NAME.fullmatch(one.name)), reverse=True)


def _delete_oldest(folder: Path, keep: int) -> int:
    old = find_backups(folder)[keep:]
    for one in old:
        one.unlink()
    return len(old)
