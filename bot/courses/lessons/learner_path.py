"""A member's path through a course: reached lessons as they were then, later ones as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.courses.lessons.model import Course, Lesson
from bot.courses.lessons.tables import LessonMark


@dataclass(frozen=True, slots=True)
class Station:
    """A lesson on a member's path. People write it as `c<course>.<number>`."""

    number: int
    lesson: Lesson
    mark: LessonMark | None

    @property
    def state(self) -> str:
        """`ahead`, `open`, `started` or `done`."""
        if self.mark is None:
            return "ahead"
        if self.mark.done_at is not None:
            return "done"
        return "open" if self.mark.started_at is None else "started"

    @property
    def awaits(self) -> bool:
        """Reached, and not done."""
        return self.state in ("open", "started")


def learner_path(
    course: Course, marks: Sequence[LessonMark], *, finished: bool = False
) -> tuple[Station, ...]:
    """The stations in order. Editing a course changes only what a member has not reached yet.

    A reached lesson keeps its words, and stays even when it left the course. A course that is `finished` gets no
    new lessons.
    """
    reached = {one.lesson.slug: one for one in marks}
    order: list[tuple[Lesson, LessonMark | None]] = [
        (reached[one.slug].lesson if one.slug in reached else one, reached.get(one.slug))
        for one in course.lessons
        if one.slug in reached or not finished
    ]
    here = {one.slug for one in course.lessons}
    for mark in marks:
        if mark.lesson.slug not in here:
            order.insert(min(mark.place, len(order)), (mark.lesson, mark))
    return tuple(Station(number, lesson, mark) for number, (lesson, mark) in enumerate(order, 1))


def next_station(stations: Sequence[Station]) -> Station | None:
    """The next lesson to come."""
    return next((one for one in stations if one.mark is None), None)


def waited_for(coming: Station, stations: Sequence[Station]) -> tuple[Station, ...]:
    """The lessons that have to be done before this one comes by itself."""
    return tuple(
        one for one in stations if one.lesson.slug in coming.lesson.waits_for and one.state != "done"
    )


def held_up(open_: Station, stations: Sequence[Station]) -> Station | None:
    """The next lesson, where it waits for this one alone."""
    coming = next_station(stations)
    waits = () if coming is None else waited_for(coming, stations)
    return coming if [one.number for one in waits] == [open_.number] else None


def open_stations(stations: Sequence[Station]) -> tuple[Station, ...]:
    """The lessons that were reached and are not done."""
    return tuple(one for one in stations if one.awaits)


def count_done(stations: Sequence[Station]) -> int:
    """How many lessons are done."""
    return sum(one.state == "done" for one in stations)
