"""The answers of each team that moderators can read, by week: counted anew each time, so that it is always true.

Moderators see each of these answers by name, so a number of them tells nothing more. What is shared inside a team only, or
with nobody, is in none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, and_, func, select

from bot.courses.teams import tables as teams_tables
from bot.courses.teams.tables import teammate
from bot.reflections.answers.tables import IS_GIVEN, answer
from bot.reports.prompt_counts import read_by_moderators
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
    rows = conn.execute(
        select(teammate.c.team_id, r.week, func.count())
        .select_from(report_prompt)
        .join(answer, answer.c.occurrence_id == r.occurrence_id)
        .join(teammate, and_(teammate.c.member_id == answer.c.member_id, teammate.c.left_at.is_(None)))
        .where(
            r.community_id == community_id, r.week.in_(weeks), answer.c.late.is_(False), IS_GIVEN,
            read_by_moderators(community_id),
        )
        .group_by(teammate.c.team_id, r.week)
    )  # fmt: skip
    found: dict[int, dict[str, int]] = {}
    for team_id, week, count in rows:
        found.setdefault(team_id, {})[week] = count
    return [TeamAnswers(one.name, found.get(one.id, {})) for one in page]
