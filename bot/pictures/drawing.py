"""A drawing as SVG text: a few shapes, every number written the same way, every text escaped."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from bot.pictures.text_width import readable_text

INK = "#1a1a1a"
SOFT = "#4a4f55"
PAPER = "#ffffff"
EDGE = "#8a9097"
FAMILY = "DejaVu Sans"
STRIPE = 12.0
"""Pixels from one stripe to the next."""


def format_number(value: float) -> str:
    """A number with two decimals at most, so that the bytes never depend on rounding noise."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass(slots=True)
class Drawing:
    """Shapes in the order in which they are painted; lengths are pixels of a phone-wide page."""

    width: float
    height: float
    _shapes: list[str] = field(default_factory=list)

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, *, edge: str = "", round_: float = 0
    ) -> None:
        """A rectangle; nothing where it has no width."""
        if width <= 0 or height <= 0:
            return
        line = f' stroke="{edge}" stroke-width="2"' if edge else ""
        corner = f' rx="{format_number(round_)}"' if round_ else ""
        self._shapes.append(
            f'<rect x="{format_number(x)}" y="{format_number(y)}" width="{format_number(width)}" height="{format_number(height)}"'
            f'{corner} fill="{fill}"{line}/>'
        )

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
        words = readable_text(words)  # so that XML gets no control characters either
        anchor = ' text-anchor="end"' if end else ' text-anchor="middle"' if middle else ""
        self._shapes.append(
            f'<text x="{format_number(x)}" y="{format_number(y)}" font-family={quoteattr(FAMILY)} font-size="{format_number(size)}"'
            f'{anchor} fill="{fill}">{escape(words)}</text>'
        )

    def line(self, x: float, y: float, to_x: float, to_y: float, width: float, color: str) -> None:
        """A straight line between two points."""
        ends = zip(("x1", "y1", "x2", "y2"), (x, y, to_x, to_y), strict=True)
        places = " ".join(f'{name}="{format_number(value)}"' for name, value in ends)
        self._shapes.append(f'<line {places} stroke="{color}" stroke-width="{format_number(width)}"/>')

    def striped(self, x: float, y: float, width: float, height: float, ground: str, line: str) -> None:
        """A rectangle of slanting stripes, told apart from a plain one without any color.

        Drawn as one path: a pattern would take twice as long to paint.
        """
        if width <= 0 or height <= 0:
            return
        self.box(x, y, width, height, ground)
        paths = []
        at = -height
        while at < width:
            left, right = max(at, 0.0), min(at + height, width)
            if left < right:
                paths.append(
                    f"M{format_number(x + left)} {format_number(y + height - (left - at))}L{format_number(x + right)} {format_number(y + height - (right - at))}"
                )
            at += STRIPE
        self._shapes.append(f'<path d="{"".join(paths)}" stroke="{line}" stroke-width="4" fill="none"/>')

    def whole(self) -> str:
        """The file."""
        size = f'width="{format_number(self.width)}" height="{format_number(self.height)}"'
        box = f'viewBox="0 0 {format_number(self.width)} {format_number(self.height)}"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box}>{"".join(self._shapes)}</svg>'
