"""To whom the homes of courses and teams offer a command about one's own: who takes a course, is in a team, or leads one."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.chat.models import Role
from bot.courses.enrollment import tables
from bot.courses.teams import tables as teams_tables
from bot.feature import Request


def takes_course(conn: Connection, request: Request) -> bool:
    """Whether the asker takes a course."""
    return bool(tables.enrollments_of(conn, request.community.id, request.member.id))


def is_in_team(conn: Connection, request: Request) -> bool:
    """Whether the asker is in a team."""
    return bool(teams_tables.teams_of(conn, request.community.id, request.member.id))


def leads_team(conn: Connection, request: Request) -> bool:
    """Whether the asker leads a team, or may change every team."""
    mine = teams_tables.teams_of(conn, request.community.id, request.member.id)
    return request.role >= Role.MODERATOR or any(
        teams_tables.is_lead(conn, one.id, request.member.id) for one in mine
    )
