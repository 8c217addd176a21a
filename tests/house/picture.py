"""The picture of the house in docs/architecture.svg, drawn from the layers in pyproject.toml and the imports in the code.

`make generated` runs `python -m tests.house.picture`, and a test fails while the file is not what it draws. An arrow
says "imports"; one is left out where a way along other arrows leads to the same package.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "architecture.svg"

WIDTH, MARGIN, ROW, HEIGHT, GAP, SIDE = 1180, 24, 72, 30, 10, 150
SHIFT = 110
FLOORS = {
    "starting and joining": "#e8e3f5",
    "features": "#dcefe0",
    "what features share": "#fdeed3",
    "ground floor": "#dcebf7",
}
ADAPTERS = "#f7dfe0"
STROKES = {
    "#e8e3f5": "#7a68b3",
    "#dcefe0": "#4f9160",
    "#fdeed3": "#b98327",
    "#dcebf7": "#4484b5",
    ADAPTERS: "#b5525a",
}


@dataclass(frozen=True, slots=True)
class Box:
    """One package: its name, where it stands, its color."""

    name: str
    x: float
    y: float
    width: float
    color: str

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    def along(self, number: int, count: int) -> float:
        """Return where the arrow of this number meets an edge of the box, of `count` arrows."""
        return self.x + self.width * (0.12 + 0.76 * (number + 0.5) / count)


def layers(text: str) -> list[list[str]]:
    """Return the packages of `bot`, top layer first, as the contract in pyproject.toml places them."""
    contract = tomllib.loads(text)["tool"]["importlinter"]["contracts"][0]
    return [
        [name.strip(" ()") for name in layer.replace(":", "|").split("|")] for layer in contract["layers"]
    ]


def imports() -> dict[str, set[str]]:
    """Return for each package of the house the packages it imports."""
    graph = grimp.build_graph("bot", "adapters", cache_dir=None)
    found: dict[str, set[str]] = {}
    for module in sorted(graph.modules):
        if module in ("bot", "adapters"):
            continue
        package = package_of(module)
        targets = {package_of(name) for name in graph.find_modules_directly_imported_by(module)}
        found.setdefault(package, set()).update(targets - {package, "bot", "adapters"})
    return found


def package_of(module: str) -> str:
    """Return `chat` for `bot.chat.cards`, and `adapters.slack` for what is below that."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "adapters" else parts[min(1, len(parts) - 1)]


def reduced(imported: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Yield the imports that no other way leads along (the graph has no circles, so there is one answer)."""

    @cache
    def reachable(name: str) -> frozenset[str]:
        targets = imported.get(name, set())
        return frozenset(targets).union(*map(reachable, targets))

    for name, targets in sorted(imported.items()):
        for target in sorted(targets):
            if not any(target in reachable(other) for other in targets - {target}):
                yield name, target


def place(rows: list[list[str]], platforms: list[str]) -> dict[str, Box]:
    """Place each row of packages below the one before, and the adapters beside the lower floors."""
    found: dict[str, Box] = {}
    features = max(range(len(rows)), key=lambda number: len(rows[number]))
    ground = next(number for number, row in enumerate(rows) if "schedules" in row)
    room = WIDTH - SIDE - 2 * MARGIN
    for number, row in enumerate(rows):
        floor = 0 if number < features else 1 if number == features else 2 if number < ground else 3
        width = min(124, (room - GAP * (len(row) - 1)) / len(row))
        gap = GAP if number == features else 4 * GAP
        # Short rows stand left and right of the middle in turn, so that arrows pass beside them.
        aside = 0 if len(row) > 2 else SHIFT * (-1) ** number
        start = MARGIN + (room - len(row) * width - gap * (len(row) - 1)) / 2 + aside
        for column, name in enumerate(row):
            x, y = start + column * (width + gap), MARGIN + number * ROW
            found[name] = Box(name, x, y, width, list(FLOORS.values())[floor])
    for row_number, name in enumerate(platforms, features + 2):
        x, y = WIDTH - MARGIN - SIDE + 16, MARGIN + row_number * ROW
        found[name] = Box(name, x, y, SIDE - 16, ADAPTERS)
    return found


def arrows(pairs: list[tuple[str, str]], placed: dict[str, Box]) -> Iterator[str]:
    """Draw each import from the lower edge of a box to the upper edge of another, spread along both edges."""
    outs = {
        name: sorted((b for a, b in pairs if a == name), key=lambda n: placed[n].middle) for name in placed
    }
    ins = {
        name: sorted((a for a, b in pairs if b == name), key=lambda n: placed[n].middle) for name in placed
    }
    for name, target in pairs:
        start, end = placed[name], placed[target]
        x1, y1 = start.along(outs[name].index(target), len(outs[name])), start.y + HEIGHT
        x2, y2 = end.along(ins[target].index(name), len(ins[target])), end.y - 3
        bend = max(18.0, (y2 - y1) / 2)
        path = f"M{x1:.0f} {y1:.0f} C{x1:.0f} {y1 + bend:.0f} {x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2:.0f}"
        yield f'<path d="{path}" stroke="{STROKES[start.color]}" marker-end="url(#tip)"/>'


def label(box: Box) -> str:
    """Draw a box with its name."""
    return (
        f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{HEIGHT}" rx="6" '
        f'fill="{box.color}" stroke="#39424d"/>'
        f'<text x="{box.middle:.0f}" y="{box.y + 20:.0f}" font-size="13" font-weight="600" '
        f'text-anchor="middle" fill="#1c232b">{escape(box.name)}</text>'
    )


def legend(y: int) -> Iterator[str]:
    """Draw what the colors mean."""
    x = float(MARGIN)
    for name, color in [*FLOORS.items(), ("platforms", ADAPTERS)]:
        yield (
            f'<rect x="{x:.0f}" y="{y}" width="14" height="14" rx="3" fill="{color}" stroke="#39424d"/>'
            f'<text x="{x + 20:.0f}" y="{y + 12}" font-size="12" fill="#1c232b">{name}</text>'
        )
        x += 44 + 7.2 * len(name)


def draw() -> str:
    """Return the whole picture as SVG."""
    rows = layers((ROOT / "pyproject.toml").read_text())
    imported = imports()
    placed = place(rows, sorted(name for name in imported if name.startswith("adapters.")))
    height = 2 * MARGIN + (len(rows) - 1) * ROW + HEIGHT + 30
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            f'font-family="system-ui, sans-serif" role="img">'
        ),
        "<title>The packages of Tilth in their layers. An arrow says: imports. All arrows point down.</title>",
        (
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="6" markerHeight="6" orient="auto">'
            '<path d="M0 0 8 4 0 8z" fill="#4b545e"/></marker></defs>'
        ),
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        '<g fill="none" stroke-width="1.2">',
        *arrows([(a, b) for a, b in reduced(imported) if a in placed and b in placed], placed),
        "</g>",
        *map(label, placed.values()),
        *legend(height - 28),
    ]
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    FILE.write_text(draw())
