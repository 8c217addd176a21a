"""Pages of paper: PDF in our font, with the largest letters with which all of it fits on one page.

The library for it is an extra (`tilth-bot[handouts]`); without it nothing else is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from bot.pictures.text_width import FONT, MISSING, has_letter

if TYPE_CHECKING:
    from fpdf import FPDF

GRAY: Final = 90
"""The gray of what is read second; on paper it has seven times the contrast that reading needs."""
ALWAYS: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""The date in every file: the same words are the same bytes, whenever they are drawn."""
Draw = Callable[["FPDF", float], None]
"""Draws a page in letters of a size, in points."""


def can_print() -> bool:
    """Whether the library for paper is there."""
    return find_spec("fpdf") is not None


def fit_page(draw: Draw, sizes: Sequence[float], title: str, language: str, *, wide: bool = False) -> bytes:
    """One page with the largest of these sizes that fits; more pages where not even the smallest does.

    `wide`: the paper lies on its long side.
    """
    best, low, high = b"", 0, len(sizes) - 1
    while low <= high:  # halved each time: a page takes a moment to draw
        at = (low + high) // 2
        found = _draw_once(draw, sizes[at], title, language, wide=wide, whole=at == len(sizes) - 1)
        best, low, high = (best, at + 1, high) if found is None else (found, low, at - 1)
    return best


def _draw_once(
    draw: Draw, size: float, title: str, language: str, *, wide: bool, whole: bool
) -> bytes | None:
    """The file; None where it has more pages than one, unless it is wanted `whole`."""
    pdf = _new_page(title, language, wide=wide)
    try:
        draw(pdf, size)
        return bytes(pdf.output()) if whole or pdf.page_no() == 1 else None
    finally:
        _close_fonts(pdf)


def _close_fonts(pdf: FPDF) -> None:
    """Close the files of the fonts: the library leaves them open."""
    from fpdf.fonts import TTFFont

    for font in pdf.fonts.values():
        if isinstance(font, TTFFont):
            font.ttfont.close()


def _new_page(title: str, language: str, *, wide: bool) -> FPDF:
    """An empty page of US letter paper, with our font and without a time in it."""
    from fpdf import FPDF  # an extra

    pdf = FPDF(orientation="landscape" if wide else "portrait", format="letter")
    pdf.set_creation_date(ALWAYS)
    pdf.set_title(title)
    pdf.set_lang(language)
    pdf.set_margin(13)
    pdf.set_auto_page_break(True, 10)
    pdf.add_font("page", fname=FONT)
    pdf.add_page()
    return pdf


def as_printed(words: str) -> str:
    """Words in letters that the font has: what people write holds any."""
    return "".join(
        one if has_letter(one) else " " if one.isspace() else MISSING if one.isprintable() else ""
        for one in words
    )


def break_lines(pdf: FPDF, words: str, width: float) -> list[str]:
    """The lines that words take in so many millimeters, in the letters that are set."""
    found = pdf.multi_cell(width, 1, as_printed(words), align="L", dry_run=True, output="LINES")
    return found if isinstance(found, list) else []


# ── words ─────────────────────────────────────────────────────────────────────


def write_heading(pdf: FPDF, words: str, size: float) -> None:
    """A heading: the font has one weight, so it is drawn with an edge."""
    with pdf.local_context(text_mode="FILL_STROKE", line_width=size * 0.022):
        write_words(pdf, words, size)


def write_words(pdf: FPDF, words: str, size: float, *, gray: bool = False) -> None:
    """Words from margin to margin."""
    pdf.set_font("page", size=size)
    pdf.set_text_color(GRAY if gray else 0)
    pdf.multi_cell(0, size * 0.45, as_printed(words), align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_text_color(0)


def write_list(pdf: FPDF, label: str, things: Sequence[str], size: float) -> None:
    """Things below each other, under what they are."""
    write_heading(pdf, label, size)
    for one in things:
        write_words(pdf, f"• {one}", size)
    pdf.ln(size * 0.1)


def write_labeled(pdf: FPDF, label: str, words: str, size: float) -> None:
    """Words under what they are."""
    write_heading(pdf, label, size)
    write_words(pdf, words, size)
    pdf.ln(size * 0.1)


def plain_heads() -> object:
    """The head of a table: gray, as the font has one weight."""
    from fpdf.fonts import FontFace

    return FontFace(emphasis="", color=GRAY)


def draw_rule(pdf: FPDF, size: float) -> None:
    """A line to write on."""
    pdf.ln(size * 0.7)
    pdf.set_draw_color(GRAY)
    pdf.line(pdf.l_margin, pdf.get_y(), pdf.w - pdf.r_margin, pdf.get_y())
    pdf.set_draw_color(0)
