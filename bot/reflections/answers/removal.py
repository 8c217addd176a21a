"""The removal of answers: those that were taken back, that are too old, or of a member who is forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, select

from bot.reflections.answers.tables import answer, part
from bot.reflections.schedule.asked_prompts import skip


def purge_withdrawn(conn: Connection, before: datetime) -> int:
    """Remove the text of answers taken back before then."""
    gone = conn.execute(
        delete(part).where(part.c.answer_id.in_(select(answer.c.id).where(answer.c.withdrawn_at <= before)))
    )
    return gone.rowcount


def purge_old(conn: Connection, before: datetime, limit: int = 500) -> int:
    """Remove up to `limit` answers that were begun before then, text and all; how many."""
    old = list(
        conn.execute(
            select(answer.c.id).where(answer.c.first_at < before).order_by(answer.c.id).limit(limit)
        ).scalars()
    )
    conn.execute(delete(part).where(part.c.answer_id.in_(old)))
    return conn.execute(delete(answer).where(answer.c.id.in_(old))).rowcount


def next_purge(conn: Connection) -> datetime | None:
    oldest: datetime | None = conn.execute(
        select(func.min(answer.c.withdrawn_at)).where(exists().where(part.c.answer_id == answer.c.id))
    ).scalar_one()
    return oldest


def forget(conn: Connection, community_id: int, member_id: int) -> list[int]:
    """Remove everything a member answered; the occurrences it touched, whose digests must be said again."""
    mine = select(answer.c.id).where(answer.c.community_id == community_id, answer.c.member_id == member_id)
    touched = list(
        conn.execute(
            select(answer.c.occurrence_id).where(
                answer.c.community_id == community_id, answer.c.member_id == member_id
            )
        ).scalars()
    )
    conn.execute(delete(part).where(part.c.answer_id.in_(mine)))
    conn.execute(delete(answer).where(answer.c.community_id == community_id, answer.c.member_id == member_id))
    conn.execute(delete(skip).where(skip.c.community_id == community_id, skip.c.member_id == member_id))
    return touched
