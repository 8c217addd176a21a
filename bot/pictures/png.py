"""The renderer from SVG to PNG, with a font of our own: the same bytes on every machine."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

FONT = Path(__file__).parent / "font" / "DejaVuSans.ttf"
ZOOM = 1.25
"""Pixels of the file for each pixel of the page: 800 across. Every further one costs time on the event loop, because
resvg does not let other threads run meanwhile."""


@lru_cache(maxsize=256)
def render_png(svg: str) -> bytes:
    """Render a picture, off the event loop: it takes tens of milliseconds. The same again costs nothing."""
    import resvg_py  # only where somebody looks at a picture

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=ZOOM,
            skip_system_fonts=True,
            font_files=[str(FONT)],
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
        )
    )
