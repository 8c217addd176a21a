"""`/my letter`: a private letter from one's own answers, made when it is asked for and stored nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, StaleValue
from bot.chat.time.days import EARLIEST, LATEST, Day, past_day
from bot.courses.lessons import catalog
from bot.feature import ButtonHandler, CommandHandler, Reads, Request
from bot.letters import cards
from bot.letters.letter import write_letter
from bot.letters.own_entries import read_entries
from bot.letters.school_year import SchoolYears
from bot.schedules.recurrence import find_day_start

COURSE, OF_YEAR = "course:", "year/"
"""How the button of an offer begins: before the name of a course, or the first day of a school year."""


@dataclass(frozen=True, slots=True)
class LetterCommands:
    """The command, and the button of an offer; `years` knows when the school year began."""

    years: SchoolYears

    def commands(self) -> tuple[CommandHandler, ...]:
        """`/my letter`."""
        command = Command(
            "my", "letter", N_("A private letter from your own answers: then and now"),
            (
                Option("course", N_("Only about which course"), OptionKind.ID, positional=True, letter="c"),
                Option("since", N_("From which day"), OptionKind.DAY),
            ),
            label=N_("My letter"), examples=("/my letter c1",),
        )  # fmt: skip
        return (CommandHandler(command, Reads(self.show_letter)),)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The button of an offer."""
        return (ButtonHandler(cards.READ, Reads(self.show_offered_letter)),)

    def show_letter(self, conn: Connection, request: Request) -> Card:
        """The letter about a course, else since a day, else about this school year."""
        number, day = request.number("course"), request.values.get("since")
        if number is not None:
            listed = catalog.find_course(conn, request.community.id, number)
            if listed is None:
                raise Refusal(
                    _("There is no course c{number}.", number=number), _("`/course list` shows the courses."), request.line
                )  # fmt: skip
            return _letter(conn, request, None, listed.course.slug)
        if day is None:
            return _letter(conn, request, self._year_start(conn, request))
        return _letter(conn, request, past_day(cast("Day", day), _today(request)))

    def show_offered_letter(self, conn: Connection, request: Request) -> Card:
        """The letter that was offered: about a course, or about the year that ended."""
        if request.value.startswith(COURSE):
            return _letter(conn, request, None, request.value.removeprefix(COURSE))
        return _letter(conn, request, _first_day(request.value))

    def _year_start(self, conn: Connection, request: Request) -> date:
        return self.years.find_year(conn, request.community, _today(request)).starts


def _first_day(value: str) -> date:
    """The day that the button of an offer names."""
    try:
        day = date.fromisoformat(value.removeprefix(OF_YEAR))
    except ValueError:
        raise StaleValue from None
    if not (value.startswith(OF_YEAR) and EARLIEST <= day <= LATEST):
        raise StaleValue
    return day


def _letter(conn: Connection, request: Request, since: date | None, course: str = "") -> Card:
    zone = request.member.zone
    start = None if since is None else find_day_start(since, ZoneInfo(zone))
    entries = read_entries(conn, request.community.id, request.member.id, start, zone, course)
    letter = write_letter(entries)
    return cards.too_few_card(len(entries)) if letter is None else cards.letter_card(letter)


def _today(request: Request) -> date:
    return request.now.astimezone(ZoneInfo(request.member.zone)).date()
