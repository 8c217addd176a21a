"""All rows of a PostgreSQL database, read and written by COPY in one transaction: fast, and true to any version's tables.

Tilth reads them itself, so that a backup needs no `pg_dump` of the server's version on this machine, is checked row by row
when it is put back, and is made by the same few lines everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from graphlib import TopologicalSorter
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from bot.store.word_index import MADE_BY_HAND

_IDS = text(
    "SELECT t.relname, a.attname, pg_sequence_last_value(s.oid) FROM pg_class s "
    "JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass "
    "AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') "
    "JOIN pg_class t ON t.oid = d.refobjid "
    "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid "
    "WHERE s.relkind = 'S' AND s.relnamespace = current_schema()::regnamespace ORDER BY 1, 2"
)
_COLUMNS = text(
    "SELECT t.relname, a.attname FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid "
    "WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace AND a.attnum > 0 "
    "AND NOT a.attisdropped ORDER BY t.relname, a.attnum"
)
_PARENTS = text(
    "SELECT t.relname, p.relname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid "
    "JOIN pg_class p ON p.oid = c.confrelid WHERE c.contype = 'f' "
    "AND c.connamespace = current_schema()::regnamespace"
)
_ROUTINES = text(
    "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace "
    "AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')"
)
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name = 'tilth' AND pid <> pg_backend_pid()"
)


def lift_limits(conn: Connection) -> None:
    """Let one statement of this transaction take as long as a whole table takes, and the transaction wait for a disk."""
    conn.execute(text("SET LOCAL statement_timeout = 0"))
    conn.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def count_others(conn: Connection) -> int:
    """How many other connections of Tilth this database has."""
    return int(conn.execute(_OTHERS).scalar_one())


def list_tables(conn: Connection) -> dict[str, list[str]]:
    """The tables of this database with their columns, those that others point to first, without what triggers fill.

    Asked of the catalog at once: looking at a hundred tables one by one takes as long as reading their rows.
    """
    columns: dict[str, list[str]] = {}
    for table, column in conn.execute(_COLUMNS):
        if not table.startswith(MADE_BY_HAND):
            columns.setdefault(table, []).append(column)
    order = TopologicalSorter({table: set() for table in columns})
    for table, parent in conn.execute(_PARENTS):
        if table in columns and parent in columns and table != parent:
            order.add(table, parent)
    return {table: columns[table] for table in order.static_order()}


def read_ids(conn: Connection) -> dict[str, int]:
    """`table.column` → the highest number that its sequence ever gave."""
    return {f"{table}.{column}": int(last) for table, column, last in conn.execute(_IDS) if last is not None}


def continue_sequences(conn: Connection, ids: Mapping[str, int]) -> None:
    """Let each sequence go on where it was."""
    for name, last in ids.items():
        table, _, column = name.rpartition(".")
        values = {"table": _quote(conn, table), "column": column, "last": last}
        conn.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"), values)


def read_rows(conn: Connection, table: str, columns: Sequence[str]) -> Iterator[bytes]:
    """The rows of a table in the text format of COPY, each with a line break at its end and none inside."""
    with _own_errors(conn), _cursor(conn).copy(f"COPY {_name(conn, table, columns)} TO STDOUT") as blocks:
        for block in blocks:
            yield bytes(block)


def write_rows(conn: Connection, table: str, columns: Sequence[str], blocks: Iterable[bytes]) -> int:
    """Add rows as `read_rows` gave them; how many. Raises `DBAPIError` for rows that do not belong there."""
    cursor = _cursor(conn)
    with _own_errors(conn), cursor.copy(f"COPY {_name(conn, table, columns)} FROM STDIN") as copying:
        for block in blocks:
            copying.write(block)
    return int(cursor.rowcount)


def drop_everything(conn: Connection) -> None:
    """Remove every table and function of this schema, in the transaction of the connection."""
    for table in inspect(conn).get_table_names():
        conn.execute(text(f"DROP TABLE {_quote(conn, table)} CASCADE"))
    for routine in list(conn.execute(_ROUTINES).scalars()):
        conn.execute(text(f"DROP ROUTINE {routine} CASCADE"))


def empty_tables(conn: Connection, tables: Sequence[str]) -> None:
    """Remove the rows that migrations put into new tables: what belongs there comes with the rows of a backup."""
    if tables:
        conn.execute(text(f"TRUNCATE {', '.join(_quote(conn, one) for one in tables)} CASCADE"))


def _name(conn: Connection, table: str, columns: Sequence[str]) -> str:
    return f"{_quote(conn, table)} ({', '.join(_quote(conn, one) for one in columns)})"


def _quote(conn: Connection, name: str) -> str:
    return conn.dialect.identifier_preparer.quote_identifier(name)


@contextmanager
def _own_errors(conn: Connection) -> Iterator[None]:
    """Raise the driver's errors as SQLAlchemy's, as every statement that goes through it does."""
    driver: Any = conn.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        raise DBAPIError("COPY", None, error, hide_parameters=True) from error


def _cursor(conn: Connection) -> Any:
    """A cursor of the driver itself, in the transaction of this connection."""
    raw: Any = conn.connection.dbapi_connection
    return raw.cursor()
