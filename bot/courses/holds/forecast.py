"""The forecast of when the lessons that are ahead would come to a member, as things are now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.courses.enrollment.tables import Enrollment
from bot.courses.holds.tables import held_until
from bot.courses.lessons.learner_path import next_station
from bot.courses.lessons.release import next_release, stations_of
from bot.courses.lessons.tables import LessonMark
from bot.people.hours import Hours


def forecast_lessons(conn: Connection, one: Enrollment, hours: Hours, now: datetime) -> dict[str, datetime]:
    """The instant of each coming lesson by its slug; without those that depend on what the member does first."""
    listed, stations = stations_of(conn, one)
    path, floor, found = list(stations), now, dict[str, datetime]()
    while (coming := next_station(path)) is not None:
        slug = coming.lesson.slug
        earliest = held_until(conn, one.member_id, one.course_id, slug, hours, floor)
        at = next_release(listed.course.pacing, path, one, hours, earliest)
        if at is None:
            break
        found[slug] = floor = at
        mark = LessonMark(0, 0, 0, 0, coming.lesson, coming.number - 1, at, at, None, None, None, None, None)
        path = [replace(each, mark=mark) if each is coming else each for each in path]
    return found
