"""The rows of a table as they leave one database and arrive in another: values as JSON has them, and ids that go on."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    Integer,
    LargeBinary,
    Table,
    func,
    inspect,
    select,
    text,
    true,
)

from bot.store.types import UtcDateTime

TOGETHER = 1000
"""Rows that are read or written at once."""


def read_lines(conn: Connection, table: Table, which: ColumnElement[bool] | None = None) -> Iterator[bytes]:
    """Each row, or each for which the condition holds, as a line of JSON in the order of the primary key."""
    query = select(table).where(true() if which is None else which).order_by(*table.primary_key.columns)
    streaming = query.execution_options(stream_results=True, yield_per=TOGETHER)
    for row in conn.execute(streaming):
        values = {name: encode_value(value) for name, value in row._mapping.items()}  # noqa: SLF001 - public
        yield json.dumps(values, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def encode_value(value: Any) -> Any:
    """A value of a column as JSON has it."""
    match value:
        case StrEnum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode()
        case _:
            return value


def find_decoders(table: Table) -> Mapping[str, Callable[[Any], Any]]:
    """For each column what makes its values of what JSON has; raises `ValueError`, `TypeError` on what is none."""
    return {column.name: _decoder(column) for column in table.columns}


def decode_row(given: Mapping[str, Any], decoders: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    """The values of a row, of what `read_lines` wrote."""
    return {name: None if given[name] is None else decode(given[name]) for name, decode in decoders.items()}


def _decoder(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat
    if isinstance(column.type, Date):
        return date.fromisoformat
    return base64.b64decode if isinstance(column.type, LargeBinary) else lambda value: value


def id_column(table: Table) -> str | None:
    """The column whose numbers the database gives, where a table has one."""
    [*key] = table.primary_key.columns
    alone = len(key) == 1 and isinstance(key[0].type, Integer) and not key[0].foreign_keys
    return key[0].name if alone and key[0].autoincrement is not False else None


def highest_id(conn: Connection, table: Table) -> int:
    """The highest id that a table ever gave, so that none is given twice: an old button may still name one."""
    name = id_column(table)
    if name is None:
        return 0
    highest = conn.execute(select(func.coalesce(func.max(table.c[name]), 0))).scalar_one()
    if conn.dialect.name == "sqlite":
        known = (
            inspect(conn).has_table("sqlite_sequence")
            and conn.execute(
                text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name}
            ).scalar()
        )
    else:
        known = conn.execute(
            text("SELECT pg_sequence_last_value(pg_get_serial_sequence(:table, :name)::regclass)"),
            {"table": f'"{table.name}"', "name": name},
        ).scalar()
    return max(int(highest), int(known or 0))


def continue_ids(conn: Connection, table: Table, highest: int) -> None:
    """Let the next id come after the highest that was ever given where the rows come from."""
    name = id_column(table)
    if name is None or not highest:
        return
    if conn.dialect.name != "sqlite":
        sequence = text("SELECT setval(pg_get_serial_sequence(:table, :name), :highest)")
        conn.execute(sequence, {"table": f'"{table.name}"', "name": name, "highest": highest})
    elif table.dialect_options["sqlite"]["autoincrement"]:
        values = {"name": table.name, "highest": highest}
        conn.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
        conn.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :highest)"), values)
