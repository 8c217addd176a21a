"""The removal of answers: those that were taken back, that are too old, or of a member who is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, exists, select

from bot.chat.language import N_
from bot.feature import UNDO
from bot.reflections.answers import search_entries
from bot.reflections.answers.tables import answer, part
from bot.reflections.schedule.skips import skip
from bot.store.next_due import earliest
from bot.store.retention import Ages, Retention

AT_ONCE = 50
"""Answers of a member that are removed in one piece of work."""


def retention(ages: Ages) -> tuple[Retention, ...]:
    """Answers that are too old, and the words of those that were taken back and can no longer be brought back."""
    gone = earliest(answer.c.withdrawn_at, exists().where(part.c.answer_id == answer.c.id), plus=UNDO)
    return (
        Retention(
            "answers",
            ages["answers"],
            _find_old,
            _remove_old,
            words=N_("your answers"),
            tables=(answer, part),
        ),
        Retention("deleted answers", UNDO, _find_withdrawn, _remove_withdrawn, next_due=gone),
    )


def _find_old(conn: Connection, before: datetime, limit: int) -> Sequence[Any]:
    old = select(answer.c.id).where(answer.c.first_at < before).order_by(answer.c.id)
    return conn.execute(old.limit(limit)).scalars().all()


def _remove_old(conn: Connection, found: Sequence[Any], _before: datetime) -> int:
    """Remove answers, text and all; when they were begun cannot have changed."""
    return _remove(conn, found)


def _remove(conn: Connection, ids: Sequence[int]) -> int:
    search_entries.drop_answers(conn, ids)
    conn.execute(delete(part).where(part.c.answer_id.in_(ids)))
    return conn.execute(delete(answer).where(answer.c.id.in_(ids))).rowcount


def _find_withdrawn(conn: Connection, before: datetime, limit: int) -> Sequence[Any]:
    gone = (
        select(part.c.id).join(answer, answer.c.id == part.c.answer_id).where(answer.c.withdrawn_at <= before)
    )
    return conn.execute(gone.order_by(part.c.id).limit(limit)).scalars().all()


def _remove_withdrawn(conn: Connection, found: Sequence[Any], before: datetime) -> int:
    """Remove the text of answers taken back before then; one that was brought back meanwhile keeps it."""
    gone = select(answer.c.id).where(answer.c.withdrawn_at <= before)
    return conn.execute(delete(part).where(part.c.id.in_(found), part.c.answer_id.in_(gone))).rowcount


def forget(conn: Connection, community_id: int, member_id: int) -> list[int]:
    """Remove what a member answered, `AT_ONCE` at most; the occurrences it touched, whose digests must be said again."""
    mine = and_(answer.c.community_id == community_id, answer.c.member_id == member_id)
    found = conn.execute(
        select(answer.c.id, answer.c.occurrence_id)
        .where(mine)
        .order_by(answer.c.first_at.desc())
        .limit(AT_ONCE)
    ).all()
    _remove(conn, [row.id for row in found])
    conn.execute(delete(skip).where(skip.c.community_id == community_id, skip.c.member_id == member_id))
    return [row.occurrence_id for row in found]
