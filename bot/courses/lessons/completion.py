"""Lessons begun, done and undone: one rule for buttons, forms, reflections and imports."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.chat.cards import Button
from bot.chat.language import _
from bot.chat.models import Refusal
from bot.courses.enrollment import tables
from bot.courses.enrollment.tables import Enrollment
from bot.courses.lessons import cards, catalog
from bot.courses.lessons import tables as lessons_tables
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.release import Tell, plan_enrollment, reach_lesson, stations_of
from bot.courses.lessons.tables import LessonMark
from bot.courses.teams import tables as teams_tables
from bot.facts import LessonAnswered, LessonDone
from bot.intents.substance import says_something
from bot.people.hours import hours_of

NOTE = 2000
"""Characters of a note."""
_TICK = timedelta(microseconds=1)


def begins(mark: LessonMark, at: datetime) -> bool:
    """Whether it is news that a lesson was begun then."""
    return mark.started_at is None or mark.started_at > at


def finishes(mark: LessonMark, at: datetime) -> bool:
    """Whether it is news that a lesson was done then: it is later than all that was told."""
    return mark.told_at is None or at > mark.told_at or (at == mark.told_at and not mark.done)


def reopens(mark: LessonMark, at: datetime) -> bool:
    """Whether it is news that a lesson was not done then."""
    return mark.told_at is None or at > mark.told_at


class LessonCompletion:
    """Marks lessons as begun, done or not done, and tells the other features."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def reached(
        self, conn: Connection, one: Enrollment, slug: str, now: datetime
    ) -> tuple[CatalogCourse, LessonMark]:
        """The course and the member's mark of a lesson; a lesson that has not arrived yet is reached now."""
        listed, stations = stations_of(conn, one)
        station = next((each for each in stations if each.lesson.slug == slug), None)
        if station is None:
            raise Refusal(
                _("That lesson is no longer part of the course."), _("`/course progress` shows what is.")
            )
        if station.mark is None:
            hours = hours_of(conn, one.community_id, one.member_id, now)
            reach_lesson(conn, one, listed, station, hours, now, self._tell)
        mark = next(each for each in lessons_tables.lesson_marks(conn, one.id) if each.lesson.slug == slug)
        return listed, mark

    def start(self, conn: Connection, one: Enrollment, slug: str, at: datetime, now: datetime) -> bool:
        """Mark a lesson as begun; returns whether that was news. The earliest beginning counts."""
        _, mark = self.reached(conn, one, slug, now)
        if not begins(mark, at):
            return False
        lessons_tables.change_mark(conn, mark.id, started_at=at)
        self._after(conn, one, now)
        return True

    def done(
        self,
        conn: Connection,
        one: Enrollment,
        slug: str,
        how: str,
        note: str,
        now: datetime,
        at: datetime | None = None,
    ) -> bool:
        """Mark a lesson as done; returns whether that changed anything.

        `at` is when, where a course host says so.
        Of two things told about one lesson the later one holds, in whatever order they arrive; at the same instant
        "done" does.
        """
        listed, mark = self.reached(conn, one, slug, now)
        when = self._when(mark, now) if at is None else at
        if not finishes(mark, when):
            return False
        changes: dict[str, object] = {"done_at": when, "told_at": when, "how": how}
        if note:
            changes["note"] = note
        lessons_tables.change_mark(conn, mark.id, **changes)
        self._after(conn, one, now)
        if not mark.done:
            self._tell(conn, LessonDone(one.community_id, one.member_id, f"{listed.course.slug}/{slug}"))
        return True

    def asks_first(self, conn: Connection, one: Enrollment, slug: str, note: str, now: datetime) -> bool:
        """Whether to ask for a line before a lesson is done: nothing was said yet, and nobody asked. It happens once."""
        _, mark = self.reached(conn, one, slug, now)
        if mark.done or mark.note or mark.asked_at is not None or says_something(note):
            return False
        lessons_tables.change_mark(conn, mark.id, asked_at=now)
        return True

    def undo(
        self, conn: Connection, one: Enrollment, slug: str, now: datetime, at: datetime | None = None
    ) -> bool:
        """Mark a lesson as not done; returns whether that changed anything. Its note stays."""
        _, mark = self.reached(conn, one, slug, now)
        when = self._when(mark, now) if at is None else at
        if not reopens(mark, when):
            return False
        lessons_tables.change_mark(conn, mark.id, done_at=None, how=None, told_at=when)
        self._after(conn, one, now)
        return True

    @staticmethod
    def _when(mark: LessonMark, now: datetime) -> datetime:
        """The instant of what a member says now, later than all before, also when the clock was once ahead."""
        return now if mark.told_at is None else max(now, mark.told_at + _TICK)

    @staticmethod
    def _after(conn: Connection, one: Enrollment, now: datetime) -> None:
        """Update what follows from a mark: the end of the course, the next release, the rollups."""
        _, stations = stations_of(conn, one)
        finished = all(station.state == "done" for station in stations)
        done_at = (one.done_at or now) if finished else None
        tables.change_enrollment(conn, one.id, alive_at=now, done_at=done_at)
        plan_enrollment(conn, replace(one, alive_at=now, done_at=done_at), now)
        teams_tables.recount_member(conn, one.community_id, one.member_id, one.course_id)

    # ── a reflection ──────────────────────────────────────────────────────────

    def answered(self, conn: Connection, fact: LessonAnswered, now: datetime) -> None:
        """Finish the lesson whose completing prompt was answered, or begin it for any other of its prompts.

        Only in a course the member takes, and for a lesson that has reached them. An answer that says nothing is asked about
        once before it is taken.
        """
        found = _find_open(conn, fact.community_id, fact.member_id, fact.lesson)
        if found is None:
            return
        one, mark = found
        slug, finishes = mark.lesson.slug, _completes(mark, fact.prompt)
        if finishes and (fact.says_something or not self.asks_first(conn, one, slug, "", now)):
            self.done(conn, one, slug, "reflection", "", now)
        elif mark.started_at is None:
            self.start(conn, one, slug, now, now)


def find_awaited(
    conn: Connection, community_id: int, member_id: int, lesson: str, prompt: str
) -> tuple[Enrollment, LessonMark] | None:
    """The open lesson (`course/lesson`) of a member that an answer to this prompt finishes."""
    found = _find_open(conn, community_id, member_id, lesson)
    return found if found is not None and _completes(found[1], prompt) else None


def finish_button(
    conn: Connection, community_id: int, member_id: int, lesson: str, prompt: str
) -> Button | None:
    """The button that finishes the lesson of an answer without a note; None where the answer finishes none."""
    found = find_awaited(conn, community_id, member_id, lesson, prompt)
    if found is None:
        return None
    one, mark = found
    return Button(_("Finish without a note"), does="course.done", value=cards.button_value(one, mark.lesson))


def _completes(mark: LessonMark, prompt: str) -> bool:
    completing = mark.lesson.completing
    return completing is not None and completing.id == prompt


def _find_open(
    conn: Connection, community_id: int, member_id: int, lesson: str
) -> tuple[Enrollment, LessonMark] | None:
    """A lesson that has reached a member in a course they take, and is not done."""
    course, _, slug = lesson.partition("/")
    listed = catalog.course_by_slug(conn, community_id, course)
    one = None if listed is None else tables.enrollment_in(conn, listed.id, member_id)
    if one is None or one.left_at is not None:
        return None
    marks = lessons_tables.lesson_marks(conn, one.id)
    mark = next((each for each in marks if each.lesson.slug == slug), None)
    return None if mark is None or mark.done else (one, mark)
