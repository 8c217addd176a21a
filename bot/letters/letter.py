"""A letter from somebody's own answers: their first and latest words, what came back, and how their scales moved.

It is made by rules alone. Nothing is judged or reworded; every quote is what the person wrote.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.letters.common_words import COMMON_WORDS

FEWEST = 3
"""Answers below which there is no letter."""
APART = 28
"""Days that must lie between two answers for one to be then and the other now."""
PAIRS, RETURNING, SCALES = 3, 5, 4
"""How many of each there are at most."""
TIMES = 3
"""Answers in which a word must be, to have come back."""
SAYS_SOMETHING = 4
"""Words that a quote has at least."""
_WORD = re.compile(r"[^\W\d_]{5,}")


@dataclass(frozen=True, slots=True)
class ScalePick:
    """A number that somebody picked: what was asked, the number, and the ends with their words."""

    ask: str
    value: int
    start: int
    end: int
    low: str
    high: str

    @property
    def scale(self) -> tuple[str, int, int]:
        """What must be the same for two picks to be comparable."""
        return self.ask.casefold(), self.start, self.end


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """One of somebody's answers. `asked` is all that was asked, `words` all that they wrote."""

    day: date
    prompt_id: int
    title: str
    theme: str
    asked: str
    words: str
    picks: tuple[ScalePick, ...] = ()


@dataclass(frozen=True, slots=True)
class ThenAndNow:
    """The first and the latest words about one thing."""

    then: OwnEntry
    now: OwnEntry

    @property
    def days(self) -> int:
        return (self.now.day - self.then.day).days


@dataclass(frozen=True, slots=True)
class ReturningWord:
    """A word that came back: in how many answers, and from when to when."""

    word: str
    times: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class ScaleMove:
    """What somebody picked on one scale, oldest first."""

    picks: tuple[tuple[date, ScalePick], ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says: of how many answers, from when to when, and what was found in them."""

    count: int
    first: date
    last: date
    pairs: tuple[ThenAndNow, ...]
    words: tuple[ReturningWord, ...]
    scales: tuple[ScaleMove, ...]


def write_letter(entries: Iterable[OwnEntry]) -> Letter | None:
    """The letter from these answers; None where they are too few, or too close together to say anything."""
    told = sorted(entries, key=lambda one: one.day)
    if len(told) < FEWEST:
        return None
    pairs, words, scales = find_pairs(told), find_returning_words(told), find_scale_moves(told)
    if not (pairs or words or scales):
        return None
    return Letter(len(told), told[0].day, told[-1].day, pairs, words, scales)


# ── then and now ──────────────────────────────────────────────────────────────


def find_pairs(entries: Sequence[OwnEntry]) -> tuple[ThenAndNow, ...]:
    """First and latest words: to the same prompt, then about the same theme, then at all. No answer is quoted twice."""
    quotable = [one for one in entries if len(one.words.split()) >= SAYS_SOMETHING]
    found: list[ThenAndNow] = []
    quoted: set[int] = set()
    for groups in (_by(quotable, "prompt_id"), _by(quotable, "theme"), [quotable]):
        wide = [ThenAndNow(group[0], group[-1]) for group in groups if group]
        for pair in sorted(wide, key=lambda one: -one.days):
            ends = {id(pair.then), id(pair.now)}
            if pair.days >= APART and len(found) < PAIRS and not ends & quoted:
                found.append(pair)
                quoted |= ends
        if found:
            break
    return tuple(found)


def _by(entries: Iterable[OwnEntry], name: str) -> list[list[OwnEntry]]:
    groups: dict[object, list[OwnEntry]] = defaultdict(list)
    for one in entries:
        if key := getattr(one, name):
            groups[key].append(one)
    return list(groups.values())


# ── what came back ────────────────────────────────────────────────────────────


def find_returning_words(entries: Sequence[OwnEntry]) -> tuple[ReturningWord, ...]:
    """Words that stand in several answers, weeks apart, and that no question put into anybody's mouth."""
    shown: dict[str, str] = {}
    days: dict[str, list[date]] = defaultdict(list)
    for one in entries:
        asked = {_stem(word) for word in _WORD.findall(one.asked.casefold())}
        said = {_stem(word): word for word in _WORD.findall(one.words.casefold())}
        for stem, word in said.items():
            if stem not in asked and word not in COMMON_WORDS and stem not in COMMON_WORDS:
                shown.setdefault(stem, word)
                days[stem].append(one.day)
    back = [
        ReturningWord(shown[stem], len(at), at[0], at[-1])
        for stem, at in days.items()
        if len(at) >= TIMES and (at[-1] - at[0]).days >= APART
    ]
    return tuple(sorted(back, key=lambda one: (-one.times, one.first, one.word))[:RETURNING])


def _stem(word: str) -> str:
    """A word without the mark of a plural: hallways and hallway are one, and pasillos and pasillo."""
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


# ── how scales moved ──────────────────────────────────────────────────────────


def find_scale_moves(entries: Sequence[OwnEntry]) -> tuple[ScaleMove, ...]:
    """Scales that were picked on more than once, weeks apart; those with the most picks first."""
    picked: dict[tuple[str, int, int], list[tuple[date, ScalePick]]] = defaultdict(list)
    for one in entries:
        for pick in one.picks:
            picked[pick.scale].append((one.day, pick))
    moves = [ScaleMove(tuple(at)) for at in picked.values() if (at[-1][0] - at[0][0]).days >= APART]
    return tuple(sorted(moves, key=lambda one: -len(one.picks))[:SCALES])


def thin_out(move: ScaleMove, most: int) -> Iterator[tuple[date, ScalePick]]:
    """Up to so many picks of a scale: the first, the latest, and those between them at even distances."""
    picks = move.picks
    if len(picks) <= most:
        yield from picks
        return
    places = sorted({round(n * (len(picks) - 1) / (most - 1)) for n in range(most)})
    yield from (picks[at] for at in places)
