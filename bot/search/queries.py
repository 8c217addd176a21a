"""A query as the index is asked: a group for each thing that is meant, with everything that would be a hit of it."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from sqlalchemy import Connection, func, select

from bot.search.slips import allowance_for, likely_beginnings, nearest_words
from bot.search.synonyms import NEAR, TOLD_APART, KnownPhrase, Phrase, known_stems, longest_at, spelled_words
from bot.search.tables import search_entry
from bot.search.terms import is_light, is_small, split_words, stems_of
from bot.store.word_index import matching, search_text, search_vocabulary

MOST_PIECES = 8
"""Words and phrases of a query that are looked for; the rest of a longer one is left out."""
EXACT = 3
"""Of so many things, every set that is enough is asked for; of more, that would be too long a question."""
COUNTED = 2_000
"""Entries with a word are counted up to here: what is more common is equally common."""
LIGHT = 0.1
"""What a word that says little counts of the least that another one does."""
ENOUGH = {1: 0.5, 2: 0.78}
FEW = 0.66
"""How much of what a query means something must have, weighed by how rare it is: of one word all, of two nearly all, of more
two thirds."""

ONE_SLIP = 1.5
"""What lies at most between a word that nobody wrote and the one it is read as: `marching` is no `marking`."""
MENDED = 3
"""Words that nobody wrote which are read as what somebody meant; the rest of a query stays as it is."""
LOOKED_AT = 8_000
"""Indexed words that one such word is compared with. Each takes microseconds of the processor, and a large index has a
hundred thousand that begin with the same letter."""
TOPICS = 0.34
"""How much of what a query means its topics must be, so that they are looked for alone."""

PhrasesByStart = Mapping[str, Sequence[tuple[Phrase, float]]]
"""Phrases by their first stem: the rest of each, and what it is worth."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a query means: the phrases that are hits of it, with what each is worth, and how rare it is.

    `is_topic`: several words name it together, as `late work` does; one word alone says less surely what is meant.
    `is_common`: more entries than are counted have it.
    """

    phrases: tuple[tuple[Phrase, float], ...]
    rarity: float = 1.0
    is_topic: bool = False
    is_common: bool = False

    @property
    def written(self) -> list[str]:
        """The phrases as the index is asked for them: what has none of them is no hit."""
        return _write_phrases([phrase for phrase, _worth in self.phrases])

    @property
    def named(self) -> list[str]:
        """Those that mean the same, without what is only near."""
        return _write_phrases([phrase for phrase, worth in self.phrases if worth > NEAR])

    def phrases_by_start(self) -> PhrasesByStart:
        """The phrases, so that whoever has the words of an entry need not go through them all."""
        found: dict[str, list[tuple[Phrase, float]]] = {}
        for phrase, worth in self.phrases:
            found.setdefault(phrase[0], []).append((phrase[1:], worth))
        return found


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What somebody looks for, read. `enough` is the share of the rarity that a hit must have."""

    meanings: tuple[Meaning, ...]
    share: float = 0.0

    @property
    def enough(self) -> float:
        """How much of the whole rarity a hit needs."""
        share = self.share or ENOUGH.get(len(self.meanings), FEW)
        return share * sum(one.rarity for one in self.meanings)

    def topics(self) -> SearchQuery:
        """What is left without words that stand alone: `late work` of `late work policy`; nothing where that is little of it."""
        kept = tuple(one for one in self.meanings if one.is_topic)
        whole = sum(one.rarity for one in self.meanings)
        return SearchQuery(kept if sum(one.rarity for one in kept) >= TOPICS * whole else ())

    def ways(self) -> list[list[list[str]]]:
        """What the index is asked for: in one of the ways, a phrase of each group. Nothing that has enough is left out."""
        return [[self._write(group) for group in way] for way in self._ways()]

    @property
    def is_rare(self) -> bool:
        """Whether few entries can be a hit: in each of the ways there is a group that is not common."""
        return all(
            any(not any(self.meanings[at].is_common for at in group) for group in way) for way in self._ways()
        )

    def _write(self, group: Iterable[int]) -> list[str]:
        return [phrase for at in group for phrase in self.meanings[at].written]

    def _ways(self) -> list[list[list[int]]]:
        """The ways, each group as the places of its meanings."""
        if len(self.meanings) > EXACT:
            return [self._blocks()]
        found: list[frozenset[int]] = []
        for size in range(1, len(self.meanings) + 1):
            for few in map(frozenset, combinations(range(len(self.meanings)), size)):
                if not any(one <= few for one in found) and self._is_enough(few):
                    found.append(few)
        return [[[at] for at in sorted(few)] for few in found if all(self.meanings[at].phrases for at in few)]

    def _is_enough(self, few: Collection[int]) -> bool:
        return sum(self.meanings[at].rarity for at in few) >= self.enough - 1e-9

    def _blocks(self) -> list[list[int]]:
        """Groups of meanings without which the others are not enough: whatever has enough has one of each group."""
        places = range(len(self.meanings))
        found, block = list[list[int]](), set[int]()
        for at in sorted(places, key=lambda one: -self.meanings[one].rarity):
            block.add(at)
            if not self._is_enough([one for one in places if one not in block]):
                found.append(sorted(block))
                block = set()
        return [group for group in found if self._write(group)]


