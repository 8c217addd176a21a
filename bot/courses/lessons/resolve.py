"""The course or lesson that somebody means: the one they named, or the only one it can be."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.chat.cards import Button
from bot.chat.language import _
from bot.chat.models import Refusal, UnclearOption
from bot.chat.parsing.button_values import read_id, read_number
from bot.courses.enrollment import tables
from bot.courses.enrollment.tables import Enrollment
from bot.courses.lessons import catalog
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.learner_path import Station, open_stations
from bot.courses.lessons.release import stations_of
from bot.feature import Request


@dataclass(frozen=True, slots=True)
class EnrolledCourse:
    """A course somebody takes, with their path through it."""

    one: Enrollment
    listed: CatalogCourse
    stations: tuple[Station, ...]

    def station(self, slug: str) -> Station | None:
        """The station of a lesson."""
        return next((each for each in self.stations if each.lesson.slug == slug), None)


def course_number(request: Request) -> int | None:
    """The number of the course that an option or a button names."""
    named = request.number("course")
    return named if named is not None or not request.value.startswith("c") else read_id(request.value, "c")


def named_offer(conn: Connection, request: Request) -> CatalogCourse | None:
    """The offered course that somebody names, or the only one; None when they name none of several."""
    courses = catalog.offered_courses(conn, request.community.id)
    number = course_number(request)
    if number is None:
        return courses[0] if len(courses) == 1 else None
    found = next((each for each in courses if each.id == number), None)
    if found is None:
        raise _unknown(number)
    return found


def taken_courses(conn: Connection, request: Request) -> list[EnrolledCourse]:
    """The courses somebody takes, running ones first."""
    mine = tables.enrollments_of(conn, request.community.id, request.member.id)
    rows = [EnrolledCourse(one, *stations_of(conn, one)) for one in mine]
    return sorted(rows, key=lambda row: (row.one.done_at is not None, row.one.paused, -row.one.id))


def taken_course(conn: Connection, request: Request, *, running: bool = False) -> EnrolledCourse:
    """The course of theirs that somebody means; with `running`, a finished one only when it is named."""
    rows = taken_courses(conn, request)
    number = course_number(request)
    if number is not None:
        found = next((row for row in rows if row.listed.id == number), None)
        if found is None:
            if catalog.find_course(conn, request.community.id, number) is None:
                raise _unknown(number)
            raise _not_taken(number)
        return found
    open_ = [row for row in rows if row.one.done_at is None] if running or len(rows) > 1 else rows
    if len(open_) == 1:
        return open_[0]
    if not rows:
        raise _none_taken(request)
    only = [(row.listed.name, row.listed.course.title) for row in open_ or rows]
    raise UnclearOption("course", _("Which course do you mean?"), only)


def finished_course(conn: Connection, request: Request) -> EnrolledCourse:
    """The course of theirs that somebody means, if they have finished it."""
    row = taken_course(conn, request)
    if row.one.done_at is None:
        raise Refusal(
            _("“{course}” is not finished yet.", course=row.listed.course.title),
            _("`/course progress` shows what is open."),
            request.line,
        )
    return row


def lesson_of_button(conn: Connection, request: Request) -> tuple[EnrolledCourse, Station]:
    """The enrollment and lesson a button carries (`e12/prepare-your-soil`), if they are the asker's own.

    A button that many can press carries the lesson of a course (`c1.2`): it is the one of whoever presses.
    """
    if request.value.startswith("c"):
        course, _dot, place = request.value.partition(".")
        named = f"{read_id(course, 'c')}.{read_number(place)}"
        return _named(conn, request, named, taken_courses(conn, request))
    enrollment, _slash, slug = request.value.partition("/")
    one = tables.find_enrollment(conn, request.community.id, read_id(enrollment, "e"))
    if one is None or one.member_id != request.member.id or one.left_at is not None:
        raise Refusal(_("You are no longer in that course."), _("`/course list` shows what there is."))
    row = EnrolledCourse(one, *stations_of(conn, one))
    station = row.station(slug)
    if station is None:
        raise Refusal(
            _("That lesson is no longer part of the course."), _("`/course progress` shows what is.")
        )
    return row, station


def taken_lesson(conn: Connection, request: Request, *, done: bool = False) -> tuple[EnrolledCourse, Station]:
    """The lesson somebody means: named, or the only one that is open (with `done`: the last one done)."""
    if request.value.startswith("e"):
        return lesson_of_button(conn, request)
    named = request.text("lesson")
    rows = taken_courses(conn, request)
    if named:
        return _named(conn, request, named, rows)
    if done:
        marked = [
            (station.mark.told_at or station.mark.released_at, row, station)
            for row in rows
            for station in row.stations
            if station.mark is not None and station.state == "done"
        ]
        if not marked:
            raise Refusal(_("You have not finished a lesson yet."))
        _at, row, station = max(marked, key=lambda found: found[0])
        return row, station
    open_ = [(row, station) for row in rows for station in open_stations(row.stations)]
    if len(open_) == 1:
        return open_[0]
    if not rows:
        raise _none_taken(request)
    if not open_:
        raise Refusal(_("You have no open lesson right now."), "", request.text("text"))
    only = [(f"c{row.listed.id}.{station.number}", station.lesson.title) for row, station in open_]
    raise UnclearOption("lesson", _("Which lesson do you mean?"), only)


def _named(
    conn: Connection, request: Request, named: str, rows: list[EnrolledCourse]
) -> tuple[EnrolledCourse, Station]:
    number, _dot, place = named.partition(".")
    row = next((each for each in rows if each.listed.id == int(number)), None)
    if row is None:
        if catalog.find_course(conn, request.community.id, int(number)) is None:
            raise UnclearOption("lesson", _("There is no lesson {id}.", id=f"c{named}"))
        raise _not_taken(int(number))
    station = next((each for each in row.stations if each.number == int(place)), None)
    if station is None:
        raise UnclearOption("lesson", _("There is no lesson {id}.", id=f"c{named}"))
    return row, station


def _unknown(number: int) -> UnclearOption:
    return UnclearOption("course", _("There is no course {id}.", id=f"c{number}"))


def _none_taken(request: Request) -> Refusal:
    courses = Button(_("See the courses"), does="course.list", style="main")
    return Refusal(_("You have not joined a course yet."), "", request.text("text"), [courses])


def _not_taken(number: int) -> Refusal:
    see = Button(_("See the course"), does="course.preview", value=f"c{number}", style="main")
    return Refusal(_("You have not joined that course."), "", "", [see])
