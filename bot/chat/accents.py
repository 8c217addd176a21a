"""Words without their accents, as many people type them."""

from __future__ import annotations

import re
import unicodedata

_OTHER_SCRIPTS = re.compile(r"[^\x00-\x7f]+")


def without_accents(text: str) -> str:
    """A text in which each letter stands without its accent; other scripts come apart into the pieces of their letters."""
    if text.isascii():
        return text
    return _OTHER_SCRIPTS.sub(_drop_marks, unicodedata.normalize("NFD", text))


def _drop_marks(found: re.Match[str]) -> str:
    return "".join(one for one in found[0] if not unicodedata.combining(one))
