"""The progress chart: a bar for each lesson, columns for weeks, and alt text with the same numbers.

Done is dark and plain, begun is light and striped, the rest is empty: told apart without any color, and by the
numbers beside. The picture has its own paper, so it reads the same on a light and on a dark page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.chat.cards import Picture
from bot.chat.language import N_, _, format_month_day
from bot.pictures.png import render_png
from bot.pictures.shapes import EDGE, INK, PAPER, SOFT, Drawing, DrawnPage
from bot.pictures.text_width import fit_text, text_width

DONE, BEGUN, LINE = "#00558c", "#f4d38a", "#7a5200"
"""Blue and amber: far apart in lightness, and kept apart by every kind of color blindness (Okabe and Ito's choice)."""
WIDTH, MARGIN = 640, 28
TITLE, LABEL, SMALL = 30, 26, 23
"""Sizes of letters: shown 360 pixels wide, the smallest are 13 pixels high."""
COLUMNS = 7
"""The weeks that are shown, the newest last: of more, the labels would touch on a phone."""
Unit = Literal["people", "lessons"]
"""What is counted."""
COUNTED: Mapping[Unit, str] = {"people": N_("people done"), "lessons": N_("lessons done")}


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the chart: how many of how many are done, and how many of the others have begun.

    `state` is said instead of the numbers, where there is only one to count.
    """

    label: str
    done: int
    begun: int
    of: int
    state: str = ""


def bar_chart(
    title: str, under: str, bars: Sequence[Bar], unit: Unit, weeks: Sequence[tuple[date, int]] = ()
) -> Picture:
    """The picture with its alt text. `under` is a subtitle, `unit` what is counted, `weeks` by their Mondays."""
    shown = tuple(weeks[-COLUMNS:]) if len(weeks) > 1 else ()
    return Picture(
        render_png(draw_bars(title, under, bars, unit, shown)), alt_text(title, under, bars, unit, shown)
    )


def alt_text(
    title: str, under: str, bars: Sequence[Bar], unit: Unit, weeks: Sequence[tuple[date, int]] = ()
) -> str:
    """The alt text: every number that is in the picture."""
    lines = [f"{bar.label}: {bar.state}" if bar.state else _say_bar(bar, unit) for bar in bars]
    if weeks:
        told = "; ".join(f"{format_month_day(monday)}: {count}" for monday, count in weeks)
        lines.append(_("Finished in the week of {weeks}", weeks=told))
    head = f"{title}, {under}" if under else title
    return f"{head}. " + ". ".join(lines) + "."


def _say_bar(bar: Bar, unit: Unit) -> str:
    known = {"bar": bar.label, "done": bar.done, "of": bar.of, "begun": bar.begun}
    if unit == "people":
        if bar.begun:
            return _("{bar}: {done} of {of} people done, {begun} begun", **known)
        return _("{bar}: {done} of {of} people done", **known)
    if bar.begun:
        return _("{bar}: {done} of {of} lessons done, {begun} begun", **known)
    return _("{bar}: {done} of {of} lessons done", **known)


def draw_bars(
    title: str, under: str, bars: Sequence[Bar], unit: Unit, weeks: Sequence[tuple[date, int]] = ()
) -> DrawnPage:
    """The picture, not painted yet."""
    top = 78 + (40 if under else 0)
    end = top + 100 * len(bars)
    height = end + 52 + (220 if weeks else 0)
    page = Drawing(WIDTH, height)
    page.box(1, 1, WIDTH - 2, height - 2, PAPER, edge=EDGE, round_=14)
    page.text(MARGIN, 50, fit_text(title, TITLE, WIDTH - 2 * MARGIN), TITLE)
    page.text(MARGIN, 88, fit_text(under, SMALL, WIDTH - 2 * MARGIN), SMALL, fill=SOFT)
    for index, bar in enumerate(bars):
        _bar(page, top + 100 * index, bar)
    _legend(page, end + 26, unit, any(bar.begun for bar in bars))
    if weeks:
        _columns(page, end + 62, weeks)
    return page.whole()


def _bar(page: Drawing, top: float, bar: Bar) -> None:
    room = WIDTH - 2 * MARGIN
    count = bar.state or _("{done} of {of}", done=bar.done, of=bar.of)
    page.text(MARGIN, top + 26, fit_text(bar.label, LABEL, room - 130), LABEL)
    page.text(WIDTH - MARGIN, top + 26, count, LABEL, end=True)
    unit = room / bar.of if bar.of else 0
    done, begun = unit * bar.done, unit * bar.begun
    page.box(MARGIN, top + 40, room, 36, PAPER, edge=EDGE)
    page.box(MARGIN, top + 40, done, 36, DONE)
    page.striped(MARGIN + done, top + 40, begun, 36, BEGUN, LINE)
    page.box(MARGIN, top + 40, room, 36, "", edge=EDGE)


def _legend(page: Drawing, y: float, unit: Unit, begun: bool) -> None:
    done = _(COUNTED[unit])
    page.box(MARGIN, y - 18, 24, 24, DONE)
    page.text(MARGIN + 34, y + 2, done, SMALL, fill=SOFT)
    if begun:
        at = max(WIDTH / 2, MARGIN + 34 + text_width(done, SMALL) + 24)  # Spanish needs more than its half
        page.striped(at, y - 18, 24, 24, BEGUN, LINE)
        page.box(at, y - 18, 24, 24, "", edge=EDGE)
        page.text(at + 34, y + 2, _("begun"), SMALL, fill=SOFT)


def _columns(page: Drawing, top: float, weeks: Sequence[tuple[date, int]]) -> None:
    room, most = WIDTH - 2 * MARGIN, max((count for _, count in weeks), default=1) or 1
    page.text(MARGIN, top + 22, _("Lessons finished, by the Monday of the week"), SMALL, fill=SOFT)
    step, floor = room / COLUMNS, top + 166
    page.box(MARGIN, floor, room, 2, EDGE)
    for index, (monday, count) in enumerate(weeks):
        middle = MARGIN + step * (index + 0.5)
        tall = 96 * count / most
        page.box(middle - step * 0.3, floor - tall, step * 0.6, tall, DONE)
        page.text(middle, floor - tall - 8, str(count), SMALL, fill=INK, middle=True)
        page.text(middle, floor + 28, format_month_day(monday), 21, fill=SOFT, middle=True)
