"""`/course` for looking: the courses there are, previews, a member's progress, and lessons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from bot.chat.cards import Block, Card, Picture, say
from bot.chat.language import N_, _, current_locale, known_language
from bot.chat.menu import Command, Option, OptionKind
from bot.courses import cards
from bot.courses.enrollment import tables
from bot.courses.lessons import cards as lessons_cards
from bot.courses.lessons import catalog, resolve
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.learner_path import Station, count_done
from bot.courses.lessons.plan_fills import team_standing
from bot.courses.lessons.release import forecast_releases
from bot.courses.lessons.resolve import EnrolledCourse
from bot.courses.offers import takes_course
from bot.feature import ButtonHandler, CommandHandler, Completion, Reads, Request
from bot.people.hours import hours_of
from bot.pictures.bars import Bar, bar_chart

COURSE = Option("course", N_("Which course"), OptionKind.ID, positional=True, letter="c", completes=True)
LESSON = Option(
    "lesson", N_("Which lesson, like c1.2"), OptionKind.ID, positional=True, letter="c.", completes=True
)


# ── courses ───────────────────────────────────────────────────────────────────


def show_home(conn: Connection, request: Request) -> Card:
    """The asker's courses, or an invitation."""
    blocks = home_blocks(conn, request)
    if not blocks:
        return cards.no_course_card(_offered(conn, request))
    return say(_("Your courses"), *blocks)


def home_blocks(conn: Connection, request: Request) -> Sequence[Block]:
    """The asker's courses, for the bot's own page."""
    rows = [(row.listed, row.one, row.stations) for row in resolve.taken_courses(conn, request)]
    return cards.home_blocks(rows) if rows else ()


def list_courses(conn: Connection, request: Request) -> Card:
    """The courses that can be joined."""
    mine = tables.enrollments_of(conn, request.community.id, request.member.id)
    return cards.course_list_card(_offered(conn, request), {one.course_id: one.id for one in mine})


def _offered(conn: Connection, request: Request) -> list[CatalogCourse]:
    """The courses that can be joined, those in the language of the asker first."""
    spoken = known_language(current_locale())
    found = catalog.offered_courses(conn, request.community.id)
    return sorted(found, key=lambda one: known_language(one.course.language) != spoken)


def preview_course(conn: Connection, request: Request) -> Card:
    """What one course would bring and when; the list of courses where it is not clear which."""
    listed = resolve.named_offer(conn, request)
    if listed is None:
        return cards.course_list_card(_offered(conn, request), {})
    hours = hours_of(conn, request.community.id, request.member.id, request.now)
    dates = forecast_releases(listed.course, hours.day_of(request.now), hours, request.now)
    return cards.preview_card(listed, dates, request.member.zone)


def show_progress(conn: Connection, request: Request) -> Card:
    """How far the asker is, in words and as a picture that is drawn within the read."""
    row = resolve.taken_course(conn, request)
    coming = row.one.release_at if row.one.running else None
    return cards.progress_card(row.listed, row.one, row.stations, _picture(row), coming, request.member.zone)


def _picture(row: EnrolledCourse) -> Picture:
    bars = [
        Bar(
            f"{station.number}. {station.lesson.title}",
            int(station.state == "done"),
            int(station.state == "started"),
            1,
            _(cards.STATES[station.state]),
        )
        for station in row.stations
    ]
    whole = Bar(_("All together"), count_done(row.stations), 0, len(row.stations))
    return bar_chart(row.listed.course.title, "", [whole, *bars], "lessons")


# ── lessons ───────────────────────────────────────────────────────────────────


def show_lesson(conn: Connection, request: Request) -> Card:
    """One lesson in full."""
    row, station = resolve.taken_lesson(conn, request)
    return describe_lesson(conn, row, station)


def describe_lesson(conn: Connection, row: EnrolledCourse, station: Station) -> Card:
    """The card of a lesson, as it is for whoever takes it now."""
    team = team_standing(conn, row.one.community_id, row.one.member_id, station.lesson)
    return lessons_cards.lesson_card(row.one, row.listed, row.stations, station, team)


# ── the menu ──────────────────────────────────────────────────────────────────

COMMANDS = (
    CommandHandler(Command("course", "", N_("Your courses"), label=N_("Courses")), Reads(show_home)),
    CommandHandler(Command("course", "list", N_("All courses"), label=N_("See the courses")), Reads(list_courses)),
    CommandHandler(
        Command(
            "course", "join", N_("See what is in a course, and join it"), (COURSE,), examples=("/course join c1",), label=N_("Join a course"), common=True
        ),
        Reads(preview_course),
    ),
    CommandHandler(Command("course", "progress", N_("How far you are in a course"), (COURSE,), label=N_("My progress"), common=True), Reads(show_progress), takes_course),
    CommandHandler(
        Command("course", "lesson", N_("A lesson in full"), (LESSON,), examples=("/course lesson c1.2",), label=N_("Read a lesson"), common=True), Reads(show_lesson), takes_course
    ),
)  # fmt: skip

BUTTONS = (
    ButtonHandler("course.list", Reads(list_courses)),
    ButtonHandler("course.preview", Reads(preview_course)),
    ButtonHandler("course.see", Reads(show_progress)),
    ButtonHandler("course.lesson", Reads(show_lesson)),
)


def _complete_offered(conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
    found = catalog.offered_courses(conn, request.community.id)
    return ((one.name, one.course.title) for one in found)


def _complete_taken(conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
    found = resolve.taken_courses(conn, request)
    return ((one.listed.name, one.listed.course.title) for one in found)


def _complete_lesson(conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
    found = resolve.taken_courses(conn, request)
    return (
        (f"{row.listed.name}.{station.number}", f"{station.lesson.title} ({_(cards.STATES[station.state])})")
        for row in found
        for station in row.stations
    )


COMPLETIONS = (
    *(Completion(f"course {verb}", "course", _complete_offered) for verb in ("join", "import", "enroll")),
    *(
        Completion(f"course {verb}", "course", _complete_taken)
        for verb in ("progress", "pause", "resume", "leave", "evidence", "badge")
    ),
    *(
        Completion(f"course {verb}", "lesson", _complete_lesson)
        for verb in ("lesson", "done", "undo", "extend", "handout")
    ),
)