@dataclass(frozen=True, slots=True)
class QueryPiece:
    """Words of a query that mean one thing: what they are known to mean, and the stems of one that stands alone."""

    words: tuple[str, ...]
    stems: frozenset[str]
    known: tuple[KnownPhrase, ...] = ()

    @property
    def is_topic(self) -> bool:
        """Whether several words name it together."""
        return len(self.words) > 1 and any(one.written in one.group.same for one in self.known)

    @property
    def is_light(self) -> bool:
        """Whether it is a word that says little."""
        return len(self.words) == 1 and is_light(self.words[0])

    def weighed(self) -> tuple[tuple[Phrase, float], ...]:
        """Every phrase that is a hit of it, with what it is worth."""
        found: dict[Phrase, float] = {}
        for one in self.known:
            for phrase, worth in one.group.worths(one.written).items():
                found[phrase] = max(worth, found.get(phrase, 0.0))
        if len(self.words) == 1 and (not self.known or len(self.words[0]) >= TOLD_APART):
            found |= {(stem,): 1.0 for stem in self.stems}
        return tuple(sorted(found.items()))


def content_words(text: str) -> list[str]:
    """The words of a query that say what it is about, folded, in their order."""
    words = split_words(text)
    return [
        word for piece in _split_pieces(words, [stems_of(word) for word in words]) for word in piece.words
    ]


def _split_pieces(words: Sequence[str], stems: Sequence[frozenset[str]]) -> list[QueryPiece]:
    """The longest known phrases, and each other word alone, each once."""
    small, at = [is_small(word) for word in words], 0
    found: dict[tuple[str, ...], QueryPiece] = {}
    while at < len(words):
        places, known = longest_at(stems, small, at)
        if small[at] and len(places) < 2:
            at += 1
            continue
        places = places or (at,)
        said = tuple(words[one] for one in places)
        found.setdefault(said, QueryPiece(said, stems[at], tuple(known)))
        at = places[-1] + 1
    return list(found.values())[:MOST_PIECES]


def read_query(conn: Connection, text: str) -> SearchQuery:
    """What a text means to the index as it is now."""
    read, mends = list[tuple[str, frozenset[str]]](), 0
    for word in split_words(text):
        stems_read = stems_of(word)
        if mends < MENDED and not _is_written(conn, word, stems_read):
            mends += 1
            read.append(_mend_word(conn, word, stems_read))
        else:
            read.append((word, stems_read))
    words, stems = [word for word, _stems in read], [stems for _word, stems in read]
    pieces = _split_pieces(words, stems)
    whole = _count_entries(conn)
    meanings = [_meaning_of(conn, piece, whole) for piece in pieces]
    least = LIGHT * min(
        (one.rarity for one, piece in zip(meanings, pieces, strict=True) if not piece.is_light), default=0.0
    )
    for at, piece in enumerate(pieces):
        if piece.is_light and least:
            meanings[at] = replace(meanings[at], rarity=min(least, meanings[at].rarity))
    return SearchQuery(tuple(meanings))


def _meaning_of(conn: Connection, piece: QueryPiece, whole: int) -> Meaning:
    meaning = Meaning(piece.weighed(), is_topic=piece.is_topic)
    known = _count_with(conn, meaning.named)
    return replace(meaning, rarity=math.log(1 + whole / (known or 0.5)), is_common=known >= COUNTED)


def _is_written(conn: Connection, word: str, stems: frozenset[str]) -> bool:
    """Whether a word says nothing, or is in the lists or in the index as it stands."""
    return is_small(word) or bool(stems & known_stems() or _count_with(conn, sorted(stems)))


def _mend_word(conn: Connection, word: str, stems: frozenset[str]) -> tuple[str, frozenset[str]]:
    """A word that nobody wrote as what somebody most likely meant by it, if there is anything: it, and its stems.

    That is first a word as the lists spell it (`multiplicasion`), then stems of the index.
    """
    for spelled in nearest_words(word, spelled_words(), most=1, allowed=ONE_SLIP):
        return spelled, stems_of(spelled)
    found = set[str]()
    for stem in filter(allowance_for, stems):
        known = {*list_indexed_like(conn, stem), *(one for one in known_stems() if one[0] in stem[:2])}
        found |= set(nearest_words(stem, known))
    return word, frozenset(found) or stems


def list_indexed_like(conn: Connection, stem: str) -> list[str]:
    """The indexed words that begin with either of the first two letters of a stem; of many, those that begin most like it."""
    found = _beginning_with(conn, dict.fromkeys(stem[:2]))
    return found if len(found) < LOOKED_AT else _beginning_with(conn, likely_beginnings(stem))


def _beginning_with(conn: Connection, beginnings: Iterable[str]) -> list[str]:
    """The first indexed words with these beginnings, as many as are looked at."""
    found, term = list[str](), search_vocabulary.c.term
    for one in beginnings:
        query = select(term).where(term >= one, term < one[:-1] + chr(ord(one[-1]) + 1))
        found += conn.execute(query.limit(LOOKED_AT - len(found))).scalars()
        if len(found) >= LOOKED_AT:
            break
    return found


def _write_phrases(phrases: Sequence[Phrase]) -> list[str]:
    """Phrases without those that have a word which is there alone, too."""
    alone = {phrase[0] for phrase in phrases if len(phrase) == 1}
    return [" ".join(one) for one in phrases if len(one) == 1 or alone.isdisjoint(one)]


def _count_entries(conn: Connection) -> int:
    """About how many entries there are: the highest number of one."""
    return conn.execute(select(func.max(search_entry.c.id))).scalar_one() or 0


def _count_with(conn: Connection, phrases: Sequence[str]) -> int:
    """How many entries have one of these phrases, as far as it is counted."""
    if not phrases:  # a word that is known only as near something, and in no text of the index
        return 0
    match = matching(conn.dialect.name, [[phrases]])
    some = select(search_text.c.rowid).where(match).limit(COUNTED).subquery()
    return conn.execute(select(func.count()).select_from(some)).scalar_one()
