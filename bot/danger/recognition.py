"""The recognition of danger: weighted words and phrases, in English and Spanish, in what somebody wrote.

There is no service behind it: `phrases.txt` holds phrases that people wrote, `weights.tsv` what `tests/danger/train.py`
learned from invented messages: how much each feature of a stretch of words speaks for danger, or against it. The stretch
that speaks for it most counts, and so does a phrase. A few words ("The stairs.") say too little to be weighed: they count
only where a phrase stands in them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from math import sqrt
from pathlib import Path

from bot import word_weights
from bot.danger.features import features_of, split_word
from bot.danger.phrases import read_groups, read_phrases
from bot.danger.stretches import make_plain, split_stretches
from bot.word_weights import Feature, add_weights

_FILE = Path(__file__).with_name("weights.tsv")
UNIT = 100
"""Weights are written as whole numbers of this part of one."""
PHRASE = 1.0
"""What a phrase that means danger adds to the weight of the text it stands in."""
FUN = 1.5
"""What a phrase that is taught or told in fun takes from it."""
FICTION = 4.0
"""What it takes from a stretch of words that it is about a novel or a play, and nobody confided in its writer."""
FEW = 5
"""The words from which on a stretch is weighed, whatever stands in it."""
ENOUGH = 2.8
"""The weight from which on a text discloses danger: one in a hundred ordinary answers kept apart reaches it."""


FAR = -4.25
"""The weight of single words up to which a stretch without a phrase is not weighed as a whole: of 1,084 disclosures without
one the least has -3.05, and it spares nine of ten stretches of ordinary answers."""
TWICE = 2
"""How much single words count in that weight: what stands beside them mostly speaks for the same."""
PAIRS = 13
"""About as many features as a word of a stretch has with its neighbors."""
LONG = 1000
"""Characters of a text from which on weighing it takes several milliseconds."""


@lru_cache(maxsize=64)
def discloses_danger(text: str) -> bool:
    """Whether a text says that a child, its author or somebody else is in danger; the same text is weighed once."""
    return weigh_text(text) >= ENOUGH


def weigh_text(text: str) -> float:
    """How much a text speaks for danger; a stretch is left out whose words, one by one, are far from it."""
    return _weigh(text, may_disclose)


def weigh_whole(text: str) -> float:
    """How much a text speaks for danger, with every stretch weighed; no text is told apart by it from `weigh_text`."""
    return _weigh(text, lambda _words: True)


def _weigh(text: str, worth: Callable[[Sequence[str]], bool]) -> float:
    plain = make_plain(text)
    book = read_phrases()
    meant = book.names_danger(plain)
    phrased = meant is not None or book.may_name_danger(plain)
    weighed = [
        one
        for one in split_stretches(plain)
        if (len(one) >= FEW and (meant is not None or worth(one)))
        or (phrased and book.has(_spaced(one), "danger"))
    ]
    most = max(map(weigh_stretch, weighed), default=-ENOUGH)
    return most if meant is None else most + PHRASE if meant else most - FUN


def may_disclose(words: Sequence[str]) -> bool:
    """Whether a stretch without a phrase is worth weighing as a whole: by its words, each of which is weighed once."""
    pieces = size = alone = 0
    for of_pieces, count, of_word in map(_weigh_word, words):
        pieces, size, alone = pieces + of_pieces, size + count, alone + of_word
    total = read_weights()[""] + pieces / sqrt(size or 1) + TWICE * alone / sqrt(PAIRS * len(words))
    return total / UNIT >= FAR


@lru_cache(maxsize=8192)
def _weigh_word(word: str) -> tuple[int, int, int]:
    """The weight of a word's pieces, how many they are, and its own weight; remembered, for most words come again."""
    weights, pieces = read_weights(), split_word(word)
    return add_weights(weights, pieces), len(pieces), weights.get(("w", word), 0)


def weigh_stretch(words: Sequence[str]) -> float:
    """How much a stretch of words speaks for danger."""
    weights = read_weights()
    of_words, of_pieces, of_phrases = features_of(words)
    total = weights[""] + add_weights(weights, of_words) / sqrt(len(of_words) or 1)
    total += add_weights(weights, of_pieces) / sqrt(len(of_pieces) or 1) + add_weights(weights, of_phrases)
    book, plain = read_phrases(), _spaced(words)
    told = book.has(plain, "fiction") and not book.has(plain, "confided")
    return total / UNIT - FICTION * told


def _spaced(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "


def load_recognition() -> None:
    """Read phrases and weights, so that the first message need not wait for them."""
    read_groups()
    read_phrases()
    read_weights()


@cache
def read_weights() -> Mapping[Feature, int]:
    """The weight of each feature, and of none at all (`""`); the file is read once."""
    return word_weights.read_weights(_FILE)
