"""A backup: one zip with the whole database as it was at one moment, and a manifest by which it is checked.

Of SQLite the zip has the file itself, of PostgreSQL the rows of each table, read in one transaction. Neither holds the
secret, and both hold what people said in confidence. A name is given only to a backup that is whole, on disk and was read
once more.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, inspect, text

from bot.store import dialect, postgres_rows
from bot.store.backup import back_up
from bot.store.engine import build_engine, database_file
from bot.store.errors import StoreRefused, StoreUnavailable
from bot.store.file_system import sync_path
from bot.store.revisions import read_revision
from bot.store.secret import fingerprint_in
from bot.store.sqlite import sqlite3
from bot.store.unfinished import EXPLANATION, MARK
from bot.store.word_index import MADE_BY_HAND

FORMAT, MANIFEST, DATABASE = 1, "manifest.json", "tilth.db"
"""The format that is written, and the names of what is in the zip: the manifest, and the file of a SQLite database."""
BLOCK = 1024 * 1024
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, NotImplementedError)
"""What reading a file raises that is no backup of ours, or is damaged."""
Kind = Literal["sqlite", "postgresql"]


@dataclass(frozen=True, slots=True)
class BackupPart:
    """One file in the zip: its length in bytes, its digest, and of rows their columns."""

    size: int
    sha256: str
    columns: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What a backup holds. `made_at` is before anything was read, `secret` the name of the secret that it needs."""

    format: int
    kind: Kind
    schema: str
    version: str
    secret: str
    made_at: str
    rows: Mapping[str, int] = field(default_factory=dict)
    """Table → how many rows."""
    ids: Mapping[str, int] = field(default_factory=dict)
    """PostgreSQL: `table.column` → the highest number that its sequence gave."""
    parts: Mapping[str, BackupPart] = field(default_factory=dict)

    @property
    def moment(self) -> datetime:
        """When it was made, aware."""
        return datetime.fromisoformat(self.made_at)

    @property
    def total(self) -> int:
        """How many rows there are."""
        return sum(self.rows.values())


