"""The form in which a meeting is planned or changed, and the time that somebody wrote in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.forms import Choice, Form, Hint, ShortText
from bot.chat.language import N_, _
from bot.chat.models import Refusal
from bot.chat.time.moment_parser import AtLocal, When, resolve_when
from bot.courses.teams.tables import Team
from bot.feature import Request
from bot.schedules.recurrence import local_to_utc
from bot.team_plans.meetings import cards
from bot.team_plans.meetings.agenda import PLAIN, list_lessons, usual_lesson
from bot.team_plans.meetings.tables import TeamMeeting

AHEAD = timedelta(days=366)
"""How long before it a meeting can be planned."""
HOWS = {"person": N_("In person"), "online": N_("On a video call")}
ENDS = {
    "tell": N_("Post what we wrote, here"),
    "keep": N_("Leave it in the plan only"),
}
"""What happens with what was written, at the end."""


def meeting_form(conn: Connection, request: Request, team: Team, meeting: TeamMeeting | None) -> Form:
    """The form of a new meeting, or of one that is changed."""
    home = request.community.id
    lessons = list_lessons(conn, home, team.id)
    usual = usual_lesson(conn, home, team.id) if meeting is None else meeting.lesson
    offered = (*lessons, (PLAIN, _("No lesson: a plain agenda")))
    hows = tuple((value, _(label)) for value, label in HOWS.items())
    ends = tuple((value, _(label)) for value, label in ENDS.items())
    online, tells = (meeting.online, meeting.tells) if meeting is not None else (False, True)
    return Form(
        cards.PLAN, _("Team meeting"),
        (
            Hint(_("Team: {team}. Everybody who can read this place sees the meeting’s cards.", team=team.name)),
            ShortText(
                "when", _("When?"), _("Like Friday 3pm. Leave it empty to meet now."), required=False,
                value=_write_when(request, meeting), limit=60,
            ),
            Choice(
                "lesson", _("What will you do?"), offered,
                value=usual if usual in dict(lessons) else PLAIN,
            ),
            Choice("how", _("How do you meet?"), hows, value="online" if online else "person"),
            Choice("end", _("And at the end?"), ends, value="tell" if tells else "keep"),
        ),
        value=f"m{meeting.id}" if meeting is not None else f"t{team.id}",
        submit=_("Plan it") if meeting is None else _("Change it"),
    )  # fmt: skip


def _write_when(request: Request, meeting: TeamMeeting | None) -> str:
    """The time of a meeting, so that it can be read back."""
    if meeting is None:
        return ""
    return f"{meeting.meets_at.astimezone(ZoneInfo(request.member.zone)):%Y-%m-%d %H:%M}"


def read_instant(request: Request, when: When, zone: str | None) -> datetime:
    """When a meeting is; refuses a day without a time, the past, and what is far away."""
    if isinstance(when, AtLocal) and when.at is None:
        raise Refusal(_("At what time of day is the meeting?"), _("Write it like Friday 3pm."), request.line)
    there = ZoneInfo(zone or request.member.zone)
    at, _note = local_to_utc(resolve_when(when, request.now.astimezone(there)), there)
    if at < request.now - timedelta(minutes=1):
        raise Refusal(_("That time is over already."), _("Choose one that is still to come."), request.line)
    if at > request.now + AHEAD:
        raise Refusal(_("That is more than a year away."), _("Choose a time within a year."), request.line)
    return at
