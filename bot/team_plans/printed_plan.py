"""A plan on paper: one page with all of its parts, to read or to fill in by hand, and the fishbone to hang on a wall."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from bot.chat.cards import Block, Buttons, Card, Facts, File, Heading, Markdown, Quote, say, words
from bot.chat.language import _, current_locale, format_day
from bot.chat.models import Refusal
from bot.pictures.fishbone import draw_fishbone
from bot.pictures.paper import (
    GRAY,
    as_printed,
    can_print,
    draw_rule,
    fit_page,
    write_heading,
    write_words,
)
from bot.pictures.png import render_png
from bot.pictures.text_width import text_width
from bot.team_plans.fishbone import bones_of, problem_of
from bot.team_plans.labels import EMPTY, PARTS
from bot.team_plans.model import PlanPart, TeamPlan
from bot.team_plans.page import see_button
from bot.team_plans.printed_fishbone import FISHBONE_SIZES, draw_wall
from bot.team_plans.sections import Names, all_of_part

if TYPE_CHECKING:
    from fpdf import FPDF

SIZES: Final = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
"""Sizes of the words in points: the largest is taken with which the plan fits on one page."""
LABELS: Final = 52
"""Millimeters for what an answer is called."""
MILLIMETERS: Final = 25.4 / 72
"""In a point."""
HAND: Final = 2
"""Lines to write on where a part is empty."""


def print_plan(plan: TeamPlan, names: Names, today: date) -> tuple[File, ...]:
    """The plan and its fishbone, a page each; without the library for paper the fishbone alone, as a picture.

    Nothing where neither can be made.
    """
    name, title = _file_name(plan.team), _("Fishbone of {team}", team=plan.team)
    if not can_print():
        if not plan.causes:
            return ()
        picture = render_png(draw_fishbone(problem_of(plan), bones_of(plan)))
        return (File(f"{name}-fishbone.png", picture, title),)
    language = current_locale().replace("_", "-")

    def page(pdf: FPDF, size: float) -> None:
        _draw_page(pdf, size, plan, names, today)

    def wall(pdf: FPDF, size: float) -> None:
        problem = plan.problem.text("what") if plan.problem is not None else ""
        draw_wall(pdf, size, title, problem, plan.causes, {one.about_id for one in plan.choices})

    whole = _("Plan of {team}", team=plan.team)
    return (
        File(f"{name}-plan.pdf", fit_page(page, SIZES, whole, language), whole),
        File(f"{name}-fishbone.pdf", fit_page(wall, FISHBONE_SIZES, title, language, wide=True), title),
    )


def printed_card(plan: TeamPlan, names: Names, today: date) -> Card:
    """The pages, for whoever asked; refuses where there is nothing that can be made."""
    files, add = (
        print_plan(plan, names, today),
        _("Your Tilth admin can add it: install `tilth-bot[handouts]`."),
    )
    if not files:
        raise Refusal(_("Printing is not set up here."), add, buttons=(see_button(plan),))
    title = _("To print: plan of {team}", team=plan.team)
    said = (
        _(
            "The plan on one page, and the fishbone for a wall. Where the plan is empty, there are lines to write on."
        )
        if can_print()
        else _("The page itself is not set up here. This is the fishbone as a picture.") + " " + add
    )
    private = _("Only you see this. Print it, or share it with your team.")
    return say(title, Heading(title), Markdown(said), *files, Markdown(private), Buttons((see_button(plan),)))


def _file_name(team: str) -> str:
    """The name of a team as a name of files: plain letters, on every machine."""
    plain = unicodedata.normalize("NFKD", team).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "team"


# ── the page ──────────────────────────────────────────────────────────────────


def _draw_page(pdf: FPDF, size: float, plan: TeamPlan, names: Names, today: date) -> None:
    write_heading(pdf, _("Plan of {team}", team=plan.team), size * 1.7)
    write_words(pdf, _("As of {day}.", day=format_day(today)), size * 0.9, gray=True)
    for part in PlanPart:
        pdf.ln(size * 0.25)
        write_heading(pdf, _(PARTS[part]), size * 1.15)
        blocks = all_of_part(plan, part, names)
        if blocks:
            _draw_blocks(pdf, size, blocks, grouped=part is PlanPart.CAUSES)
        else:
            write_words(pdf, _(EMPTY[part]), size * 0.9, gray=True)
            for _line in range(HAND):
                draw_rule(pdf, size)


def _draw_blocks(pdf: FPDF, size: float, blocks: Sequence[Block], *, grouped: bool) -> None:
    """Draw what stands in a part; `grouped`: what is called the same says so once."""
    before = ""
    for block in blocks:
        match block:
            case Facts(rows):
                for label, said in rows:
                    _draw_row(pdf, size, "" if grouped and label == before else label, words(said))
                    before = label
            case Quote(text, by):
                _draw_row(pdf, size, by or "", f"“{text}”")
            case _:
                pass


def _draw_row(pdf: FPDF, size: float, label: str, said: str) -> None:
    """An answer beside what it is called; both on one page, where a page holds them."""
    step, left = size * 0.45, pdf.l_margin
    pdf.set_font("page", size=size)
    tall = step * max(_guess_lines(label, size, LABELS - 2), _guess_lines(said, size, pdf.epw - LABELS))
    if pdf.get_y() + tall > pdf.page_break_trigger and tall < pdf.eph / 2:
        pdf.add_page()
    top, page = pdf.get_y(), pdf.page
    pdf.set_text_color(GRAY)
    pdf.multi_cell(LABELS - 2, step, as_printed(label), align="L", new_x="LEFT", new_y="NEXT")
    low = pdf.get_y()
    pdf.set_text_color(0)
    pdf.set_xy(left + LABELS, top)
    pdf.multi_cell(pdf.epw - LABELS, step, as_printed(said), align="L", new_x="LEFT", new_y="NEXT")
    pdf.set_xy(left, (max(low, pdf.get_y()) if pdf.page == page else pdf.get_y()) + size * 0.03)


def _guess_lines(text: str, size: float, room: float) -> int:
    """About how many lines words take in so many millimeters: what the library measures takes as long as drawing it."""
    return 1 + int(text_width(text, size) * MILLIMETERS * 1.1 / room)
