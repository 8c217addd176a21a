"""Words without their accents, as many people type them."""

from __future__ import annotations

import unicodedata


def without_accents(text: str) -> str:
    """A text in which each letter stands without its accent; other scripts come apart into the pieces of their letters."""
    if text.isascii():
        return text
    letters = unicodedata.normalize("NFD", text)
    return "".join(one for one in letters if not unicodedata.combining(one))
