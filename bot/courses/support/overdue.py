"""Lessons that have been open longer than they were meant to, of members who let their lead see that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from bot.courses.enrollment.tables import enrollment
from bot.courses.lessons.model import Lesson
from bot.courses.lessons.tables import progress
from bot.courses.teams.tables import teammate
from bot.people.hours import own_hours
from bot.people.preferences import days_away, preferences
from bot.people.tables import member


@dataclass(frozen=True, slots=True)
class OverdueLesson:
    """A lesson that a member has had open longer than planned, as their lead sees it."""

    name: str
    lesson: str
    since: datetime


def list_overdue(conn: Connection, team_id: int, lead_id: int, now: datetime) -> list[OverdueLesson]:
    """The overdue lessons in a team, longest open first: of others who chose to show it, who pause nothing and are here."""
    p, e = progress.c, enrollment.c
    rows = conn.execute(
        select(member.c.id, member.c.name, p.content, p.released_at)
        .join(p.member_id.table, p.member_id == member.c.id)
        .join(enrollment, e.id == p.enrollment_id)
        .join(teammate, (teammate.c.member_id == member.c.id) & teammate.c.left_at.is_(None))
        .join(preferences, preferences.c.member_id == member.c.id)
        .where(
            teammate.c.team_id == team_id,
            member.c.id != lead_id,
            preferences.c.hand.is_(True),
            p.done_at.is_(None),
            p.due_at < now,
            e.left_at.is_(None),
            e.paused_at.is_(None),
            e.done_at.is_(None),
        )
        .order_by(p.released_at, p.id)
    ).all()
    away = _away_among(conn, {row.id for row in rows}, now)
    return [
        OverdueLesson(row.name, Lesson.from_json(row.content).title, row.released_at)
        for row in rows
        if row.id not in away
    ]


def _away_among(conn: Connection, member_ids: set[int], now: datetime) -> set[int]:
    """Those of these members who are away today."""
    return {one for one in member_ids if _is_away(conn, one, own_hours(conn, one, now).day_of(now))}


def _is_away(conn: Connection, member_id: int, today: date) -> bool:
    days: Sequence[object] = [one for one in days_away(conn, member_id, today) if one.starts <= today]
    return bool(days)
