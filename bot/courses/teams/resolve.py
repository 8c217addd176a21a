"""The team that somebody means: named, on the button, or the only one they are in."""

from __future__ import annotations

from difflib import get_close_matches

from sqlalchemy import Connection

from bot.chat.language import _
from bot.chat.models import Refusal, UnclearOption
from bot.chat.parsing.button_values import read_id
from bot.courses.teams import tables
from bot.courses.teams.tables import Team
from bot.feature import Request

NAME = 40
"""Characters of a team's name."""
_NEAR = 0.6
"""How alike a name must be to one that was misspelled."""


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
        near = [(one.name, one.name) for one in _nearest_teams(conn, request, name)]
        raise UnclearOption("team", _("There is no team {name}.", name=name[:NAME]), near or None)
    return found


def _nearest_teams(conn: Connection, request: Request, name: str) -> list[Team]:
    """The teams that may be meant: those that begin with these words or hold them, else those spelled nearly so."""
    known = {tables.fold_name(one.name): one for one in tables.teams(conn, request.community.id)}
    said = tables.fold_name(name)
    begun = [each for each in known if each.startswith(said) or said.startswith(f"{each} ")]
    holding = [each for each in known if said in each and each not in begun]
    return [known[each] for each in begun + holding or get_close_matches(said, known, n=4, cutoff=_NEAR)]
