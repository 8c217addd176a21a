"""The total of a team in a course: the lessons finished by those who show theirs to nobody, counted once a week.

The rules of `bot/people/small_groups.py`, for teams: the cell is team, course and week. A total stays as it was counted.
The next one is told only if at least five people differ from every total before it, and a member stands in the totals of
one team alone, so that no two totals differ by what one of them did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    Text,
    delete,
    func,
    or_,
    select,
)

from bot.chat.models import Sharing
from bot.courses.lessons import catalog
from bot.courses.teams import tables
from bot.courses.teams.learners import list_learners
from bot.courses.teams.progress_view import TeamTotal
from bot.feature import PeriodicJob
from bot.people.preferences import preferences
from bot.people.small_groups import MINIMUM, may_follow, may_tell
from bot.people.tables import communities, community
from bot.runtime.clock import Clock
from bot.schedules.weeks import week_at, week_named
from bot.store.dialect import insert
from bot.store.next_due import only_where
from bot.store.schema import metadata
from bot.store.store import Store
from bot.store.types import UtcDateTime

team_total = Table(
    "team_total",
    metadata,
    Column("team_id", ForeignKey("team.id"), primary_key=True),
    Column("course_id", ForeignKey("course.id"), primary_key=True),
    Column("week", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("people", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("lessons", Integer, nullable=False),
    Column("counted_at", UtcDateTime, nullable=False),
)
"""A total that was told: `people` finished `done` of `lessons` lessons together, each lesson once for each of them."""

counted_member = Table(
    "counted_member",
    metadata,
    Column("team_id", ForeignKey("team.id"), primary_key=True),
    Column("course_id", ForeignKey("course.id"), primary_key=True),
    Column("week", Text, primary_key=True),
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("done", Integer, nullable=False),
    Index("ix_counted_member_member_id", "member_id"),
)
"""What a total was counted from: who, and how many lessons they had finished. Nobody reads it but the next count."""

counted_week = Table(
    "counted_week",
    metadata,
    Column("community_id", ForeignKey("community.id"), primary_key=True),
    Column("week", Text, nullable=False),
)
"""The ISO week (`2026-W41`) in which a community's teams were counted last."""


@dataclass(frozen=True, slots=True)
class TotalCell:
    """What one total is about."""

    community_id: int
    team_id: int
    course_id: int
    week: str


class TeamTotals:
    """Counts the teams of each community when its week begins."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def job(self) -> PeriodicJob:
        """The job that does it."""
        return PeriodicJob("counting teams", 300, self.count_due, only_where(tables.team, next_due))

    async def count_due(self) -> int:
        """Count the teams of every community whose week is new, each in a transaction of its own; how many totals."""
        now, told = self._clock.now(), 0
        for home, week in await self._store.read(partial(_new_weeks, now=now)):
            for cell in await self._store.read(partial(_cells, community_id=home, week=week)):
                told += await self._store.write(partial(count_team, cell=cell, now=now))
            await self._store.write(partial(_record_week, community_id=home, week=week))
        return told


def count_team(conn: Connection, cell: TotalCell, now: datetime) -> bool:
    """Count one team in one course, unless it was this week; whether there is a total to tell."""
    listed = catalog.find_course(conn, cell.community_id, cell.course_id)
    earlier = _earlier_counts(conn, cell)
    if listed is None or cell.week in earlier:
        return False
    slugs = {one.slug for one in listed.course.lessons}
    learners = list_learners(conn, cell.course_id, tables.team_members(conn, cell.team_id))
    elsewhere = _counted_elsewhere(conn, cell)
    counts = {
        one.member_id: len(one.done & slugs)
        for one in learners
        if one.sharing is Sharing.ME and one.member_id not in elsewhere
    }
    done, lessons = sum(counts.values()), len(counts) * len(slugs)
    if not may_tell(len(counts)) or not MINIMUM <= done <= lessons - MINIMUM:
        return False  # all or nothing done would say it of each of them
    if not may_follow(earlier.values(), counts):
        return False
    same = {
        "team_id": cell.team_id, "course_id": cell.course_id, "week": cell.week, "community_id": cell.community_id,
    }  # fmt: skip
    total = {**same, "people": len(counts), "done": done, "lessons": lessons, "counted_at": now}
    conn.execute(insert(team_total).values(total))
    conn.execute(insert(counted_member), [{**same, "member_id": one, "done": n} for one, n in counts.items()])
    return True


def find_total(conn: Connection, team_id: int, course_id: int) -> TeamTotal | None:
    """The newest total of a team in a course, as long as five of those in it show theirs to nobody."""
    mine = (team_total.c.team_id == team_id) & (team_total.c.course_id == course_id)
    row = conn.execute(
        select(team_total).where(mine).order_by(team_total.c.week.desc()).limit(1)
    ).one_or_none()
    if row is None:
        return None
    unseen = conn.execute(_unseen(team_id, course_id).where(counted_member.c.week == row.week)).all()
    return TeamTotal(row.people, row.done, row.lessons, row.counted_at) if may_tell(len(unseen)) else None


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Forget what a member contributed to totals, which stay: nobody can be worked out from them."""
    mine = (counted_member.c.community_id == community_id) & (counted_member.c.member_id == member_id)
    conn.execute(delete(counted_member).where(mine))


