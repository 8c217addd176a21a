"""The fixed notes that a member has seen, so that none is said again before it may be news."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, ForeignKey, Table, Text, and_, delete, select

from bot.store.dialect import insert
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

SAVING, FILES = "saving", "files"
"""What the reaction that saves a message is for; what is stored of a file."""

seen_note = Table(
    "seen_note",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("note", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""Which fixed note a member saw, and when last."""


def is_new(
    conn: Connection, community_id: int, member_id: int, note: str, now: datetime, again: timedelta | None
) -> bool:
    """Whether a note may be shown in full, which is remembered: never seen, or longer ago than `again`."""
    row = insert(seen_note).values(member_id=member_id, note=note, community_id=community_id, at=now)
    keys = ["member_id", "note"]
    if again is None:
        return conn.execute(row.on_conflict_do_nothing(index_elements=keys)).rowcount > 0
    old = seen_note.c.at <= now - again
    changed = row.on_conflict_do_update(index_elements=keys, set_={"at": now}, where=old)
    return conn.execute(changed).rowcount > 0


def list_seen(conn: Connection, member_id: int) -> frozenset[str]:
    """Which notes a member has seen."""
    return frozenset(
        conn.execute(select(seen_note.c.note).where(seen_note.c.member_id == member_id)).scalars()
    )


def forget_notes(conn: Connection, community_id: int, member_id: int) -> None:
    """Remove what a member has seen."""
    mine = and_(seen_note.c.community_id == community_id, seen_note.c.member_id == member_id)
    conn.execute(delete(seen_note).where(mine))


def hand_over(conn: Connection, member_id: int) -> list[dict[str, object]]:
    """Which notes a member has seen, and when."""
    rows = conn.execute(select(seen_note.c.note, seen_note.c.at).where(seen_note.c.member_id == member_id))
    return [{"note": row.note, "at": row.at.isoformat()} for row in rows]
