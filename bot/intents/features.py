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
from itertools import combinations, repeat
from math import sqrt
from pathlib import Path
from sys import intern

from bot import word_weights
from bot.intents.sentences import Sentence, read_intent_phrases, split_words
from bot.phrases import read_word_groups
from bot.word_weights import Feature, add_weights, unpack_weights

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
FAR = -5.5
"""The weight of single words up to which a message is not weighed as a whole: of 26,000 that may be read, the least that
is more than an answer has -4.5, and it spares three of four ordinary messages."""
TWICE = 2
"""How much single words count in that weight: what stands beside them mostly speaks for the same."""
PAIRS = 9
"""About as many features as a word of a message has with its neighbors."""


def features_of(text: str) -> set[Feature]:
    """The features of a message."""
    words = split_words(text)
    found: set[Feature] = set(_counts(words, text))
    _add_words(found, words)
    _add_kinds(found, words, [_kind_of(one) for one in words])
    return found


def _add_words(found: set[Feature], words: Sequence[str]) -> None:
    """Add the words, those beside each other and with one between them, and the pieces of words."""
    edged = ["^", *words, "$"]
    found.update(*map(_split_word, set(words)))
    found.update(zip(repeat("w"), words))
    found.update(zip(repeat("w"), edged, edged[1:]))
    found.update(zip(repeat("s"), words, words[2:]))


@lru_cache(maxsize=8192)
def _split_word(word: str) -> tuple[str, ...]:
    """The pieces of a word; remembered, for most words are written again and again."""
    return word_weights.split_word(word, PIECES) if len(word) >= LONG else ()


def _add_kinds(found: set[Feature], words: Sequence[str], kinds: Sequence[str]) -> None:
    """Add the kinds of the words in every company, and each two of a message that has few of them."""
    edged = ["^", *kinds, "$"]
    found.update(zip(repeat("k"), kinds))
    found.update(zip(repeat("k"), edged, edged[1:]))
    found.update(zip(repeat("k"), edged, edged[1:], edged[2:]))
    found.update(zip(repeat("m"), words, kinds[1:]))
    found.update(zip(repeat("m"), kinds, words[1:]))
    found.update(zip(repeat("t"), kinds, kinds[2:]))
    kinds_here = sorted(set(kinds) - _COMMON_KINDS)
    if len(kinds_here) <= MIXED:
        found.update(("b", a, b) for a, b in combinations(kinds_here, 2))


def _counts(words: Sequence[str], text: str) -> Iterator[str]:
    asked, ended = words.count("?"), words.count(".")
    said = len(words) - asked - ended
    strange = said - sum(map(_known_words().__contains__, words))
    yield f"n strange {min(strange, 6)}"
    yield f"n share {4 * strange // (said or 1)}"
    yield f"n words {min(said, 8)}"
    yield f"n long {min(len(words) // 4, 5)}"
    yield f"n marks {min(asked, 2)} {min(ended, 3)}"
    if asked:
        yield "n asks last" if words[-1] == "?" else "n asks before"
    if not text.isascii() and _TOLD_ACCENT.search(text):
        yield "n told"
    if _QUOTE.search(text):
        yield "n quotes"


@lru_cache(maxsize=8192)
def _kind_of(word: str) -> str:
    """The kind of a word, or what its end says of it."""
    if word in _MARKS:
        return word
    if (kind := _kinds().get(word)) is not None:
        return intern(kind.removeprefix("@"))
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
    phrases = (one for name, found in sections.items() if name not in told for one in found)
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
    weights, features = read_weights(), features_of(text)
    return _divide(add_weights(weights, features), len(features))


def weigh_sentence(sentence: Sentence) -> MessageWeight:
    """How much a sentence speaks for each thing without those around it."""
    return weigh_text(f"{sentence.text}{'?' if sentence.asks else '.'}")


def may_talk(text: str) -> bool:
    """Whether a message is worth weighing as a whole: by its words, each of which is weighed once.

    Where it is not, it is no talk with the bot, and needs nothing.
    """
    words, alone, size = split_words(text), 0, 0
    kinds: dict[str, int] = {}
    for of_word, count, kind, of_kind in map(_weigh_word, set(words)):
        alone, size, kinds[kind] = alone + of_word, size + count, of_kind
    total = TWICE * (alone + sum(kinds.values())) + add_weights(read_weights(), _counts(words, text))
    weight = _divide(total, size + PAIRS * len(words))
    return max(weight.talk, (weight.talk + weight.need) / 2) >= FAR


@lru_cache(maxsize=8192)
def _weigh_word(word: str) -> tuple[int, int, str, int]:
    """The weights of a word and its pieces, how many features it has alone, its kind, and the weights of that.

    It is remembered, for most words come again.
    """
    weights, kind = read_weights(), _kind_of(word)
    features: list[Feature] = [("w", word), *_split_word(word)]
    return add_weights(weights, features), len(features) + 1, kind, weights.get(("k", kind), 0)


def _divide(total: int, size: int) -> MessageWeight:
    """What a text weighs whose features are so many, and together so much."""
    root, (talk, stop, need), bias = sqrt(size or 1), unpack_weights(total, 3), _read_bias()
    return MessageWeight(
        (bias[0] + talk / root) / UNIT, (bias[1] + stop / root) / UNIT, (bias[2] + need / root) / UNIT
    )


@cache
def _read_bias() -> tuple[int, ...]:
    return unpack_weights(read_weights()[""], 3)


@cache
def read_weights() -> Mapping[Feature, int]:
    """The weights of each feature for talk, to stop and for a need, as one number; the file is read once."""
    return word_weights.read_weights(_FILE)
