"""A drawing: shapes in the order in which they are painted, with lengths in pixels of a phone-wide page."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.pictures.text_width import readable_text

INK = "#1a1a1a"
SOFT = "#4a4f55"
PAPER = "#ffffff"
EDGE = "#8a9097"
STRIPE = 12.0
"""Pixels from one stripe to the next."""


@dataclass(frozen=True, slots=True)
class DrawnBox:
    """A rectangle; `fill` and `edge` are colors like `#1a1a1a`, empty where there is none, `round_` the radius of its corners."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str = ""
    round_: float = 0


@dataclass(frozen=True, slots=True)
class DrawnText:
    """A line of text with its baseline at `y`; `anchor` says which part of it is at `x`: 0 its beginning, 0.5 its middle, 1 its end."""

    x: float
    y: float
    words: str
    size: float
    fill: str
    anchor: float = 0


@dataclass(frozen=True, slots=True)
class DrawnLines:
    """Straight lines of one width and color, each as (x, y, to x, to y)."""

    lines: tuple[tuple[float, float, float, float], ...]
    width: float
    color: str


Shape = DrawnBox | DrawnText | DrawnLines


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A whole picture that is not painted yet: equal ones look the same."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


@dataclass(slots=True)
class Drawing:
    """A page that shapes are put on, one over the other."""

    width: float
    height: float
    _shapes: list[Shape] = field(default_factory=list)

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, *, edge: str = "", round_: float = 0
    ) -> None:
        """A rectangle; nothing where it has no width."""
        if width <= 0 or height <= 0:
            return
        self._shapes.append(DrawnBox(x, y, width, height, fill, edge, round_))

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        *,
        fill: str = INK,
        end: bool = False,
        middle: bool = False,
    ) -> None:
        """A line of text whose baseline is at `y`, beginning, ending or centered at `x`."""
        anchor = 1 if end else 0.5 if middle else 0
        self._shapes.append(DrawnText(x, y, readable_text(words), size, fill, anchor))

    def line(self, x: float, y: float, to_x: float, to_y: float, width: float, color: str) -> None:
        """A straight line between two points."""
        self._shapes.append(DrawnLines(((x, y, to_x, to_y),), width, color))

    def striped(self, x: float, y: float, width: float, height: float, ground: str, line: str) -> None:
        """A rectangle of slanting stripes, told apart from a plain one without any color."""
        if width <= 0 or height <= 0:
            return
        self.box(x, y, width, height, ground)
        stripes = []
        at = -height
        while at < width:
            left, right = max(at, 0.0), min(at + height, width)
            if left < right:
                stripes.append((x + left, y + height - (left - at), x + right, y + height - (right - at)))
            at += STRIPE
        self._shapes.append(DrawnLines(tuple(stripes), 4, line))

    def whole(self) -> DrawnPage:
        """The page as it is now."""
        return DrawnPage(self.width, self.height, tuple(self._shapes))
