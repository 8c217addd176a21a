"""`/course buddy`: ask for somebody to take a course with, ask for somebody else, or stop."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.language import N_
from bot.chat.menu import Command
from bot.courses.buddies import cards, tables
from bot.courses.buddies.pairs import settle_pairs
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.course_views import COURSE
from bot.courses.lessons.resolve import taken_course, taken_courses
from bot.courses.offers import takes_course
from bot.feature import ButtonHandler, CommandHandler, Completion, Reads, Request, Writes
from bot.people.accounts import name_of


def show_buddy(conn: Connection, request: Request) -> Card:
    """Who the asker's buddy in a course is; the offer of one where they have not asked."""
    listed = taken_course(conn, request, running=True).listed
    return _standing(conn, request, listed)


def find_buddy(conn: Connection, request: Request) -> Card:
    """Let the asker wait for a buddy; they have one at once where somebody waits already."""
    listed = taken_course(conn, request).listed
    tables.ask_for_buddy(conn, request.community.id, request.member.id, listed.id, request.now)
    settle_pairs(conn, request.now, request.member.id)
    return replace(_standing(conn, request, listed), replaces=True)


def swap_buddy(conn: Connection, request: Request) -> Card:
    """End a pair and look for somebody else for both."""
    listed = taken_course(conn, request).listed
    mine = tables.find_buddy(conn, request.member.id, listed.id)
    if mine is not None and mine.mate_id is not None:
        tables.let_wait(conn, mine, request.now)
        settle_pairs(conn, request.now, request.member.id)
    return replace(_standing(conn, request, listed), replaces=True)


def stop_buddy(conn: Connection, request: Request) -> Card:
    """Want no buddy any more; the other one waits for somebody else."""
    listed = taken_course(conn, request).listed
    tables.drop_buddy(conn, request.member.id, listed.id)
    settle_pairs(conn, request.now, request.member.id)
    return replace(cards.stopped_card(listed), replaces=True)


def _standing(conn: Connection, request: Request, listed: CatalogCourse) -> Card:
    mine = tables.find_buddy(conn, request.member.id, listed.id)
    if mine is None:
        return cards.offer_card(listed)
    name = None if mine.mate_id is None else name_of(conn, mine.mate_id)
    return cards.waiting_card(listed) if name is None else cards.paired_card(listed, name)


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
        cards.stopped_card(listed),
    )
