"""What is said of an import of progress: before it, what it would do; after it, what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Facts,
    File,
    Heading,
    Markdown,
    Note,
    Select,
    Table,
    say,
)
from bot.chat.language import _, ngettext
from bot.content import spreadsheet
from bot.courses.left_out import left_out_blocks
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.progress_import.formats import COLUMNS, ProgressRow
from bot.courses.progress_import.resolve import RejectedRow
from bot.courses.progress_import.rows import Foreseen, Report

NAMED = 8
"""Columns without a lesson that are named; of more, how many."""


@dataclass(frozen=True, slots=True)
class LessonPreview:
    """A lesson before the import: its title, its column where it has one, and how many rows would change or are known."""

    title: str
    column: str
    changed: int
    known: int


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """All that is known of an import before it is done. `host` is empty for a table of our own.

    `courses` are those it may be about, while that is not clear; `unclear` are lessons without a column, `others` columns
    without a lesson.
    """

    draft: int
    host: str
    course: CatalogCourse | None
    courses: tuple[CatalogCourse, ...] = ()
    lessons: tuple[LessonPreview, ...] = ()
    unclear: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    foreseen: Foreseen | None = None

    @property
    def value(self) -> str:
        """What its buttons carry."""
        return f"d{self.draft}"


def course_card(one: ImportPreview) -> Card:
    """The question which course a file is about: none of its columns says so."""
    words = _("This is an export of {host}. None of its columns is called like a lesson.", host=one.host)
    options = tuple((each.name, each.course.title[:75]) for each in one.courses[:25])
    return say(
        _("Which course is this?"), Heading(_("Which course is this?")), Markdown(words),
        Select(_("Course"), "course.import.course", options, value=one.value),
        Buttons((_drop(one),)),
    )  # fmt: skip


def preview_card(one: ImportPreview) -> Card:
    """What an import would do; nothing of it is done yet."""
    seen, changed = one.foreseen, sum(each.changed for each in one.lessons)
    blocks: list[Block] = [Heading(_("Nothing is changed yet"))]
    facts: list[tuple[str, str]] = []
    if one.host:
        facts.append((_("File"), one.host))
    if one.course is not None:
        facts.append((_("Course"), f"{one.course.name} {one.course.course.title}"))
    if seen is not None:
        facts += [
            (_("Changes something"), str(changed)),
            (_("Known already"), str(sum(each.known for each in one.lessons))),
        ]
        facts += [(_("People found"), str(seen.people))]
        if seen.enrolled:
            facts.append((_("Would be enrolled"), str(seen.enrolled)))
    blocks.append(Facts(tuple(facts)))
    if one.lessons:
        blocks.append(_lessons(one))
    blocks += _unclear(one)
    if seen is not None:
        blocks += _refused(
            seen.refused, _("These would be left out. All of them are in the file, each with its reason.")
        )
    blocks.append(Buttons(_buttons(one, changed)))
    kept = _("What somebody has done already stays done. I keep this table for a day at most.")
    return say(_("Nothing is changed yet"), *blocks, Note(kept))


def _lessons(one: ImportPreview) -> Table:
    if one.host:
        rows = tuple(
            (each.title, each.column or "–", str(each.changed), str(each.known)) for each in one.lessons
        )
        return Table((_("Lesson"), _("Column"), _("New"), _("Known")), rows)
    return Table(
        (_("Lesson"), _("New"), _("Known")),
        tuple((each.title, str(each.changed), str(each.known)) for each in one.lessons),
    )


def _unclear(one: ImportPreview) -> list[Block]:
    found: list[Block] = []
    if one.unclear:
        named = ", ".join(one.unclear[:NAMED])
        words = ngettext(
            "One lesson has no column of its name: {lessons}.", "{count} lessons have no column of their name: {lessons}.",
            len(one.unclear), lessons=named,
        )  # fmt: skip
        found.append(Markdown(words))
    if one.others:
        named = ", ".join(each[:60] for each in one.others[:NAMED])
        left = len(one.others) - NAMED
        more = " " + ngettext("And {count} more.", "And {count} more.", left) if left > 0 else ""
        found.append(Note(_("Columns that I leave out: {columns}.", columns=named) + more))
    return found


def _buttons(one: ImportPreview, changed: int) -> tuple[Button, ...]:
    row: list[Button] = []
    if changed:
        row.append(Button(_("Take it in"), does="course.import.take", value=one.value, style="main"))
    if one.host and (one.unclear or one.lessons):
        row.append(Button(_("Match columns"), opens="course.import.columns", value=one.value))
    return (*row, _drop(one))


def _drop(one: ImportPreview) -> Button:
    return Button(_("Leave it"), does="course.import.drop", value=one.value)


def dropped_card() -> Card:
    """To whoever does not want an import: nothing of it is left."""
    return say(_("Left as it was"), Markdown(_("Nothing was changed, and the table is deleted.")))


def report_card(report: Report) -> Card:
    """What became of handed-in progress."""
    rows = (
        (_("Changed something"), str(report.taken)),
        (_("Known already"), str(report.known)),
        (_("Refused"), str(len(report.refused))),
    )
    blocks: list[Block] = [Heading(_("Progress is in")), Facts(rows)]
    told = _("The refused lines are in the file, each with its reason. Fix them and send it again.")
    blocks += _refused(report.refused, told)
    return say(_("Progress is in"), *blocks, Note(_("Sending the same lines again changes nothing.")))


def _refused(refused: Sequence[RejectedRow], words: str) -> list[Block]:
    """The refused lines, each once with its reason, and the file of all of them."""
    if not refused:
        return []
    table = spreadsheet.write(
        (*COLUMNS, "why not"),
        ((one.line.person, one.line.lesson, one.line.status, one.line.at, one.why) for one in refused),
    )
    file = File("tilth-refused.csv", table, _("Refused lines with reasons"))
    return left_out_blocks(((one.line.number, one.why) for one in refused), words, file)


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    wrong = RejectedRow(
        ProgressRow(4, "Nobody Here", "1", "done", ""), "I found nobody called “Nobody Here”."
    )
    foreseen = Foreseen({}, {}, 24, 3, (wrong,))
    lessons = (
        LessonPreview("Prepare Your Soil", "Prepare Your Soil", 12, 3),
        LessonPreview("Students", "", 0, 0),
    )
    return (
        preview_card(
            ImportPreview(5, "Canvas", None, (), lessons, ("Students",), ("Attendance", "Final project"), foreseen)
        ),
        preview_card(ImportPreview(6, "", None, (), lessons[:1], (), (), foreseen)),
        dropped_card(),
        report_card(Report(12, 3, (wrong,))), report_card(Report(2, 0, ())),
    )  # fmt: skip
