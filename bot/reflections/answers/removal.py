"""The removal of answers: those that were taken back, that are too old, or of a member who is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, select

from bot.chat.language import N_
from bot.feature import UNDO
from bot.reflections.answers import search_entries
from bot.reflections.answers.tables import answer, part
from bot.reflections.schedule.skips import skip
from bot.store.next_due import earliest
from bot.store.retention import Ages, Retention


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
    search_entries.drop_answers(conn, found)
    conn.execute(delete(part).where(part.c.answer_id.in_(found)))
    return conn.execute(delete(answer).where(answer.c.id.in_(found))).rowcount


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
    """Remove everything a member answered; the occurrences it touched, whose digests must be said again."""
    mine = select(answer.c.id).where(answer.c.community_id == community_id, answer.c.member_id == member_id)
    touched = list(
        conn.execute(
            select(answer.c.occurrence_id).where(
                answer.c.community_id == community_id, answer.c.member_id == member_id
            )
        ).scalars()
    )
    search_entries.drop_answers(conn, mine)
    conn.execute(delete(part).where(part.c.answer_id.in_(mine)))
    conn.execute(delete(answer).where(answer.c.community_id == community_id, answer.c.member_id == member_id))
    conn.execute(delete(skip).where(skip.c.community_id == community_id, skip.c.member_id == member_id))
    return touched
