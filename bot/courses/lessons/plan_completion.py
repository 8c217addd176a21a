"""Lessons that are done by doing: a team fills the parts of its plan that the steps of a lesson name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.courses.enrollment import tables
from bot.courses.lessons import catalog, plan_fills
from bot.courses.lessons import tables as lessons_tables
from bot.courses.lessons.completion import LessonCompletion
from bot.courses.teams import tables as teams_tables
from bot.facts import PlanChanged
from bot.people.hours import community_hours

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
        today = community_hours(conn, fact.community_id, now).day_of(now)
        plan_fills.note_fill(conn, fact, today)
        note_life(conn, fact, now)
        if not fact.filled:
            return
        mates = {one.member_id for one in teams_tables.team_members(conn, fact.team_id)}
        for member_id in sorted(mates):
            self._look(conn, fact, member_id, now)

    def _look(self, conn: Connection, fact: PlanChanged, member_id: int, now: datetime) -> None:
        """Look at the lessons of one member that ask for this part."""
        for one in tables.enrollments_of(conn, fact.community_id, member_id):
            if one.done_at is not None:
                continue
            for mark in lessons_tables.lesson_marks(conn, one.id):
                needs = mark.lesson.plan_needs
                if mark.done or fact.part not in needs:
                    continue
                wrote = member_id in plan_fills.writers_of(conn, fact.team_id, needs)
                if wrote and plan_fills.has_filled(conn, fact.team_id, mark.lesson):
                    self.completion.done(conn, one, mark.lesson.slug, HOW, "", now)
                elif member_id == fact.member_id:
                    self.completion.start(conn, one, mark.lesson.slug, now, now)


def note_life(conn: Connection, fact: PlanChanged, now: datetime) -> None:
    """Whoever writes into the plan is not silent in the courses that ask for one."""
    for one in tables.enrollments_of(conn, fact.community_id, fact.member_id):
        listed = catalog.find_course(conn, one.community_id, one.course_id)
        asks = listed is not None and any(each.plan_needs for each in listed.course.lessons)
        if asks and one.done_at is None and one.alive_at < now - DAY:
            tables.change_enrollment(conn, one.id, alive_at=now)
