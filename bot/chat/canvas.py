"""Canvases: pages that a place itself carries, made of lines that people can change there.

The bot looks at a canvas, and changes it by one line, or a few beside each other, at a time.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class LineKind(StrEnum):
    """What a line of a canvas is."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    OPEN = "open"
    """Something to tick."""
    DONE = "done"
    """Something that is ticked."""
    OTHER = "other"
    """A picture, a table, a list: whatever people put there that is no line of words."""


CHECKS = frozenset((LineKind.OPEN, LineKind.DONE))


@dataclass(frozen=True, slots=True)
class CanvasLine:
    """A line of a canvas: a paragraph, a heading, or something to tick. `label` is the name before its words, if any.

    `source` and `block` are the platform's own, for lines that were read: how it is written there, and which of the lines
    stand directly below each other. `mentions` are the ids of people whom it mentions, each behind an @ in its text.
    """

    kind: LineKind
    text: str
    label: str = ""
    source: str = field(default="", compare=False)
    block: int = field(default=-1, compare=False)
    mentions: tuple[str, ...] = field(default=(), compare=False)

    @property
    def plain(self) -> str:
        """What people read in it."""
        return f"{self.label}: {self.text}" if self.label else self.text

    @property
    def folded(self) -> str:
        """Its words without what platforms write in different ways: marks, kinds of quotes, and how wide gaps are.

        Two lines with the same folded words say the same.
        """
        text = unicodedata.normalize("NFKC", self.plain).translate(_QUOTES)
        return " ".join(_MARKS.sub("", text).split())


_QUOTES = str.maketrans("“”„«»‘’", '"""""\'\'')
_MARKS = re.compile(r"[\\*_~`\u200b\ufeff]")


@dataclass(frozen=True, slots=True)
class CanvasChange:
    """One change of a canvas whose lines are `known`.

    `replace` the line `at` by `lines`, write them `after` it or at the `start`, `delete` the line, or `discard` the whole
    canvas.
    """

    how: Literal["replace", "after", "start", "delete", "discard"]
    known: tuple[CanvasLine, ...] = ()
    at: int = 0
    lines: tuple[CanvasLine, ...] = ()
