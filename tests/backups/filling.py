"""A database with rows in every table, each value of the kind its column has, and nasty where that is allowed."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Date, Integer, LargeBinary, Table, insert, select

import bot.all_tables  # noqa: F401 - every table must be known
from bot.store import EnumText, Json, UtcDateTime, metadata
from bot.store.engine import build_engine, database_file
from bot.store.migrate import upgrade
from bot.store.rows import read_lines
from bot.store.secret import DatabaseSecret
from tests.databases import _migrated_file

ROWS = 3
SECRET = "a made-up secret, long enough for a database"
WORDS = "The hall is “loud” \\ ø\t\r\n\\N 😀 \u202e '\"; DROP"
START = datetime(2026, 10, 5, 8, 0, 0, 123457, tzinfo=UTC)


def fill_everything(url: str, rows: int = ROWS) -> None:
    """Migrate a new database, and put rows into every table."""
    file = database_file(url)
    if file is None:
        upgrade(url)
    else:  # migrated once in a run
        shutil.copyfile(_migrated_file(), file)
        file.chmod(0o600)
    engine = build_engine(url, "migrate")
    with engine.begin() as conn:
        for table in metadata.sorted_tables:
            if table.name == "secret_name":
                name = DatabaseSecret(SECRET.encode()).fingerprint
                conn.execute(insert(table), {"id": 1, "fingerprint": name})
                continue
            conn.execute(insert(table), [_row(table, number) for number in range(1, rows + 1)])
        _skip_an_id(conn)
    engine.dispose()


def _skip_an_id(conn: Connection) -> None:
    """Let an id have been given that is no longer there."""
    member = metadata.tables["member"]
    conn.execute(
        insert(member),
        {key: value for key, value in _row(member, 900).items() if key != "id"} | {"community_id": 1},
    )
    newest = conn.execute(select(member.c.id).order_by(member.c.id.desc()).limit(1)).scalar_one()
    conn.execute(member.delete().where(member.c.id == newest))


def _row(table: Table, number: int) -> dict[str, Any]:
    keys = {column.name for column in table.primary_key.columns}
    given = {column.name: _value(column, number) for column in table.columns}
    if (
        keys == {"id"}
        and isinstance(table.c.id.type, Integer)
        and not table.c.id.foreign_keys
        and table.c.id.autoincrement is not False
    ):
        del given["id"]
    return given


def _value(column: Column[Any], number: int) -> Any:
    if column.foreign_keys:
        parent = next(iter(column.foreign_keys)).column
        return number if isinstance(parent.type, Integer) else _value(parent, number)
    kind = column.type
    match kind:
        case Boolean():
            return bool(number % 2)
        case UtcDateTime():
            return START + timedelta(days=number)
        case Date():
            return date(2026, 10, number % 28 + 1)
        case EnumText():
            known = [*kind.words.__members__.values()]
            return known[number % len(known)]
        case Json():
            return {"a": [number, None, True, 0.1, "\ud83d", "\x00"], "ø": WORDS}
        case LargeBinary():
            return bytes(range(256)) * number
        case Integer():
            return number
        case _ if column.name == "digest":
            return f"{number:064x}"
        case _:
            return f"{number} {WORDS}" if not column.nullable or number % 2 else None


def read_everything(url: str) -> dict[str, list[bytes]]:
    """Table → its rows as lines, in an order that no collation decides."""
    engine = build_engine(url, "read")
    try:
        with engine.connect() as conn:
            return {table.name: sorted(read_lines(conn, table)) for table in metadata.sorted_tables}
    finally:
        engine.dispose()
