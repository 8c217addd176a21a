"""Handouts: a lesson's meeting on one page of paper, and its further pages, drawn from the lesson's own text.

The library for it is an extra (`tilth-bot[handouts]`); without it nothing else is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bot.chat.cards import File
from bot.chat.language import _, current_locale, known_language, speaking
from bot.courses.lessons.model import Course, Lesson, LessonSheet, MeetingPart, Protocol
from bot.pictures.paper import (
    Draw,
    draw_rule,
    fit_page,
    plain_heads,
    write_heading,
    write_labeled,
    write_list,
    write_words,
)

if TYPE_CHECKING:
    from fpdf import FPDF

SIZES: Final = (10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
"""Sizes of the words in points: the largest is taken with which the meeting fits on one page."""
SHEET_SIZES: Final = (14.0, 13.0, 12.0, 11.0, 10.0, 9.0)


def make_handouts(course: Course, lesson: Lesson) -> tuple[File, ...]:
    """The handouts of a lesson, in the language of its course; none where it has neither a meeting nor pages."""
    with speaking(known_language(course.language) or current_locale()):
        return _make_handouts(course.title, current_locale(), lesson)


@lru_cache(maxsize=64)
def _make_handouts(course: str, locale: str, lesson: Lesson) -> tuple[File, ...]:
    """The same lesson is drawn once: finding the size that fits takes part of a second."""
    found, language = [], locale.replace("_", "-")
    if lesson.protocol is not None:
        data = fit_page(_meeting(course, lesson, lesson.protocol), SIZES, lesson.title, language)
        found.append(File(f"{lesson.slug}.pdf", data, _("The team meeting of {lesson}", lesson=lesson.title)))
    for number, sheet in enumerate(lesson.sheets, 1):
        data = fit_page(_sheet(course, lesson, sheet), SHEET_SIZES, sheet.title, language)
        found.append(File(f"{lesson.slug}-{number}.pdf", data, sheet.title))
    return tuple(found)


# ── the meeting ───────────────────────────────────────────────────────────────


def _meeting(course: str, lesson: Lesson, protocol: Protocol) -> Draw:
    def draw(pdf: FPDF, size: float) -> None:
        title = _("{lesson}: {minutes} minutes together", lesson=lesson.title, minutes=protocol.minutes)
        write_heading(pdf, title, size * 1.7)
        write_words(pdf, f"{course} · {lesson.purpose}", size, gray=True)
        _lists(pdf, protocol, size)
        _parts(pdf, protocol.parts, size)
        pdf.ln(size * 0.15)
        write_labeled(pdf, _("Write down"), protocol.write_down, size)
        write_labeled(pdf, _("End"), protocol.end, size)

    return draw


def _lists(pdf: FPDF, protocol: Protocol, size: float) -> None:
    """What to have and to bring on the left, who does what on the right."""
    top, middle, gap = pdf.get_y() + size * 0.15, pdf.w / 2, 3
    margins = pdf.l_margin, pdf.r_margin
    pdf.r_margin = middle + gap
    pdf.set_xy(margins[0], top)
    for label, things in ((_("Have ready"), protocol.materials), (_("Bring"), protocol.bring)):
        if things:
            write_list(pdf, label, things, size)
    left = pdf.get_y()
    pdf.l_margin, pdf.r_margin = middle + gap, margins[1]
    pdf.set_xy(middle + gap, top)
    for role, does in protocol.roles:
        write_labeled(pdf, role, does, size)
    pdf.l_margin = margins[0]
    pdf.set_xy(margins[0], max(left, pdf.get_y()) + size * 0.15)


def _parts(pdf: FPDF, parts: Sequence[MeetingPart], size: float) -> None:
    """The parts with the minutes from the beginning on: what to do, what to say, how it goes on a call."""
    says, calls = any(part.say for part in parts), any(part.online for part in parts)
    heads = [
        _("Minutes"),
        _("What to do"),
        *([_("Say")] if says else []),
        *([_("On a video call")] if calls else []),
    ]
    widths = [19, 68, *([58] if says else []), *([45] if calls else [])]
    pdf.set_font("page", size=size)
    with pdf.table(
        col_widths=tuple(widths), text_align="LEFT", borders_layout="HORIZONTAL_LINES", line_height=size * 0.43,
        padding=(0.6, 1, 0.6, 0), headings_style=plain_heads(), v_align="TOP",
    ) as table:  # fmt: skip
        table.row(heads)
        at = 0
        for part in parts:
            cells = [f"{at}–{at + part.minutes}", part.do]
            cells += [f"“{part.say}”" if part.say else ""] if says else []
            cells += [part.online] if calls else []
            table.row(cells)
            at += part.minutes


# ── a further page ────────────────────────────────────────────────────────────


def _sheet(course: str, lesson: Lesson, sheet: LessonSheet) -> Draw:
    def draw(pdf: FPDF, size: float) -> None:
        write_heading(pdf, sheet.title, size * 1.5)
        write_words(pdf, f"{course} · {lesson.title}", size * 0.8, gray=True)
        pdf.ln(size * 0.2)
        for line in sheet.lines:
            write_words(pdf, line, size)
            if line.endswith(":"):  # something is to be written here
                draw_rule(pdf, size)
            pdf.ln(size * 0.2)

    return draw
