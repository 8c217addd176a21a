"""The reader of course files: every mistake is told with its place and a fix."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from bot import content
from bot.content import ContentError, ContentErrors, KnownFiles
from bot.courses.lessons.file_order import find_misplaced
from bot.courses.lessons.file_schema import CourseSheet, LessonPage
from bot.courses.lessons.model import Course

FOLDER: Final = "courses"
"""Where courses are, below the content root: `courses/<course>/course.yaml` and its lessons."""


def read_courses(root: Path, known: KnownFiles | None = None) -> tuple[Course, ...]:
    """The courses below `root/courses`, by language and name of folder; ContentErrors tells the problems of all files.

    A content folder without courses is a community that has none.
    """
    if not (root / FOLDER).is_dir():
        return ()
    problems: list[ContentError] = []
    courses: list[Course] = []
    for slug in content.find_folders(root, FOLDER, "course", problems):
        courses.extend(_course(root, slug, problems, known))
    if problems:
        raise ContentErrors(problems)
    return tuple(sorted(courses, key=lambda one: (one.language, one.slug)))


def advise_author(course: Course) -> tuple[str, ...]:
    """What an author may want to change, one sentence each."""
    return tuple(
        f'In {course.slug}, "{one.slug}" has no prompt that completes it; people finish it by saying so.'
        for one in course.lessons
        if one.completing is None
    )


def course_schemas() -> dict[str, str]:
    """The text of each JSON Schema file, by its name."""
    return {
        "course.schema.json": content.schema(CourseSheet),
        "lesson.schema.json": content.schema(LessonPage),
    }


def _course(
    root: Path, slug: str, problems: list[ContentError], known: KnownFiles | None
) -> Iterable[Course]:
    """The course in one folder, if nothing is wrong with it; otherwise `problems` grows."""
    here = content.read_folder(root, FOLDER, slug, "course", (CourseSheet, LessonPage), "lessons", known)
    here.problems.extend(
        content.find_duplicates(here.pages, lambda sheet: [one.id for one in sheet.prompts], "prompts")
    )
    if not here.problems:  # with a lesson missing, what the others build on cannot be told
        here.problems.extend(find_misplaced(here.others))
    problems.extend(here.problems)
    if here.main is None or here.problems:
        return ()
    lessons = tuple(page.value.value(name.removesuffix(".yaml")) for name, page in here.others)
    return (here.main.value.value(slug, lessons),)
