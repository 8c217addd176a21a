"""The form in which a meeting is planned or changed, and the time that somebody wrote in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.forms import Choice, Form, Hint, ShortText
from bot.chat.language import N_, _
from bot.chat.models import Refusal
from bot.chat.time.moment_parser import AtLocal, When, parse_when, resolve_when
from bot.chat.time.zones import zone as zone_named
from bot.courses.teams.tables import Team
from bot.feature import Request
from bot.schedules.recurrence import local_to_utc
from bot.team_plans.meetings import cards
from bot.team_plans.meetings.access import is_mate
from bot.team_plans.meetings.agenda import PLAIN, offer_lessons, usual_lesson
from bot.team_plans.meetings.tables import TeamMeeting
from bot.team_plans.sheets import write_day, writes_month_first

AHEAD = timedelta(days=366)
"""How long before it a meeting can be planned."""
HOWS = {"person": N_("In person"), "online": N_("On a video call")}
ENDS = {
    "tell": N_("Post what we wrote in the thread"),
    "keep": N_("Leave it in the plan only"),
}
"""What happens with what was written, at the end."""


def meeting_form(
    conn: Connection, request: Request, team: Team, meeting: TeamMeeting | None, lesson: str = ""
) -> Form:
    """The form of a new meeting, of a `lesson` if one was named, or of one that is changed."""
    home = request.community.id
    lessons = offer_lessons(conn, home, team.id, meeting.lesson if meeting is not None else lesson)
    usual = (lesson or usual_lesson(conn, home, team.id)) if meeting is None else meeting.lesson
    offered = (*lessons, (PLAIN, _("No lesson: a plain agenda")))
    hows = tuple((value, _(label)) for value, label in HOWS.items())
    ends = tuple((value, _(label)) for value, label in ENDS.items())
    online, tells = request.values.get("online") is True, True
    if meeting is not None:
        online, tells = meeting.online, meeting.tells
    end = Choice("end", _("And at the end?"), ends, value="tell" if tells else "keep")
    return Form(
        cards.PLAN, _("Team meeting"),
        (
            Hint(_("Team: {team}. Everybody in the channel where you meet can read the meeting’s cards.", team=team.name)),
            ShortText(
                "when", _("When?"), _("Like Friday 3pm. Leave it empty to meet now."), required=False,
                value=write_instant(meeting.meets_at, request.member.zone) if meeting is not None else "", limit=60,
            ),
            Choice(
                "lesson", _("What will you do?"), offered,
                value=usual if usual in dict(lessons) else PLAIN,
            ),
            Choice("how", _("How do you meet?"), hows, value="online" if online else "person"),
            *((end,) if is_mate(conn, request, team) else ()),
        ),
        value=f"m{meeting.id}" if meeting is not None else f"t{team.id}",
        submit=_("Plan it") if meeting is None else _("Change it"),
    )  # fmt: skip


def write_instant(at: datetime, zone: str) -> str:
    """An instant as it stands in a form, so that it can be read back: as days and times are written where the reader lives."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{write_day(local.date())} {local:{'%I:%M %p' if writes_month_first() else '%H:%M'}}"


def meeting_time(request: Request, meeting: TeamMeeting | None) -> datetime:
    """When a meeting is to be by its form: now where that is empty, and as before where it was not touched.

    Raises `PhraseError` and `Refusal`.
    """
    text = request.text("when")
    if meeting is not None and text == write_instant(meeting.meets_at, request.member.zone):
        return meeting.meets_at
    return read_instant(request, *parse_when(text)) if text else request.now


def read_instant(request: Request, when: When, zone: str | None) -> datetime:
    """When a meeting is; refuses a day without a time, an unknown zone, the past, and what is far away."""
    if isinstance(when, AtLocal) and when.at is None:
        raise Refusal(_("At what time of day is the meeting?"), _("Write it like Friday 3pm."), request.line)
    there = zone_named(zone or request.member.zone)
    at, _note = local_to_utc(resolve_when(when, request.now.astimezone(there)), there)
    if at < request.now - timedelta(minutes=1):
        raise Refusal(_("That time is over already."), _("Choose one that is still to come."), request.line)
    if at > request.now + AHEAD:
        raise Refusal(_("That is more than a year away."), _("Choose a time within a year."), request.line)
    return at
