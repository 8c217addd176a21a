"""What a message weighs: how much its words speak for talk with the bot, and for a wish to stop.

`weights.tsv` holds what `tests/intents/train.py` learned from invented messages: `w` are words, alone and two that follow
each other, everything else is a piece of a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from math import sqrt
from pathlib import Path

_FILE = Path(__file__).with_name("weights.tsv")
UNIT = 100
"""Weights are written as whole numbers of this part of one."""
PIECES = (3, 4)
"""Letters in a piece of a word, with the mark where the word begins or ends."""


def features_of(words: Sequence[str]) -> set[str]:
    """The features of the words of a message."""
    edged = ["^", *words, "$"]
    found = {f"w {one}" for one in words}
    found.update(f"w {a} {b}" for a, b in pairwise(edged))
    for one in words:
        marked = f"_{one}_"
        for size in PIECES:
            found.update(marked[at : at + size] for at in range(len(marked) - size + 1))
    found.add(f"w {min(len(words) // 4, 5)}")
    return found


def weigh_words(words: Sequence[str]) -> tuple[float, float]:
    """How much words speak for talk with the bot, and for a wish to stop; from 0 on more for it than against it."""
    weights = read_weights()
    names = features_of(words)
    known = [weights[one] for one in names if one in weights]
    size = sqrt(len(names) or 1)
    (talk, stop) = weights[""]
    return (
        (talk + sum(one for one, _ in known) / size) / UNIT,
        (stop + sum(one for _, one in known) / size) / UNIT,
    )


@cache
def read_weights() -> Mapping[str, tuple[int, int]]:
    """The weights of each feature, and of none at all (`""`); the file is read once."""
    lines = (line.split("\t") for line in _FILE.read_text(encoding="utf-8").splitlines() if line)
    return {name: (int(talk), int(stop)) for name, talk, stop in lines}
