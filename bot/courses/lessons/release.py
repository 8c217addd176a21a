"""The release of lessons: when a member's next one is due, and the job that lets it arrive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.courses.enrollment import tables
from bot.courses.enrollment.tables import Enrollment
from bot.courses.holds.tables import held_until
from bot.courses.lessons import cards, catalog
from bot.courses.lessons import tables as lessons_tables
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.learner_path import (
    Station,
    learner_path,
    next_station,
    open_stations,
    waited_for,
)
from bot.courses.lessons.model import Course, Lesson, Pacing
from bot.courses.lessons.plan_fills import team_standing
from bot.courses.lessons.tables import LessonMark
from bot.courses.notices.tables import next_notice
from bot.delivery import outbox
from bot.delivery.facts import Draft, Verb
from bot.facts import LessonArrived
from bot.people.hours import Hours, hours_of
from bot.people.languages import speaking_to
from bot.people.reach import writable_account
from bot.reminders.budget import SPACING, next_turn
from bot.runtime.clock import Clock
from bot.store.slices import Slice, work_in_slices
from bot.store.store import Store

BATCH = 200
LESSON = "lesson"
Tell = Callable[[Connection, object], None]
SILENT = timedelta(days=7)
"""How long after the newest plan it is first looked whether nothing happens in a course; `pauses/silence.py` counts."""
_WEEKS = 60
"""Weeks after which looking for a free weekday ends."""


# ── pure ──────────────────────────────────────────────────────────────────────


def next_release(
    pacing: Pacing, stations: Sequence[Station], one: Enrollment, hours: Hours, floor: datetime
) -> datetime | None:
    """The instant (aware UTC) of the next lesson, not before `floor`; None when none comes by itself."""
    coming = next_station(stations)
    if coming is None or not one.running or waited_for(coming, stations):
        return None
    reached = [station.mark for station in stations if station.mark is not None]
    if not reached:
        if pacing.release == "weekly":
            return _on_weekday(pacing, one.day, hours, max(floor, one.joined_at))
        return hours.free_from(max(floor, one.joined_at))
    last = hours.day_of(max(mark.released_at for mark in reached))
    first = last + timedelta(days=coming.lesson.after_days)
    if pacing.release == "weekly":
        return _on_weekday(pacing, max(first, last + timedelta(days=1)), hours, floor)
    if pacing.release == "days":
        return _on_day(pacing, max(first, last + timedelta(days=pacing.every)), hours, floor)
    if open_stations(stations):
        return None
    done = max(mark.done_at for mark in reached if mark.done_at is not None)
    return _on_day(pacing, max(first, hours.day_of(done)), hours, max(floor, done + timedelta(seconds=1)))


def _on_weekday(pacing: Pacing, first: date, hours: Hours, floor: datetime) -> datetime:
    """The first such weekday on which the member is there: a break or an absence moves it by whole weeks."""
    first = max(first, hours.day_of(floor))
    day = first + timedelta(days=(pacing.weekday - first.weekday()) % 7)
    for _ in range(_WEEKS):
        at = hours.slot(day, pacing.at)
        if at >= floor and hours.off_until(day) == day:
            return at
        day += timedelta(days=7)
    return at


def _on_day(pacing: Pacing, first: date, hours: Hours, floor: datetime) -> datetime:
    day = max(first, hours.day_of(floor))
    at = hours.slot(day, pacing.at)
    return at if at >= floor else hours.slot(day + timedelta(days=1), pacing.at)


def forecast_releases(course: Course, day: date, hours: Hours, now: datetime) -> list[datetime | None]:
    """The instant of each lesson for somebody who joins now; None where it depends on what they do.

    A lesson that waits for others has the instant at which it comes if those are done by then.
    """
    one = Enrollment(0, 0, 0, 0, "", now, day, None, None, None, None, None, now, None, None)
    marks: list[LessonMark] = []
    found: list[datetime | None] = []
    floor = now
    for place, lesson in enumerate(course.lessons):
        assumed = [_done_in_time(mark, lesson, course.pacing) for mark in marks]
        at = next_release(course.pacing, learner_path(course, assumed), one, hours, floor)
        found.append(at)
        floor = at or floor
        marks.append(LessonMark(0, 0, 0, 0, lesson, place, floor, floor, None, None, None, None, None))
    return found


def _done_in_time(mark: LessonMark, coming: Lesson, pacing: Pacing) -> LessonMark:
    waits = mark.lesson.slug in coming.waits_for and pacing.release != "previous"
    return replace(mark, done_at=mark.released_at) if waits else mark


# ── planning ──────────────────────────────────────────────────────────────────


def stations_of(conn: Connection, one: Enrollment) -> tuple[CatalogCourse, tuple[Station, ...]]:
    """The course of an enrollment, and the member's path through it."""
    listed = catalog.find_course(conn, one.community_id, one.course_id)
    if listed is None:
        raise LookupError(f"enrollment {one.id} is in a course that is not there")
    finished = one.done_at is not None or listed.retired
    return listed, learner_path(listed.course, lessons_tables.lesson_marks(conn, one.id), finished=finished)


