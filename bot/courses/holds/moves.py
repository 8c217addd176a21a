"""Moving a lesson that has not come yet: by a member for themselves, or by a lead for everybody in a team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.chat.cards import Button, Buttons, Card, Markdown, Moment, Note, Words, compose, say
from bot.chat.language import _, format_day, ngettext
from bot.chat.models import Refusal, UnclearOption
from bot.chat.parsing.button_values import read_fields, read_id
from bot.courses.enrollment import tables
from bot.courses.enrollment.tables import Enrollment
from bot.courses.holds.forecast import forecast_lessons
from bot.courses.holds.tables import SELF, LessonHold, drop_holds, held_until, put_hold
from bot.courses.lessons import catalog
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.learner_path import Station, next_station
from bot.courses.lessons.release import plan_enrollment, stations_of
from bot.courses.lessons.resolve import EnrolledCourse, lesson_of_button
from bot.courses.teams import resolve as teams_resolve
from bot.courses.teams import tables as teams_tables
from bot.courses.teams.tables import Team
from bot.courses.teams.team_commands import require_lead
from bot.feature import ButtonHandler, Request, Writes, note_change
from bot.people.hours import hours_of


@dataclass(frozen=True, slots=True)
class _Moved:
    """The first day on which a lesson can come; `dated` where it comes then, unless somebody moves it again."""

    day: date
    dated: bool


def move_own_lesson(
    conn: Connection, request: Request, row: EnrolledCourse, station: Station, by: timedelta
) -> Card:
    """Let a lesson come to the asker so much later than it would."""
    moved = _move(conn, row.one, row.listed, station, by, SELF, request.now)
    title = _("{lesson} comes later", lesson=station.lesson.title)
    undo = Button(_("Undo"), does="course.unhold", value=f"e{row.one.id}/{station.lesson.slug}")
    note = Note(_("You can read it earlier with `/course lesson`."))
    return say(title, Markdown(_when(conn, request, row, station, moved.day)), Buttons((undo,)), note)


def take_back_own_move(conn: Connection, request: Request) -> Card:
    """Let a lesson come when it would have come, as far as the asker moved it."""
    row, station = lesson_of_button(conn, request)
    slug = station.lesson.slug
    drop_holds(conn, request.community.id, row.one.course_id, slug, SELF, [request.member.id])
    plan_enrollment(conn, row.one, request.now)
    words = _("**{lesson}** comes when it was planned.", lesson=station.lesson.title)
    return replace(say(_("Undone"), Markdown(words)), replaces=True)


def _when(conn: Connection, request: Request, row: EnrolledCourse, station: Station, day: date) -> Words:
    planned = tables.find_enrollment(conn, request.community.id, row.one.id)
    following = next_station(row.stations)
    comes_next = following is not None and following.number == station.number
    if planned is not None and planned.release_at is not None and comes_next:
        at = Moment(planned.release_at, request.member.zone)
        return compose(_("**{lesson}** comes on {at} now."), lesson=station.lesson.title, at=at)
    if row.one.paused:
        return _(
            "**{course}** is paused. Once it goes on, **{lesson}** comes no earlier than {day}.",
            course=row.listed.course.title,
            lesson=station.lesson.title,
            day=format_day(day),
        )
    return _(
        "**{lesson}** comes no earlier than {day} now.", lesson=station.lesson.title, day=format_day(day)
    )


def _move(
    conn: Connection, one: Enrollment, listed: CatalogCourse, station: Station, by: timedelta, source: str, now: datetime
) -> _Moved:  # fmt: skip
    """Hold a lesson back for a member, from the day it would come; where that depends on what they do, from today."""
    hours, slug = hours_of(conn, one.community_id, one.member_id, now), station.lesson.slug
    planned = forecast_lessons(conn, one, hours, now).get(slug)
    before = planned or held_until(conn, one.member_id, one.course_id, slug, hours, now)
    day = hours.day_of(before + by)
    put_hold(conn, LessonHold(one.member_id, listed.id, slug, source, one.community_id, day))
    plan_enrollment(conn, one, now)
    return _Moved(day, dated=planned is not None)


# ── for a team ────────────────────────────────────────────────────────────────


def move_team_lesson(conn: Connection, request: Request, by: timedelta) -> Card:
    """Let a lesson come so much later to everybody in a team who does not have it yet."""
    team = teams_resolve.named_team(conn, request, request.text("team"))
    require_lead(conn, request, team)
    listed, slug, title = _named_lesson(conn, request)
    moved, there = list[_Moved](), 0
    for one in _taking(conn, team, listed):
        station = next((each for each in stations_of(conn, one)[1] if each.lesson.slug == slug), None)
        if station is None or station.mark is not None:
            there += station is not None
        else:
            moved.append(_move(conn, one, listed, station, by, _source(team), request.now))
    if not moved:
        raise Refusal(
            _("Nobody in {team} is still waiting for “{lesson}”.", team=team.name, lesson=title),
            _("`/team progress` shows how far the team is."),
            request.line,
        )
    note_change(conn, request, "moved a lesson", team.name, None, {"lesson": slug, "days": by.days})
    return _team_card(team, listed, slug, title, moved, there, by.days)


def take_back_team_move(conn: Connection, request: Request) -> Card:
    """Let a lesson come when it would have come, as far as a lead moved it for a team."""
    team_part, course_part, slug = read_fields(request.value, 3)
    team = teams_resolve.named_or_own_team(conn, replace(request, value=team_part))
    require_lead(conn, request, team)
    listed = catalog.find_course(conn, request.community.id, read_id(course_part, "c"))
    if listed is None:
        raise Refusal(_("That course no longer exists."), _("`/course list` shows the others."))
    taking = _taking(conn, team, listed)
    members = [one.member_id for one in taking]
    drop_holds(conn, request.community.id, listed.id, slug, _source(team), members)
    for one in taking:
        plan_enrollment(conn, one, request.now)
    words = _("In **{team}** the lesson comes when it was planned.", team=team.name)
    return replace(say(_("Undone"), Markdown(words)), replaces=True)


def _taking(conn: Connection, team: Team, listed: CatalogCourse) -> list[Enrollment]:
    """The courses of a team's members that are not finished."""
    ids = [mate.member_id for mate in teams_tables.team_members(conn, team.id)]
    return [one for one in tables.enrollments_in(conn, listed.id, ids) if one.done_at is None]


