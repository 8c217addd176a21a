"""From files to courses: each course is checked as a whole, with a place and a remedy for every mistake."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel

from bot import library
from bot.courses.lessons import Course
from bot.courses.sheets import CourseSheet, LessonSheet
from bot.library import ContentError, ContentErrors, Page
from bot.library.lines import KEBAB

FOLDER: Final = "courses"
"""Where courses are, below the content root: `courses/<course>/course.yaml` and its lessons."""
_S = TypeVar("_S", bound=BaseModel)


def read_courses(root: Path) -> tuple[Course, ...]:
    """The courses below `root/courses`, by name of folder; ContentErrors tells the problems of all files.

    A content folder without courses is a community that has none.
    """
    if not (root / FOLDER).is_dir():
        return ()
    problems: list[ContentError] = []
    courses: list[Course] = []
    for name in library.folder(root, FOLDER):
        if name.endswith("/"):
            courses.extend(_course(root, name.rstrip("/"), problems))
        elif name.endswith((".yaml", ".yml")):
            problem = "this file is in no course."
            problems.append(
                ContentError(f"{FOLDER}/{name}", 1, 1, problem, "Move it to the folder of a course.")
            )
    if problems:
        raise ContentErrors(problems)
    return tuple(courses)


def advise(course: Course) -> tuple[str, ...]:
    """What an author may want to change, one sentence each."""
    return tuple(
        f'In {course.slug}, "{one.slug}" has no prompt that completes it; people finish it by saying so.'
        for one in course.lessons
        if one.completing is None
    )


def schemas() -> dict[str, str]:
    """The text of each JSON Schema file, by its name."""
    return {
        "course.schema.json": library.schema(CourseSheet),
        "lesson.schema.json": library.schema(LessonSheet),
    }


def _course(root: Path, slug: str, problems: list[ContentError]) -> Iterable[Course]:
    """The course in one folder, if nothing is wrong with it; otherwise `problems` grows."""
    before = len(problems)
    folder = f"{FOLDER}/{slug}"
    if not re.fullmatch(KEBAB, slug):
        fix = "Rename it with small letters, digits and hyphens."
        problem = "the folder of this course has an odd name."
        problems.append(ContentError(f"{folder}/course.yaml", 1, 1, problem, fix))
    try:
        present = [name for name in library.folder(root, folder) if not name.endswith(".md")]
    except ContentErrors as errors:
        problems.extend(errors.errors)
        return ()
    sheet = _page(root, f"{folder}/course.yaml", CourseSheet, problems)
    if sheet:
        problems.extend(_files_amiss(sheet, present))
    listed = sheet.value.lessons if sheet else [name for name in present if name.endswith(".yaml")]
    files = [name for name in listed if name in present and name != "course.yaml"]
    pages = [page for name in files if (page := _page(root, f"{folder}/{name}", LessonSheet, problems))]
    problems.extend(_ids_twice(pages))
    if sheet is None or len(problems) > before:
        return ()
    lessons = tuple(
        page.value.value(name.removesuffix(".yaml")) for name, page in zip(files, pages, strict=True)
    )
    return (sheet.value.value(slug, lessons),)


def _page(root: Path, path: str, sheet: type[_S], problems: list[ContentError]) -> Page[_S] | None:
    try:
        return library.turn_to(root, path, sheet)
    except ContentErrors as errors:
        problems.extend(errors.errors)
        return None


def _files_amiss(sheet: Page[CourseSheet], present: Iterable[str]) -> Iterable[ContentError]:
    """Lessons that are listed and not there, or there and not listed."""
    spare = [name for name in present if name not in (*sheet.value.lessons, "course.yaml")]
    for index, name in enumerate(sheet.value.lessons):
        if name not in present:
            near = get_close_matches(name, spare, n=1, cutoff=0.8)
            fix = f'Did you mean "{near[0]}"?' if near else "Create it, or take it off the list."
            yield sheet.error(("lessons", index), f'there is no file "{name}" in this folder.', fix)
    for name in spare:
        fix = "Add it to the list, or move it out of the folder."
        yield sheet.error(("lessons",), f'"{name}" is in this folder and not listed.', fix)


def _ids_twice(pages: Iterable[Page[LessonSheet]]) -> Iterable[ContentError]:
    """Ids that a prompt of an earlier lesson already has; each problem names that place."""
    seen: dict[str, ContentError] = {}
    for page in pages:
        for index, prompt in enumerate(page.value.prompts):
            here = page.error(("prompts", index, "id"), f'the id "{prompt.id}" is already taken.')
            first = seen.setdefault(prompt.id, here)
            if first is not here:
                here.fix = f"Choose another; the first is at {first.path}:{first.line}:{first.column}."
                yield here
