"""Words for one thing in schools, in English and Spanish, and what else is found by them, from `synonyms.txt`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from bot.search.terms import (
    LANGUAGES,
    SearchLanguage,
    is_glue,
    small_words,
    split_words,
    stem_word,
    tokens_of,
)

Phrase = tuple[str, ...]
"""Stems that stand together."""
SAME, NEAR, FAR, ABROAD = 0.6, 0.35, 0.2, 0.8
"""What a hit of another word for the same thing is worth, of what is near it, of what it is near to, and of any in the
other language."""
TOLD_APART = 5
"""Letters of the shortest word that is looked for in texts of the other language, too: a `sub` is not `sube`."""
_FILE = Path(__file__).with_name("synonyms.txt")


@dataclass(frozen=True, slots=True)
class WrittenPhrase:
    """A phrase of the file, and the language it is in."""

    text: str
    language: SearchLanguage

    @property
    def asked(self) -> Phrase:
        """Its stems as a query has them: with small words, which tell `show up` from `show`."""
        words = split_words(self.text)
        kept = [word for word in words if not is_glue(word)]
        return tuple(stem_word(word, self.language) for word in (kept if len(kept) > 1 else words))

    def found(self) -> frozenset[Phrase]:
        """Its stems as texts of either language have them."""
        return _found_stems(self.text, self.language)


@cache
def _found_stems(text: str, language: SearchLanguage) -> frozenset[Phrase]:
    """None where small words would be all of a phrase but one: they are in no text of the index."""
    words = split_words(text)
    found = set[Phrase]()
    for other in LANGUAGES:
        if other != language and min(map(len, words)) < TOLD_APART:
            continue
        tokens = list(tokens_of(words, other))
        if sum(width for _stem, width in tokens) >= min(len(words), 2):
            found.add(tuple(stem for stem, _width in tokens))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """A line of the file: words that mean the same, what is near them, and signs that a text is about them."""

    same: tuple[WrittenPhrase, ...]
    near: tuple[WrittenPhrase, ...]
    signs: tuple[WrittenPhrase, ...]

    def worths(self, asked: WrittenPhrase) -> dict[Phrase, float]:
        """What each phrase is worth as a hit of one that somebody looks for."""
        found = dict.fromkeys(asked.found(), 1.0)
        is_near = asked in self.near
        sides = [(self.same, FAR)] if is_near else [(self.same, SAME), (self.near, NEAR), (self.signs, NEAR)]
        for others, worth in sides:
            for other in others:
                for phrase in other.found():
                    value = worth * (1 if other.language == asked.language else ABROAD)
                    found[phrase] = max(value, found.get(phrase, 0.0))
        return found


@dataclass(frozen=True, slots=True)
class KnownPhrase:
    """A phrase that may be looked for, by its stems, with the group that says what it finds."""

    stems: Phrase
    written: WrittenPhrase
    group: SynonymGroup


@cache
def read_groups() -> tuple[SynonymGroup, ...]:
    """The groups of the file."""
    lines = (line.strip() for line in _FILE.read_text(encoding="utf-8").splitlines())
    return tuple(_read_group(line) for line in lines if line and not line.startswith("#"))


def _read_group(line: str) -> SynonymGroup:
    line, _mark, signs = line.partition(">")
    same, _mark, near = line.partition("~")
    return SynonymGroup(*(tuple(_read_side(part)) for part in (same, near, signs)))


def _read_side(part: str) -> Iterator[WrittenPhrase]:
    for language, side in zip(LANGUAGES, part.split("/"), strict=False):
        for text in filter(None, (one.strip() for one in side.split(","))):
            yield WrittenPhrase(text, language)


@cache
def phrases_by_stem() -> Mapping[str, Sequence[KnownPhrase]]:
    """Everything that may be looked for, by the first of its stems."""
    found: defaultdict[str, list[KnownPhrase]] = defaultdict(list)
    for group in read_groups():
        for written in (*group.same, *group.near):
            stems = written.asked
            found[stems[0]].append(KnownPhrase(stems, written, group))
    return found


@cache
def known_stems() -> frozenset[str]:
    """Every stem that may be looked for."""
    return frozenset(stem for some in phrases_by_stem().values() for one in some for stem in one.stems)


@cache
def spelled_words() -> frozenset[str]:
    """Every word that may be looked for, as the file spells it, and those that say nothing."""
    looked_for = (one.text for group in read_groups() for one in (*group.same, *group.near))
    return frozenset(chain(small_words(), *map(split_words, looked_for)))


def longest_at(
    stems: Sequence[frozenset[str]], small: Sequence[bool], at: int
) -> tuple[tuple[int, ...], list[KnownPhrase]]:
    """(where the words of the longest known phrases from here on stand, these phrases); small words may be between."""
    best: tuple[int, ...] = ()
    found: list[KnownPhrase] = []
    for first in stems[at]:
        for one in phrases_by_stem().get(first, ()):
            places = _places_of(one.stems, stems, small, at)
            if places and len(places) > len(best):
                best, found = places, [one]
            elif places and len(places) == len(best):
                found.append(one)
    return best, found


def _places_of(
    phrase: Phrase, stems: Sequence[frozenset[str]], small: Sequence[bool], at: int
) -> tuple[int, ...]:
    places = [at]
    for stem in phrase[1:]:
        at += 1
        while at < len(stems) and small[at] and stem not in stems[at]:
            at += 1
        if at >= len(stems) or stem not in stems[at]:
            return ()
        places.append(at)
    return tuple(places)


def load_synonyms() -> None:
    """Read the file before anybody waits for it. What is found by a group is computed for whoever asks first: a moment, and all of them six megabytes."""
    known_stems()
