"""Handouts: a lesson's meeting on one page of paper, and its further pages, drawn from the lesson's own text.

The library for it is an extra (`tilth-bot[handouts]`); without it nothing else is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from bot.chat.cards import File
from bot.chat.language import _, current_locale, known_language, speaking
from bot.courses.lessons.model import Course, Lesson, LessonSheet, MeetingPart, Protocol
from bot.pictures.png import FONT

if TYPE_CHECKING:
    from fpdf import FPDF

SIZES: Final = (10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
"""Sizes of the words in points: the largest is taken with which the meeting fits on one page."""
SHEET_SIZES: Final = (14.0, 13.0, 12.0, 11.0, 10.0, 9.0)
GRAY: Final = 90
"""The gray of what is read second; on paper it has seven times the contrast that reading needs."""

ALWAYS: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""The date in every file: the same lesson is the same bytes, whenever it is drawn."""

Draw = Callable[["FPDF", float], None]


def can_be_made() -> bool:
    """Whether the library for handouts is there."""
    return find_spec("fpdf") is not None


def make_handouts(course: Course, lesson: Lesson) -> tuple[File, ...]:
    """The handouts of a lesson, in the language of its course; none where it has neither a meeting nor pages."""
    with speaking(known_language(course.language) or current_locale()):
        return _make_handouts(course.title, current_locale(), lesson)


@lru_cache(maxsize=64)
def _make_handouts(course: str, locale: str, lesson: Lesson) -> tuple[File, ...]:
    """The same lesson is drawn once: finding the size that fits takes part of a second."""
    found, language = [], locale.replace("_", "-")
    if lesson.protocol is not None:
        data = _fit_page(_meeting(course, lesson, lesson.protocol), SIZES, lesson.title, language)
        found.append(File(f"{lesson.slug}.pdf", data, _("The team meeting of {lesson}", lesson=lesson.title)))
    for number, sheet in enumerate(lesson.sheets, 1):
        data = _fit_page(_sheet(course, lesson, sheet), SHEET_SIZES, sheet.title, language)
        found.append(File(f"{lesson.slug}-{number}.pdf", data, sheet.title))
    return tuple(found)


def _fit_page(draw: Draw, sizes: Sequence[float], title: str, language: str) -> bytes:
    """One page with the largest of these sizes that fits; more pages where not even the smallest does."""
    for size in sizes:
        pdf = _new_page(title, language)
        draw(pdf, size)
        if pdf.page_no() == 1 or size == sizes[-1]:
            data = bytes(pdf.output())
            _close_fonts(pdf)
            return data
        _close_fonts(pdf)
    raise ValueError("a page needs a size")


def _close_fonts(pdf: FPDF) -> None:
    """Close the files of the fonts: the library leaves them open."""
    from fpdf.fonts import TTFFont

    for font in pdf.fonts.values():
        if isinstance(font, TTFFont):
            font.ttfont.close()


def _new_page(title: str, language: str) -> FPDF:
    """An empty page of US letter paper, with our font and without a time in it."""
    from fpdf import FPDF  # an extra

    pdf = FPDF(format="letter")
    pdf.set_creation_date(ALWAYS)
    pdf.set_title(title)
    pdf.set_lang(language)
    pdf.set_margin(13)
    pdf.set_auto_page_break(True, 10)
    pdf.add_font("page", fname=FONT)
    pdf.add_page()
    return pdf


# ── the meeting ───────────────────────────────────────────────────────────────


def _meeting(course: str, lesson: Lesson, protocol: Protocol) -> Draw:
    def draw(pdf: FPDF, size: float) -> None:
        title = _("{lesson}: {minutes} minutes together", lesson=lesson.title, minutes=protocol.minutes)
        _heading(pdf, title, size * 1.7)
        _words(pdf, f"{course} · {lesson.purpose}", size, gray=True)
        _lists(pdf, protocol, size)
        _parts(pdf, protocol.parts, size)
        pdf.ln(size * 0.15)
        _labeled(pdf, _("Write down"), protocol.write_down, size)
        _labeled(pdf, _("End"), protocol.end, size)

    return draw


def _lists(pdf: FPDF, protocol: Protocol, size: float) -> None:
    """What to have and to bring on the left, who does what on the right."""
    top, middle, gap = pdf.get_y() + size * 0.15, pdf.w / 2, 3
    margins = pdf.l_margin, pdf.r_margin
    pdf.r_margin = middle + gap
    pdf.set_xy(margins[0], top)
    for label, things in ((_("Have ready"), protocol.materials), (_("Bring"), protocol.bring)):
        if things:
            _list(pdf, label, things, size)
    left = pdf.get_y()
    pdf.l_margin, pdf.r_margin = middle + gap, margins[1]
    pdf.set_xy(middle + gap, top)
    for role, does in protocol.roles:
        _labeled(pdf, role, does, size)
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
        padding=(0.6, 1, 0.6, 0), headings_style=_plain_heads(), v_align="TOP",
    ) as table:  # fmt: skip
        table.row(heads)
        at = 0
        for part in parts:
            cells = [f"{at}–{at + part.minutes}", part.do]
            cells += [f"“{part.say}”" if part.say else ""] if says else []
            cells += [part.online] if calls else []
            table.row(cells)
            at += part.minutes


def _plain_heads() -> object:
    from fpdf.fonts import FontFace

    return FontFace(emphasis="", color=GRAY)


# ── a further page ────────────────────────────────────────────────────────────


def _sheet(course: str, lesson: Lesson, sheet: LessonSheet) -> Draw:
    def draw(pdf: FPDF, size: float) -> None:
        _heading(pdf, sheet.title, size * 1.5)
        _words(pdf, f"{course} · {lesson.title}", size * 0.8, gray=True)
        pdf.ln(size * 0.2)
        for line in sheet.lines:
            _words(pdf, line, size)
            if line.endswith(":"):  # something is to be written here
                _rule(pdf, size)
            pdf.ln(size * 0.2)

    return draw


def _rule(pdf: FPDF, size: float) -> None:
    pdf.ln(size * 0.7)
    pdf.set_draw_color(GRAY)
    pdf.line(pdf.l_margin, pdf.get_y(), pdf.w - pdf.r_margin, pdf.get_y())


# ── words ─────────────────────────────────────────────────────────────────────


def _heading(pdf: FPDF, words: str, size: float) -> None:
    """A heading: the font has one weight, so it is drawn with an edge."""
    with pdf.local_context(text_mode="FILL_STROKE", line_width=size * 0.022):
        _words(pdf, words, size)


def _words(pdf: FPDF, words: str, size: float, *, gray: bool = False) -> None:
    pdf.set_font("page", size=size)
    pdf.set_text_color(GRAY if gray else 0)
    pdf.multi_cell(0, size * 0.45, words, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_text_color(0)


def _list(pdf: FPDF, label: str, things: Sequence[str], size: float) -> None:
    _heading(pdf, label, size)
    for one in things:
        _words(pdf, f"• {one}", size)
    pdf.ln(size * 0.1)


def _labeled(pdf: FPDF, label: str, words: str, size: float) -> None:
    _heading(pdf, label, size)
    _words(pdf, words, size)
    pdf.ln(size * 0.1)
