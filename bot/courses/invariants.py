"""What must hold for the rows of courses: each is a query of those that break it, looked at by a check and by tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from bot.courses.enrollment.tables import enrollment
from bot.courses.lessons.tables import progress as progress_table
from bot.courses.teams import tables as teams_tables
from bot.courses.teams.tables import teammate
from bot.people import tables as people


def invariants() -> tuple[tuple[str, Select[Any]], ...]:
    """Rows that must not exist."""
    p, e = progress_table.c, enrollment.c
    orphans = (
        select(p.id)
        .outerjoin(enrollment, (e.id == p.enrollment_id) & (e.member_id == p.member_id))
        .where(e.id.is_(None))
    )
    erased = (
        select(e.id)
        .join(people.member, people.member.c.id == e.member_id)
        .where(people.member.c.erased_at.is_not(None))
    )
    finished = (
        select(e.id)
        .join(progress_table, p.enrollment_id == e.id)
        .where(e.done_at.is_not(None), p.done_at.is_(None))
    )
    waiting = select(e.id).where(e.left_at.is_not(None), e.release_at.is_not(None))
    counted = (
        select(teams_tables.team_week.c.team_id)
        .group_by(teams_tables.team_week.c.team_id, teams_tables.team_week.c.course_id)
        .having(func.sum(teams_tables.team_week.c.done) != _live())
    )
    return (
        ("every lesson's progress belongs to its member's enrollment", orphans),
        ("no enrollment of an erased member", erased),
        ("a finished course has no open lesson", finished),
        ("nothing comes to who left a course", waiting),
        ("a team's weeks are what its lessons say", counted),
    )


def _live() -> Any:
    """The number of lessons finished by the members of a rollup's team, counted from the lessons."""
    week = teams_tables.team_week.c
    return (
        select(func.count())
        .select_from(progress_table)
        .join(teammate, teammate.c.member_id == progress_table.c.member_id)
        .join(enrollment, enrollment.c.id == progress_table.c.enrollment_id)
        .where(
            teammate.c.team_id == week.team_id,
            teammate.c.left_at.is_(None),
            progress_table.c.course_id == week.course_id,
            progress_table.c.done_at.is_not(None),
            enrollment.c.left_at.is_(None),
        )
        .correlate(teams_tables.team_week)
        .scalar_subquery()
    )
