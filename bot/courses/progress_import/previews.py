"""A table that was handed in, looked at: whose it is, which course it is about, what it would do. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.chat.forms import Choice, Form, Hint
from bot.chat.language import _
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.progress_import import columns
from bot.courses.progress_import.cards import ImportPreview, LessonPreview
from bot.courses.progress_import.drafts import ProgressDraft
from bot.courses.progress_import.formats import COLUMNS, ProgressRow, read_rows, read_table
from bot.courses.progress_import.hosts import HostTable, read_host
from bot.courses.progress_import.rows import Foreseen

ASKED = 4
"""Lessons that one form asks about; the next page asks about the others."""


@dataclass(frozen=True, slots=True)
class HandedTable:
    """A table that was read: as a course host wrote it, or with our own columns; `others` are columns nobody knows."""

    host: HostTable | None
    rows: tuple[ProgressRow, ...]
    others: tuple[str, ...] = ()


def read_handed(text: str) -> HandedTable:
    """A table as a course host or somebody wrote it; raises `UnreadableTable`."""
    rows = read_table(text)
    host = read_host(rows)
    if host is not None:
        return HandedTable(host, ())
    others = tuple(cell for cell in rows[0][1] if cell and cell.lower() not in COLUMNS)
    return HandedTable(None, tuple(read_rows(rows)), others)


def choose_course(table: HostTable, offered: Sequence[CatalogCourse]) -> CatalogCourse | None:
    """The course a table is about: the only one, or the one most of whose lessons are columns of it."""
    if len(offered) == 1:
        return offered[0]
    found = [(columns.count_matches(table.columns, one.course), one) for one in offered]
    most = max((count for count, _one in found), default=(0, 0))
    best = [one for count, one in found if count == most]
    return best[0] if any(most) and len(best) == 1 else None


def preview_host(
    draft: ProgressDraft,
    table: HostTable,
    course: CatalogCourse,
    matched: Mapping[str, int],
    foreseen: Foreseen,
) -> ImportPreview:
    title = {one.slug: one.title for one in course.course.lessons}
    lessons = []
    for slug, at in matched.items():
        key = (course.name, slug)
        counted = (foreseen.changed.get(key, 0), foreseen.known.get(key, 0))
        lessons.append(LessonPreview(title[slug], table.columns[at], *counted))
    unclear = tuple(title[slug] for slug in columns.list_unclear(course.course, matched, draft.chosen))
    used = set(matched.values())
    left = [name for at, name in enumerate(table.columns) if at not in used]
    return ImportPreview(
        draft.id, table.host, course, (), tuple(lessons), unclear, (*left, *table.others), foreseen
    )


def preview_own(
    draft: ProgressDraft, table: HandedTable, offered: Sequence[CatalogCourse], foreseen: Foreseen
) -> ImportPreview:
    titles = {(one.name, lesson.slug): lesson.title for one in offered for lesson in one.course.lessons}
    lessons = tuple(
        LessonPreview(titles.get(key, key[1]), "", foreseen.changed.get(key, 0), foreseen.known.get(key, 0))
        for key in sorted({*foreseen.changed, *foreseen.known})
    )
    course = offered[0] if draft.course_id is not None and offered else None
    return ImportPreview(draft.id, "", course, (), lessons, (), table.others, foreseen)


def columns_form(draft: ProgressDraft, table: HostTable, course: CatalogCourse) -> Form:
    """In which columns the lessons are: first those of which nobody knows, a page at a time."""
    matched = columns.match_columns(table.columns, course.course, draft.chosen)
    open_ = columns.list_unclear(course.course, matched, draft.chosen)
    asked = (open_ or [one.slug for one in course.course.lessons])[:ASKED]
    fields = []
    for number, lesson in enumerate(course.course.lessons):
        if lesson.slug not in asked:
            continue
        others = {slug: at for slug, at in matched.items() if slug != lesson.slug}
        ranked = columns.rank_columns(table.columns, lesson.title, others)
        options = (
            *((str(at), f"{table.columns[at]}"[:75]) for at in ranked), (str(columns.NONE), _("None of these"))
        )  # fmt: skip
        now = matched.get(lesson.slug)
        value = "" if now is None or now not in ranked else str(now)
        fields.append(Choice(f"l{number}", lesson.title[:150], options, required=False, value=value))
    hint = _(
        "Which column is the lesson? Not among them? Name the column like the lesson in the file, and hand it in again."
    )
    return Form(
        "course.import.columns",
        _("Match columns"),
        (Hint(hint), *fields),
        f"d{draft.id}",
        submit=_("Look again"),
    )
