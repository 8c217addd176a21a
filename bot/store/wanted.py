"""Questions about many at once: the keys of all of them are one value, which the database reads as a table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    CTE,
    Column,
    ColumnElement,
    Connection,
    Date,
    Dialect,
    Integer,
    Select,
    Table,
    Text,
    column,
    func,
    select,
    text,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.types import TypeEngine

from bot.store.compiled import CompiledStatement, known
from bot.store.types import UtcDateTime

Key = Mapping[str, ColumnElement[Any]] | ReadOnlyColumnCollection[str, Any]
"""The values that a statement is asked with, by their names: parameters for one, columns for many."""
_MOMENT = UtcDateTime()
_EACH = {
    "sqlite": ("SELECT key AS n, {columns} FROM json_each(:wanted)", "json_extract(value, '$[{place}]') AS \"{name}\""),
    "postgresql": (
        "SELECT CAST(n AS integer) - 1 AS n, {columns} FROM json_array_elements(CAST(:wanted AS json)) WITH ORDINALITY AS each(value, n)",
        "CAST(value ->> {place} AS {kind}) AS \"{name}\"",
    ),
}  # fmt: skip
_KINDS = {Text: "text", Integer: "integer", Date: "date", UtcDateTime: "timestamptz"}


class SetStatement:
    """A SELECT about many: `build` makes it of the table of their keys, and has `n`, the place of a key, in its rows."""

    def __init__(self, build: Callable[[CTE], Select[Any]], **keys: type[TypeEngine[Any]]) -> None:
        """`keys`: name and type (`Text`, `Integer`, `Date`, `UtcDateTime`) of each value of a key."""
        self._build, self._keys = build, keys
        self._made: dict[str, CompiledStatement] = {}
        known.add(self)

    def prepare(self, dialect: Dialect) -> None:
        """Compile it for a database, unless it is."""
        (self._made.get(dialect.name) or self._make(dialect.name)).prepare(dialect)

    def rows(self, connection: Connection, wanted: Sequence[Sequence[Any]]) -> list[Any]:
        """The rows for these keys, each a named tuple. Raises what `connection.execute` raises."""
        dialect = connection.dialect
        made = self._made.get(dialect.name) or self._make(dialect.name)
        keys = [[_plain(value, dialect) for value in key] for key in wanted]
        return made.rows(connection, {"wanted": json.dumps(keys, separators=(",", ":"))})

    def _make(self, name: str) -> CompiledStatement:
        whole, each = _EACH[name]
        columns = ", ".join(
            each.format(place=place, name=key, kind=_KINDS[kind])
            for place, (key, kind) in enumerate(self._keys.items())
        )
        rows = text(whole.format(columns=columns))
        named = rows.columns(column("n", Integer), *(column(key, kind()) for key, kind in self._keys.items()))
        # Materialized, or each use of a key would read the JSON again.
        wanted = named.cte("wanted").prefix_with("MATERIALIZED")
        made = self._made[name] = CompiledStatement(self._build(wanted), "wanted")
        return made


def _plain(value: Any, dialect: Any) -> Any:
    if not isinstance(value, datetime):
        return value.isoformat() if isinstance(value, date) else value
    return (
        _MOMENT.process_bind_param(value, dialect)
        if dialect.name == "sqlite"
        else value.astimezone(UTC).isoformat()
    )


def reserve_ids(connection: Connection, table: Table, count: int) -> Iterable[int]:
    """Ids that rows of a table can be given in this transaction; what is not used of them is nobody's."""
    id_of: Column[Any] = table.c.id
    if connection.dialect.name == "sqlite":  # which has one writer, and gives the highest and one
        last = connection.execute(select(func.coalesce(func.max(id_of), 0))).scalar_one()
        return range(last + 1, last + 1 + count)
    sequence = func.nextval(func.pg_get_serial_sequence(table.name, id_of.name))
    return connection.execute(select(sequence).select_from(func.generate_series(1, count))).scalars().all()
