"""Finding: the entries that have what somebody looks for and that they may read, the best first.

The index only proposes. What may be read is said by the room whose things they are (`SearchKind`), for the reader as they
are now, in the same query: what somebody may not read is not counted, not ranked and not shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, TextClause, select

from bot.people.audience import Reader
from bot.search.queries import PhrasesByStart, SearchQuery
from bot.search.synonyms import ABROAD, NEAR
from bot.search.tables import search_entry
from bot.search.terms import kind_word
from bot.store.word_index import matching, newest_first, search_text

CANDIDATES = 300
"""Entries that are weighed, the latest written of those that fit."""
APART = 4
"""Within how many words those of a phrase stand."""
SATURATION, LENGTH = 1.2, 0.7
"""How soon repeating a word counts no more, and how much a long text is held against it."""
USUAL = 40
"""Words of a usual entry."""
WEAK = 0.46
"""What is worth less than this share of the best is weak: it is left out, but for what stands behind enough others."""
ENOUGH_FIT, FAINT = 3, 0.1
"""Where so many things fit, what is weak fills up the list behind them; what is not worth even this share, never."""

FILLED, LESS = 10, 0.4
"""Where something fits and fewer were found than this, what has only this share of what is meant is found behind it."""
COVER = 0.5
"""How much what is missing of a query is held against what has the rest of it."""
SURE = NEAR * ABROAD
"""What is worth less than this is not quite what was meant: it counts only in part as being there."""
STRONG = 0.8
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
    narrowed = filters or SearchFilters()
    found = _weighed(conn, reader, query, kinds, narrowed)
    if not found:
        found = _weighed(conn, reader, query.topics(), kinds, narrowed)
    elif len(found) < FILLED and len(query.meanings) > 1:
        found = _weighed(conn, reader, replace(query, share=LESS), kinds, narrowed)
    found.sort(key=lambda hit: (-hit.score, -hit.ref))
    return cut_weak(found)


def cut_weak(found: Sequence[SearchHit]) -> list[SearchHit]:
    """What fits, of hits in their order; behind enough of it, what is weak, until the list is full."""
    best = found[0].score if found else 0.0
    fit = [hit for hit in found if hit.score >= WEAK * best]
    if len(fit) < ENOUGH_FIT:
        return fit
    weak = [hit for hit in found[len(fit) :] if hit.score >= FAINT * best]
    return fit + weak[: max(0, FILLED - len(fit))]


def _weighed(
    conn: Connection, reader: Reader, query: SearchQuery, kinds: Mapping[str, Readable], filters: SearchFilters
) -> list[SearchHit]:  # fmt: skip
    """Every entry with enough of a query."""
    starts = [one.phrases_by_start() for one in query.meanings]
    return [
        SearchHit(kind, row.ref, score)
        for kind, readable in kinds.items()
        for row in _candidates(conn, reader, query, kind, readable, filters)
        if (score := weigh_words(query, starts, row.words.split()[1:])) > 0  # the first word is its kind
    ]


def rank_hits(hits: Sequence[SearchHit], ranks: Mapping[str, int]) -> list[SearchHit]:
    """Hits by the rank of their kind, the lowest first; what fits much less than the best comes later, whatever its kind."""
    best = max((one.score for one in hits), default=0.0)
    return sorted(hits, key=lambda one: (one.score < STRONG * best, one.score < WEAK * best, ranks[one.kind]))


def _candidates(
    conn: Connection, reader: Reader, query: SearchQuery, kind: str, readable: Readable, filters: SearchFilters
) -> Sequence[Any]:  # fmt: skip
    """The latest entries of a kind that have enough of the query and that the reader may read."""
    if not query.ways():
        return []
    c = search_entry.c
    conditions: list[Any] = [
        proposed_by_index(conn.dialect.name, query, kind), c.community_id == reader.community_id, c.kind == kind, readable(reader, c.ref)
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
    order = newest_first(conn.dialect.name, are_few=query.is_rare)
    return conn.execute(query_of.order_by(order).limit(CANDIDATES)).all()


def proposed_by_index(dialect: str, query: SearchQuery, kind: str) -> ColumnElement[bool] | TextClause:
    """The condition that a row of `search_text` is of a kind and has enough of a query.

    The index knows the kind: else a few strategies would be looked for through every answer with a common word.
    """
    return matching(dialect, [[[kind_word(kind)], *way] for way in query.ways()])


# ── how well it fits ──────────────────────────────────────────────────────────


def weigh_words(query: SearchQuery, starts: Sequence[PhrasesByStart], words: Sequence[str]) -> float:
    """How well the words of an entry fit a query, its meanings given by their beginnings; 0 where they are too little."""
    places: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        places.setdefault(word, []).append(at)
    had, score, whole = 0.0, 0.0, sum(one.rarity for one in query.meanings)
    long = SATURATION * (1 - LENGTH + LENGTH * len(words) / USUAL)
    for one, phrases in zip(query.meanings, starts, strict=True):
        worth, often = _best_phrase(phrases, places)
        if often:
            had += one.rarity * min(1.0, worth / SURE)
            score += one.rarity * worth * often * (SATURATION + 1) / (often + long)
    if had < query.enough - 1e-9:
        return 0.0
    return score * math.pow(had / whole, COVER)


def _best_phrase(phrases: PhrasesByStart, places: Mapping[str, Sequence[int]]) -> tuple[float, int]:
    """(what the best of the phrases that are there is worth, how often any of them is there)."""
    worth, often = 0.0, 0
    for word, at in places.items():
        for rest, value in phrases.get(word, ()):
            times = _count_phrase(at, [places.get(stem, ()) for stem in rest])
            if times:
                worth, often = max(worth, value), often + times
    return worth, often


def _count_phrase(starts: Sequence[int], rest: Sequence[Sequence[int]]) -> int:
    """How often the other words of a phrase stand near behind its first."""
    if not all(rest):
        return 0
    return sum(all(any(0 < other - at <= APART for other in one) for one in rest) for at in starts)
