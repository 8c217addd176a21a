"""The import of a community from its file into an empty installation: all of it in one transaction, or nothing."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path

from sqlalchemy import Connection, Table, delete, insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from bot.exports.community_file import FORMAT, MANIFEST, Manifest, TableEntry, moving_tables
from bot.people.tables import member, space
from bot.store.backup_file import UNREADABLE
from bot.store.errors import SchemaTooNew, StoreRefused
from bot.store.revisions import known_revisions
from bot.store.rows import TOGETHER, continue_ids, decode_row, find_decoders

LONGEST = 64 * 1024 * 1024
"""Bytes of one row that are taken: more is no row of ours."""


def read_manifest(file: Path) -> Manifest:
    """What a file says it holds; raises `StoreRefused` where this version of Tilth cannot take it in."""
    try:
        with zipfile.ZipFile(file) as whole:
            stored = json.loads(whole.read(MANIFEST))
        tables = {name: TableEntry(**entry) for name, entry in stored.pop("tables").items()}
        manifest = Manifest(**stored, tables=tables)
    except UNREADABLE as error:
        raise _damaged(file) from error
    if manifest.format > FORMAT or manifest.schema not in known_revisions():
        raise SchemaTooNew(
            f"{file} was written by Tilth {manifest.version}, which is newer than this one. Install that version, "
            "and import it there."
        )
    wanted = {table.name: [column.name for column in table.columns] for table in moving_tables()}
    given = {name: list(entry.columns) for name, entry in tables.items()}
    if manifest.schema != known_revisions()[0] or given != wanted:
        raise StoreRefused(
            f"{file} was written by Tilth {manifest.version}, whose tables are others than those of this one. Start "
            "this version where the file was written, and export once more."
        )
    return manifest


def check_slug(manifest: Manifest, slugs: Collection[str]) -> None:
    """Raise `StoreRefused` where no community of the settings is that of the file."""
    if manifest.slug not in slugs:
        raise StoreRefused(
            f"The file is of the community “{manifest.slug}”, and the settings name {', '.join(sorted(slugs))}. Set "
            f"TILTH_COMMUNITY__SLUG={manifest.slug}, and import again."
        )


def import_community(conn: Connection, file: Path, manifest: Manifest) -> int:
    """Take in everything of a file; how many rows. Raises `StoreRefused` for what is not empty, or damaged.

    Run it in one transaction: whatever it raises, nothing of it stays.
    """
    _require_empty(conn)
    tables = moving_tables()
    for table in reversed(tables):  # what the first start made of the content files comes with the community
        conn.execute(delete(table))
    try:
        with zipfile.ZipFile(file) as whole:
            for table in tables:
                _fill(conn, whole, table, manifest.tables[table.name])
    except (*UNREADABLE, IntegrityError, StatementError) as error:
        raise _damaged(file) from error
    return sum(entry.rows for entry in manifest.tables.values())


def _require_empty(conn: Connection) -> None:
    for table in (member, space):
        if conn.execute(select(table).limit(1)).first() is not None:
            raise StoreRefused(
                "This database has a community in it, and an import would replace it. Set TILTH_STORE__URL to a new "
                "database, and import there."
            )


def _fill(conn: Connection, whole: zipfile.ZipFile, table: Table, entry: TableEntry) -> None:
    rows, digest, batch = 0, hashlib.sha256(), []
    decoders = find_decoders(table)
    for line in _lines(whole, table.name):
        digest.update(line)
        batch.append(decode_row(json.loads(line), decoders))
        rows += 1
        if len(batch) == TOGETHER:
            conn.execute(insert(table), batch)
            batch = []
    if batch:
        conn.execute(insert(table), batch)
    if (rows, digest.hexdigest()) != (entry.rows, entry.sha256):
        raise ValueError(f"{table.name} is not what the manifest says")
    continue_ids(conn, table, entry.highest)


def _lines(whole: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with whole.open(f"{name}.jsonl") as lines:
        while line := lines.readline(LONGEST):
            yield line


def _damaged(file: Path) -> StoreRefused:
    return StoreRefused(
        f"{file} is damaged, or is no file of `tilth export`. Nothing was taken in. Copy it again, or export once more."
    )
