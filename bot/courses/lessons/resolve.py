"""Which course or lesson somebody means: the one they named, or the only one it can be."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.chat.models import Refusal
from bot.courses.enrollment import tables
from bot.courses.enrollment.tables import Enrolment
from bot.courses.lessons import catalog
from bot.courses.lessons.catalog import Listed
from bot.courses.lessons.learner_path import Station, awaiting
from bot.courses.lessons.release import stations_of
from bot.feature import Ask


@dataclass(frozen=True, slots=True)
class Taken:
    """A course somebody takes, with their way through it."""

    one: Enrolment
    listed: Listed
    stations: tuple[Station, ...]

    def station(self, slug: str) -> Station | None:
        """The station of a lesson."""
        return next((each for each in self.stations if each.lesson.slug == slug), None)


def number_of(ask: Ask) -> int | None:
    """The number of the course that an option or a button names."""
    named = ask.number("course")
    return named if named is not None or not ask.value.startswith("c") else int(ask.value[1:])


def offered(conn: Connection, ask: Ask) -> Listed | None:
    """The course somebody names among those that can be joined; None when they name none of several."""
    courses = catalog.offered(conn, ask.community.id)
    number = number_of(ask)
    if number is None:
        return courses[0] if len(courses) == 1 else None
    found = next((each for each in courses if each.id == number), None)
    if found is None:
        raise _unknown(ask, number, [each.name for each in courses])
    return found


def taken(conn: Connection, ask: Ask) -> list[Taken]:
    """The courses somebody takes, those in the middle first."""
    mine = tables.of_member(conn, ask.community.id, ask.member.id)
    rows = [Taken(one, *stations_of(conn, one)) for one in mine]
    return sorted(rows, key=lambda row: (row.one.done_at is not None, row.one.paused, -row.one.id))


def course(conn: Connection, ask: Ask, *, running: bool = False) -> Taken:
    """The course of theirs that somebody means. With `running`, one that is finished is never meant unnamed."""
    rows = taken(conn, ask)
    number = number_of(ask)
    if number is not None:
        found = next((row for row in rows if row.listed.id == number), None)
        if found is None:
            known = [row.listed.name for row in rows]
            if catalog.find(conn, ask.community.id, number) is None:
                raise _unknown(ask, number, known)
            raise Refusal(
                f"You do not take c{number}.", f"`/course join c{number}` shows what would come.", ask.line
            )
        return found
    open_ = [row for row in rows if row.one.done_at is None] if running or len(rows) > 1 else rows
    if len(open_) == 1:
        return open_[0]
    if not rows:
        raise Refusal("You take no course yet.", "`/course list` shows what there is.", ask.line)
    names = ", ".join(f"{row.listed.name} “{row.listed.course.title}”" for row in open_ or rows)
    raise Refusal("You take several courses.", f"Say which: {names}.", ask.line)


def of_button(conn: Connection, ask: Ask) -> tuple[Taken, Station]:
    """The enrolment and lesson a button carries (`e12/prepare-your-soil`), if they are the asker's own."""
    enrolment, _, slug = ask.value.partition("/")
    one = tables.find(conn, ask.community.id, int(enrolment[1:]))
    if one is None or one.member_id != ask.member.id or one.left_at is not None:
        raise Refusal("You do not take that course any more.", "`/course list` shows what there is.")
    row = Taken(one, *stations_of(conn, one))
    station = row.station(slug)
    if station is None:
        raise Refusal("That lesson is no longer part of the course.", "`/course progress` shows what is.")
    return row, station


def lesson(conn: Connection, ask: Ask, *, done: bool = False) -> tuple[Taken, Station]:
    """The lesson somebody means: named, or the only one that is open (with `done`: the last one done)."""
    if ask.value.startswith("e"):
        return of_button(conn, ask)
    named = ask.text("lesson")
    rows = taken(conn, ask)
    if named:
        return _named(conn, ask, named, rows)
    if done:
        marked = [
            (station.mark.told_at or station.mark.released_at, row, station)
            for row in rows
            for station in row.stations
            if station.mark is not None and station.state == "done"
        ]
        if not marked:
            raise Refusal(
                "No lesson of yours is done yet.", "`/course progress` shows where you are.", ask.line
            )
        _, row, station = max(marked, key=lambda found: found[0])
        return row, station
    open_ = [(row, station) for row in rows for station in awaiting(row.stations)]
    if len(open_) == 1:
        return open_[0]
    if not rows:
        raise Refusal("You take no course yet.", "`/course list` shows what there is.", ask.text("text"))
    if not open_:
        raise Refusal(
            "No lesson of yours is open.", "`/course progress` shows where you are.", ask.text("text")
        )
    known = ", ".join(f"c{row.listed.id}.{station.number} “{station.lesson.title}”" for row, station in open_)
    raise Refusal("Several lessons are open.", f"Say which: {known}.", ask.line)


def _named(conn: Connection, ask: Ask, named: str, rows: list[Taken]) -> tuple[Taken, Station]:
    number, _, place = named.partition(".")
    row = next((each for each in rows if each.listed.id == int(number)), None)
    if row is None:
        if catalog.find(conn, ask.community.id, int(number)) is None:
            raise _unknown(ask, int(number), [each.listed.name for each in rows])
        raise Refusal(
            f"You do not take c{number}.", f"`/course join c{number}` shows what would come.", ask.line
        )
    station = next((each for each in row.stations if each.number == int(place)), None)
    if station is None:
        known = ", ".join(f"c{number}.{each.number}" for each in row.stations)
        raise Refusal(f"c{number} has no lesson {place}.", f"There are {known}.", ask.line)
    return row, station


def _unknown(ask: Ask, number: int, known: list[str]) -> Refusal:
    if not known:
        return Refusal(f"I know no course c{number}.", "`/course list` shows what there is.", ask.line)
    names = " and ".join(known) if len(known) < 3 else ", ".join(known)
    mended = ask.line.replace(f"c{number}", known[0]) if ask.line else ""
    return Refusal(
        f"I know {names}. Did you mean {known[0]}?", f"Write `{mended}`." if mended else "", ask.line
    )
