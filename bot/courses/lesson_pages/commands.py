"""The buttons to what belongs to a lesson and is not on its card, and `/course handout`."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.language import N_, _
from bot.chat.menu import Command
from bot.chat.models import Refusal, Role
from bot.courses.lesson_pages import cards, handout
from bot.courses.lessons import resolve
from bot.courses.lessons.cards import button_value
from bot.courses.lessons.course_views import LESSON
from bot.courses.lessons.learner_path import open_stations
from bot.courses.offers import takes_course
from bot.feature import ButtonHandler, CommandHandler, Reads, Request
from bot.pictures.paper import can_print


def show_meeting(conn: Connection, request: Request) -> Card:
    """The plan of a team's meeting about a lesson."""
    row, station = resolve.taken_lesson(conn, request)
    value = button_value(row.one, station.lesson)
    return cards.meeting_card(station.lesson, value, handout=can_print())


def show_parts(conn: Connection, request: Request) -> Card:
    """What whoever leads that meeting does and says."""
    return cards.parts_card(resolve.taken_lesson(conn, request)[1].lesson)


def show_online(conn: Connection, request: Request) -> Card:
    """How that meeting goes on a video call."""
    return cards.online_card(resolve.taken_lesson(conn, request)[1].lesson)


def show_example(conn: Connection, request: Request) -> Card:
    """What the invented school did in a lesson."""
    row, station = resolve.taken_lesson(conn, request)
    return cards.example_card(row.listed.course, station.lesson)


def show_leaders(conn: Connection, request: Request) -> Card:
    """Who can help with a lesson, and how."""
    return cards.leaders_card(resolve.taken_lesson(conn, request)[1].lesson)


def show_sheets(conn: Connection, request: Request) -> Card:
    """The pages of a lesson to read from."""
    row, station = resolve.taken_lesson(conn, request)
    value = button_value(row.one, station.lesson)
    return cards.sheets_card(station.lesson, value, handout=can_print())


def show_sheet(conn: Connection, request: Request) -> Card:
    """One page of a lesson (`e12/prepare-your-soil#2`)."""
    value, _mark, number = request.value.rpartition("#")
    lesson = resolve.taken_lesson(conn, replace(request, value=value))[1].lesson
    if not number.isdecimal() or not 1 <= int(number) <= len(lesson.sheets):
        raise Refusal(_("That sheet is no longer part of the lesson."))
    return cards.sheet_card(lesson.sheets[int(number) - 1])


def show_alone(conn: Connection, request: Request) -> Card:
    """How somebody takes a course without a team."""
    return cards.alone_card(resolve.taken_lesson(conn, request)[0].listed.course)


def show_starter(conn: Connection, request: Request) -> Card:
    """Words to start a conversation about a lesson with."""
    card = cards.starter_card(resolve.taken_lesson(conn, request)[1].lesson)
    return card if request.role < Role.MODERATOR else cards.with_posting(card)


def make_handout(conn: Connection, request: Request) -> Card:
    """The meeting of a lesson on one page, and each of its further pages, made within the read."""
    if not can_print():
        raise Refusal(
            _("Handouts are not set up here."),
            _("Your Tilth admin can add them: install `tilth-bot[handouts]`."),
        )
    row, station = resolve.taken_lesson(conn, _with_latest(conn, request))
    files = handout.make_handouts(row.listed.course, station.lesson)
    return cards.handout_card(station.lesson, files)


def _with_latest(conn: Connection, request: Request) -> Request:
    """Whoever names no lesson means the open one that came last, as the page of the next meeting."""
    if request.value or request.text("lesson"):
        return request
    open_ = [
        (station.mark.released_at, row, station.lesson)
        for row in resolve.taken_courses(conn, request)
        for station in open_stations(row.stations)
        if station.mark is not None
    ]
    if not open_:
        return request
    _at, row, lesson = max(open_, key=lambda found: found[0])
    return replace(request, value=button_value(row.one, lesson))


COMMANDS = (
    CommandHandler(
        Command(
            "course", "handout", N_("A lesson's meeting on one page, to print"), (LESSON,),
            examples=("/course handout c1.1",), label=N_("One page to print"),
        ),
        Reads(make_handout), takes_course,
    ),
)  # fmt: skip

BUTTONS = (
    ButtonHandler("course.meeting", Reads(show_meeting)),
    ButtonHandler("course.parts", Reads(show_parts)),
    ButtonHandler("course.online", Reads(show_online)),
    ButtonHandler("course.example", Reads(show_example)),
    ButtonHandler("course.leaders", Reads(show_leaders)),
    ButtonHandler("course.sheets", Reads(show_sheets)),
    ButtonHandler("course.sheet", Reads(show_sheet)),
    ButtonHandler("course.alone", Reads(show_alone)),
    ButtonHandler("course.starter", Reads(show_starter)),
    ButtonHandler("course.handout", Reads(make_handout)),
)