def write_backup(url: str, target: Path, now: datetime) -> BackupManifest:
    """Write a backup of the database to `target`, while it is in use; blocking.

    Its owner alone may read it. An older file there is replaced by a whole one only. Raises `StoreRefused` where there is
    nothing to back up, `StoreUnavailable` where it could not be made.
    """
    target = target.resolve()
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        with unfinished.open("wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as whole:
                write = _write_sqlite if database_file(url) is not None else _write_postgres
                manifest = write(url, whole, unfinished, now)
                if manifest.schema == MARK:
                    raise StoreRefused(EXPLANATION)
                whole.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
            file.flush()
            os.fsync(file.fileno())
        check_parts(unfinished, read_manifest(unfinished))
        unfinished.replace(target)
        sync_path(target.parent)
    except OSError as error:
        raise StoreUnavailable(f"The backup {target} could not be made: {error}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _write_sqlite(url: str, whole: zipfile.ZipFile, beside: Path, now: datetime) -> BackupManifest:
    copy = beside.with_name(beside.name + ".db")
    try:
        back_up(url, copy)
        with copy.open("rb") as file:
            part = _add_part(whole, DATABASE, iter(lambda: file.read(BLOCK), b""))
        return replace(describe_sqlite(copy), made_at=now.astimezone(UTC).isoformat(), parts={DATABASE: part})
    finally:
        copy.unlink(missing_ok=True)


def describe_sqlite(file: Path) -> BackupManifest:
    """What a SQLite file that nobody uses holds: its schema, the name of its secret, its rows. Raises `StoreFault`."""
    engine = build_engine(f"sqlite:///{file}", "read")
    try:
        with dialect.faults(), engine.connect() as conn:
            made_at = datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat()
            tables = [one for one in inspect(conn).get_table_names() if not one.startswith(MADE_BY_HAND)]
            return _describe(conn, "sqlite", made_at, tables)
    finally:
        engine.dispose()


def _write_postgres(url: str, whole: zipfile.ZipFile, _beside: Path, now: datetime) -> BackupManifest:
    engine = build_engine(url, "read")
    try:
        with dialect.faults(), engine.connect() as conn:
            postgres_rows.lift_limits(conn)
            parts: dict[str, BackupPart] = {}
            tables = postgres_rows.list_tables(conn)
            if not tables:
                raise StoreRefused("There is nothing in this database to back up.")
            for table, columns in tables.items():
                part = _add_part(whole, f"{table}.copy", postgres_rows.read_rows(conn, table, columns))
                parts[f"{table}.copy"] = replace(part, columns=columns)
            manifest = _describe(conn, "postgresql", now.astimezone(UTC).isoformat(), tables)
            return replace(manifest, ids=postgres_rows.read_ids(conn), parts=parts)
    finally:
        engine.dispose()


def _describe(conn: Connection, kind: Kind, made_at: str, tables: Iterable[str]) -> BackupManifest:
    quote = conn.dialect.identifier_preparer.quote_identifier
    rows = {
        name: int(conn.execute(text(f"SELECT count(*) FROM {quote(name)}")).scalar_one())  # noqa: S608 - a table's name
        for name in tables
    }
    return BackupManifest(
        FORMAT, kind, read_revision(conn), version("tilth-bot"), fingerprint_in(conn) or "", made_at, rows
    )


def _add_part(whole: zipfile.ZipFile, name: str, blocks: Iterable[bytes]) -> BackupPart:
    size, digest = 0, hashlib.sha256()
    with whole.open(name, "w", force_zip64=True) as out:
        for block in blocks:
            out.write(block)
            digest.update(block)
            size += len(block)
    return BackupPart(size, digest.hexdigest())


def read_manifest(file: Path) -> BackupManifest:
    """What a backup says it holds; raises `StoreRefused` for what is no backup."""
    try:
        with zipfile.ZipFile(file) as whole:
            stored = json.loads(whole.read(MANIFEST))
        parts = {name: BackupPart(**part) for name, part in stored.pop("parts").items()}
        manifest = BackupManifest(**stored, parts=parts)
        if manifest.format > FORMAT:
            raise StoreRefused(
                f"{file} was made by Tilth {manifest.version}, which is newer than this one. Install that version, "
                "and restore it there."
            )
        if manifest.moment.tzinfo is None or manifest.kind not in ("sqlite", "postgresql"):
            raise ValueError("not as we write it")
    except UNREADABLE as error:
        raise damaged(file) from error
    return manifest


def check_parts(file: Path, manifest: BackupManifest) -> None:
    """Read all of a backup, and raise `StoreRefused` where it is not what its manifest says."""
    for name in manifest.parts:
        for _ in read_part(file, manifest, name):
            pass


def read_part(file: Path, manifest: BackupManifest, name: str) -> Iterator[bytes]:
    """The bytes of one part; raises `StoreRefused` at the end where they are not what the manifest says."""
    part, size, digest = manifest.parts[name], 0, hashlib.sha256()
    try:
        with zipfile.ZipFile(file) as whole, whole.open(name) as stored:
            while block := stored.read(BLOCK):
                size += len(block)
                if size > part.size:
                    raise damaged(file)
                digest.update(block)
                yield block
    except UNREADABLE as error:
        raise damaged(file) from error
    if (size, digest.hexdigest()) != (part.size, part.sha256):
        raise damaged(file)


def damaged(file: Path) -> StoreRefused:
    """What is said of a file that cannot be taken for a backup."""
    return StoreRefused(
        f"{file} is damaged, or is no backup of Tilth. Nothing was changed. Copy it again, or take another backup."
    )


def name_moment(now: datetime) -> str:
    """A moment as it stands in the name of a file: `20261129T174500Z`."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def is_sqlite(file: Path) -> bool:
    """Whether a file is a SQLite database itself, like the copy that is made before a migration."""
    with file.open("rb") as given:
        return given.read(16) == b"SQLite format 3\0"


def find_damage(file: Path) -> str:
    """What SQLite finds wrong in a file that nobody uses, in its own words; empty: nothing."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(file)) as connection:
        found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
        return "" if found == "ok" else found.splitlines()[-1].strip(" .")
    return "it cannot be read"
