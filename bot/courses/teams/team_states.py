"""The state of a team: whether its year is over; and since when somebody is in it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select, update

from bot.courses.teams.tables import Team, team, teammate


def set_archived(conn: Connection, community_id: int, team_id: int, at: datetime | None) -> bool:
    """Archive a team, or with None open it again; whether it was not so."""
    ours = (team.c.community_id == community_id) & (team.c.id == team_id)
    other = team.c.archived_at.is_(None) if at is not None else team.c.archived_at.is_not(None)
    return conn.execute(update(team).where(ours, other).values(archived_at=at)).rowcount > 0


def next_team(conn: Connection, team_id: int) -> int | None:
    """The team that began anew with the people of an archived one."""
    found: int | None = conn.execute(select(team.c.next_id).where(team.c.id == team_id)).scalar_one_or_none()
    return found


def set_next_team(conn: Connection, team_id: int, next_id: int) -> None:
    """A team began anew as this one."""
    conn.execute(update(team).where(team.c.id == team_id).values(next_id=next_id))


def is_archived(conn: Connection, team_id: int) -> bool:
    """Whether a team is archived."""
    found = select(team.c.archived_at).where(team.c.id == team_id)
    return conn.execute(found).scalar_one_or_none() is not None


def earlier_teams(conn: Connection, community_id: int, member_id: int) -> list[Team]:
    """The archived teams that a member is in, the latest first."""
    here = (teammate.c.team_id == team.c.id) & teammate.c.left_at.is_(None)
    mine = select(teammate.c.team_id).where(teammate.c.member_id == member_id, teammate.c.left_at.is_(None))
    query = (
        select(team.c.id, team.c.name, func.count(teammate.c.member_id), team.c.archived_at)
        .outerjoin(teammate, here)
        .where(team.c.community_id == community_id, team.c.archived_at.is_not(None), team.c.id.in_(mine))
        .group_by(team.c.id, team.c.name, team.c.archived_at)
        .order_by(team.c.archived_at.desc(), team.c.id)
    )
    return [Team(*row) for row in conn.execute(query)]


def joined_at(conn: Connection, team_id: int, member_id: int) -> datetime | None:
    """Since when a member is in a team; None where they are not."""
    mine = (teammate.c.team_id == team_id) & (teammate.c.member_id == member_id)
    at: datetime | None = conn.execute(
        select(teammate.c.joined_at).where(mine, teammate.c.left_at.is_(None))
    ).scalar_one_or_none()
    return at
