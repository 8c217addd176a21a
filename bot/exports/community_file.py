"""The file in which a whole community leaves: a zip with each table as JSON Lines, and a manifest that says what is in it.

It is written as it is read, so it takes no more memory for a million answers than for ten.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select

from bot.people.tables import Community
from bot.store.errors import StoreUnavailable
from bot.store.file_system import sync_path
from bot.store.revisions import read_revision
from bot.store.rows import highest_id, read_lines
from bot.store.schema import metadata

FORMAT, MANIFEST = 1, "manifest.json"
STAYS: Mapping[str, str] = {
    "circuit": "how a platform behaved lately",
    "epoch": "which folder ran on this database",
    "lane": "which message is next where, and is found out again",
    "lane_change": "where that has to be found out",
    "lease": "which process does what",
    "pace": "how fast a platform lets us speak",
    "secret_name": "which secret this database belongs to",
    "shelf": "what an adapter remembers of its platform, and finds out again",
    "link_code": "codes of ten minutes",
    "link_try": "wrong codes of an hour",
    "webhook": "its secret is made with the secret of this database",
    "calendar_feed": "its address is made with the secret of this database",
    "export_job": "exports of some hours",
    "export_piece": "exports of some hours",
    "anonymous_key": "its key is a file that must not be copied",
    "anonymous_ticket": "nothing without its key",
    "sealed_answer": "nothing without its key",
}
"""The tables that stay behind, each with the reason: they are of this installation, or of the moment, or sealed."""


@dataclass(frozen=True, slots=True)
class TableEntry:
    """What the manifest says of one table: its columns, how many rows, their digest, and the highest id ever given."""

    columns: Sequence[str]
    rows: int
    sha256: str
    highest: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a file of a community holds. `schema` is the revision of its tables, `sealed` how many answers stay behind."""

    format: int
    schema: str
    version: str
    slug: str
    name: str
    written_at: str
    sealed: int
    tables: Mapping[str, TableEntry]


def moving_tables() -> list[Table]:
    """The tables that leave with a community, those that others point to first."""
    return [table for table in metadata.sorted_tables if table.name not in STAYS]


def write_community(conn: Connection, home: Community, target: Path, version: str) -> Manifest:
    """Write a community to `target`, from a connection that sees one moment throughout; raises `StoreUnavailable`.

    A file is there only when it is whole and on disk. Its owner alone may read it.
    """
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        with unfinished.open("wb") as file:
            manifest = _write(conn, home, file, version)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
        sync_path(target.parent)
    except OSError as error:
        raise StoreUnavailable(f"The file {target} could not be written: {error}.") from error
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()
    return manifest


def _write(conn: Connection, home: Community, file: Any, version: str) -> Manifest:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as whole:
        entries = {}
        for table in moving_tables():
            rows, digest = 0, hashlib.sha256()
            with whole.open(f"{table.name}.jsonl", "w", force_zip64=True) as out:
                for line in read_lines(conn, table, _own_rows(table, home.id)):
                    out.write(line)
                    digest.update(line)
                    rows += 1
            columns, highest = [column.name for column in table.columns], highest_id(conn, table)
            entries[table.name] = TableEntry(columns, rows, digest.hexdigest(), highest)
        manifest = Manifest(
            FORMAT, read_revision(conn), version, home.slug, home.name, datetime.now(UTC).isoformat(),
            _count_sealed(conn, home.id), entries,
        )  # fmt: skip
        whole.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


def _own_rows(table: Table, community_id: int) -> ColumnElement[bool]:
    """The condition that a row is of one community."""
    return (table.c.id if table.name == "community" else table.c.community_id) == community_id


def _count_sealed(conn: Connection, community_id: int) -> int:
    sealed = metadata.tables["sealed_answer"]
    query = select(func.count()).select_from(sealed).where(sealed.c.community_id == community_id)
    return conn.execute(query).scalar_one()
