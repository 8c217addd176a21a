"""The piece of a text in which the words stand that it was found by."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.search.terms import LANGUAGES, fold_text, stem_word

SHOWN = 280
"""Characters of a piece."""
BEFORE = 90
"""Characters before the first word that was looked for."""
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def cut_snippet(text: str, stems: Collection[str], limit: int = SHOWN) -> str:
    """The piece of a text around the first word with one of these stems; its beginning where there is none."""
    whole = " ".join(text.split())
    if len(whole) <= limit:
        return whole
    start = next((one.start() for one in _WORDS.finditer(whole) if _is_meant(one.group(), stems)), 0)
    begin = 0 if start <= BEFORE else _word_start(whole, start - BEFORE)
    end = begin + limit
    if end >= len(whole):
        begin, end = _word_start(whole, len(whole) - limit), len(whole)
    else:
        end = max(whole.rfind(" ", begin, end), begin + 1)
    return f"{'… ' if begin else ''}{whole[begin:end].strip()}{' …' if end < len(whole) else ''}"


def _is_meant(word: str, stems: Collection[str]) -> bool:
    folded = fold_text(word)
    return any(stem_word(folded, language) in stems for language in LANGUAGES)


def _word_start(text: str, at: int) -> int:
    """Where the first whole word from there on begins."""
    space = text.find(" ", at)
    return at if space < 0 else space + 1
