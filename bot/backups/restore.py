"""The restore of a backup: everything is checked before anything is changed, and what was there before is kept beside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.backups.restore_postgres import PostgresTarget
from bot.backups.restore_sqlite import SqliteTarget
from bot.people.privacy import LIST, Erasures
from bot.store.backup_file import (
    BackupManifest,
    check_parts,
    damaged,
    describe_sqlite,
    find_damage,
    is_sqlite,
    read_manifest,
)
from bot.store.engine import database_file
from bot.store.errors import SchemaTooNew, StoreRefused, WrongSecret
from bot.store.revisions import known_revisions
from bot.store.secret import FILE, DatabaseSecret, explain_mismatch, find_secret, store_once
from bot.store.unfinished import MARK, At


@dataclass(frozen=True, slots=True)
class RestoredBackup:
    """A backup that is in its place. `kept` is where the database is that stood there before.

    `erased` is how many accounts were erased after the backup was made, as far as the list knows; the next start erases
    them again. `listed` says whether a list was there at all.
    """

    manifest: BackupManifest
    kept: Path | None
    erased: int
    listed: bool


def examine_backup(file: Path, url: str) -> BackupManifest:
    """Read all of a backup, and say what it holds; raises `StoreRefused` where it does not fit this version or database."""
    if not file.is_file():
        raise StoreRefused(f"There is no backup at {file}.")
    if is_sqlite(file):
        if find_damage(file):
            raise damaged(file)
        manifest = describe_sqlite(file)
    else:
        manifest = read_manifest(file)
        check_parts(file, manifest)
    if manifest.schema in ("", MARK):
        raise damaged(file)
    if manifest.schema not in known_revisions():
        raise SchemaTooNew(
            f"{file} was made by Tilth {manifest.version} (schema {manifest.schema}), which is newer than this one. "
            "Install that version, and restore it there."
        )
    _check_kind(manifest, url)
    return manifest


def _check_kind(manifest: BackupManifest, url: str) -> None:
    wanted = "sqlite" if database_file(url) is not None else "postgresql"
    if manifest.kind == wanted:
        return
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    raise StoreRefused(
        f"The backup is of a {names[manifest.kind]} database, and TILTH_STORE__URL names {names[wanted]}. Restore it to "
        f"{names[manifest.kind]} first, then bring it over with `tilth copy`."
    )


def check_place(url: str, data: Path, now: datetime, *, over: bool) -> None:
    """Refuse a database with something in it unless a backup may take its place, before anybody is asked for a secret.

    Raises `StoreFault`. Nothing is made; `restore_backup` looks once more.
    """
    place = database_file(url)
    if place is not None and not place.exists():
        return
    target = _target_at(url, data, now)
    with target.hold():
        _refuse_unless(target, over)


def _target_at(url: str, data: Path, now: datetime) -> PostgresTarget | SqliteTarget:
    place = database_file(url)
    return PostgresTarget(url, data, now) if place is None else SqliteTarget(place, now)


def _refuse_unless(target: PostgresTarget | SqliteTarget, over: bool) -> bool:
    """Whether the place of a backup is free; raises `StoreRefused` where it is not and has to be."""
    free = target.is_free()
    if not free and not over:
        raise StoreRefused(
            f"There is a database at {target.name} already. With --over the backup takes its place, and it is kept "
            f"beside: {target.beside}."
        )
    return free


def check_backup_secret(manifest: BackupManifest, given: str, folder: Path) -> bool:
    """Whether the secret of a backup is here; raises `WrongSecret` where another one is."""
    found = find_secret(given, folder)
    if found is None or not manifest.secret:
        return found is not None or not manifest.secret
    if not found.answers_to(manifest.secret):
        raise WrongSecret(explain_mismatch(manifest.secret, found, folder))
    return True


def accept_secret(typed: str, manifest: BackupManifest, folder: Path) -> DatabaseSecret:
    """The secret that somebody typed, for `restore_backup`; raises `WrongSecret` where it is not that of the backup."""
    given = DatabaseSecret(typed.strip().encode(), "what you typed")
    if given.fingerprint != manifest.secret:
        raise WrongSecret(explain_mismatch(manifest.secret, given, folder))
    return given


def restore_backup(
    file: Path, manifest: BackupManifest, url: str, data: Path, now: datetime, *, over: bool = False,
    secret: DatabaseSecret | None = None, at: At = lambda _point: None,
) -> RestoredBackup:  # fmt: skip
    """Put a backup that was examined in the place of the database at `url`; no bot may run on it. Blocking.

    A database with something in it is refused unless `over`; then it is kept beside. A `secret` is put into the data folder
    as soon as nothing is refused any more. Whoever was erased after the backup
    stays erased: what the list beside the backup, the data folder and the old database know of it is in the data folder
    when this returns. Every process takes the database for one that it does not know, so that nothing is posted before it
    was looked for. Killed, it leaves the old database as it was, or a new one marked as unfinished. Raises `StoreFault`.
    """
    target = _target_at(url, data, now)
    with target.hold():
        free = _refuse_unless(target, over)
        erasures, listed = Erasures((), data), (file.parent / LIST).exists() or (data / LIST).exists()
        erasures.add_list(file.parent / LIST)
        if not free:
            listed |= target.share_erasures(erasures)
        at("listed")
        if secret is not None:
            store_once(data / FILE, secret.material)
        kept = target.fill(file, manifest, free=free, at=at)
    return RestoredBackup(manifest, kept, erasures.count_since(manifest.moment), listed)
