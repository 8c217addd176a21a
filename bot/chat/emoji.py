"""The short names of emoji, by which settings and platforms call them."""

from __future__ import annotations

import unicodedata

_NAMED = {
    "✅": "white_check_mark",
    "👍": "+1",
    "👎": "-1",
    "❤": "heart",
    "🎉": "tada",
    "⭐": "star",
    "💡": "bulb",
}
"""Emoji whose short name is not their name in Unicode, as far as people save or vote with them."""


def short_name(emoji: str) -> str:
    """The short name of an emoji: `seedling` for 🌱, and for `seedling` too."""
    bare = emoji.replace("\ufe0f", "")
    if bare.isascii():
        return bare
    return _NAMED.get(bare) or unicodedata.name(bare[:1], bare).lower().replace(" ", "_")
