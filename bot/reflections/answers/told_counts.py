"""The number on an open prompt's card: how many have answered so far, told in such steps that nobody stands out.

Whoever sees a number grow by one learns when one person answered. So it is told from `MINIMUM` people on who answered
unseen, and changed only when it differs by at least as many of them. Anonymous answers are never in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, bindparam, select

from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert
from bot.store.schema import metadata

told_count = Table(
    "told_count",
    metadata,
    Column("occurrence_id", ForeignKey("asking.occurrence_id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("answered", Integer, nullable=False),
    Column("unseen", Integer, nullable=False),
)
"""The number that a prompt's card says, and how many of these answered unseen."""


@dataclass(frozen=True, slots=True)
class ToldCount:
    """How many had answered when it was told last, and how many of them unseen."""

    answered: int
    unseen: int


_TOLD = CompiledStatement(
    select(told_count.c.answered, told_count.c.unseen).where(told_count.c.occurrence_id == bindparam("this")),
    "this",
)


def find_told(conn: Connection, occurrence_id: int) -> ToldCount | None:
    """What the card of a prompt says, if it says a number."""
    row = _TOLD.row(conn, {"this": occurrence_id})
    return None if row is None else ToldCount(row.answered, row.unseen)


def store_told(conn: Connection, community_id: int, occurrence_id: int, told: ToldCount) -> None:
    """The card says another number from now on."""
    values = {"answered": told.answered, "unseen": told.unseen}
    row = insert(told_count).values(occurrence_id=occurrence_id, community_id=community_id, **values)
    conn.execute(row.on_conflict_do_update(index_elements=["occurrence_id"], set_=values))
