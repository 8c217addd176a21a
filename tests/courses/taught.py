"""A small course for tests that need no platform."""

from __future__ import annotations

from datetime import time

from bot.courses.lessons.model import Course, Lesson, LessonPrompt, Pacing, Step

WEEKLY = Pacing("weekly", 0, 0, time(9), 5)


def lesson(slug: str, title: str, *, reminder: str = "A small step is a step.") -> Lesson:
    return Lesson(
        slug, title, "To see how it goes.", "", (Step("Do it.", 15),), (LessonPrompt(f"on-{slug}", "How was it?", True),), None,
        "", (reminder,),
    )  # fmt: skip


COURSE = Course(
    "common-ground", "Common ground", "Two small lessons.", "en", WEEKLY,
    (lesson("an-hour-kept-whole", "An hour kept whole"), lesson("who-is-missing", "Who is missing")),
)  # fmt: skip
