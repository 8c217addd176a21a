"""The team that somebody means: named, on the button, or the only one they are in."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.chat.language import _
from bot.chat.models import Refusal
from bot.courses.teams import tables
from bot.courses.teams.tables import Team
from bot.feature import Request

NAME = 40
"""Characters of a team's name."""


def named_or_own_team(conn: Connection, request: Request) -> Team:
    """The team that is named or on the button, else one's own."""
    if request.value.startswith("t"):
        found = tables.find_team(conn, request.community.id, int(request.value[1:].partition("/")[0]))
        if found is None:
            raise Refusal(_("That team no longer exists."), _("`/team list` shows the others."))
        return found
    if name := request.text("team"):
        return named_team(conn, request, name)
    mine = tables.teams_of(conn, request.community.id, request.member.id)
    if len(mine) == 1:
        return mine[0]
    if not mine:
        raise Refusal(
            _("You are in no team."),
            _("`/team list` shows them; `/team join North` joins one."),
            request.line,
        )
    names = ", ".join(one.name for one in mine)
    raise Refusal(_("You are in several teams."), _("Say which: {names}.", names=names), request.line)


def named_team(conn: Connection, request: Request, name: str) -> Team:
    """The team of this name."""
    found = tables.team_by_name(conn, request.community.id, name)
    if found is None:
        known = ", ".join(one.name for one in tables.teams(conn, request.community.id)[:10]) or "none yet"
        raise Refusal(
            _("There is no team {name}.", name=name[:NAME]), _("Teams: {known}.", known=known), request.line
        )
    return found
