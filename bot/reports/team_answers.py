"""The answers of each team that moderators can read, by week: counted anew each time, so that it is always true.

Moderators see each of these answers by name, so a number of them tells nothing more. What is shared inside a team only, or
with nobody, is in none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, and_, select

from bot.chat.models import Role
from bot.courses.teams import tables as teams_tables
from bot.courses.teams.tables import teammate
from bot.people.audience import Reader
from bot.reflections.answers.tables import IS_GIVEN, SHARED, answer
from bot.reflections.answers.turnout import list_threaded
from bot.reports.tables import report_prompt


@dataclass(frozen=True, slots=True)
class TeamAnswers:
    """A team, with its answers by the key of the week; a week without any has no number."""

    name: str
    weeks: Mapping[str, int] = field(default_factory=dict)


def read_teams(
    conn: Connection, community_id: int, weeks: Collection[str], offset: int, limit: int
) -> list[TeamAnswers]:
    """A page of teams by name, with their answers to prompts that closed in these weeks; no others are counted."""
    r, page = report_prompt.c, teams_tables.teams(conn, community_id)[offset : offset + limit]
    mates: dict[int, list[int]] = {}
    there = and_(teammate.c.team_id.in_([one.id for one in page]), teammate.c.left_at.is_(None))
    for team_id, member_id in conn.execute(select(teammate.c.team_id, teammate.c.member_id).where(there)):
        mates.setdefault(member_id, []).append(team_id)
    closed = select(r.occurrence_id, r.week).where(r.community_id == community_id, r.week.in_(weeks))
    week_of = {row.occurrence_id: row.week for row in conn.execute(closed)}
    # By the ids of both, so that the index of one answer a member and prompt is used, and nobody else's are read.
    reader = Reader(community_id, None, Role.MODERATOR)
    given = conn.execute(
        select(answer.c.id, answer.c.member_id, answer.c.occurrence_id, reader.condition(SHARED).label("shared")).where(
            answer.c.occurrence_id.in_(week_of), answer.c.member_id.in_(mates), answer.c.late.is_(False), IS_GIVEN
        )
    ).all()  # fmt: skip
    threaded = list_threaded(conn, [row.id for row in given if not row.shared])
    found: dict[int, Counter[str]] = {}
    for row in given:
        for team_id in mates[row.member_id] if row.shared or row.id in threaded else ():
            found.setdefault(team_id, Counter())[week_of[row.occurrence_id]] += 1
    return [TeamAnswers(one.name, found.get(one.id, {})) for one in page]
