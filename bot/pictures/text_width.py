"""The width of words in our font, read from its OpenType tables (`head`, `hhea`, `hmtx`, `cmap`)."""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

FONT = Path(__file__).parent / "font" / "DejaVuSans.ttf"
MISSING = "□"
"""What stands for words of which our font has no letter."""
SELECTORS = "\ufe0e\ufe0f"
UNKNOWN = 1.0
"""Width of a letter the font does not have, in its sizes: whatever is drawn instead takes no more."""


def text_width(words: str, size: float) -> float:
    """The width of a line of words, in the unit of the size."""
    known = _read_font()[0]
    return size * sum(known.get(ord(letter), UNKNOWN) for letter in words)


def text_ascent(size: float) -> float:
    """How far the top of a line of words is above its baseline, in the unit of the size."""
    return size * _read_font()[1]


def has_letter(letter: str) -> bool:
    """Whether our font has a letter."""
    return ord(letter) in _read_font()[0]


def readable_text(words: str) -> str:
    """Words without the letters that our font does not have (emoji, Chinese), which would be empty boxes.

    One box stands where nothing of them is left. What is left out is in the text beside the picture.
    """
    kept = " ".join("".join(one for one in words if one.isspace() or _is_drawn(one)).split())
    return kept or (MISSING if words.strip() else "")


def _is_drawn(letter: str) -> bool:
    """Whether something is to be seen of a letter; the font has control characters, and signs that only turn others to emoji."""
    return letter.isprintable() and letter not in SELECTORS and has_letter(letter)


def fit_text(words: str, size: float, room: float) -> str:
    """Words, cut with an ellipsis to fit a width, without the letters that our font does not have."""
    words = readable_text(words)
    if text_width(words, size) <= room:
        return words
    while words and text_width(words + "…", size) > room:
        words = words[:-1]
    return words.rstrip() + "…"


def wrap_text(words: str, size: float, room: float, most: int) -> list[str]:
    """The same in up to `most` lines of a width, broken between words; the last one is cut to fit."""
    lines = [""]
    for word in readable_text(words).split():
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size) <= room or not lines[-1] or len(lines) == most:
            lines[-1] = longer
        else:
            lines.append(word)
    return [fit_text(line, size, room) for line in lines]


@cache
def _read_font() -> tuple[dict[int, float], float]:
    """Code point → how far the pen moves, and how high a line is above its baseline; both as shares of the size."""
    data = FONT.read_bytes()
    tables = {}
    for index in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", data, 12 + 16 * index)
        tables[tag] = offset
    unit: int = struct.unpack_from(">H", data, tables[b"head"] + 18)[0]
    high: int = struct.unpack_from(">h", data, tables[b"hhea"] + 4)[0]
    count = struct.unpack_from(">H", data, tables[b"hhea"] + 34)[0]

    def advance(glyph: int) -> float:
        at = tables[b"hmtx"] + 4 * min(glyph, count - 1)
        moved: int = struct.unpack_from(">H", data, at)[0]
        return moved / unit

    moves = {code: advance(glyph) for code, glyph in _glyphs(data, tables[b"cmap"]).items()}
    return moves, high / unit


def _glyphs(data: bytes, cmap: int) -> dict[int, int]:
    """Code point → glyph, from the font's table of the basic plane."""
    found: dict[int, int] = {}
    for index in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHL", data, cmap + 4 + 8 * index)
        at = cmap + offset
        if (platform, encoding) != (3, 1) or struct.unpack_from(">H", data, at)[0] != 4:
            continue
        segments = struct.unpack_from(">H", data, at + 6)[0] // 2
        ends, starts, deltas, ranges = (
            struct.unpack_from(f">{segments}H", data, at + place + 2 * segments * number)
            for number, place in enumerate((14, 16, 16, 16))
        )
        base = at + 16 + 6 * segments
        for segment, (end, start) in enumerate(zip(ends, starts, strict=True)):
            for code in range(start, min(end, 0xFFFE) + 1):
                glyph = code
                if ranges[segment]:
                    spot = base + 2 * segment + ranges[segment] + 2 * (code - start)
                    glyph = struct.unpack_from(">H", data, spot)[0]
                if glyph or not ranges[segment]:
                    found[code] = (glyph + deltas[segment]) & 0xFFFF
    return found
