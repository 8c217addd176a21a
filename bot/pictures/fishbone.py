"""The fishbone: a problem at the head, causes along its bones, and alt text with the same words.

Drawn upright, so that it is read on a phone from top to bottom: the spine runs down the middle, and two groups of causes
lie beside each other. A cause that was chosen is framed; how it is known is told by a shape and by a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bot.chat.cards import Picture
from bot.chat.language import N_, _, ngettext
from bot.pictures.bars import BEGUN, DONE, LABEL, MARGIN, SMALL, TITLE, WIDTH
from bot.pictures.png import render_png
from bot.pictures.shapes import EDGE, INK, PAPER, SOFT, Drawing, DrawnPage
from bot.pictures.text_width import wrap_text

LINES = 6
"""Lines of a cause or of the problem that are drawn; the words beside the picture hold all of it."""
MIDDLE = WIDTH / 2
ROOM = MIDDLE - MARGIN - 30
"""The width of one side's words."""
STEP = 30
"""Pixels from one line of words to the next."""


class Evidence(Enum):
    """How a cause is known."""

    GUESS = N_("a guess")
    NUMBER = N_("a number")
    VOICE = N_("a student's voice")


@dataclass(frozen=True, slots=True)
class BoneCause:
    """One cause on a bone."""

    text: str
    evidence: Evidence
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Bone:
    """A group of causes, by its title."""

    title: str
    causes: tuple[BoneCause, ...]


def fishbone_picture(problem: str, bones: Sequence[Bone]) -> Picture:
    """The picture with its alt text. Bones without causes are drawn empty."""
    return Picture(render_png(draw_fishbone(problem, bones)), fishbone_text(problem, bones))


def fishbone_text(problem: str, bones: Sequence[Bone]) -> str:
    """The alt text: every word that is in the picture, and how many causes each bone has."""
    told = [_("Fishbone of the problem: {problem}", problem=problem)]
    for bone in bones:
        count = len(bone.causes)
        told.append(ngettext("{bone}, {count} cause.", "{bone}, {count} causes.", count, bone=bone.title))
        told += [f"{cause.text} ({', '.join(_about(cause))})." for cause in bone.causes]
    return " ".join(told)


def draw_fishbone(problem: str, bones: Sequence[Bone]) -> DrawnPage:
    """The picture, not painted yet."""
    head = wrap_text(problem, TITLE, WIDTH - 4 * MARGIN, LINES)
    top = MARGIN + 36.0 * len(head) + 34
    pairs = [bones[at : at + 2] for at in range(0, len(bones), 2)]
    heights = [max(_height(bone) for bone in pair) for pair in pairs]
    end = top + sum(heights)
    page = Drawing(WIDTH, end + 128)
    page.box(1, 1, WIDTH - 2, end + 126, PAPER, edge=EDGE, round_=14)
    page.line(MIDDLE, top - 20, MIDDLE, end, 6, INK)
    page.box(MARGIN, MARGIN - 8, WIDTH - 2 * MARGIN, top - MARGIN - 10, PAPER, edge=INK, round_=14)
    for number, line in enumerate(head):
        page.text(MIDDLE, MARGIN + 30 + 36 * number, line, TITLE, middle=True)
    for pair, height in zip(pairs, heights, strict=True):
        for bone, left in zip(pair, (MARGIN, MIDDLE + 30), strict=False):
            _bone(page, bone, left, top)
        top += height
    _legend(page, end + 34)
    return page.whole()


def _height(bone: Bone) -> float:
    return 84 + 30 * (len(_title(bone)) - 1) + sum(_tall(cause) + 6 for cause in bone.causes)


def _title(bone: Bone) -> list[str]:
    return wrap_text(bone.title, LABEL, ROOM, 2)


def _lines(cause: BoneCause) -> list[str]:
    return wrap_text(cause.text, SMALL, ROOM - 24, LINES)


def _about(cause: BoneCause) -> list[str]:
    """What is said below a cause, line by line."""
    return [_(cause.evidence.value), *([_("chosen")] if cause.chosen else [])]


def _tall(cause: BoneCause) -> float:
    return STEP * len(_lines(cause)) + 24 * len(_about(cause)) + 8


def _bone(page: Drawing, bone: Bone, left: float, top: float) -> None:
    title = _title(bone)
    for number, line in enumerate(title):
        page.text(left, top + 30 + 30 * number, line, LABEL)
    at = top + 42 + 30 * (len(title) - 1)
    outer, inner = (left, left + ROOM) if left < MIDDLE else (left + ROOM, left)
    page.line(outer, at, inner, at, 3, DONE)
    page.line(inner, at, MIDDLE, at + 40, 3, DONE)
    row = at + 14.0
    for cause in bone.causes:
        lines = _lines(cause)
        if cause.chosen:
            page.box(left - 8, row, ROOM + 16, _tall(cause), BEGUN, edge=INK, round_=8)
        for number, line in enumerate(lines):
            page.text(left + 24, row + 26 + STEP * number, line, SMALL)
        _mark(page, left + 8, row + 18, cause.evidence)
        for number, line in enumerate(_about(cause)):
            below = row + 22 + STEP * len(lines) + 24 * number
            page.text(left + 24, below, line, 21, fill=INK if cause.chosen else SOFT)
        row += _tall(cause) + 6


def _mark(page: Drawing, x: float, y: float, evidence: Evidence) -> None:
    """A ring for a guess, a square for a number, a bar at the side for what a student said."""
    match evidence:
        case Evidence.GUESS:
            page.box(x - 7, y - 7, 14, 14, PAPER, edge=DONE, round_=7)
        case Evidence.NUMBER:
            page.box(x - 7, y - 7, 14, 14, DONE)
        case Evidence.VOICE:
            page.box(x - 3, y - 12, 6, 24, DONE)


def _legend(page: Drawing, y: float) -> None:
    for number, one in enumerate(Evidence):
        _mark(page, MARGIN + 8, y + 34 * number - 7, one)
        page.text(MARGIN + 26, y + 34 * number, _(one.value), SMALL, fill=SOFT)
