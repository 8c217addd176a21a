"""Slips of the hand: which indexed word somebody most likely meant by one that nobody wrote.

What is easily confused costs little (letters swapped, doubled or left out, one vowel for another, letters that sound
alike), another consonant costs more: `behaivor` is near `behavior`, but `chess` is not near `chest`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from string import ascii_lowercase

SHORTEST = 5
"""Letters of the shortest word that is mended."""
_VOWELS = frozenset("aeiouy")
_ALIKE = tuple(map(frozenset, ("cks", "csz", "bv", "gj", "fp", "mn", "qk", "xs", "hj", "ly", "dt")))
_OTHER = 1.5
"""What one consonant for another costs."""
_FAR = 99.0


def allowance_for(word: str) -> float:
    """What a slip in a word may cost: one small slip, two in a long word."""
    letters = len(word.rstrip("0"))  # the mark of a language is none
    if letters < SHORTEST:
        return 0.0
    return 1.0 if letters < 8 else 2.0


def slip_cost(one: str, other: str, most: float) -> float:
    """What lies between two words; more than `most` where it is too much."""
    if abs(len(one) - len(other)) > most:
        return _FAR
    before: list[float] = []
    last = [float(at) for at in range(len(other) + 1)]
    for row, letter in enumerate(one, 1):
        now = [float(row)]
        for column, beside in enumerate(other, 1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + _swap_cost(letter, beside))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == beside:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        if min(now) > most:
            return _FAR
        before, last = last, now
    return last[-1]


def _swap_cost(one: str, other: str) -> float:
    if one == other:
        return 0.0
    alike = {one, other} <= _VOWELS or any({one, other} <= few for few in _ALIKE)
    return 1.0 if alike else _OTHER


def likely_beginnings(word: str) -> tuple[str, ...]:
    """What a word may begin with that somebody meant by this one, three letters or two, the likeliest first.

    Right at first; two letters swapped; one too many; one left out or another in its place behind the first; a slip in the
    third.
    """
    first, second, third, more = word[0], word[1], word[2], word[3:4]
    found = [word[:3], first + third + second, second + first + third, first + third + more, word[1:4]]
    found += [first + one + second for one in ascii_lowercase]
    found += [first + one + third for one in ascii_lowercase]
    return tuple(dict.fromkeys((*found, word[:2])))


@lru_cache(maxsize=100_000)
def _letters_of(word: str) -> int:
    """The letters of a word as bits."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) % 61)
    return bits


def nearest_words(
    word: str, known: Iterable[str], most: int = 3, *, allowed: float = _FAR
) -> tuple[str, ...]:  # fmt: skip
    """The known words that are nearest to one, all as near as each other; none where even they are too far.

    `allowed`: what a slip may cost, whatever the length of the word.
    """
    best, found, letters, length = (
        min(allowance_for(word), allowed),
        list[str](),
        _letters_of(word),
        len(word),
    )
    if not best:
        return ()
    for one in known:
        # A slip changes two letters at most: whatever has more others need not be looked at closely.
        if abs(len(one) - length) > best or (_letters_of(one) ^ letters).bit_count() > 2 * best:
            continue
        cost = slip_cost(word, one, best)
        if 0 < cost < best or (0 < cost == best and not found):
            best, found = cost, [one]
        elif 0 < cost == best:
            found.append(one)
    return tuple(sorted(found)[:most])