def hand_over(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """The totals a member is counted in."""
    mine = (counted_member.c.community_id == community_id) & (counted_member.c.member_id == member_id)
    query = select(tables.team.c.name, counted_member.c.week, counted_member.c.done)
    rows = conn.execute(
        query.join(tables.team, tables.team.c.id == counted_member.c.team_id)
        .where(mine)
        .order_by(counted_member.c.week, counted_member.c.course_id)
    )
    return [{"team": row.name, "week": row.week, "your lessons in it": row.done} for row in rows]


def next_due(conn: Connection) -> datetime | None:
    """When the next week of a community that has teams begins."""
    found = []
    for home in communities(conn):
        first = select(func.min(tables.team.c.created_at)).where(tables.team.c.community_id == home.id)
        counted = select(counted_week.c.week).where(counted_week.c.community_id == home.id)
        week = week_named(conn.execute(counted).scalar() or "")
        at = week.ends(ZoneInfo(home.zone)) if week is not None else conn.execute(first).scalar_one()
        found += [at] if at is not None else []
    return min(found, default=None)


def _new_weeks(conn: Connection, now: datetime) -> list[tuple[int, str]]:
    """(community, week) where nobody counted yet in the week that is now."""
    known = {row.community_id: row.week for row in conn.execute(select(counted_week))}
    has_teams = select(tables.team.c.id).where(tables.team.c.community_id == community.c.id).exists()
    rows = conn.execute(select(community.c.id, community.c.zone).where(has_teams))
    weeks = ((row.id, week_at(now, ZoneInfo(row.zone)).key) for row in rows)
    return [(home, week) for home, week in weeks if known.get(home) != week]


def _cells(conn: Connection, community_id: int, week: str) -> list[TotalCell]:
    courses = [one.id for one in catalog.offered_courses(conn, community_id)]
    teams = sorted(one.id for one in tables.teams(conn, community_id) if may_tell(one.size))
    return [TotalCell(community_id, team_id, course_id, week) for team_id in teams for course_id in courses]


def _record_week(conn: Connection, community_id: int, week: str) -> None:
    new = insert(counted_week).values(community_id=community_id, week=week)
    conn.execute(new.on_conflict_do_update(index_elements=["community_id"], set_={"week": week}))


def _earlier_counts(conn: Connection, cell: TotalCell) -> Mapping[str, Mapping[int, int]]:
    """What each earlier total of this team in this course was counted from, by week, without whoever is seen now."""
    found: dict[str, dict[int, int]] = {
        week: {}
        for week in conn.execute(
            select(team_total.c.week).where(
                team_total.c.team_id == cell.team_id, team_total.c.course_id == cell.course_id
            )
        ).scalars()
    }
    for row in conn.execute(_unseen(cell.team_id, cell.course_id)):
        found[row.week][row.member_id] = row.done
    return found


def _unseen(team_id: int, course_id: int) -> Select[Any]:
    """What the totals of a team were counted from, of those members who show theirs to nobody now."""
    return (
        select(counted_member)
        .outerjoin(preferences, preferences.c.member_id == counted_member.c.member_id)
        .where(
            counted_member.c.team_id == team_id,
            counted_member.c.course_id == course_id,
            or_(preferences.c.progress.is_(None), preferences.c.progress == Sharing.ME.value),
        )
    )


def _counted_elsewhere(conn: Connection, cell: TotalCell) -> Sequence[int]:
    """The members who stand in totals of another team in this course."""
    query = select(counted_member.c.member_id).where(
        counted_member.c.course_id == cell.course_id, counted_member.c.team_id != cell.team_id
    )
    return conn.execute(query.distinct()).scalars().all()
