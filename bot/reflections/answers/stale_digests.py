"""The digests that are out and no longer say what is true, each marked once however many answers change."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.reflections.schedule.asked_prompts import asking
from bot.store.next_due import earliest


def mark_digest_stale(conn: Connection, occurrence_id: int, now: datetime) -> None:
    """Have the digest of a closed prompt said anew; a mark that is there already stays."""
    mark_digests_stale(conn, (occurrence_id,), now)


def mark_digests_stale(conn: Connection, occurrence_ids: Collection[int], now: datetime) -> None:
    """The same for several prompts, in one statement."""
    closed = asking.c.occurrence_id.in_(occurrence_ids) & asking.c.closed_at.is_not(None)
    conn.execute(update(asking).where(closed, asking.c.stale_at.is_(None)).values(stale_at=now))


def list_stale_digests(conn: Connection, limit: int = 50) -> tuple[tuple[int, int], ...]:
    """(community, occurrence) of prompts whose digest has to be said anew, the oldest mark first."""
    rows = conn.execute(
        select(asking.c.community_id, asking.c.occurrence_id)
        .where(asking.c.stale_at.is_not(None))
        .order_by(asking.c.stale_at)
        .limit(limit)
    )
    return tuple((row.community_id, row.occurrence_id) for row in rows)


next_stale = earliest(asking.c.stale_at)
"""The oldest mark."""


def clear_stale(conn: Connection, occurrence_id: int) -> None:
    """Take the mark away: the digest is being said anew."""
    conn.execute(update(asking).where(asking.c.occurrence_id == occurrence_id).values(stale_at=None))
