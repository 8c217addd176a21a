"""Tables of teams, their members, and a rollup of the lessons they finished each week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    delete,
    func,
    select,
    update,
)

from bot.courses.enrollment.tables import enrollment
from bot.courses.lessons.tables import progress
from bot.people.tables import community_by_id, member
from bot.schedules.weeks import week_at
from bot.store.dialect import insert
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

team = Table(
    "team",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("archived_at", UtcDateTime),
    Column("next_id", Integer),
    UniqueConstraint("community_id", "folded"),
    sqlite_autoincrement=True,
)
"""`folded`: the name as it is compared, so that "North" and "north" are one team. `archived_at`: its year is over. `next_id` is the
team that began anew with its people."""

teammate = Table(
    "teammate",
    metadata,
    Column("team_id", ForeignKey("team.id"), primary_key=True),
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("lead", Boolean, nullable=False, default=False),
    Column("joined_at", UtcDateTime, nullable=False),
    Column("left_at", UtcDateTime),
    Index("ix_teammate_member", "member_id"),
)
"""`left_at`: they left, which can be undone for ten minutes."""

team_week = Table(
    "team_week",
    metadata,
    Column("team_id", ForeignKey("team.id"), primary_key=True),
    Column("course_id", ForeignKey("course.id"), primary_key=True),
    Column("week", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("done", Integer, nullable=False),
    Index("ix_team_week_community", "community_id", "week"),
)
"""Lessons that the members of a team, as it is now, finished in an ISO week of the community's zone (`2026-W41`)."""


@dataclass(frozen=True, slots=True)
class Team:
    """A team of a community, with how many are in it."""

    id: int
    name: str
    size: int
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A member of a team."""

    member_id: int
    name: str
    lead: bool


def fold_name(name: str) -> str:
    """A team's name as it is compared."""
    return " ".join(name.casefold().split())


_IN = teammate.c.left_at.is_(None)
_TEAMS = (
    select(team.c.id, team.c.name, func.count(teammate.c.member_id), team.c.archived_at)
    .outerjoin(teammate, (teammate.c.team_id == team.c.id) & _IN)
    .group_by(team.c.id, team.c.name, team.c.archived_at)
    .order_by(team.c.folded)
)
_RUNNING = team.c.archived_at.is_(None)


def teams(conn: Connection, community_id: int) -> list[Team]:
    """All teams of a community that are not archived, by name."""
    return [Team(*row) for row in conn.execute(_TEAMS.where(team.c.community_id == community_id, _RUNNING))]


def find_team(conn: Connection, community_id: int, team_id: int) -> Team | None:
    """One team of a community."""
    ours = (team.c.community_id == community_id) & (team.c.id == team_id)
    return next((Team(*row) for row in conn.execute(_TEAMS.where(ours))), None)


def team_by_name(conn: Connection, community_id: int, name: str) -> Team | None:
    """The team of this name, however it was capitalized."""
    ours = (team.c.community_id == community_id) & (team.c.folded == fold_name(name))
    return next((Team(*row) for row in conn.execute(_TEAMS.where(ours))), None)


def teams_of(conn: Connection, community_id: int, member_id: int) -> list[Team]:
    """The teams a member is in, without archived ones."""
    mine = select(teammate.c.team_id).where(teammate.c.member_id == member_id, _IN)
    query = _TEAMS.where(team.c.community_id == community_id, team.c.id.in_(mine), _RUNNING)
    return [Team(*row) for row in conn.execute(query)]


def mates_of(conn: Connection, community_id: int, member_id: int) -> frozenset[int]:
    """The other members of the teams a member is in now."""
    mine = select(teammate.c.team_id).where(
        teammate.c.community_id == community_id, teammate.c.member_id == member_id, _IN
    )
    query = select(teammate.c.member_id).where(teammate.c.team_id.in_(mine), _IN).distinct()
    return frozenset(conn.execute(query).scalars()) - {member_id}


def team_members(conn: Connection, team_id: int) -> list[TeamMember]:
    """Who is in a team, by name."""
    rows = conn.execute(
        select(member.c.id, member.c.name, teammate.c.lead)
        .join(teammate, teammate.c.member_id == member.c.id)
        .where(teammate.c.team_id == team_id, _IN)
        .order_by(func.lower(member.c.name), member.c.id)
    )
    return [TeamMember(*row) for row in rows]


def is_lead(conn: Connection, team_id: int, member_id: int) -> bool:
    """Whether a member leads a team."""
    query = select(teammate.c.lead).where(
        teammate.c.team_id == team_id, teammate.c.member_id == member_id, _IN
    )
    return bool(conn.execute(query).scalar_one_or_none())


def create_team(conn: Connection, community_id: int, name: str, now: datetime) -> int | None:
    """Make a team; its id, or None when there is one of this name."""
    row = {"community_id": community_id, "name": name, "folded": fold_name(name), "created_at": now}
    new = insert(team).values(row).on_conflict_do_nothing(index_elements=["community_id", "folded"])
    made: int | None = conn.execute(new.returning(team.c.id)).scalar_one_or_none()
    return made


def rename_team(conn: Connection, community_id: int, team_id: int, name: str) -> None:
    """Give a team another name, which no other team has."""
    ours = (team.c.community_id == community_id) & (team.c.id == team_id)
    conn.execute(update(team).where(ours).values(name=name, folded=fold_name(name)))


