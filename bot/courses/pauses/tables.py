"""Queries for courses in which nothing may have happened for too long."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from bot.courses.enrollment.tables import Enrollment, enrollment
from bot.store.next_due import earliest

_RUNNING = enrollment.c.left_at.is_(None) & enrollment.c.done_at.is_(None) & enrollment.c.paused_at.is_(None)


def _enrollments(conn: Connection, query: Select[Any]) -> list[Enrollment]:
    return [Enrollment(*row) for row in conn.execute(query)]


def silent_courses(conn: Connection, now: datetime, limit: int) -> list[Enrollment]:
    """Enrollments in which nothing may have happened for too long."""
    query = select(enrollment).where(enrollment.c.silent_at <= now, _RUNNING)
    return _enrollments(conn, query.order_by(enrollment.c.silent_at).limit(limit))


def claim_silent(conn: Connection, enrollment_id: int, now: datetime) -> Enrollment | None:
    """Claim one of them, if it still is."""
    mine = (enrollment.c.id == enrollment_id) & (enrollment.c.silent_at <= now)
    query = select(enrollment).where(mine, _RUNNING).with_for_update(skip_locked=True)
    return next(iter(_enrollments(conn, query)), None)


next_silence_at = earliest(enrollment.c.silent_at, _RUNNING)
"""When nothing may next have happened for too long."""
