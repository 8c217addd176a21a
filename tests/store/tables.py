"""Tables that only these tests know: a counter, and a note with every type of ours."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, select

from bot.store import EnumText, Json, UtcDateTime, insert, upsert

tables = MetaData()


class Mood(StrEnum):
    CALM = "calm"
    LIVELY = "lively"


counter = Table(
    "counter", tables, Column("name", Text, primary_key=True), Column("n", Integer, nullable=False)
)
note = Table(
    "note",
    tables,
    Column("id", Integer, primary_key=True),
    Column("words", Text, nullable=False),
    Column("at", UtcDateTime),
    Column("data", Json),
    Column("mood", EnumText(Mood)),
)

NOON = datetime(2026, 10, 5, 12, 0, 0, 123456, tzinfo=UTC)
SET = upsert(counter, by=("name",), change=("n",))
ADD = insert(counter).on_conflict_do_update(index_elements=["name"], set_={"n": counter.c.n + 1})


def read_modify_write(conn: Connection) -> int:
    """Add one the careless way: read, think, write."""
    query = select(counter.c.n).where(counter.c.name == "a").with_for_update()
    n: int = conn.execute(query).scalar_one() + 1
    conn.execute(SET, {"name": "a", "n": n})
    return n


def add(conn: Connection, name: str = "a") -> None:
    """Add one in a single statement."""
    conn.execute(ADD, {"name": name, "n": 1})


def counts(conn: Connection) -> dict[str, int]:
    """Return every counter."""
    return dict(conn.execute(select(counter.c.name, counter.c.n)).all())


def jot(conn: Connection, **values: Any) -> None:
    """Write a note."""
    conn.execute(note.insert(), {"words": "", **values})
