"""The table of everything that can be found by words, with one function for each thing done with it.

An entry is a copy of what its room holds, for finding only: who may read it is asked of the room, at every search. The
room writes it in the transaction in which the thing changes, and removes it in the one in which nobody else may read it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.sql.expression import ColumnElement

from bot.search.terms import MOST, SearchLanguage, index_words, kind_word
from bot.store.compiled import CompiledStatement
from bot.store.dialect import upsert
from bot.store.foresight import LaterWork, do_later
from bot.store.schema import metadata
from bot.store.types import UtcDateTime
from bot.store.wanted import SetStatement

search_entry = Table(
    "search_entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("ref", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("language", Text, nullable=False),
    Column("lesson", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("words", Text, nullable=False),
    Index("uq_search_entry_ref", "kind", "ref", unique=True),
    Index("ix_search_entry_lesson", "community_id", "lesson"),
)
"""What can be found by words: `ref` is the id of the thing of its `kind`, `at` when it was said. `tags` stand between
bars (`|math|ninth|`). The full-text index follows this table by triggers (`bot/store/word_index.py`)."""


LOOKED_AT = 2000
"""The latest entries that are looked at for their tags."""


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """Something to be found: its text, and what it can be filtered by; `lesson` is `course/lesson`, or ""."""

    community_id: int
    kind: str
    ref: int
    text: str
    at: datetime
    lesson: str = ""
    tags: Sequence[str] = field(default=())
    fallback: SearchLanguage = "en"
    """The language it is in where its words do not say."""


_PUT = CompiledStatement(
    upsert(search_entry, by=("kind", "ref"), change=("at", "language", "lesson", "tags", "words")),
    *("community_id", "kind", "ref", "at", "language", "lesson", "tags", "words"),
)
_DROP = CompiledStatement(
    delete(search_entry).where(
        search_entry.c.kind == bindparam("kind"), search_entry.c.ref == bindparam("ref")
    ),
    *("kind", "ref"),
)


_PUT_LATER = LaterWork(6, _PUT.run_all)
_DROPPED_LATER = LaterWork(6, _DROP.run_all)


def put_entry(conn: Connection, entry: SearchEntry) -> None:
    """Let something be found by the words it has now."""
    do_later(conn, _PUT_LATER, row_of(entry))


def row_of(entry: SearchEntry) -> dict[str, Any]:
    """What is stored of something to be found: the word of its kind, then its own."""
    words, language = index_words(entry.text, entry.fallback)
    return {
        "community_id": entry.community_id, "kind": entry.kind, "ref": entry.ref, "at": entry.at, "language": language,
        "lesson": entry.lesson, "tags": write_tags(entry.tags), "words": f"{kind_word(entry.kind)} {words}",
    }  # fmt: skip


_SIZE = func.length(search_entry.c.words) - func.length(func.replace(search_entry.c.words, " ", ""))
"""How many words an entry has behind that of its kind."""


def _held(wanted: CTE) -> Select[Any]:
    c, key = search_entry.c, wanted.c
    rows = wanted.join(search_entry, and_(c.kind == key.kind, c.ref == key.ref))
    return select(c.ref, c.language, _SIZE.label("size")).select_from(rows)


_HELD = SetStatement(_held, kind=Text, ref=Integer)
_LONGER = CompiledStatement(
    update(search_entry)
    .where(search_entry.c.kind == bindparam("of_kind"), search_entry.c.ref == bindparam("of_ref"))
    .values(words=search_entry.c.words + " " + bindparam("more", type_=Text)),
    *("of_kind", "of_ref", "more"),
)


def add_texts(conn: Connection, kind: str, added: Mapping[int, str]) -> set[int]:
    """Let what is found already be found by what was added to it, by `ref`; the refs of what has to be put whole instead.

    That is what is not found at all, what becomes as long as an entry may be, and where another language begins. What is so
    long already stays as it is: only so many words of a text are indexed.
    """
    rest, longer = set(added), []
    for row in _HELD.rows(conn, [(kind, ref) for ref in added]):
        if row.size >= MOST:
            rest.discard(row.ref)
            continue
        words, language = index_words(added[row.ref], row.language)
        if language == row.language and row.size + words.count(" ") < MOST:
            rest.discard(row.ref)
            longer.append({"of_kind": kind, "of_ref": row.ref, "more": words})
    _LONGER.run_all(conn, longer)
    return rest


def drop_entry(conn: Connection, kind: str, ref: int) -> None:
    """Let something be found no more."""
    do_later(conn, _DROPPED_LATER, {"kind": kind, "ref": ref})


def drop_entries(conn: Connection, kind: str, which: ColumnElement[bool]) -> None:
    """Let everything of a kind be found no more for which a condition on `search_entry.c.ref` holds."""
    conn.execute(delete(search_entry).where(search_entry.c.kind == kind, which))


def write_tags(tags: Sequence[str]) -> str:
    """Tags as they are stored, so that one of them is found as `|tag|`."""
    plain = (one.strip().casefold().replace("|", " ") for one in tags)
    return "".join(f"|{one}" for one in dict.fromkeys(filter(None, plain))) + "|" if tags else ""


def list_tags(conn: Connection, community_id: int, limit: int) -> list[str]:
    """The tags that most of the latest things to be found have."""
    ours = select(search_entry.c.tags).where(search_entry.c.community_id == community_id)
    counts: Counter[str] = Counter()
    for tags in conn.execute(ours.order_by(search_entry.c.id.desc()).limit(LOOKED_AT)).scalars():
        counts.update(filter(None, tags.split("|")))
    return [one for one, _count in counts.most_common(limit)]


def list_lessons(conn: Connection, community_id: int) -> set[str]:
    """The lessons (`course/lesson`) of which there is something to find."""
    ours = select(search_entry.c.lesson).where(search_entry.c.community_id == community_id).distinct()
    return set(conn.execute(ours).scalars())
