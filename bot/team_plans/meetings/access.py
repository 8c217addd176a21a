"""Who plans a team's meetings, and which team or meeting a button or form means."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.chat.language import _
from bot.chat.models import Place, Refusal, Role
from bot.chat.parsing.button_values import read_id
from bot.courses.teams import resolve
from bot.courses.teams import tables as teams_tables
from bot.courses.teams.tables import Team
from bot.feature import Request
from bot.team_plans import places
from bot.team_plans.meetings import posts, tables
from bot.team_plans.meetings.tables import TeamMeeting
from bot.team_plans.places import REMOVED


def may_plan(conn: Connection, request: Request, team: Team) -> bool:
    """Whether somebody may plan a team's meetings: moderators, its leads, and everybody in it where nobody leads it."""
    if request.role >= Role.MODERATOR:
        return True
    mates = teams_tables.team_members(conn, team.id)
    mine = next((one for one in mates if one.member_id == request.member.id), None)
    return mine is not None and (mine.lead or not any(one.lead for one in mates))


def is_in(conn: Connection, request: Request, team: Team) -> bool:
    """Whether somebody may know of a team's meetings."""
    return is_mate(conn, request, team) or request.role >= Role.MODERATOR


def require_known(conn: Connection, request: Request, team: Team) -> None:
    """Refuse who is not in a team and no moderator."""
    if not is_in(conn, request, team):
        raise Refusal(
            _("Only people in {team} see its meetings.", team=team.name), _("Join the team to see them."), request.line
        )  # fmt: skip


def require_planner(conn: Connection, request: Request, team: Team) -> None:
    """Refuse who may not plan."""
    if not may_plan(conn, request, team):
        raise Refusal(
            _("Only a moderator or a lead of {team} can plan its meetings.", team=team.name),
            _("Ask them, or propose a day to your team."), request.line,
        )  # fmt: skip


def is_mate(conn: Connection, request: Request, team: Team) -> bool:
    """Whether somebody is in a team: only who is lets its words be posted at the end of a meeting."""
    return request.member.id in {one.member_id for one in teams_tables.team_members(conn, team.id)}


def running_meeting(conn: Connection, request: Request) -> TeamMeeting:
    """The meeting of a button, for whoever may run it: everybody in the team, and moderators."""
    meeting = named_meeting(conn, request)
    team = posts.team_of(conn, meeting)
    if is_in(conn, request, team):
        return meeting
    raise Refusal(
        _("Only people in {team} run its meeting.", team=team.name), _("You can read along in the thread.")
    )


def place_for(conn: Connection, request: Request, team: Team) -> Place:
    """Where a meeting of a team is: the team's place, else where somebody asks; refused where nobody could read along."""
    chosen = places.place_of(conn, team.id)
    if chosen is not None and chosen.problem in (None, REMOVED):
        return chosen.place
    if request.place.private:
        raise Refusal(
            _("A team meeting runs in a place that your team can read."),
            _("Type `/team meet` in your team’s channel or thread, or choose its place with `/team place`."),
            request.line,
        )
    return request.place


def place_if_known(conn: Connection, request: Request) -> Place | None:
    """The same, or None where it is not clear which team or place is meant: the handler says so."""
    try:
        return place_for(conn, request, resolve.named_or_own_team(conn, request))
    except Refusal:
        return None


def asked_of(conn: Connection, request: Request) -> tuple[Team, TeamMeeting | None]:
    """The team (`t3`) or the meeting (`m12`) of a form; refused to who may not plan, and where it is too late."""
    if request.value.startswith("m"):
        team, meeting = plannable(conn, request)
        if meeting.called_off_at is not None:
            raise Refusal(_("This meeting is called off."), _("Plan another one: `/team meet`."))
        return team, meeting
    team = resolve.named_or_own_team(conn, request)
    require_planner(conn, request, team)
    return team, None


def plannable(conn: Connection, request: Request) -> tuple[Team, TeamMeeting]:
    """The meeting of a button, with its team; refused to who may not plan, and where it began already."""
    meeting = named_meeting(conn, request)
    team = posts.team_of(conn, meeting)
    require_planner(conn, request, team)
    if meeting.ended_at is not None:
        raise Refusal(_("This meeting is over."), _("Plan another one: `/team meet`."))
    if meeting.started_at is not None:
        raise Refusal(
            _("This meeting runs already."), _("Its last card in the thread goes on, up to its end.")
        )
    return team, meeting


def named_meeting(conn: Connection, request: Request) -> TeamMeeting:
    """The meeting that a button or form names (`m12`, `m12/3`)."""
    meeting_id = read_id(request.value.partition("/")[0], "m")
    found = tables.find_meeting(conn, request.community.id, meeting_id)
    if found is None:
        raise Refusal(_("There is no such meeting."), _("Plan one: `/team meet`."))
    return found