def join_team(conn: Connection, community_id: int, team_id: int, member_id: int, now: datetime) -> bool:
    """Put a member into a team; whether they were not in it."""
    row = {
        "team_id": team_id, "member_id": member_id, "community_id": community_id, "lead": False, "joined_at": now,
    }  # fmt: skip
    new = insert(teammate).values(row)
    again = new.on_conflict_do_update(
        index_elements=["team_id", "member_id"],
        set_={"left_at": None, "joined_at": now, "lead": False},
        where=teammate.c.left_at.is_not(None),
    )
    moved = conn.execute(again).rowcount > 0
    if moved:
        recount_team(conn, community_id, team_id)
    return moved


def leave_team(conn: Connection, community_id: int, team_id: int, member_id: int, now: datetime) -> bool:
    """Take a member out of a team; whether they were in it."""
    mine = (teammate.c.team_id == team_id) & (teammate.c.member_id == member_id)
    moved = conn.execute(update(teammate).where(mine, _IN).values(left_at=now)).rowcount > 0
    if moved:
        recount_team(conn, community_id, team_id)
    return moved


def return_to_team(conn: Connection, community_id: int, team_id: int, member_id: int) -> None:
    """Put a member who left back into a team, as what they were."""
    mine = (teammate.c.team_id == team_id) & (teammate.c.member_id == member_id)
    conn.execute(update(teammate).where(mine).values(left_at=None))
    recount_team(conn, community_id, team_id)


def left_at(conn: Connection, team_id: int, member_id: int) -> datetime | None:
    """When a member left a team, if they did and are not back."""
    mine = (teammate.c.team_id == team_id) & (teammate.c.member_id == member_id)
    at: datetime | None = conn.execute(select(teammate.c.left_at).where(mine)).scalar_one_or_none()
    return at


def set_lead(conn: Connection, team_id: int, member_id: int, lead: bool) -> None:
    """Let a member of a team lead it, or no longer."""
    mine = (teammate.c.team_id == team_id) & (teammate.c.member_id == member_id)
    conn.execute(update(teammate).where(mine).values(lead=lead))


# ── the roll-up ───────────────────────────────────────────────────────────────


def recount_team_course(conn: Connection, community_id: int, team_id: int, course_id: int) -> None:
    """Count a team's weeks in a course anew: a few rows, and always what the lessons themselves say."""
    zone = community_by_id(conn, community_id).zone
    done: dict[str, int] = {}
    for at in conn.execute(
        select(progress.c.done_at)
        .join(teammate, teammate.c.member_id == progress.c.member_id)
        .join(enrollment, enrollment.c.id == progress.c.enrollment_id)
        .where(
            teammate.c.team_id == team_id,
            _IN,
            progress.c.course_id == course_id,
            progress.c.done_at.is_not(None),
            enrollment.c.left_at.is_(None),
        )
    ).scalars():
        week = week_at(at, ZoneInfo(zone)).key
        done[week] = done.get(week, 0) + 1
    mine = (team_week.c.team_id == team_id) & (team_week.c.course_id == course_id)
    conn.execute(delete(team_week).where(mine))
    if done:
        same = {"team_id": team_id, "course_id": course_id, "community_id": community_id}
        conn.execute(insert(team_week), [{**same, "week": week, "done": done[week]} for week in sorted(done)])


def recount_member(conn: Connection, community_id: int, member_id: int, course_id: int) -> None:
    """Count the weeks of every team a member is in."""
    query = select(teammate.c.team_id).where(teammate.c.member_id == member_id, _IN)
    for team_id in conn.execute(query).scalars().all():
        recount_team_course(conn, community_id, team_id, course_id)


def recount_team(conn: Connection, community_id: int, team_id: int) -> None:
    """Count a team's weeks in every course: somebody came or went."""
    before = select(team_week.c.course_id).where(team_week.c.team_id == team_id)
    taken = (
        select(enrollment.c.course_id)
        .join(teammate, teammate.c.member_id == enrollment.c.member_id)
        .where(teammate.c.team_id == team_id)
    )
    for course_id in conn.execute(before.union(taken)).scalars().all():
        recount_team_course(conn, community_id, team_id, course_id)


def team_weeks(conn: Connection, team_id: int, course_id: int) -> dict[str, int]:
    """How many lessons a team finished in each week."""
    mine = (team_week.c.team_id == team_id) & (team_week.c.course_id == course_id)
    rows = conn.execute(select(team_week.c.week, team_week.c.done).where(mine).order_by(team_week.c.week))
    return {row.week: row.done for row in rows}


def community_week(conn: Connection, community_id: int, week: str) -> list[tuple[str, int]]:
    """(team, lessons finished) of every team that finished any in a week, for reports."""
    rows = conn.execute(
        select(team.c.name, func.sum(team_week.c.done))
        .join(team, team.c.id == team_week.c.team_id)
        .where(team_week.c.community_id == community_id, team_week.c.week == week)
        .group_by(team.c.id, team.c.name, team.c.folded)
        .order_by(team.c.folded)
    )
    return [(name, int(done)) for name, done in rows]


def forget(conn: Connection, community_id: int, member_id: int) -> Sequence[int]:
    """Forget which teams a member is in; the teams this was about."""
    mine = (teammate.c.community_id == community_id) & (teammate.c.member_id == member_id)
    touched = list(conn.execute(select(teammate.c.team_id).where(mine)).scalars())
    conn.execute(delete(teammate).where(mine))
    return touched
