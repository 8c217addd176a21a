"""Finding: the entries that have what somebody looks for and that they may read, the best first.

The index only proposes. What may be read is said by the room whose things they are (`SearchKind`), for the reader as they
are now, in the same query: what somebody may not read is not counted, not ranked and not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from bot.people.audience import Reader
from bot.search.queries import Meaning, SearchQuery
from bot.search.synonyms import Phrase
from bot.search.tables import search_entry
from bot.store.word_index import matching, search_text

CANDIDATES = 300
"""Entries that are weighed, the latest written of those that fit."""
NEAR = 4
"""Within how many words those of a phrase stand."""
SATURATION, LENGTH = 1.2, 0.6
"""How soon repeating a word counts no more, and how much a long text is held against it."""
USUAL = 40
"""Words of a usual entry."""
WEAK = 0.4
"""What is worth less than this share of the best is left out."""

STRONG = 0.65
"""What is worth at least this share of the best stands in the order of its kind; the rest comes after everything strong."""

Readable = Callable[[Reader, ColumnElement[Any]], ColumnElement[bool]]
"""Whether a reader may read the thing with the id in this column: a condition for a query."""


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """What narrows a search; what is empty narrows nothing. `lesson` is `course/lesson`."""

    lesson: str = ""
    tag: str = ""
    language: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class SearchHit:
    """Something that was found: which, and how well it fits."""

    kind: str
    ref: int
    score: float


def find_hits(
    conn: Connection, reader: Reader, query: SearchQuery, kinds: Mapping[str, Readable], filters: SearchFilters | None = None
) -> list[SearchHit]:  # fmt: skip
    """What a reader may read and looks for, the best first; nothing where nothing fits."""
    if not any(one.phrases for one in query.meanings):
        return []
    found = [
        SearchHit(kind, row.ref, score)
        for kind, readable in kinds.items()
        for row in _candidates(conn, reader, query, kind, readable, filters or SearchFilters())
        if (score := weigh_words(query, row.words.split())) > 0
    ]
    found.sort(key=lambda hit: (-hit.score, -hit.ref))
    least = WEAK * found[0].score if found else 0
    return [hit for hit in found if hit.score >= least]


def rank_hits(hits: Sequence[SearchHit], ranks: Mapping[str, int]) -> list[SearchHit]:
    """Hits by the rank of their kind, the lowest first; what fits much less than the best comes last, whatever its kind."""
    best = max((one.score for one in hits), default=0.0)
    return sorted(hits, key=lambda one: (one.score < STRONG * best, ranks[one.kind]))


def _candidates(
    conn: Connection, reader: Reader, query: SearchQuery, kind: str, readable: Readable, filters: SearchFilters
) -> Sequence[Any]:  # fmt: skip
    """The latest entries of a kind that have enough of the query and that the reader may read."""
    ways = [[one.stems for one in way] for way in query.ways() if all(one.phrases for one in way)]
    if not ways:
        return []
    c = search_entry.c
    conditions: list[Any] = [
        matching(conn.dialect.name, ways), c.community_id == reader.community_id, c.kind == kind, readable(reader, c.ref)
    ]  # fmt: skip
    if filters.lesson:
        conditions.append(c.lesson == filters.lesson)
    if filters.tag:
        conditions.append(c.tags.contains(f"|{filters.tag.casefold()}|", autoescape=True))
    if filters.language:
        conditions.append(c.language == filters.language)
    if filters.since is not None:
        conditions.append(c.at >= filters.since)
    joined = search_text.join(search_entry, c.id == search_text.c.rowid)
    query_of = select(c.ref, c.words).select_from(joined).where(*conditions)
    return conn.execute(query_of.order_by(search_text.c.rowid.desc()).limit(CANDIDATES)).all()


# ── how well it fits ──────────────────────────────────────────────────────────


def weigh_words(query: SearchQuery, words: Sequence[str]) -> float:
    """How well the words of an entry fit a query; 0 where they have too little of it."""
    places: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        places.setdefault(word, []).append(at)
    had, score = 0.0, 0.0
    long = SATURATION * (1 - LENGTH + LENGTH * len(words) / USUAL)
    for one in query.meanings:
        worth, often = _best_phrase(one, places)
        if often:
            had += one.rarity
            score += one.rarity * worth * often * (SATURATION + 1) / (often + long)
    return score if had >= query.enough - 1e-9 else 0.0


def _best_phrase(meaning: Meaning, places: Mapping[str, Sequence[int]]) -> tuple[float, int]:
    """(what the best of the phrases that are there is worth, how often any of them is there)."""
    worth, often = 0.0, 0
    for phrase, value in meaning.phrases:
        times = _count_phrase(phrase, places)
        if times:
            worth, often = max(worth, value), often + times
    return worth, often


def _count_phrase(phrase: Phrase, places: Mapping[str, Sequence[int]]) -> int:
    """How often the words of a phrase stand near each other."""
    first, *rest = (places.get(stem, ()) for stem in phrase)
    if not rest:
        return len(first)
    return sum(all(any(abs(at - other) <= NEAR for other in one) for one in rest) for at in first)
