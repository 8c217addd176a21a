"""The copy of a whole database into an empty one of either kind: the same rows, verified, or nothing at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Table, delete, insert
from sqlalchemy.exc import DBAPIError, StatementError

from bot.backups.restore_postgres import hold_alone
from bot.store import dialect, postgres_rows
from bot.store.engine import build_engine, database_file, name_database
from bot.store.errors import StoreRefused
from bot.store.revisions import known_revisions, read_revision
from bot.store.rows import TOGETHER, continue_ids, decode_row, find_decoders, highest_id, read_lines
from bot.store.schema import metadata
from bot.store.single_process import hold_database
from bot.store.unfinished import EXPLANATION, MARK, At, is_free, mark_unfinished, remove_mark

STAYS: Mapping[str, str] = {
    "epoch": "so that every process takes the copy for a database that it does not know, and looks before it posts",
    "lease": "which process does what, and none does",
}
"""The tables whose rows are not copied, each with the reason."""


@dataclass(frozen=True, slots=True)
class TableDigest:
    """How many rows there are, the sum of their digests, which no order changes, and the highest id ever given."""

    rows: int
    sum: int
    highest: int


def copy_rows(source: str, target: str, at: At = lambda _point: None) -> Mapping[str, TableDigest]:
    """Copy the database at one address to an empty one at another; what was copied, table by table.

    No bot may run on either. The source is only read. The target is marked first, and everything else is one transaction,
    which is read back before it is committed: killed, it leaves a target that says it is unfinished, and is taken again.
    Every table must be known (import `bot.all_tables`). Raises `StoreFault`.
    """
    _check_addresses(source, target)
    with _held(source) as reading, dialect.faults(), reading.connect() as old:
        if old.dialect.name == "postgresql":
            postgres_rows.lift_limits(old)
        _require_current(old, name_database(source))
        with _held(target, for_writing=True) as writing:
            with writing.connect() as new:
                _require_free(new, name_database(target))
            mark_unfinished(target)
            at("marked")
            with writing.begin() as new:
                copied = _fill(old, new, at)
                at("filled")
            at("committed")
    return copied


def _check_addresses(source: str, target: str) -> None:
    if name_database(source) == name_database(target):
        raise StoreRefused("Both addresses are the same database. Copy it to another one.")
    file = database_file(source)
    if file is not None and not file.is_file():
        raise StoreRefused(f"There is no database at {file} to copy.")


@contextmanager
def _held(url: str, *, for_writing: bool = False) -> Iterator[Engine]:
    """An engine on a database that no bot uses meanwhile."""
    with hold_database(url):
        engine = build_engine(url, "migrate" if for_writing else "read")
        try:
            with dialect.faults():
                alone = (
                    hold_alone(engine, name_database(url))
                    if engine.dialect.name == "postgresql"
                    else nullcontext()
                )
                with alone:
                    yield engine
        finally:
            engine.dispose()


def _require_current(conn: Connection, name: str) -> None:
    found = read_revision(conn)
    if found == MARK:
        raise StoreRefused(f"{name}: {EXPLANATION}")
    if found != known_revisions()[0]:
        raise StoreRefused(f"This version of Tilth has not run on {name}. Start it there once.")


def _require_free(conn: Connection, name: str) -> None:
    if not is_free(conn):
        raise StoreRefused(f"There is something in {name} already. Copy to a new, empty database.")


def _fill(old: Connection, new: Connection, at: At) -> Mapping[str, TableDigest]:
    # Only here: importing Alembic takes as long as half a start.
    from bot.store.migration_scripts import run_scripts
    from bot.store.revisions import SCRIPTS

    if new.dialect.name == "postgresql":
        postgres_rows.lift_limits(new)
    remove_mark(new)
    run_scripts(new, SCRIPTS)
    tables = [table for table in metadata.sorted_tables if table.name not in STAYS]
    for table in reversed(metadata.sorted_tables):  # what migrations put into new tables comes with the rows
        new.execute(delete(table))
    copied = {}
    for number, table in enumerate(tables):
        copied[table.name] = _copy_table(old, new, table)
        if number == len(tables) // 2:
            at("half filled")
    _verify(new, tables, copied)
    return copied


def _copy_table(old: Connection, new: Connection, table: Table) -> TableDigest:
    rows, total, batch, decoders = 0, 0, [], find_decoders(table)
    try:
        for line in read_lines(old, table):
            total += _digest(line)
            rows += 1
            batch.append(decode_row(json.loads(line), decoders))
            if len(batch) == TOGETHER:
                new.execute(insert(table), batch)
                batch = []
        if batch:
            new.execute(insert(table), batch)
    except (ValueError, StatementError) as error:
        fault = dialect.make_fault(error) if isinstance(error, DBAPIError) else None
        if fault is not None:
            raise fault from error
        raise StoreRefused(
            f"A row of the table {table.name} cannot be copied ({type(error).__name__}). Nothing was copied."
        ) from error
    highest = highest_id(old, table)
    continue_ids(new, table, highest)
    return TableDigest(rows, total % 2**256, highest)


def _digest(line: bytes) -> int:
    return int.from_bytes(hashlib.sha256(line).digest())


def _verify(new: Connection, tables: list[Table], copied: Mapping[str, TableDigest]) -> None:
    """Read all of the copy, and raise `StoreRefused` where it is not what was read."""
    for table in tables:
        rows, total = 0, 0
        for line in read_lines(new, table):
            rows, total = rows + 1, total + _digest(line)
        if (rows, total % 2**256) != (copied[table.name].rows, copied[table.name].sum):
            raise StoreRefused(f"The table {table.name} did not arrive as it was. Nothing was copied.")
    if new.dialect.name == "sqlite" and new.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise StoreRefused("The copy has rows that point nowhere. Nothing was copied.")
