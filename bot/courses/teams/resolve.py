"""The team that somebody means: named, on the button, or the only one they are in."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.chat.language import _
from bot.chat.models import Refusal, UnclearOption
from bot.chat.parsing.button_values import read_id
from bot.courses.teams import tables
from bot.courses.teams.tables import Team
from bot.feature import Request

NAME = 40
"""Characters of a team's name."""


def named_or_own_team(conn: Connection, request: Request) -> Team:
    """The team that is named or on the button, else one's own."""
    if request.value.startswith("t"):
        found = tables.find_team(conn, request.community.id, read_id(request.value, "t"))
        if found is None:
            raise Refusal(_("That team no longer exists."), _("`/team list` shows the others."))
        return found
    if name := request.text("team"):
        return named_team(conn, request, name)
    mine = tables.teams_of(conn, request.community.id, request.member.id)
    if len(mine) == 1:
        return mine[0]
    if not mine:
        raise UnclearOption("team", _("You are not in a team. Which team do you mean?"))
    raise UnclearOption("team", _("Which team do you mean?"), [(one.name, one.name) for one in mine])


def named_team(conn: Connection, request: Request, name: str) -> Team:
    """The team of this name."""
    found = tables.team_by_name(conn, request.community.id, name)
    if found is None:
        raise UnclearOption("team", _("There is no team {name}.", name=name[:NAME]))
    return found
