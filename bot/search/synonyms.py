"""Words that mean the same in schools: a group of phrases in English and Spanish, each as its stems."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from itertools import product
from pathlib import Path

from bot.search.terms import LANGUAGES, is_small, split_words, stem_word

Phrase = tuple[str, ...]
"""Stems that stand together."""
_GROUPS = Path(__file__).with_name("synonyms.txt")


@cache
def read_groups() -> tuple[frozenset[Phrase], ...]:
    """The groups of the file, each with the stems of its phrases."""
    lines = _GROUPS.read_text(encoding="utf-8").splitlines()
    return tuple(
        frozenset(phrase for one in line.split(",") for phrase in phrases_of(one))
        for line in lines
        if line.strip() and not line.startswith("#")
    )


def phrases_of(text: str) -> frozenset[Phrase]:
    """The stems of a phrase in each language, without small words; empty where those are all but one (`speak up`)."""
    whole = split_words(text)
    words = [word for word in whole if not is_small(word)]
    if len(words) < min(len(whole), 2):
        return frozenset()
    return frozenset(tuple(stem_word(word, language) for word in words) for language in LANGUAGES)


@cache
def groups_by_phrase() -> Mapping[Phrase, frozenset[Phrase]]:
    """What else may be meant by a phrase: the phrases of all groups it is in."""
    found: defaultdict[Phrase, set[Phrase]] = defaultdict(set)
    for group in read_groups():
        for phrase in group:
            found[phrase] |= group
    return {phrase: frozenset(others) for phrase, others in found.items()}


@cache
def known_stems() -> frozenset[str]:
    """Every stem of the file."""
    return frozenset(stem for phrase in groups_by_phrase() for stem in phrase)


@cache
def longest_phrase() -> int:
    """The most stems of a phrase."""
    return max(map(len, groups_by_phrase()), default=1)


def meant_by(stems: tuple[frozenset[str], ...]) -> frozenset[Phrase] | None:
    """The phrases that mean what these words do, each word given by its stems; None where they are no phrase."""
    known = [phrase for phrase in product(*stems) if phrase in groups_by_phrase()]
    if not known:
        return None
    return frozenset().union(*(groups_by_phrase()[phrase] for phrase in known))


def load_synonyms() -> None:
    """Read the file before anybody waits for it."""
    known_stems()
    longest_phrase()
