"""A drawing as SVG text: a few shapes, every number written the same way, every text escaped."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

INK = "#1a1a1a"
SOFT = "#4a4f55"
PAPER = "#ffffff"
EDGE = "#8a9097"
FAMILY = "DejaVu Sans"


def number(value: float) -> str:
    """A number as it stands in the file: two decimals at most, so that the bytes never depend on rounding noise."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass(slots=True)
class Drawing:
    """Shapes in the order in which they are painted; lengths are pixels of a phone-wide page."""

    width: float
    height: float
    _shapes: list[str] = field(default_factory=list)
    _definitions: list[str] = field(default_factory=list)

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, *, edge: str = "", round_: float = 0
    ) -> None:
        """A rectangle; nothing where it has no width."""
        if width <= 0 or height <= 0:
            return
        line = f' stroke="{edge}" stroke-width="2"' if edge else ""
        corner = f' rx="{number(round_)}"' if round_ else ""
        self._shapes.append(
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
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
        """A line of text whose baseline is at `y`, beginning, ending or centred at `x`."""
        words = "".join(letter for letter in words if letter.isprintable())  # XML takes no control characters
        anchor = ' text-anchor="end"' if end else ' text-anchor="middle"' if middle else ""
        self._shapes.append(
            f'<text x="{number(x)}" y="{number(y)}" font-family={quoteattr(FAMILY)} font-size="{number(size)}"'
            f'{anchor} fill="{fill}">{escape(words)}</text>'
        )

    def stripes(self, name: str, ground: str, line: str) -> str:
        """A fill of diagonal stripes, told apart from a plain one without any colour; how to refer to it."""
        self._definitions.append(
            f'<pattern id="{name}" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f'<rect width="10" height="10" fill="{ground}"/><rect width="4" height="10" fill="{line}"/></pattern>'
        )
        return f"url(#{name})"

    def whole(self) -> str:
        """The file."""
        size = f'width="{number(self.width)}" height="{number(self.height)}"'
        box = f'viewBox="0 0 {number(self.width)} {number(self.height)}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box}><defs>{"".join(self._definitions)}</defs>'
            f"{''.join(self._shapes)}</svg>"
        )
