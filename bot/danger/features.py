"""The features of a stretch of words: what is weighed of it, each by its name in `weights.tsv`.

`w` are words, and two that follow each other; `s` two words near each other; `c` and `k` the same with the groups of
`phrases.txt` in the place of their words; `p` and `q` phrases that stand in it; everything else is a piece of a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat

from bot import word_weights
from bot.danger.phrases import read_groups, read_phrases
from bot.word_weights import Feature

NEAR = 5
"""Words from one to another that is still near."""
PIECES = range(3, 6)
"""Letters in a piece of a word, with the mark where the word begins or ends."""
NAMED = 48
"""Characters of a phrase's line that name it."""
CUES = ("lessons", "jokes", "confided")


def features_of(words: Sequence[str]) -> tuple[set[Feature], set[Feature], set[Feature]]:
    """The features of a stretch: of its words, of pieces of words, of phrases."""
    return word_features(words), piece_features(words), phrase_features(words)


def word_features(words: Sequence[str]) -> set[Feature]:
    """Words and groups, alone, side by side and near each other."""
    groups = read_groups()
    edged = ["^", *words, "$"]
    kinds = [groups.get(one, one) for one in edged]
    found: set[Feature] = set(zip(repeat("w"), words))
    found.update(zip(repeat("w"), edged, edged[1:]))
    found.update(zip(repeat("c"), kinds, kinds[1:]))
    found.update(zip(repeat("c"), kinds, kinds[1:], kinds[2:]))
    for apart in range(1, NEAR + 1):
        found.update(zip(repeat("s"), words, words[apart:]))
    for apart in range(2, NEAR + 1):
        found.update(zip(repeat("k"), kinds, kinds[apart:]))
    return found


def piece_features(words: Sequence[str]) -> set[Feature]:
    """Pieces of words, by which inflections and typing errors are near each other."""
    return set().union(*map(split_word, set(words)))


@lru_cache(maxsize=8192)
def split_word(word: str) -> tuple[str, ...]:
    """The pieces of a word; remembered, for most words are written again and again."""
    return word_weights.split_word(word, PIECES)


def phrase_features(words: Sequence[str]) -> set[Feature]:
    """Phrases of danger, how many there are, and what takes from or adds to their weight."""
    book = read_phrases()
    plain = book.remove_idioms(f" {' '.join(words)} ")
    lines = {phrase.line[:NAMED] for phrase, _ in book.find(plain, "danger")}
    cues = {one for one in CUES if book.has(plain, one)}
    found: set[Feature] = {f"q {one}" for one in cues}
    if not lines:
        return found
    found.update(f"p {one}" for one in lines)
    found.update(f"p + {one}" for one in cues)
    found.update(f"p > {number}" for number in range(min(len(lines), 3)))
    if not cues & {"lessons", "jokes"}:
        found.add("p + nothing")
    return found
