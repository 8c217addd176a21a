"""The lesson that most of a community has come to, for texts that everybody reads."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.courses.enrollment.tables import enrollment
from bot.courses.lessons.model import Lesson
from bot.courses.lessons.tables import progress
from bot.facts import CurrentLesson


def current_lesson(conn: Connection, community_id: int, _at: datetime) -> CurrentLesson | None:
    """The lesson that most enrolled members have come to; None when nobody is enrolled.

    Of two with as many people the later one counts.
    """
    running = (enrollment.c.left_at.is_(None), enrollment.c.done_at.is_(None))
    place = (
        select(progress.c.enrollment_id, func.max(progress.c.place).label("place"))
        .join(enrollment, enrollment.c.id == progress.c.enrollment_id)
        .where(progress.c.community_id == community_id, *running)
        .group_by(progress.c.enrollment_id)
        .subquery()
    )
    at = (progress.c.enrollment_id == place.c.enrollment_id) & (progress.c.place == place.c.place)
    found = conn.execute(
        select(progress.c.course_id, progress.c.lesson, progress.c.place, func.count().label("many"))
        .join(place, at)
        .group_by(progress.c.course_id, progress.c.lesson, progress.c.place)
        .order_by(func.count().desc(), progress.c.place.desc(), progress.c.course_id)
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    content = conn.execute(
        select(progress.c.content)
        .where(progress.c.course_id == found.course_id, progress.c.lesson == found.lesson)
        .order_by(progress.c.id.desc())
        .limit(1)
    ).scalar_one()
    lesson = Lesson.from_json(content)
    return CurrentLesson(lesson.title, lesson.starter)
