"""`/course buddy`: ask for somebody to take a course with, ask for somebody else, or stop."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.language import N_
from bot.chat.menu import Command
from bot.courses.buddies import cards, tables
from bot.courses.buddies.pairs import settle_pairs
from bot.courses.lessons.course_views import COURSE
from bot.courses.lessons.resolve import EnrolledCourse, taken_course, taken_courses
from bot.courses.offers import takes_course
from bot.feature import ButtonHandler, CommandHandler, Completion, Reads, Request, Writes
from bot.people.accounts import name_of


def show_buddy(conn: Connection, request: Request) -> Card:
    """Who the asker's buddy in a course is; the offer of one where they have not asked."""
    return _standing(conn, request, taken_course(conn, request, running=True))


def find_buddy(conn: Connection, request: Request) -> Card:
    """Let the asker wait for a buddy; they have one at once where somebody waits already."""
    row = taken_course(conn, request)
    if row.one.done_at is None:
        tables.ask_for_buddy(conn, request.community.id, request.member.id, row.listed.id, request.now)
        settle_pairs(conn, request.now, request.member.id)
    return replace(_standing(conn, request, row), replaces=True)


def swap_buddy(conn: Connection, request: Request) -> Card:
    """End a pair and look for somebody else for both."""
    row = taken_course(conn, request)
    mine = tables.find_buddy(conn, request.member.id, row.listed.id)
    if mine is not None and mine.mate_id is not None and row.one.done_at is None:
        tables.let_wait(conn, mine, request.now)
        settle_pairs(conn, request.now, request.member.id)
    return replace(_standing(conn, request, row), replaces=True)


def stop_buddy(conn: Connection, request: Request) -> Card:
    """Want no buddy any more; the other one waits for somebody else."""
    row = taken_course(conn, request)
    tables.drop_buddy(conn, request.member.id, row.listed.id)
    settle_pairs(conn, request.now, request.member.id)
    stopped = cards.stopped_card(row.listed, finished=row.one.done_at is not None)
    return replace(stopped, replaces=True)


def _standing(conn: Connection, request: Request, row: EnrolledCourse) -> Card:
    listed, finished = row.listed, row.one.done_at is not None
    mine = tables.find_buddy(conn, request.member.id, listed.id)
    name = None if mine is None or mine.mate_id is None else name_of(conn, mine.mate_id)
    if name is not None:
        return cards.paired_card(listed, name, finished=finished)
    if finished:
        return cards.finished_card(listed)
    return cards.offer_card(listed) if mine is None else cards.waiting_card(listed)


def _complete_course(conn: Connection, request: Request) -> list[tuple[str, str]]:
    return [(row.listed.name, row.listed.course.title) for row in taken_courses(conn, request)]


COMMANDS = (
    CommandHandler(
        Command("course", "buddy", N_("Somebody to take a course with: ask, change, or stop"), (COURSE,), label=N_("A buddy")),
        Reads(show_buddy),
        takes_course,
    ),
)  # fmt: skip
BUTTONS = (
    ButtonHandler("course.buddy.find", Writes(find_buddy)),
    ButtonHandler("course.buddy.swap", Writes(swap_buddy)),
    ButtonHandler("course.buddy.stop", Writes(stop_buddy)),
)
COMPLETIONS = (Completion("course buddy", "course", _complete_course),)


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    from bot.courses import examples as invented  # examples only

    listed = invented.COURSE
    return (
        cards.offer_card(listed),
        cards.waiting_card(listed),
        cards.paired_card(listed, "Ben Okafor"),
        cards.ended_card(listed),
        cards.over_card(listed),
        cards.finished_card(listed),
        cards.stopped_card(listed),
    )