def _named_lesson(conn: Connection, request: Request) -> tuple[CatalogCourse, str, str]:
    """(course, lesson, title) that the line names: a lead need not take the course."""
    named = request.text("lesson")
    number, _dot, place = named.partition(".")
    listed = catalog.find_course(conn, request.community.id, int(number))
    if listed is None or not 0 < int(place) <= len(listed.course.lessons):
        raise UnclearOption("lesson", _("There is no lesson {id}.", id=f"c{named}"))
    lesson = listed.course.lessons[int(place) - 1]
    return listed, lesson.slug, lesson.title


def _team_card(
    team: Team, listed: CatalogCourse, slug: str, title: str, moved: Sequence[_Moved], there: int, days: int
) -> Card:
    rest = ngettext(
        "{count} person has it already and can take more time with `/course extend`.",
        "{count} people have it already and can take more time with `/course extend`.",
        there,
    )
    undo = Button(_("Undo"), does="team.unhold", value=f"t{team.id}/c{listed.id}/{slug}")
    more = (Note(rest),) if there else ()
    words = _team_words(team, title, moved, days)
    return say(_("{lesson} comes later", lesson=title), Markdown(words), Buttons((undo,)), *more)


def _team_words(team: Team, title: str, moved: Sequence[_Moved], days: int) -> str:
    """What a move means for a team: so many days, or, where it comes to somebody by no date, how early at most."""
    if all(one.dated for one in moved):
        return ngettext(
            "**{lesson}** comes {span} later to {count} person in **{team}**. They see the new date under `/course`.",
            "**{lesson}** comes {span} later to {count} people in **{team}**. They see the new date under `/course`.",
            len(moved),
            lesson=title,
            span=ngettext("{count} day", "{count} days", days),
            team=team.name,
        )
    return ngettext(
        "**{lesson}** comes to {count} person in **{team}** no earlier than {day}. There is no date for it yet: they paused "
        "the course, or another lesson has to be done first.",
        "**{lesson}** comes to {count} people in **{team}** no earlier than {day}. Some of them have no date for it yet: "
        "they paused the course, or another lesson has to be done first.",
        len(moved),
        lesson=title,
        day=format_day(min(one.day for one in moved)),
        team=team.name,
    )


def _source(team: Team) -> str:
    return f"team:{team.id}"


BUTTONS = (
    ButtonHandler("course.unhold", Writes(take_back_own_move)),
    ButtonHandler("team.unhold", Writes(take_back_team_move)),
)
