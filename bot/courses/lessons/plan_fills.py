"""What teams wrote into their plans, as far as lessons ask for it: which part, who, on which day; never the words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    Column,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    delete,
    select,
    update,
)

from bot.courses.lessons.model import Lesson
from bot.courses.teams import tables as teams_tables
from bot.facts import PlanChanged
from bot.store.schema import metadata

plan_fill = Table(
    "plan_fill",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("team_id", ForeignKey("team.id"), nullable=False),
    Column("part", Text, nullable=False),
    Column("member_id", ForeignKey("member.id"), index=True),
    Column("day", Date, nullable=False),
    Index("ix_plan_fill_team", "team_id", "part"),
)
"""Somebody wrote into a part of their team's plan on a day. `member_id` is null when they were forgotten: the part stays
filled. A part that was emptied again has no rows."""

_c = plan_fill.c


@dataclass(frozen=True, slots=True)
class TeamStanding:
    """What a member's teams have to do with a lesson: whether there are any, and whether one did what its steps name."""

    there: bool
    did: bool = False


NO_TEAM = TeamStanding(there=False)


def note_fill(conn: Connection, fact: PlanChanged, day: date) -> None:
    """Store that a part was written into, once for each person and day; or, when it is empty now, that it is."""
    part = (_c.team_id == fact.team_id) & (_c.part == fact.part)
    if not fact.filled:
        conn.execute(delete(plan_fill).where(part))
        return
    known = select(_c.id).where(part, _c.member_id == fact.member_id, _c.day == day).limit(1)
    if conn.execute(known).first() is None:
        conn.execute(
            plan_fill.insert().values(
                community_id=fact.community_id, team_id=fact.team_id, part=fact.part, member_id=fact.member_id, day=day,
            )
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanFills:
    """What a team wrote into its plan: (part, member, day), the member None where they were forgotten."""

    rows: tuple[tuple[str, int | None, date], ...]

    def writers(self, parts: Collection[str]) -> set[int]:
        """The members who wrote into these parts."""
        return {writer for part, writer, _day in self.rows if part in parts and writer is not None}

    def fulfill(self, lesson: Lesson) -> bool:
        """Whether every part that the steps of a lesson name is filled; of looks, one on a day counts."""
        needs = lesson.plan_needs
        days = {part: {day for filled, _who, day in self.rows if filled == part} for part in needs}
        return bool(needs) and all(len(days[part]) >= times for part, times in needs.items())


def plan_fills_of(conn: Connection, team_id: int, parts: Collection[str] | None = None) -> PlanFills:
    """What a team wrote into these parts of its plan, or into all."""
    query = select(_c.part, _c.member_id, _c.day).where(_c.team_id == team_id)
    rows = conn.execute(query if parts is None else query.where(_c.part.in_(parts)))
    return PlanFills(tuple((row.part, row.member_id, row.day) for row in rows))


def team_standing(conn: Connection, community_id: int, member_id: int, lesson: Lesson) -> TeamStanding:
    """What a member's teams have to do with a lesson."""
    teams = teams_tables.teams_of(conn, community_id, member_id)
    needs = lesson.plan_needs
    did = bool(needs) and any(plan_fills_of(conn, one.id, needs).fulfill(lesson) for one in teams)
    return TeamStanding(bool(teams), did)


def hand_over(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """On which days a member wrote into which parts of a plan."""
    mine = select(_c.part, _c.day).where(_c.community_id == community_id, _c.member_id == member_id)
    return [
        {"part": row.part, "on": row.day.isoformat()} for row in conn.execute(mine.order_by(_c.day, _c.id))
    ]


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Forget who wrote; what the team has done stays done."""
    mine = (_c.community_id == community_id) & (_c.member_id == member_id)
    conn.execute(update(plan_fill).where(mine).values(member_id=None))
