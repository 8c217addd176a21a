"""Whether an answer or a note says something: what nobody could learn from ("idk", "n/a", "…") is asked about once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from bot.intents.sentences import split_words


def read_words(path: Path) -> dict[str, frozenset[str]]:
    """The words of a file by what they say: each line `@name = word word`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    named = (line.removeprefix("@").partition(" = ") for line in lines if line.startswith("@"))
    return {name: frozenset(words.split()) for name, _is, words in named}


_WORDS: Final = read_words(Path(__file__).with_suffix(".txt"))
DONE: Final = _WORDS["done"]
"""Words that say of a lesson that it is done, with their spelling mended."""
DONE_BESIDE: Final = _WORDS["beside"]
"""Words that may stand beside one of those, and say nothing else."""
_EMPTY: Final = DONE | DONE_BESIDE | _WORDS["filler"]
"""Words that, alone or together, say nothing of what was done or seen."""

_VOWEL: Final = re.compile("[aeiouy]")
_NO_WORD: Final = re.compile("[^aeiouyn]{5}")
"""Hardly a word has so many letters without a vowel, but "lengths" has."""


def says_something(text: str) -> bool:
    """Whether somebody else could learn from a text what was done, tried or seen; a number or one word can say it."""
    return any(word not in _EMPTY and any(map(str.isalnum, word)) for word in split_words(text))


def are_words(words: Iterable[str]) -> bool:
    """Whether letters make words, and are not what comes when somebody only tries the keys."""
    return all(_VOWEL.search(one) and not _NO_WORD.search(one) for one in words)
