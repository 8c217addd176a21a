"""The features of a stretch of words: what is weighed of it, each by its name in `weights.tsv`.

`w` are words, and two that follow each other; `s` two words near each other; `c` and `k` the same with the groups of
`phrases.txt` in the place of their words; `p` and `q` phrases that stand in it; everything else is a piece of a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot.danger.phrases import read_groups, read_phrases

NEAR = 5
"""Words from one to another that is still near."""
PIECES = range(3, 6)
"""Letters in a piece of a word, with the mark where the word begins or ends."""
NAMED = 48
"""Characters of a phrase's line that name it."""
CUES = ("lessons", "jokes", "confided")


def features_of(words: Sequence[str]) -> tuple[set[str], set[str], set[str]]:
    """The features of a stretch: of its words, of pieces of words, of phrases."""
    return word_features(words), piece_features(words), phrase_features(words)


def word_features(words: Sequence[str]) -> set[str]:
    """Words and groups, alone, side by side and near each other."""
    groups = read_groups()
    edged = ["^", *words, "$"]
    kinds = [groups.get(one, one) for one in edged]
    found = {f"w {one}" for one in words}
    found.update(f"w {a} {b}" for a, b in pairwise(edged))
    found.update(f"c {a} {b}" for a, b in pairwise(kinds))
    found.update(f"c {a} {b} {c}" for a, b, c in zip(kinds, kinds[1:], kinds[2:], strict=False))
    for at, one in enumerate(words):
        found.update(f"s {one} {other}" for other in words[at + 1 : at + 1 + NEAR])
    for at, one in enumerate(kinds):
        found.update(f"k {one} {other}" for other in kinds[at + 2 : at + 1 + NEAR])
    return found


def piece_features(words: Sequence[str]) -> set[str]:
    """Pieces of words, by which inflections and typing errors are near each other."""
    found: set[str] = set()
    for one in words:
        marked = f"_{one}_"
        for size in PIECES:
            found.update(marked[at : at + size] for at in range(len(marked) - size + 1))
    return found


def phrase_features(words: Sequence[str]) -> set[str]:
    """Phrases of danger, how many there are, and what takes from or adds to their weight."""
    book = read_phrases()
    plain = book.remove_idioms(f" {' '.join(words)} ")
    lines = {phrase.line[:NAMED] for phrase, _ in book.find(plain, "danger")}
    cues = {one for one in CUES if book.has(plain, one)}
    found = {f"q {one}" for one in cues}
    if not lines:
        return found
    found.update(f"p {one}" for one in lines)
    found.update(f"p + {one}" for one in cues)
    found.update(f"p > {number}" for number in range(min(len(lines), 3)))
    if not cues & {"lessons", "jokes"}:
        found.add("p + nothing")
    return found
