"""Lessons that are done by doing: a team fills the parts of its plan that the steps of a lesson name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.courses.enrollment import tables
from bot.courses.lessons import catalog, plan_fills
from bot.courses.lessons import tables as lessons_tables
from bot.courses.lessons.completion import LessonCompletion
from bot.courses.lessons.tables import LessonMark
from bot.courses.teams import tables as teams_tables
from bot.facts import PlanChanged
from bot.people import tables as people

DAY = timedelta(days=1)
"""A sign of life is stored once in this time."""
HOW = "plan"
"""How a lesson was done by whoever wrote into the plan; whoever says it of their team did it by `team`."""


@dataclass(frozen=True, slots=True)
class PlanCompletion:
    """Finishes the lessons of those who wrote what their lesson asks for; their teammates are offered to say so."""

    completion: LessonCompletion

    def plan_changed(self, conn: Connection, fact: PlanChanged, now: datetime) -> None:
        """Store what was filled, and look whether it finishes or begins lessons of who wrote it."""
        today = people.community_by_id(conn, fact.community_id).day_of(now)
        plan_fills.note_fill(conn, fact, today)
        note_life(conn, fact, now)
        if not fact.filled:
            return
        fills = plan_fills.plan_fills_of(conn, fact.team_id)
        mates = {one.member_id for one in teams_tables.team_members(conn, fact.team_id)}
        # Who wrote nothing is not looked at: a team may be large, and the writer of the database waits for nobody.
        wrote = mates & {writer for _part, writer, _day in fills.rows if writer is not None}
        for mark in lessons_tables.open_marks(conn, fact.community_id, wrote):
            needs = mark.lesson.plan_needs
            if fact.part not in needs:
                continue
            if mark.member_id in fills.writers(needs) and fills.fulfill(mark.lesson):
                self._finish(conn, fact, mark, now)
            elif mark.member_id == fact.member_id and mark.started_at is None:
                self._begin(conn, fact, mark, now)

    def _finish(self, conn: Connection, fact: PlanChanged, mark: LessonMark, now: datetime) -> None:
        one = tables.find_enrollment(conn, fact.community_id, mark.enrollment_id)
        if one is not None:
            self.completion.done(conn, one, mark.lesson.slug, HOW, "", now)

    def _begin(self, conn: Connection, fact: PlanChanged, mark: LessonMark, now: datetime) -> None:
        one = tables.find_enrollment(conn, fact.community_id, mark.enrollment_id)
        if one is not None:
            self.completion.start(conn, one, mark.lesson.slug, now, now)


def note_life(conn: Connection, fact: PlanChanged, now: datetime) -> None:
    """Whoever writes into the plan is not silent in the courses that ask for one."""
    if fact.member_id is None:
        return
    for one in tables.enrollments_of(conn, fact.community_id, fact.member_id):
        if one.done_at is not None or one.alive_at >= now - DAY:
            continue  # a course is long, and its lessons are read only where there is something to store
        listed = catalog.find_course(conn, one.community_id, one.course_id)
        if listed is not None and any(each.plan_needs for each in listed.course.lessons):
            tables.change_enrollment(conn, one.id, alive_at=now)
