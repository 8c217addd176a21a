"""A query as the index is asked: a group for each thing that is meant, with everything that would be a hit of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import Connection, func, select

from bot.search.slips import nearest_words
from bot.search.synonyms import Phrase, known_stems, longest_phrase, meant_by
from bot.search.tables import search_entry
from bot.search.terms import is_light, is_small, split_words, stems_of
from bot.store.word_index import matching, search_text, search_vocabulary

MOST_WORDS = 8
"""Words of a query that are looked for; the rest of a longer one is left out."""
COUNTED = 20_000
"""Entries with a word are counted up to here: what is more common is equally common."""
SYNONYM, MENDED = 0.5, 0.7
"""What a hit of another word for the same thing is worth, and of a word as somebody most likely meant to write it."""
LIGHT = 0.2
"""What a word that says little counts of its rarity."""
ENOUGH = {1: 1.0, 2: 0.78}
FEW = 0.62
"""How much of what a query means something must have, weighed by how rare it is: of one word all, of two nearly all."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a query means: the phrases that are hits of it, with what each is worth, and how rare it is."""

    phrases: tuple[tuple[Phrase, float], ...]
    rarity: float = 1.0

    @property
    def stems(self) -> tuple[str, ...]:
        """A stem of each phrase: what has none of them is no hit."""
        return tuple(dict.fromkeys(phrase[0] for phrase, _worth in self.phrases))


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What somebody looks for, read. `enough` is the share of the rarity that a hit must have."""

    meanings: tuple[Meaning, ...]
    words: tuple[str, ...]

    @property
    def enough(self) -> float:
        """How much of the whole rarity a hit needs."""
        return ENOUGH.get(len(self.meanings), FEW) * sum(one.rarity for one in self.meanings)

    def ways(self) -> list[tuple[Meaning, ...]]:
        """The smallest sets of meanings that are enough."""
        found: list[tuple[Meaning, ...]] = []
        for size in range(1, len(self.meanings) + 1):
            for few in combinations(self.meanings, size):
                if any(set(one) <= set(few) for one in found):
                    continue
                if sum(one.rarity for one in few) >= self.enough - 1e-9:
                    found.append(few)
        return found


def content_words(text: str) -> list[str]:
    """The words of a query that say what it is about, folded, each once."""
    return list(dict.fromkeys(word for word in split_words(text) if not is_small(word)))[:MOST_WORDS]


def read_query(conn: Connection, text: str) -> SearchQuery:
    """What a text means to the index as it is now."""
    words = content_words(text)
    stems = [stems_of(word) for word in words]
    meanings, at = [], 0
    whole = _count_entries(conn)
    while at < len(words):
        length, meaning = _meaning_at(conn, stems, at)
        known = _count_with(conn, meaning.stems) if meaning.stems else 0
        rarity = math.log(1 + whole / (known or 0.5)) * (
            LIGHT if length == 1 and is_light(words[at]) else 1.0
        )
        meanings.append(Meaning(meaning.phrases, rarity))
        at += length
    return SearchQuery(tuple(meanings), tuple(words))


def _meaning_at(conn: Connection, stems: Sequence[frozenset[str]], at: int) -> tuple[int, Meaning]:
    """(how many words it takes, what the words from here on mean): the longest known phrase, else a word alone."""
    for length in range(min(longest_phrase(), len(stems) - at), 0, -1):
        own = tuple(stems[at : at + length])
        others = meant_by(own)
        if others is not None:
            said = {phrase for phrase in others if _is_said(phrase, own)}
            if length == 1:
                said |= {(stem,) for stem in own[0]}
            return length, _weighed(said, others - said, SYNONYM)
    alone: set[Phrase] = {(stem,) for stem in stems[at]}
    if _count_with(conn, list(stems[at])):
        return 1, _weighed(alone, (), 0)
    return 1, _mended(conn, stems[at])


def _is_said(phrase: Phrase, own: Sequence[frozenset[str]]) -> bool:
    return len(phrase) == len(own) and all(stem in may for stem, may in zip(phrase, own, strict=True))


def _weighed(said: set[Phrase], others: frozenset[Phrase] | tuple[()], worth: float) -> Meaning:
    return Meaning((*((one, 1.0) for one in sorted(said)), *((one, worth) for one in sorted(others))))


def _mended(conn: Connection, stems: frozenset[str]) -> Meaning:
    """The words that somebody most likely meant, in what is indexed or known to mean the same; none is no hit."""
    found: dict[Phrase, float] = {}
    for stem in stems:
        known = {*_indexed_like(conn, stem), *(one for one in known_stems() if one[0] in stem[:2])}
        for near in nearest_words(stem, known):
            found[(near,)] = MENDED
            for other in meant_by((frozenset({near}),)) or ():
                found.setdefault(other, MENDED * SYNONYM)
    return Meaning(tuple(sorted(found.items())))


def _indexed_like(conn: Connection, stem: str) -> list[str]:
    """The indexed words that begin with either of the first two letters of a stem."""
    found = []
    for first in dict.fromkeys(stem[:2]):
        term = search_vocabulary.c.term
        query = select(term).where(term >= first, term < chr(ord(first) + 1))
        found += list(conn.execute(query).scalars())
    return found


def _count_entries(conn: Connection) -> int:
    """About how many entries there are: the highest number of one."""
    return conn.execute(select(func.max(search_entry.c.id))).scalar_one() or 0


def _count_with(conn: Connection, stems: Sequence[str]) -> int:
    """How many entries have one of these stems, as far as it is counted."""
    match = matching(conn.dialect.name, [[sorted(stems)]])
    some = select(search_text.c.rowid).where(match).limit(COUNTED).subquery()
    return conn.execute(select(func.count()).select_from(some)).scalar_one()
