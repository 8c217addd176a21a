"""The course or lesson that somebody means: the one they named, or the only one it can be."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.chat.language import _
from bot.chat.models import Refusal
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
    return named if named is not None or not request.value.startswith("c") else int(request.value[1:])


def named_offer(conn: Connection, request: Request) -> CatalogCourse | None:
    """The offered course that somebody names, or the only one; None when they name none of several."""
    courses = catalog.offered_courses(conn, request.community.id)
    number = course_number(request)
    if number is None:
        return courses[0] if len(courses) == 1 else None
    found = next((each for each in courses if each.id == number), None)
    if found is None:
        raise _unknown(request, number, [each.name for each in courses])
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
            known = [row.listed.name for row in rows]
            if catalog.find_course(conn, request.community.id, number) is None:
                raise _unknown(request, number, known)
            raise Refusal(
                _("You are not in c{number}.", number=number),
                _("`/course join c{number}` shows what is in it.", number=number),
                request.line,
            )
        return found
    open_ = [row for row in rows if row.one.done_at is None] if running or len(rows) > 1 else rows
    if len(open_) == 1:
        return open_[0]
    if not rows:
        raise Refusal(
            _("You are not in a course yet."), _("`/course list` shows what there is."), request.line
        )
    names = ", ".join(f"{row.listed.name} “{row.listed.course.title}”" for row in open_ or rows)
    raise Refusal(_("You are in several courses."), _("Say which: {names}.", names=names), request.line)


def lesson_of_button(conn: Connection, request: Request) -> tuple[EnrolledCourse, Station]:
    """The enrollment and lesson a button carries (`e12/prepare-your-soil`), if they are the asker's own."""
    enrollment, _slash, slug = request.value.partition("/")
    one = tables.find_enrollment(conn, request.community.id, int(enrollment[1:]))
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
            raise Refusal(
                _("No lesson of yours is done yet."),
                _("`/course progress` shows where you are."),
                request.line,
            )
        row, station = max(marked, key=lambda found: found[0])[1:]
        return row, station
    open_ = [(row, station) for row in rows for station in open_stations(row.stations)]
    if len(open_) == 1:
        return open_[0]
    if not rows:
        raise Refusal(
            _("You are not in a course yet."), _("`/course list` shows what there is."), request.text("text")
        )
    if not open_:
        raise Refusal(
            _("No lesson of yours is open."),
            _("`/course progress` shows where you are."),
            request.text("text"),
        )
    known = ", ".join(f"c{row.listed.id}.{station.number} “{station.lesson.title}”" for row, station in open_)
    raise Refusal(_("Several lessons are open."), _("Say which: {known}.", known=known), request.line)


def _named(
    conn: Connection, request: Request, named: str, rows: list[EnrolledCourse]
) -> tuple[EnrolledCourse, Station]:
    number, _dot, place = named.partition(".")
    row = next((each for each in rows if each.listed.id == int(number)), None)
    if row is None:
        if catalog.find_course(conn, request.community.id, int(number)) is None:
            raise _unknown(request, int(number), [each.listed.name for each in rows])
        raise Refusal(
            _("You are not in c{number}.", number=number),
            _("`/course join c{number}` shows what is in it.", number=number),
            request.line,
        )
    station = next((each for each in row.stations if each.number == int(place)), None)
    if station is None:
        known = ", ".join(f"c{number}.{each.number}" for each in row.stations)
        raise Refusal(
            _("c{number} has no lesson {place}.", number=number, place=place),
            _("There are {known}.", known=known),
            request.line,
        )
    return row, station


def _unknown(request: Request, number: int, known: list[str]) -> Refusal:
    if not known:
        return Refusal(
            _("There is no course c{number}.", number=number),
            _("`/course list` shows what there is."),
            request.line,
        )
    names = " and ".join(known) if len(known) < 3 else ", ".join(known)
    mended = request.line.replace(f"c{number}", known[0]) if request.line else ""
    return Refusal(
        _("There are {names}. Did you mean {known}?", names=names, known=known[0]),
        _("Write `{mended}`.", mended=mended) if mended else "",
        request.line,
    )
