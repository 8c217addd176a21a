"""The commands that the homes of courses and teams offer: what somebody takes, is in, or leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection

from bot.chat.models import Role
from bot.courses.enrollment import tables
from bot.courses.teams import tables as teams_tables
from bot.feature import CommandHandler, Request

LEARNERS = frozenset(
    f"course {verb}"
    for verb in (
        "progress",
        "lesson",
        "done",
        "undo",
        "extend",
        "pause",
        "resume",
        "leave",
        "evidence",
        "handout",
    )
)
MATES = frozenset({"team leave"})
LEADS = frozenset({"team add", "team remove", "team rename", "team handover"})


def with_offers(*commands: CommandHandler) -> tuple[CommandHandler, ...]:
    """The same commands; a home offers those about a course or team of one's own only to whoever has one."""
    return tuple(replace(one, offered=_condition(one)) for one in commands)


def _condition(handler: CommandHandler) -> Callable[[Connection, Request], bool]:
    path = handler.command.path
    rules = ((LEARNERS, _takes_course), (MATES, _is_in_team), (LEADS, _leads_team))
    return next((rule for paths, rule in rules if path in paths), handler.offered)


def _takes_course(conn: Connection, request: Request) -> bool:
    return bool(tables.enrollments_of(conn, request.community.id, request.member.id))


def _is_in_team(conn: Connection, request: Request) -> bool:
    return bool(teams_tables.teams_of(conn, request.community.id, request.member.id))


def _leads_team(conn: Connection, request: Request) -> bool:
    mine = teams_tables.teams_of(conn, request.community.id, request.member.id)
    return request.role >= Role.MODERATOR or any(
        teams_tables.is_lead(conn, one.id, request.member.id) for one in mine
    )
