"""`/course` for what a member does with a whole course: join, leave, pause and resume it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.language import N_, _, format_day
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal
from bot.chat.time.days import Day, resolve_day
from bot.courses import cards
from bot.courses.enrollment import tables
from bot.courses.enrollment.tables import Enrollment
from bot.courses.lessons import resolve
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.course_views import COURSE
from bot.courses.lessons.release import plan_enrollment, stations_of
from bot.courses.lessons.resolve import EnrolledCourse
from bot.courses.offers import takes_course
from bot.courses.pauses.silence import resume_quietly
from bot.courses.teams import tables as teams_tables
from bot.feature import UNDO, ButtonHandler, CommandHandler, Request, Writes
from bot.people.hours import hours_of

# ── joining and leaving ───────────────────────────────────────────────────────


def join_course(conn: Connection, request: Request) -> Card:
    """Enroll the asker, after the preview."""
    listed = resolve.named_offer(conn, request)
    if listed is None:
        raise Refusal(_("Which course?"), _("`/course list` shows them."))
    before = tables.enrollment_in(conn, listed.id, request.member.id)
    if before is not None and before.left_at is None:
        return _joined(conn, request, before, listed, again=True)
    hours = hours_of(conn, request.community.id, request.member.id, request.now)
    one = tables.enroll_member(
        conn, request.community.id, listed.id, request.member.id, tables.SELF, hours.day_of(request.now), request.now
    )  # fmt: skip
    plan_enrollment(conn, one, request.now)
    teams_tables.recount_member(conn, request.community.id, request.member.id, listed.id)
    return _joined(conn, request, one, listed, again=before is not None)


def leave_course(conn: Connection, request: Request) -> Card:
    """Leave a course; what was done stays."""
    row = resolve.taken_course(conn, request)
    tables.change_enrollment(
        conn, row.one.id, left_at=request.now, left_by=tables.SELF, release_at=None, remind_at=None
    )
    teams_tables.recount_member(conn, request.community.id, request.member.id, row.listed.id)
    return cards.left_card(row.listed)


def rejoin_course(conn: Connection, request: Request) -> Card:
    """Undo leaving, within ten minutes; later the way back is the preview."""
    number = resolve.course_number(request)
    one = tables.enrollment_in(conn, number or 0, request.member.id)
    if one is None or one.community_id != request.community.id or one.left_at is None:
        raise Refusal(_("There is nothing to undo."), _("`/course` shows your courses."))
    if request.now - one.left_at > UNDO:
        raise Refusal(
            _("Ten minutes are over."), _("`/course join c{number}` goes on where you were.", number=number)
        )
    tables.change_enrollment(conn, one.id, left_at=None, left_by=None)
    one = replace(one, left_at=None, left_by=None)
    plan_enrollment(conn, one, request.now)
    teams_tables.recount_member(conn, request.community.id, request.member.id, one.course_id)
    return _joined(conn, request, one, stations_of(conn, one)[0], again=True)


def _joined(
    conn: Connection, request: Request, one: Enrollment, listed: CatalogCourse, *, again: bool
) -> Card:
    """The card of a course that goes on, with the time of its next lesson as it is planned now."""
    planned = tables.find_enrollment(conn, request.community.id, one.id) or one
    stations = stations_of(conn, planned)[1]
    card = cards.joined_card(listed, planned, stations, request.member.zone, again=again)
    return replace(card, replaces=True)


# ── pausing ───────────────────────────────────────────────────────────────────


def pause_course(conn: Connection, request: Request) -> Card:
    """Pause a course, until a day or until it is resumed."""
    row = resolve.taken_course(conn, request, running=True)
    _require_unfinished(row)
    until = _until(conn, request)
    paused = {"paused_at": request.now, "paused_until": until, "paused_by": None}
    tables.change_enrollment(conn, row.one.id, **paused, alive_at=request.now, remind_at=None)
    plan_enrollment(conn, replace(row.one, paused_at=request.now, paused_until=until), request.now)
    words = format_day(until) if until else ""
    return cards.paused_card(row.listed, words)


def _until(conn: Connection, request: Request) -> date | None:
    given: Day | None = request.values.get("until")  # type: ignore[assignment]
    if given is None:
        return None
    today = hours_of(conn, request.community.id, request.member.id, request.now).day_of(request.now)
    until = resolve_day(given, today)
    if until <= today:
        raise Refusal(_("That day is not ahead."), _("Name a later one, like until:fri."), request.line)
    return until


def resume_course(conn: Connection, request: Request) -> Card:
    """Resume a paused course; without a name, the only one that is paused."""
    resting = [row for row in resolve.taken_courses(conn, request) if row.one.paused]
    if resolve.course_number(request) is None and len(resting) == 1:
        row = resting[0]
    else:
        row = resolve.taken_course(conn, request, running=True)
    _require_unfinished(row)
    resume_quietly(conn, row.one, request.now)
    return _joined(conn, request, row.one, row.listed, again=True)


def _require_unfinished(row: EnrolledCourse) -> None:
    if row.one.done_at is not None:
        raise Refusal(
            _("You have finished “{course}”.", course=row.listed.course.title),
            _("There are no lessons left."),
        )


# ── the menu ──────────────────────────────────────────────────────────────────

COMMANDS = (
    CommandHandler(
        Command(
            "course", "pause", N_("Pause a course"),
            (COURSE, Option("until", N_("Until which day"), OptionKind.DAY)),
            examples=("/course pause c1 until:fri",), label=N_("Pause a course"),
        ),
        Writes(pause_course), takes_course,
    ),
    CommandHandler(Command("course", "resume", N_("Resume a course"), (COURSE,), label=N_("Resume a course")), Writes(resume_course), takes_course),
    CommandHandler(Command("course", "leave", N_("Leave a course"), (COURSE,), label=N_("Leave a course")), Writes(leave_course), takes_course),
)  # fmt: skip

BUTTONS = (
    ButtonHandler("course.join", Writes(join_course)),
    ButtonHandler("course.rejoin", Writes(rejoin_course)),
    ButtonHandler("course.leave", Writes(leave_course)),
    ButtonHandler("course.rest", Writes(pause_course)),
    ButtonHandler("course.resume", Writes(resume_course)),
)
