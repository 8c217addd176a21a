"""Erasures that were begun: a mark on the member, which a restart finds and which goes with the last of their rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, select, update

from bot.people.tables import member


def mark_erasing(conn: Connection, community_id: int, member_ids: Sequence[int], now: datetime) -> None:
    """Mark that the erasure of these members was begun; `erase_member` takes the mark away."""
    ours = and_(
        member.c.community_id == community_id, member.c.id.in_(member_ids), member.c.erased_at.is_(None)
    )
    conn.execute(update(member).where(ours).values(erasing_at=now))


def is_erasing(conn: Connection, member_id: int) -> bool:
    """Whether the erasure of a member was begun and is not at its end."""
    begun = select(member.c.id).where(member.c.id == member_id, member.c.erasing_at.is_not(None))
    return conn.execute(begun).first() is not None


def list_erasing(conn: Connection) -> list[tuple[int, int]]:
    """(community, member) of every erasure that was begun and is not at its end, the first first."""
    begun = select(member.c.community_id, member.c.id).where(member.c.erasing_at.is_not(None))
    return [(row[0], row[1]) for row in conn.execute(begun.order_by(member.c.erasing_at, member.c.id))]
