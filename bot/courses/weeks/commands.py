"""`/course weeks`: in how many weeks the asker answered or did something. Nobody else sees it, and it is never sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from bot.chat.cards import Card, Facts, Heading, Markdown, Note, say
from bot.chat.language import N_, _, format_day, format_number
from bot.chat.menu import Command
from bot.courses.lessons.tables import progress
from bot.courses.offers import takes_course
from bot.courses.quizzes.tables import quiz_attempt
from bot.courses.weeks.count import WeekCount, count_weeks
from bot.feature import CommandHandler, Reads, Request
from bot.people.preferences import Away, days_away
from bot.schedules.breaks import Break, breaks

AnswerTimes = Callable[[Connection, int, int], Sequence[datetime]]
"""(connection, community, member) → when the member answered prompts."""


@dataclass(frozen=True, slots=True)
class WeekCommands:
    """The command; `answered` knows of answers, which are another feature's."""

    answered: AnswerTimes

    def show_weeks(self, conn: Connection, request: Request) -> Card:
        """The asker's weeks."""
        home, member_id, zone = request.community.id, request.member.id, ZoneInfo(request.member.zone)
        times = (*_acts(conn, member_id), *self.answered(conn, home, member_id))
        acts = [at.astimezone(zone).date() for at in times]
        off: tuple[Away | Break, ...] = (*breaks(conn, home), *days_away(conn, member_id, date.min))
        return weeks_card(count_weeks(acts, off, request.now.astimezone(zone).date()))

    def commands(self) -> tuple[CommandHandler, ...]:
        """The command about one's own weeks."""
        command = Command(
            "course", "weeks", N_("In how many weeks you answered or did something, for you alone"), label=N_("My weeks")
        )  # fmt: skip
        return (CommandHandler(command, Reads(self.show_weeks), takes_course),)


def _acts(conn: Connection, member_id: int) -> list[datetime]:
    """When a member began or finished a lesson, or took a quiz."""
    p = progress.c
    found = [
        at
        for row in conn.execute(select(p.started_at, p.done_at).where(p.member_id == member_id))
        for at in row
    ]
    found += conn.execute(select(quiz_attempt.c.at).where(quiz_attempt.c.member_id == member_id)).scalars()
    return [at for at in found if at is not None]


def weeks_card(found: WeekCount | None) -> Card:
    """The count, without a word on what it should be."""
    title = _("Your weeks")
    private = Note(_("Only you see this. Weeks in breaks, or while you were away, are not counted."))
    if found is None:
        return say(title, Heading(title), Markdown(_("You have not answered or done anything yet.")), private)
    rows = (
        (_("Weeks in which you answered or did something"), format_number(found.active)),
        (_("Weeks since {day}", day=format_day(found.first)), format_number(found.weeks)),
    )
    return say(title, Heading(title), Facts(rows), private)


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    return (weeks_card(WeekCount(date(2026, 10, 5), 7, 9)), weeks_card(None))
