"""Which plan somebody means, whether they may read or change it, and the names of whoever is in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Connection, false, or_, select

from bot.chat.cards import Button
from bot.chat.language import _
from bot.chat.menu_cards import OPEN, RUN
from bot.chat.models import Refusal
from bot.chat.parsing.button_values import read_number
from bot.courses.teams import resolve
from bot.courses.teams import tables as teams_tables
from bot.courses.teams.tables import Team
from bot.courses.teams.team_commands import require_lead
from bot.feature import Request
from bot.people.accounts import accounts_of
from bot.people.audience import Reader, TeamItem
from bot.people.tables import member
from bot.team_plans import tables
from bot.team_plans.model import TeamPlan
from bot.team_plans.page import SEE
from bot.team_plans.sections import Names

WORDS = 100
"""Words that are looked up among members' names."""
OFFERED = 3
"""Shared plans that are offered to somebody without a team."""


def readable_plan(conn: Connection, request: Request) -> tuple[TeamPlan, bool]:
    """The plan that somebody means, and whether they may change it; refuses who may not read it."""
    team = _meant_team(conn, request)
    plan = tables.load_plan(conn, team.id)
    members = frozenset(one.member_id for one in teams_tables.team_members(conn, team.id))
    reader = Reader(request.community.id, request.member.id, request.role)
    if not reader.may_read_of_team(TeamItem(plan.community_id, members, plan.sharing)):
        raise Refusal(
            _("Only the team {team} can read its plan.", team=team.name),
            _("Join the team, or ask somebody in it to share the plan."),
            buttons=(Button(_("See all teams"), does=RUN, value="team list"),),
        )
    editable = request.member.id in members
    # What people said of how it goes is their team's, also where the plan is shared.
    return plan if editable else replace(plan, check_ins=()), editable


def own_plan(conn: Connection, request: Request) -> TeamPlan:
    """The plan that somebody means, if it is their own team's."""
    plan, editable = readable_plan(conn, request)
    if not editable:
        raise Refusal(
            _("Only people in {team} can change its plan.", team=plan.team),
            _("Join the team to work on its plan."),
            buttons=(Button(_("See the plan"), does=SEE, value=f"t{plan.team_id}"),),
        )
    return plan


def led_plan(conn: Connection, request: Request) -> TeamPlan:
    """The plan that somebody means, if they lead its team or are a moderator."""
    if not request.line and not request.values:
        read_number(request.value.partition("/")[0], "t")  # a button names its team
    team = resolve.named_or_own_team(conn, request)
    require_lead(conn, request, team)
    return tables.load_plan(conn, team.id)


def _meant_team(conn: Connection, request: Request) -> Team:
    if request.value.startswith("t") or request.text("team"):
        return resolve.named_or_own_team(conn, request)
    if teams_tables.teams_of(conn, request.community.id, request.member.id):
        return resolve.named_or_own_team(conn, request)
    shared = tables.shared_teams(conn, request.community.id)[:OFFERED]
    raise Refusal(
        _("You are not in a team yet. A plan belongs to a team."),
        _("Join a team, or ask a moderator to make one."),
        buttons=(
            Button(_("Join a team"), opens=OPEN, value="team join", style="main"),
            *(
                Button(_("Plan of {team}", team=name), does=SEE, value=f"t{team_id}")
                for team_id, name in shared
            ),
        ),
    )


def names_in(conn: Connection, plan: TeamPlan, *more: int | None) -> Names:
    """The names of whoever does something in a plan, and of `more` members; without those who were erased."""
    ids = (
        {one.owner_id for one in plan.entries}
        | {one.member_id for one in plan.check_ins}
        | {plan.shared_by, *more}
    )
    query = select(member.c.id, member.c.name).where(
        member.c.id.in_([one for one in ids if one is not None]), member.c.erased_at.is_(None)
    )
    return {row.id: row.name for row in conn.execute(query)}


def known_names(conn: Connection, community_id: int, words: Collection[str]) -> list[str]:
    """The names of the members of a community in which one of these words stands."""
    here = (member.c.community_id == community_id) & member.c.erased_at.is_(None)
    named = or_(false(), *(member.c.name.icontains(word, autoescape=True) for word in sorted(words)[:WORDS]))
    return list(conn.execute(select(member.c.name).where(here, named).limit(WORDS)).scalars())


def account_here(conn: Connection, request: Request, member_id: int | None) -> str:
    """The platform's id of a member in the space of whoever asks, or ""."""
    if member_id is None:
        return ""
    found = dict(accounts_of(conn, request.community.id, member_id))
    return found.get(request.person.space, "")
