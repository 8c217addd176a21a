"""Reminders of lessons that have been open for too long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.chat.language import LANGUAGES, _, current_locale, ngettext, speaking
from bot.courses.enrollment import tables
from bot.courses.enrollment.tables import Enrollment
from bot.courses.lessons import cards
from bot.courses.lessons.learner_path import Station, held_up, open_stations
from bot.courses.lessons.plan_fills import TeamStanding, team_standing
from bot.courses.lessons.release import stations_of
from bot.people.hours import hours_of
from bot.people.languages import speaking_to
from bot.reminders.policy import ReminderPolicy, ReminderRequest, is_left_alone
from bot.runtime.clock import Clock
from bot.store.slices import Slice, work_in_slices
from bot.store.store import Store

BATCH = 200
FRESH = timedelta(days=60)
"""How long after it could have been done a lesson is asked about; what is older is nobody's news."""


class LessonReminders:
    """The periodic job that asks the reminder policy for reminders of open lessons."""

    def __init__(self, store: Store, clock: Clock, policy: ReminderPolicy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    async def ask_after_lessons(self) -> int:
        """Look at every enrollment whose time has come; returns how many."""
        now = self._clock.now()

        def ask(conn: Connection, piece: Slice) -> None:
            for one in piece.each(tables.claim_reminders(conn, now, piece.limit)):
                tables.change_enrollment(conn, one.id, remind_at=self._look(conn, one, now))

        return await work_in_slices(self._store, ask, in_all=BATCH)

    def _look(self, conn: Connection, one: Enrollment, now: datetime) -> datetime | None:
        """Ask for a reminder of the lesson that has been open longest; returns when to look again."""
        listed, stations = stations_of(conn, one)
        open_ = [
            (each.mark.due_at, each)
            for each in open_stations(stations)
            if each.mark is not None and each.mark.due_at + FRESH > now and not said_goodbye(conn, one, each)
        ]
        if not open_:
            return None
        due_at, station = min(open_, key=lambda pair: (pair[0], pair[1].number))
        if due_at > now:
            return due_at
        team = team_standing(conn, one.community_id, one.member_id, station.lesson)
        day = hours_of(conn, one.community_id, one.member_id, now).day_of(now)
        year, week, _ = day.isocalendar()
        wish = ReminderRequest(
            community_id=one.community_id,
            member_id=one.member_id,
            series=f"course:{one.course_id}",
            reason=_reason(one, station),
            period=f"{year}-W{week:02}",
            since=one.alive_at,
            why=partial(_why, station, now),
            sentences=_sentences(conn, one, station, team),
            card=partial(cards.reminder_card, one, listed, station, team, held_up(station, stations)),
            until=due_at + FRESH,
        )
        verdict = self._policy.remind(conn, wish, now)
        return None if verdict.again is None else max(verdict.again, now + timedelta(minutes=1))


def _reason(one: Enrollment, station: Station) -> str:
    return f"lesson:{one.id}:{station.lesson.slug}"


def said_goodbye(conn: Connection, one: Enrollment, station: Station) -> bool:
    """Whether everything there is to say about a lesson was said: its last sentence said goodbye.

    Goodbye is goodbye, also when the team did the lesson since, or no longer, or the member changed the language.
    """
    ways = (station.lesson.reminders, *map(_team_sentences, LANGUAGES))
    return is_left_alone(conn, one.member_id, _reason(one, station), *ways)


def _sentences(conn: Connection, one: Enrollment, station: Station, team: TeamStanding) -> Sequence[str]:
    """The ways to remind of a lesson: its own, or, where the team did it already, that one tap is left."""
    if not team.did:
        return station.lesson.reminders
    with speaking_to(conn, one.member_id):
        return _team_sentences(current_locale())


def _team_sentences(locale: str) -> Sequence[str]:
    """The ways to say that one tap is left of what the team did already."""
    with speaking(locale):
        return (
            _("Your team has done what this lesson asks for. If you took part, one tap finishes it for you."),
            _("This lesson is open for you only: your team’s plan has its part already."),
        )


def _why(station: Station, now: datetime) -> str:
    days = 0 if station.mark is None else (now - station.mark.released_at).days
    return ngettext(
        "You get this because “{lesson}” has been open for {count} day.",
        "You get this because “{lesson}” has been open for {count} days.",
        days,
        lesson=station.lesson.title,
    )
