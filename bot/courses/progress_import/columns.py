"""Which column of a course host is which lesson: by its name, or as a moderator says. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.content.spreadsheet import fold_heading
from bot.courses.lessons.model import Course
from bot.courses.progress_import.formats import ProgressRow
from bot.courses.progress_import.hosts import HostTable

CANDIDATES = 9
"""Columns that are offered for a lesson; with "none of them" that is what a choice holds."""
NONE = -1
"""What is noted of a lesson that is in no column."""
_COUNTED = re.compile(r"(?:(?:lesson|module|unit|week|leccion|modulo|unidad|semana) )?\d+ ")
_NUMBER = re.compile(r"(?:lesson|leccion) (\d+)")


def match_columns(columns: Sequence[str], course: Course, chosen: Mapping[str, int]) -> dict[str, int]:
    """The column of each lesson, by slug: what was `chosen`, else the only one of its name. `NONE` is left out."""
    found: dict[str, int] = {}
    taken = set(chosen.values())
    names = [fold_heading(one) for one in columns]
    for number, lesson in enumerate(course.lessons, 1):
        if lesson.slug in chosen:
            if 0 <= chosen[lesson.slug] < len(columns):
                found[lesson.slug] = chosen[lesson.slug]
            continue
        titles = {fold_heading(lesson.title), fold_heading(lesson.slug)}
        fits = [at for at, name in enumerate(names) if at not in taken and _is_named(name, titles, number)]
        if len(fits) == 1:
            found[lesson.slug] = fits[0]
    return found


def count_matches(columns: Sequence[str], course: Course) -> tuple[int, int]:
    """How many lessons of a course are columns by their title, and by any of their names.

    A course and its translation have the same slugs, so titles say more.
    """
    names = {_COUNTED.sub("", fold_heading(one), count=1) for one in columns} | {
        fold_heading(one) for one in columns
    }
    titles = sum(fold_heading(one.title) in names for one in course.lessons)
    return titles, len(match_columns(columns, course, {}))


def list_unclear(course: Course, matched: Mapping[str, int], chosen: Mapping[str, int]) -> list[str]:
    """The lessons of which nobody has said yet where they are, in their order."""
    return [one.slug for one in course.lessons if one.slug not in matched and one.slug not in chosen]


def rank_columns(columns: Sequence[str], title: str, taken: Mapping[str, int]) -> list[int]:
    """The columns that a lesson may be, the likeliest first; those of other lessons are left out."""
    wanted, used = fold_heading(title), set(taken.values())

    def unlike(at: int) -> float:
        return -difflib.SequenceMatcher(None, wanted, fold_heading(columns[at])).ratio()

    free = [at for at in range(len(columns)) if at not in used]
    return sorted(free, key=unlike)[:CANDIDATES]


def make_rows(table: HostTable, course_id: int, matched: Mapping[str, int]) -> list[ProgressRow]:
    """What the table says of the matched lessons, a row for each mark."""
    rows = []
    for one in table.learners:
        for slug, at in matched.items():
            mark, lesson = one.marks[at], f"c{course_id}.{slug}"
            if mark.status:
                row = ProgressRow(one.number, one.names[0], lesson, mark.status, mark.at)
                rows.append(replace(row, emails=one.emails, also=one.names[1:], only_adds=True))
    return rows


def _is_named(name: str, titles: set[str], number: int) -> bool:
    said = _NUMBER.fullmatch(name)
    return (
        name in titles
        or _COUNTED.sub("", name, count=1) in titles
        or (said is not None and int(said[1]) == number)
    )