def plan_enrollment(conn: Connection, one: Enrollment, now: datetime) -> None:
    """Store when the next lesson comes and when to remind of an open one, as things are now."""
    listed, stations = stations_of(conn, one)
    hours = hours_of(conn, one.community_id, one.member_id, now)
    release = next_release(
        listed.course.pacing, stations, one, hours, _earliest(conn, one, stations, hours, now)
    )
    if one.paused and one.paused_until is not None and one.left_at is None:
        release = hours.free_from(hours.slot(one.paused_until, listed.course.pacing.at))
    open_ = [station.mark.due_at for station in open_stations(stations) if station.mark is not None]
    asks = min(open_, default=None) if one.running else None
    # A look that comes too early is cheap and finds the true day; one that is always put off never comes.
    silent = None if asks is None else one.silent_at or max(now, one.alive_at) + SILENT
    tables.change_enrollment(conn, one.id, release_at=release, remind_at=asks, silent_at=silent)


def _earliest(
    conn: Connection, one: Enrollment, stations: Sequence[Station], hours: Hours, at: datetime
) -> datetime:
    """The instant from which on the next lesson may come: `at`, or the day to which it was moved."""
    coming = next_station(stations)
    slug = None if coming is None else coming.lesson.slug
    return held_until(conn, one.member_id, one.course_id, slug, hours, at)


def _next_turn(conn: Connection, member_id: int, now: datetime) -> datetime:
    """When a lesson may arrive: not before its member was told of the course, and within the budget of what comes unasked."""
    notice = next_notice(conn, member_id)
    if notice is not None:
        return max(notice, now) + SPACING
    return next_turn(conn, member_id, now)


# ── arriving ──────────────────────────────────────────────────────────────────


class LessonRelease:
    """The periodic job that lets lessons arrive."""

    def __init__(self, store: Store, clock: Clock, tell: Tell) -> None:
        self._store, self._clock, self._tell = store, clock, tell

    async def release_due(self) -> int:
        """Release what is due; returns how many enrollments were looked at."""
        now = self._clock.now()

        def release(conn: Connection, piece: Slice) -> None:
            for one in piece.each(tables.claim_releases(conn, now, piece.limit)):
                self._look(conn, one, now)

        return await work_in_slices(self._store, release, in_all=BATCH)

    def _look(self, conn: Connection, one: Enrollment, now: datetime) -> None:
        """Release or plan anew: preferences and calendars may have changed since the time was stored."""
        hours = hours_of(conn, one.community_id, one.member_id, now)
        if one.paused:
            if one.paused_until is None or hours.day_of(now) < one.paused_until:
                plan_enrollment(conn, one, now)
                return
            tables.change_enrollment(conn, one.id, paused_at=None, paused_until=None, alive_at=now)
            one = replace(one, paused_at=None, paused_until=None, alive_at=now)
        listed, stations = stations_of(conn, one)
        began = one.release_at or now
        # From the start of that day on: it may have waited since its hour for something else to be said first.
        floor = _earliest(conn, one, stations, hours, hours.starts_at(min(began, now)))
        slot = next_release(listed.course.pacing, stations, one, hours, floor)
        coming = next_station(stations)
        if slot is None or coming is None:
            plan_enrollment(conn, one, now)
        elif slot > now or not hours.is_free(now):
            tables.change_enrollment(conn, one.id, release_at=max(slot, hours.free_from(now) or slot))
        elif (turn := _next_turn(conn, one.member_id, now)) > now:
            tables.change_enrollment(conn, one.id, release_at=hours.free_from(turn) or turn)
        else:
            self._release(conn, one, listed, coming, hours, now)

    def _release(
        self, conn: Connection, one: Enrollment, listed: CatalogCourse, coming: Station, hours: Hours, now: datetime
    ) -> None:  # fmt: skip
        reach_lesson(conn, one, listed, coming, hours, now, self._tell)
        _, stations = stations_of(conn, one)
        arrived = next(station for station in stations if station.lesson.slug == coming.lesson.slug)
        to = writable_account(conn, one.community_id, one.member_id)
        if to is not None:
            with speaking_to(conn, one.member_id):
                team = team_standing(conn, one.community_id, one.member_id, coming.lesson)
                card = cards.arrival_card(one, listed, stations, arrived, team)
            draft = Draft(
                community_id=one.community_id, space=to[0], person=to[1], verb=Verb.DIRECT, kind=LESSON,
                key=f"lesson:{one.id}:{coming.lesson.slug}", ref=str(one.id), card=card,
            )  # fmt: skip
            outbox.queue_draft(conn, draft, now)
        plan_enrollment(conn, one, now)


def reach_lesson(
    conn: Connection, one: Enrollment, listed: CatalogCourse, station: Station, hours: Hours, now: datetime, tell: Tell
) -> None:  # fmt: skip
    """Store that a member reaches a lesson, with the day from which on they may be reminded of it, and tell of it."""
    open_days = station.lesson.open_days or listed.course.pacing.open_days
    day = hours.day_of(now) + timedelta(days=open_days)
    due = hours.slot(day, listed.course.pacing.at)
    lessons_tables.insert_mark(
        conn, one.community_id, one.id, one.course_id, one.member_id, station.lesson, station.number - 1, now, due
    )  # fmt: skip
    completing = station.lesson.completing
    lesson, prompt = f"{listed.course.slug}/{station.lesson.slug}", completing.id if completing else ""
    tell(conn, LessonArrived(one.community_id, one.member_id, lesson, prompt, now, due))
