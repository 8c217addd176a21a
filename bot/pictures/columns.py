"""The chart of a trend: a column for each week with its number above, and bars for teams, with alt text of the same numbers.

Columns are dark and plain; one whose number is not told is low and striped, and says so: told apart without any color.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.chat.cards import Picture
from bot.chat.charts import Chart
from bot.chat.language import _
from bot.pictures.bars import BEGUN, COLUMNS, DONE, LABEL, LINE, MARGIN, SMALL, TITLE, WIDTH
from bot.pictures.png import render_png
from bot.pictures.shapes import EDGE, INK, PAPER, SOFT, Drawing, DrawnPage
from bot.pictures.text_width import fit_text, wrap_text

FEWEST = 4
"""Fewer columns stay as narrow as these."""
BARS = 12
"""The bars that one picture holds."""
LINES = 3
TALL, ROW, DAY = 150, 76, 20


@dataclass(frozen=True, slots=True)
class Column:
    """One column or bar: what it is of, how tall it is, and the number as it is written, with a second one below.

    `value` is None where the number is not told. `spoken` is what the alt text says of it.
    """

    label: str
    value: float | None
    text: str
    spoken: str
    second: str = ""


def column_chart(
    title: str,
    under: str,
    columns: Sequence[Column],
    most: float = 0,
    note: str = "",
    *,
    counted: str,
    floor: float = 0,
) -> Picture:
    """The picture of a trend. `most` is what the tallest column could be; `note` explains what needs it.

    `counted` is what the columns are of, and `floor` the value of a column without height.
    """
    shown = columns[-COLUMNS:]
    drawn = [replace(one, value=None if one.value is None else one.value - floor) for one in shown]
    png = render_png(draw_columns(title, under, drawn, most - floor if most else 0, note))
    return Picture(png, _alt(title, under, shown, note), _chart(title, under, shown, counted))


def row_chart(
    title: str, under: str, rows: Sequence[Column], most: float = 0, note: str = "", *, counted: str
) -> Picture:
    """The picture of teams side by side, a bar each."""
    shown = rows[:BARS]
    png = render_png(draw_rows(title, under, shown, most, note))
    return Picture(png, _alt(title, under, shown, note), _chart(title, under, shown, counted))


def _chart(title: str, under: str, columns: Sequence[Column], counted: str) -> Chart | None:
    """The numbers of a picture, where all of them are told: a chart cannot show that one is not."""
    points = [(one.label, one.value) for one in columns if one.value is not None]
    return Chart(title, counted, tuple(points), under) if len(points) == len(columns) else None


def _alt(title: str, under: str, columns: Sequence[Column], note: str) -> str:
    """The alt text: every number that is in the picture."""
    numbers = [_("{label}: {number}.", label=one.label, number=one.spoken) for one in columns]
    return " ".join((_ended(title), *([_ended(under)] if under else []), *numbers, *([note] if note else [])))


def _ended(text: str) -> str:
    """A text with a mark at its end, so that a voice pauses there."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def draw_columns(
    title: str, under: str, columns: Sequence[Column], most: float = 0, note: str = ""
) -> DrawnPage:
    """The picture of a trend, not painted yet."""
    lines, notes = wrap_text(title, TITLE, WIDTH - 2 * MARGIN, LINES), _noted(note)
    twice = any(one.second for one in columns)
    top = 92 + 36 * (len(lines) - 1)
    floor = top + 60 + TALL
    height = floor + 42 + (28 if twice else 0) + 28 * len(notes) + 16
    page = _page(lines, under, height)
    step = (WIDTH - 2 * MARGIN) / max(FEWEST, len(columns))
    whole = most or max((one.value for one in columns if one.value is not None), default=0) or 1
    for number, one in enumerate(columns):
        middle = MARGIN + step * (number + 0.5)
        tall = 14.0 if one.value is None else max(2.0, TALL * one.value / whole)
        left, wide = middle - step * 0.3, step * 0.6
        if one.value is None:
            page.striped(left, floor - tall, wide, tall, BEGUN, LINE)
        else:
            page.box(left, floor - tall, wide, tall, DONE)
        page.text(middle, floor - tall - 10, one.text, SMALL, fill=INK, middle=True)
        page.text(middle, floor + 30, one.label, DAY, fill=SOFT, middle=True)
        if one.second:
            page.text(middle, floor + 58, one.second, DAY, fill=SOFT, middle=True)
    page.box(MARGIN, floor, WIDTH - 2 * MARGIN, 2, EDGE)
    _write_notes(page, notes, floor + (86 if twice else 58) + 8)
    return page.whole()


def draw_rows(title: str, under: str, rows: Sequence[Column], most: float = 0, note: str = "") -> DrawnPage:
    """The picture of bars, not painted yet."""
    lines, notes = wrap_text(title, TITLE, WIDTH - 2 * MARGIN, LINES), _noted(note)
    top = 104 + 36 * (len(lines) - 1)
    end = top + ROW * len(rows)
    page = _page(lines, under, end + 28 * len(notes) + 20)
    room = WIDTH - 2 * MARGIN
    whole = most or max((one.value for one in rows if one.value is not None), default=0) or 1
    for number, one in enumerate(rows):
        y = top + ROW * number
        page.text(MARGIN, y + 26, fit_text(one.label, LABEL, room - 190), LABEL)
        page.text(WIDTH - MARGIN, y + 26, one.text, LABEL, end=True)
        if one.value is None:
            page.striped(MARGIN, y + 38, 40, 22, BEGUN, LINE)
        else:
            page.box(MARGIN, y + 38, room * one.value / whole, 22, DONE)
        page.box(MARGIN, y + 60, room, 2, EDGE)
    _write_notes(page, notes, end + 22)
    return page.whole()


def _page(lines: Sequence[str], under: str, height: float) -> Drawing:
    page = Drawing(WIDTH, height)
    page.box(1, 1, WIDTH - 2, height - 2, PAPER, edge=EDGE, round_=14)
    for number, line in enumerate(lines):
        page.text(MARGIN, 50 + 36 * number, line, TITLE)
    below = 50 + 36 * (len(lines) - 1) + 36
    page.text(MARGIN, below, fit_text(under, SMALL, WIDTH - 2 * MARGIN), SMALL, fill=SOFT)
    return page


def _noted(note: str) -> Sequence[str]:
    return wrap_text(note, DAY, WIDTH - 2 * MARGIN, LINES) if note else ()


def _write_notes(page: Drawing, notes: Sequence[str], y: float) -> None:
    for number, line in enumerate(notes):
        page.text(MARGIN, y + 28 * number, line, DAY, fill=SOFT)
