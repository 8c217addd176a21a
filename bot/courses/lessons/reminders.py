"""Reminders of lessons that have been open for too long."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.courses.enrollment import tables
from bot.courses.enrollment.tables import Enrollment
from bot.courses.lessons import cards
from bot.courses.lessons.learner_path import Station, open_stations
from bot.courses.lessons.release import stations_of
from bot.people.hours import hours_of
from bot.reminders.policy import ReminderPolicy, ReminderRequest
from bot.runtime.clock import Clock
from bot.store.store import Store

BATCH = 200


class LessonReminders:
    """The periodic job that asks the reminder policy for reminders of open lessons."""

    def __init__(self, store: Store, clock: Clock, policy: ReminderPolicy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    async def ask_after_lessons(self) -> int:
        """Look at every enrollment whose time has come; returns how many."""
        now = self._clock.now()

        def work(conn: Connection) -> int:
            due = tables.claim_reminders(conn, now, BATCH)
            for one in due:
                tables.change_enrollment(conn, one.id, remind_at=self._look(conn, one, now))
            return len(due)

        return await self._store.write(work)

    def _look(self, conn: Connection, one: Enrollment, now: datetime) -> datetime | None:
        """Ask for a reminder of the lesson that has been open longest; returns when to look again."""
        listed, stations = stations_of(conn, one)
        open_ = [(each.mark.due_at, each) for each in open_stations(stations) if each.mark is not None]
        if not open_:
            return None
        due_at, station = min(open_, key=lambda pair: (pair[0], pair[1].number))
        if due_at > now:
            return due_at
        day = hours_of(conn, one.community_id, one.member_id, now).day_of(now)
        year, week, _ = day.isocalendar()
        wish = ReminderRequest(
            community_id=one.community_id,
            member_id=one.member_id,
            series=f"course:{one.course_id}",
            reason=f"lesson:{one.id}:{station.lesson.slug}",
            period=f"{year}-W{week:02}",
            since=one.alive_at,
            why=f"You get this because “{station.lesson.title}” has been open {_days(station, now)}.",
            card=partial(cards.reminder_card, one, listed, station),
        )
        verdict = self._policy.remind(conn, wish, now)
        return None if verdict.again is None else max(verdict.again, now + timedelta(minutes=1))


def _days(station: Station, now: datetime) -> str:
    if station.mark is None:
        return "for a while"
    days = (now - station.mark.released_at).days
    return "since yesterday" if days == 1 else f"for {days} days" if days else "since today"
