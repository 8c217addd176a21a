"""The fishbone on a sheet of paper that lies on its long side: the problem at the right, three bones above, three below."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from bot.chat.language import _, ngettext
from bot.pictures.fishbone import Evidence
from bot.pictures.paper import GRAY, as_printed, break_lines, write_heading
from bot.team_plans.labels import CATEGORY_NAMES, EVIDENCE, PARTS
from bot.team_plans.model import PlanEntry, PlanPart

if TYPE_CHECKING:
    from fpdf import FPDF

FISHBONE_SIZES: Final = (11.0, 10.0, 9.0, 8.0, 7.0)
"""Sizes of the words in points: the largest is taken with which every cause stands on its bone."""
HEAD: Final = 48
"""Millimeters for the problem, at the right end."""
EMPTY_HEAD: Final = 60
"""Millimeters of its height, where it is not written yet."""
LEAN: Final = 10
"""Millimeters by which a bone leans toward the problem."""
MARK: Final = 4
"""Millimeters for the mark before a cause."""
LEGEND: Final = 8
STEP: Final = 0.43
"""Millimeters from one line to the next, for each point of the words."""
LONGEST: Final = 4
"""Lines of a cause in the smallest letters: with these, what is longer is cut."""


def draw_wall(
    pdf: FPDF, size: float, title: str, problem: str, causes: Sequence[PlanEntry], chosen: Collection[int | None]
) -> None:  # fmt: skip
    """Draw it; one page more than there is room for where a bone has more causes than fit, unless no letters are smaller."""
    pdf.set_auto_page_break(False, pdf.t_margin)
    write_heading(pdf, title, 16)
    top, low = pdf.get_y() + 4, pdf.h - pdf.b_margin - LEGEND
    middle, width = (top + low) / 2, (pdf.epw - HEAD) / 3
    _head(pdf, problem, middle)
    pdf.set_draw_color(0)
    pdf.set_line_width(0.9)
    pdf.line(pdf.l_margin, middle, pdf.w - pdf.r_margin - HEAD, middle)
    fits = True
    for number, (code, name) in enumerate(CATEGORY_NAMES.items()):
        left, above = pdf.l_margin + width * (number // 2), number % 2 == 0
        mine = [one for one in causes if one.text("category") == code]
        bone = _BoneRoom(pdf, size, left, width, middle, top if above else low)
        fits = bone.draw(_(name), mine, chosen) and fits
    _legend(pdf, low + 2)
    if not fits and size > FISHBONE_SIZES[-1]:
        pdf.add_page()  # so that the next smaller letters are tried


def _head(pdf: FPDF, problem: str, middle: float) -> None:
    """The problem in its box, in letters with which it fits; where it is not written, its name and room to write it."""
    left, room = pdf.w - pdf.r_margin - HEAD, HEAD - 6
    for size in (13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0):
        pdf.set_font("page", size=size)
        lines = break_lines(pdf, problem, room)
        if len(lines) * size * STEP < 120:
            break
    tall = len(lines) * size * STEP + 8 if problem else EMPTY_HEAD
    pdf.set_draw_color(0)
    pdf.set_line_width(0.6)
    pdf.rect(left, middle - tall / 2, HEAD, tall)
    pdf.set_xy(left + 3, middle - tall / 2 + 4)
    pdf.set_text_color(0 if problem else GRAY)
    pdf.multi_cell(room, size * STEP, as_printed(problem or _(PARTS[PlanPart.PROBLEM])), align="L")
    pdf.set_text_color(0)


class _BoneRoom:
    """The room of one bone: its name at the outer edge, the causes beside the line that leans toward the problem."""

    def __init__(self, pdf: FPDF, size: float, left: float, width: float, middle: float, edge: float) -> None:
        self._pdf, self._size, self._left, self._middle, self._edge = pdf, size, left, middle, edge
        self._room, self._above = width - LEAN - 4, edge < middle
        self._step, self._name = size * STEP, 12.0 * STEP + 2.5
        self._bone = left + width - LEAN

    def draw(self, name: str, causes: Sequence[PlanEntry], chosen: Collection[int | None]) -> bool:
        """Draw it, and whether every cause stands on it."""
        pdf, edge = self._pdf, self._edge
        line = edge + self._name if self._above else edge - self._name
        pdf.set_xy(self._left, edge if self._above else line + 1.5)
        with pdf.local_context(text_mode="FILL_STROKE", line_width=0.25):
            pdf.set_font("page", size=12)
            pdf.cell(self._room, 12 * STEP, as_printed(name))
        pdf.set_draw_color(0)
        pdf.set_line_width(0.5)
        pdf.line(self._left, line, self._bone, line)
        pdf.line(self._bone, line, self._bone + LEAN, self._middle)
        at, end = (line + 2, self._middle - 2) if self._above else (self._middle + 3, line - 2)
        return self._causes(causes, chosen, at, end)

    def _causes(
        self, causes: Sequence[PlanEntry], chosen: Collection[int | None], at: float, end: float
    ) -> bool:
        for number, one in enumerate(causes):
            about = _say_basis(one, chosen=one.id in chosen)
            tall = self._tall(one.text("cause"), 1) + self._tall(about, 0.85) + 1.5
            last = number == len(causes) - 1
            if at + tall + (0 if last else self._step) > end:
                self._rest(len(causes) - number, at)
                return False
            self._cause(one, about, at, tall, chosen=one.id in chosen)
            at += tall + 1
        return True

    def _lines(self, text: str, share: float) -> list[str]:
        pdf = self._pdf
        pdf.set_font("page", size=self._size * share)
        lines = break_lines(pdf, text, self._room - MARK)
        if self._size > FISHBONE_SIZES[-1] or len(lines) <= LONGEST:
            return lines
        return [*lines[: LONGEST - 1], f"{lines[LONGEST - 1][:-2].rstrip()}…"]

    def _tall(self, text: str, share: float) -> float:
        return len(self._lines(text, share)) * self._step * share

    def _cause(self, one: PlanEntry, about: str, at: float, tall: float, *, chosen: bool) -> None:
        pdf = self._pdf
        pdf.set_line_width(0.35)
        pdf.set_draw_color(0)
        if chosen:
            pdf.rect(self._left - 1, at - 0.6, self._room + 1, tall)
        draw_mark(
            pdf, self._left + 0.5, at + self._step / 2 - 1.1, EVIDENCE.get(one.text("basis"), Evidence.GUESS)
        )
        pdf.set_xy(self._left + MARK, at)
        for text, share, gray in ((one.text("cause"), 1.0, 0), (about, 0.85, GRAY)):
            lines = self._lines(text, share)
            pdf.set_text_color(gray)
            for line in lines:
                pdf.set_x(self._left + MARK)
                pdf.cell(self._room - MARK, self._step * share, line, new_x="LEFT", new_y="NEXT")
        pdf.set_text_color(0)

    def _rest(self, count: int, at: float) -> None:
        pdf = self._pdf
        pdf.set_font("page", size=self._size)
        pdf.set_xy(self._left + MARK, at)
        pdf.cell(
            self._room, self._step, ngettext("{count} more in the plan", "{count} more in the plan", count)
        )


def _say_basis(one: PlanEntry, *, chosen: bool) -> str:
    """What a cause is based on, and whether it was chosen."""
    basis, evidence = _(EVIDENCE.get(one.text("basis"), Evidence.GUESS).value), one.text("evidence")
    said = _("{basis}: {evidence}", basis=basis, evidence=evidence) if evidence else basis
    return _("{basis}, chosen", basis=said) if chosen else said


def draw_mark(pdf: FPDF, x: float, y: float, evidence: Evidence) -> None:
    """A ring for a guess, a square for a number, a bar for what a student said; as in the picture."""
    pdf.set_draw_color(0)
    pdf.set_fill_color(0)
    pdf.set_line_width(0.35)
    match evidence:
        case Evidence.GUESS:
            pdf.ellipse(x, y, 2.2, 2.2)
        case Evidence.NUMBER:
            pdf.rect(x, y, 2.2, 2.2, style="F")
        case Evidence.VOICE:
            pdf.rect(x + 0.7, y - 0.5, 0.8, 3.2, style="F")


def _legend(pdf: FPDF, y: float) -> None:
    """What the marks and the frame mean."""
    pdf.set_font("page", size=10)
    x = pdf.l_margin
    for one in Evidence:
        draw_mark(pdf, x, y + 1, one)
        label = _(one.value)
        pdf.set_xy(x + MARK, y)
        pdf.cell(pdf.get_string_width(label) + 8, 4.3, label)
        x = pdf.get_x()
    pdf.rect(x, y + 0.4, 5, 3.4)
    pdf.set_xy(x + 6, y)
    label = _("chosen")
    pdf.cell(pdf.get_string_width(label), 4.3, label)
