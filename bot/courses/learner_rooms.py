"""The rooms of what members and leads settle for themselves about a course, joined for the feature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.cards import Card
from bot.courses.buddies import commands as buddy_commands
from bot.courses.buddies import pairs
from bot.courses.buddies import tables as buddy_tables
from bot.courses.buddies.pairs import BuddyPairs
from bot.courses.cohorts.starts import failed_card, follow_failure, start_card
from bot.courses.comparisons import commands as comparisons
from bot.courses.holds import moves
from bot.courses.holds import tables as hold_tables
from bot.courses.pauses.silence import SilentCourses
from bot.courses.pauses.tables import next_silence_at
from bot.courses.pauses.words import follow_resume, take_word
from bot.courses.quizzes import attempts
from bot.courses.quizzes import tables as quiz_tables
from bot.courses.support import lead_view
from bot.courses.weeks.commands import AnswerTimes, WeekCommands
from bot.courses.weeks.commands import examples as week_examples
from bot.delivery.facts import Failed
from bot.facts import MessagesResumed
from bot.feature import (
    ButtonHandler,
    Claim,
    CommandHandler,
    Completion,
    DataSubject,
    FormHandler,
    PeriodicJob,
    Subscriber,
)
from bot.runtime.clock import Clock
from bot.store.next_due import only_where
from bot.store.store import Store


@dataclass(frozen=True, slots=True)
class LearnerRooms:
    """What the feature takes from each of the rooms. A course in which nothing happens for `pause_weeks` is paused."""

    store: Store
    clock: Clock
    alerts: Alerts
    answered: AnswerTimes
    pause_weeks: int

    def commands(self) -> tuple[CommandHandler, ...]:
        """Their commands."""
        return (
            *lead_view.COMMANDS,
            *attempts.COMMANDS,
            *buddy_commands.COMMANDS,
            *comparisons.COMMANDS,
            *WeekCommands(self.answered).commands(),
        )

    def forms(self) -> tuple[FormHandler, ...]:
        """Their forms."""
        return attempts.FORMS

    def completions(self) -> tuple[Completion, ...]:
        """What they offer while somebody types."""
        return (*attempts.COMPLETIONS, *buddy_commands.COMPLETIONS, *comparisons.COMPLETIONS)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """Their buttons."""
        return (*moves.BUTTONS, *buddy_commands.BUTTONS, *comparisons.BUTTONS)

    def claims(self) -> tuple[Claim, ...]:
        """The words they take from a direct message."""
        return (take_word,)

    def facts(self) -> tuple[tuple[type, Subscriber], ...]:
        """The facts they are told."""
        return (
            (MessagesResumed, follow_resume),
            (Failed, self._silent.failed),
            (Failed, self._cohort_failed),
        )

    def jobs(self) -> tuple[PeriodicJob, ...]:
        """What they look after."""
        buddies = BuddyPairs(self.store, self.clock)
        return (
            PeriodicJob("pausing courses after silence", 60, self._silent.pause_due, next_silence_at),
            PeriodicJob("pairing buddies", 60, buddies.run, only_where(buddy_tables.buddy, buddies.next_due)),
        )

    def _cohort_failed(self, conn: Connection, fact: Failed) -> None:
        follow_failure(conn, self.alerts, fact, self.clock.now())

    @property
    def _silent(self) -> SilentCourses:
        return SilentCourses(self.store, self.clock, self.pause_weeks)

    @staticmethod
    def forget(conn: Connection, whose: DataSubject) -> None:
        """Forget what a person settled."""
        pairs.forget(conn, whose.community.id, whose.member_id, whose.now)
        for room in (hold_tables, quiz_tables):
            room.forget(conn, whose.community.id, whose.member_id)

    @staticmethod
    def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
        """What a person settled, for their own copy."""
        home, member_id = whose.community.id, whose.member_id
        return {
            "lessons moved": hold_tables.hand_over(conn, home, member_id),
            "buddies": pairs.hand_over(conn, home, member_id),
            "quizzes": quiz_tables.hand_over(conn, home, member_id),
        }

    @staticmethod
    def examples() -> tuple[Card, ...]:
        """Every card of the rooms, filled."""
        from bot.courses.examples import COURSE  # examples only

        return (
            start_card(COURSE),
            failed_card(COURSE.course.title, "c1"),
            *attempts.examples(),
            *buddy_commands.examples(),
            *comparisons.examples(),
            *week_examples(),
        )
