"""The painter from shapes to PNG, with a font of our own: the same letters on every machine.

ThorVG paints while other threads run: it is called through ctypes, which lets go of the interpreter. So does zlib, which packs.
"""

from __future__ import annotations

import struct
import zlib
from functools import cache, lru_cache
from math import ceil
from threading import Lock
from typing import TYPE_CHECKING

from bot.pictures.shapes import DrawnBox, DrawnLines, DrawnPage, DrawnText
from bot.pictures.text_width import FONT, text_ascent

if TYPE_CHECKING:
    from thorvg_python.engine import Engine
    from thorvg_python.paint import Paint

ZOOM = 1.25
"""Pixels of the file for each pixel of the page: 800 across."""
PACKED = 3
"""How hard zlib tries: one step more costs thrice the time for a fifth of the size."""
POINT = 72 / 96
"""ThorVG measures letters in points, and everything else in pixels."""
_painting = Lock()
"""ThorVG is for one thread at a time: its fonts are shared."""


@lru_cache(maxsize=256)
def render_png(page: DrawnPage) -> bytes:
    """Render a picture, off the event loop: it takes tens of milliseconds. The same again costs nothing."""
    width, height = ceil(page.width * ZOOM), ceil(page.height * ZOOM)
    with _painting:
        pixels = _paint(page, width, height)
    return _pack(pixels, width, height)


def _paint(page: DrawnPage, width: int, height: int) -> bytes:
    """The pixels, row by row, four bytes each: red, green, blue, and how little shines through."""
    from thorvg_python.base import Colorspace, Result
    from thorvg_python.canvas.sw import SwCanvas  # only where somebody looks at a picture

    canvas = SwCanvas(_engine())
    try:
        canvas.set_target(width, height, cs=Colorspace.ABGR8888S)
        done = [canvas.add(_paint_of(shape)) for shape in page.shapes]
        done += [canvas.draw(True), canvas.sync()]
        if canvas.buffer_arr is None or any(one != Result.SUCCESS for one in done):
            raise RuntimeError(f"A picture of {width} by {height} pixels cannot be painted")
        return bytes(canvas.buffer_arr)
    finally:
        canvas.destroy()


@cache
def _engine() -> Engine:
    """ThorVG with our font, loaded once; it starts no threads of its own."""
    from thorvg_python.base import Result
    from thorvg_python.engine import Engine
    from thorvg_python.paint.text import Text

    engine = Engine(threads=0)
    if Text(engine).font_load(str(FONT)) != Result.SUCCESS:
        raise RuntimeError(f"The font of pictures cannot be read: {FONT}")
    return engine


def _paint_of(shape: DrawnBox | DrawnText | DrawnLines) -> Paint:
    """What ThorVG knows of a shape."""
    match shape:
        case DrawnBox():
            return _paint_box(shape)
        case DrawnText():
            return _paint_text(shape)
        case DrawnLines():
            return _paint_lines(shape)


def _paint_box(box: DrawnBox) -> Paint:
    from thorvg_python.base import StrokeJoin
    from thorvg_python.paint.shape import Shape

    painted = Shape(_engine())
    x, y, width, height, round_ = (ZOOM * one for one in (box.x, box.y, box.width, box.height, box.round_))
    painted.append_rect(x, y, width, height, round_, round_, True)
    if box.fill:
        painted.set_fill_color(*_rgb(box.fill), 255)
    if box.edge:
        painted.set_stroke_width(2 * ZOOM)
        painted.set_stroke_join(StrokeJoin.MITER)
        painted.set_stroke_color(*_rgb(box.edge), 255)
    return painted


def _paint_lines(lines: DrawnLines) -> Paint:
    from thorvg_python.base import StrokeCap
    from thorvg_python.paint.shape import Shape

    painted = Shape(_engine())
    for x, y, to_x, to_y in lines.lines:
        painted.move_to(x * ZOOM, y * ZOOM)
        painted.line_to(to_x * ZOOM, to_y * ZOOM)
    painted.set_stroke_width(lines.width * ZOOM)
    painted.set_stroke_cap(StrokeCap.BUTT)
    painted.set_stroke_color(*_rgb(lines.color), 255)
    return painted


def _paint_text(text: DrawnText) -> Paint:
    from thorvg_python.paint.text import Text

    painted = Text(_engine())
    painted.set_font(FONT.stem)
    painted.set_size(text.size * ZOOM * POINT)
    painted.set_text(text.words)
    painted.align(text.anchor, 0)
    painted.set_color(*_rgb(text.fill))
    # Its place is where its line begins.
    painted.translate(text.x * ZOOM, (text.y - text_ascent(text.size)) * ZOOM)
    return painted


def _rgb(color: str) -> tuple[int, int, int]:
    """Red, green and blue of a color like `#1a1a1a`."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _pack(pixels: bytes, width: int, height: int) -> bytes:
    """The file, as PNG has it. A row like the one above is said to be so, which packs faster and smaller."""
    row = 4 * width
    same = b"\x02" + bytes(row)
    rows, above = [], b""
    for at in range(0, row * height, row):
        line = pixels[at : at + row]
        rows.append(same if line == above else b"\x00" + line)
        above = line
    size = struct.pack(">2I5B", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", size), (b"IDAT", zlib.compress(b"".join(rows), PACKED)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
