"""The picture of a tally: a bar for each option, its count beside it, and alt text with the same numbers."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import Picture
from bot.chat.charts import Chart
from bot.chat.language import _, ngettext
from bot.pictures.bars import DONE, LABEL, MARGIN, SMALL, TITLE, WIDTH
from bot.pictures.png import render_png
from bot.pictures.shapes import EDGE, PAPER, SOFT, Drawing, DrawnPage
from bot.pictures.text_width import fit_text, wrap_text

LINES = 4
"""Lines of a question that are drawn; the words beside the picture hold all of it."""
ROW = 82
"""Pixels from one bar to the next."""


def tally_chart(title: str, under: str, rows: Sequence[tuple[str, int]]) -> Picture:
    """The picture with its alt text. `rows` are (option, how often it was picked); `under` is a subtitle."""
    chart = Chart(_("How people answered"), _("People"), tuple(rows), under)
    return Picture(render_png(draw_tally(title, under, rows)), tally_text(title, under, rows), chart)


def tally_text(title: str, under: str, rows: Sequence[tuple[str, int]]) -> str:
    """The alt text: every number that is in the picture."""
    counted = (
        ngettext("{option}: {count} person.", "{option}: {count} people.", count, option=label)
        for label, count in rows
    )
    return " ".join((title, under, *counted))


def draw_tally(title: str, under: str, rows: Sequence[tuple[str, int]]) -> DrawnPage:
    """The picture, not painted yet."""
    lines = wrap_text(title, TITLE, WIDTH - 2 * MARGIN, LINES)
    top = 50 + 36 * (len(lines) - 1)
    height = top + 52 + ROW * len(rows) + 22
    page = Drawing(WIDTH, height)
    page.box(1, 1, WIDTH - 2, height - 2, PAPER, edge=EDGE, round_=14)
    for number, line in enumerate(lines):
        page.text(MARGIN, 50 + 36 * number, line, TITLE)
    page.text(MARGIN, top + 36, fit_text(under, SMALL, WIDTH - 2 * MARGIN), SMALL, fill=SOFT)
    most = max((count for _label, count in rows), default=0) or 1
    for number, (label, count) in enumerate(rows):
        _bar(page, top + 52 + ROW * number, label, count, most)
    return page.whole()


def _bar(page: Drawing, top: float, label: str, count: int, most: int) -> None:
    room = WIDTH - 2 * MARGIN
    page.text(MARGIN, top + 28, fit_text(label, LABEL, room - 80), LABEL)
    page.text(WIDTH - MARGIN, top + 28, str(count), LABEL, end=True)
    page.box(MARGIN, top + 40, room * count / most, 26, DONE)
    page.box(MARGIN, top + 66, room, 2, EDGE)
