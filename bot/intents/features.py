"""What a message weighs: how much its words speak for talk with the bot, for a wish to stop, and for a need.

`weights.tsv` holds what `tests/intents/train.py` learned from invented messages. `w` are words, alone and two that follow
each other; `s` are two words with one between them. `k` are kinds of words from `kinds.txt`, up to three that follow each other, `t`
two with one between them, `b` two of one message, and `m` a word beside a kind; `n` are counts and marks; everything else
is a piece of a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations, pairwise
from math import sqrt
from pathlib import Path

from bot.intents.sentences import read_intent_phrases, split_words
from bot.phrases import read_word_groups

_FILE = Path(__file__).with_name("weights.tsv")
_KINDS = Path(__file__).with_name("kinds.txt")
UNIT = 100
"""Weights are written as whole numbers of this part of one."""
PIECES = (3, 4)
"""Letters in a piece of a word, with the mark where the word begins or ends."""
LONG = 5
"""Letters from which on a word has pieces."""
MIXED = 14
"""Kinds of words up to which each two of them in one message are a feature; a message with more of them tells too much."""
_MARKS = (".", "?")
_COMMON_KINDS = frozenset((*_MARKS, "x"))
_TOLD = re.compile(r"ed$|aron$|ieron$|amos$|imos$|aban?$|ian$")
_TOLD_ACCENT = re.compile(r"\w[éó](?!\w)")
"""What a Spanish verb ends in that tells of the past; without its accent it would ask for something."""
_QUOTE = re.compile(r"[\"“”«»]")


def features_of(text: str) -> set[str]:
    """The features of a message."""
    words = split_words(text)
    return {*_word_features(words), *_kind_features(words), *_counts(words, text)}


def _word_features(words: Sequence[str]) -> Iterator[str]:
    for one in words:
        yield f"w {one}"
        marked = f"_{one}_"
        for size in PIECES if len(one) >= LONG else ():
            yield from (marked[at : at + size] for at in range(len(marked) - size + 1))
    yield from (f"w {a} {b}" for a, b in pairwise(["^", *words, "$"]))
    yield from (f"s {a} {b}" for a, b in zip(words, words[2:], strict=False))


def _kind_features(words: Sequence[str]) -> Iterator[str]:
    kinds = [_kind_of(one) for one in words]
    edged = ["^", *kinds, "$"]
    yield from (f"k {one}" for one in kinds)
    yield from (f"k {a} {b}" for a, b in pairwise(edged))
    yield from (f"k {a} {b} {c}" for a, b, c in zip(edged, edged[1:], edged[2:], strict=False))
    for (word, kind), (next_word, next_kind) in pairwise(zip(words, kinds, strict=True)):
        yield f"m {word} {next_kind}"
        yield f"m {kind} {next_word}"
    yield from (f"t {a} {b}" for a, b in zip(kinds, kinds[2:], strict=False))
    kinds_here = sorted(set(kinds) - _COMMON_KINDS)
    if len(kinds_here) <= MIXED:
        yield from (f"b {a} {b}" for a, b in combinations(kinds_here, 2))


def _counts(words: Sequence[str], text: str) -> Iterator[str]:
    said = [one for one in words if one not in _MARKS]
    strange = sum(one not in _known_words() for one in said)
    yield f"n strange {min(strange, 6)}"
    yield f"n share {4 * strange // (len(said) or 1)}"
    yield f"n words {min(len(said), 8)}"
    yield f"n long {min(len(words) // 4, 5)}"
    asked = words.count("?")
    yield f"n marks {min(asked, 2)} {min(words.count('.'), 3)}"
    if asked:
        yield "n asks last" if words[-1] == "?" else "n asks before"
    if _TOLD_ACCENT.search(text):
        yield "n told"
    if _QUOTE.search(text):
        yield "n quotes"


def _kind_of(word: str) -> str:
    """The kind of a word, or what its end says of it."""
    if word in _MARKS:
        return word
    if (kind := _kinds().get(word)) is not None:
        return kind.removeprefix("@")
    if word.isdecimal():
        return "number"
    if word.endswith("ing"):
        return "ing"
    if _TOLD.search(word):
        return "ed"
    return "ly" if word.endswith(("ly", "mente")) else "x"


@cache
def _kinds() -> Mapping[str, str]:
    return read_word_groups(_KINDS)


@cache
def _known_words() -> frozenset[str]:
    """The words that a wish is made of: those of a kind, and those of the phrases of wishes."""
    sections = read_intent_phrases().sections
    told = ("others", "story", "reporting", "kind", "unclear", "greetings", "thanks")
    phrases = (
        one
        for name, by_key in sections.items()
        if name not in told
        for each in by_key.values()
        for one in each
    )
    return frozenset(_kinds()).union(*(one.words for one in phrases))


@dataclass(frozen=True, slots=True)
class MessageWeight:
    """How much a text speaks for three things; from 0 on more for it than against it."""

    talk: float
    """Talk with the bot."""
    stop: float
    """A wish to stop."""
    need: float
    """Something that must not be kept: to stop or start, for help, for one's own data or answers, to take back."""


@lru_cache(maxsize=256)
def weigh_text(text: str) -> MessageWeight:
    """How much a text speaks for each thing."""
    weights = read_weights()
    names = features_of(text)
    known = [weights[one] for one in names if one in weights]
    size = sqrt(len(names) or 1)
    return MessageWeight(
        *((bias + sum(one[at] for one in known) / size) / UNIT for at, bias in enumerate(weights[""]))
    )


@cache
def read_weights() -> Mapping[str, tuple[int, ...]]:
    """The weights of each feature, and of none at all (`""`); the file is read once."""
    lines = (line.split("\t") for line in _FILE.read_text(encoding="utf-8").splitlines() if line)
    return {name: tuple(map(int, weights)) for name, *weights in lines}
