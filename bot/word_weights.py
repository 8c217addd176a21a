"""Weights of the words of a text, as the rooms that weigh texts keep them in their `weights.tsv`.

A line of such a file is a feature of a text and how much it speaks for each of a few things: whole numbers, learned from
invented messages. A text has hundreds of features, so all weights of one are one number, and a sum of these numbers holds
the sum of each. Words are interned: they are the same object wherever they stand, which is compared fast and kept once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from sys import intern

Feature = tuple[str, ...] | str
"""A feature as it is weighed: the words of its name, for those are made fast; anything else by its name."""
WHOLE = frozenset("npq")
"""What names begin with that are no words: counts, and phrases of danger."""
ROOM = 21
"""Bits of each sum of weights: three fit into a number of the processor, and no file's weights add up to half of its range."""
HALF = 1 << ROOM - 1


def read_weights(file: Path) -> Mapping[Feature, int]:
    """The weights of each feature in a file, as one number; those of a text without any have the name `""`."""
    found: dict[Feature, int] = {}
    once: dict[str, int] = {}
    for line in filter(None, file.read_text(encoding="utf-8").splitlines()):
        name, _, weights = line.partition("\t")
        if (packed := once.get(weights)) is None:
            packed = once[weights] = pack_weights(map(int, weights.split("\t")))
        found[read_name(name)] = packed
    return found


def name_feature(feature: Feature) -> str:
    """What a feature is called in the file."""
    return feature if isinstance(feature, str) else " ".join(feature)


def read_name(name: str) -> Feature:
    """The feature that is called so."""
    words = name.split(" ")
    return intern(name) if len(words) == 1 or words[0] in WHOLE else tuple(map(intern, words))


def split_word(word: str, sizes: Iterable[int]) -> tuple[str, ...]:
    """The pieces of a word that have so many letters, with a mark where it begins or ends."""
    marked = f"_{word}_"
    return tuple(intern(marked[at : at + size]) for size in sizes for at in range(len(marked) - size + 1))


def add_weights(weights: Mapping[Feature, int], features: Iterable[Feature]) -> int:
    """The sum of the weights of those features that have one."""
    return sum(filter(None, map(weights.get, features)))


def pack_weights(weights: Iterable[int]) -> int:
    """Several weights as one number, the first in its highest bits; one alone is itself."""
    packed = 0
    for one in weights:
        packed = (packed << ROOM) + one
    return packed


def unpack_weights(packed: int, count: int) -> tuple[int, ...]:
    """So many weights, or sums of them, from a sum of numbers that `pack_weights` made."""
    found: list[int] = []
    for _ in range(count - 1):
        low = (packed + HALF) % (2 * HALF) - HALF
        packed = (packed - low) >> ROOM
        found.append(low)
    return (packed, *reversed(found))
