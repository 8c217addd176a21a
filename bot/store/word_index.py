"""The full-text index of both databases: SQLite's FTS5 and PostgreSQL's text search, kept by triggers on one table.

`search_entry` is a table like any other; what is written there or removed from it reaches the index in the same
transaction, also where a row goes with another one. Its words come with accents folded and cut to their stems
(`bot/search/terms.py`), so that neither database's own idea of a language is asked for: both only split at spaces.

`search_text` finds rows by words. `search_vocabulary` has every word that is in the index, to mend slips by.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text
from sqlalchemy.sql.elements import ColumnElement, TextClause
from sqlalchemy.sql.expression import text

MADE_BY_HAND = ("search_text", "search_vocabulary")
"""Beginnings of the names of the tables below, which no model of the code describes."""

_found = MetaData()
search_text = Table("search_text", _found, Column("rowid", Integer, primary_key=True), Column("words", Text))
"""The index: `rowid` is the id of an entry."""
search_vocabulary = Table("search_vocabulary", _found, Column("term", Text, primary_key=True))

_SQLITE = (
    (
        "CREATE VIRTUAL TABLE search_text USING fts5(words, content='search_entry', content_rowid='id', "
        "detail='none', columnsize=0, tokenize='unicode61 remove_diacritics 0')"
    ),
    "CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab('search_text', 'row')",
    (
        "CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN "
        "INSERT INTO search_text (rowid, words) VALUES (new.id, new.words); END"
    ),
    (
        "CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN "
        "INSERT INTO search_text (search_text, rowid, words) VALUES ('delete', old.id, old.words); END"
    ),
    (
        "CREATE TRIGGER search_entry_changed AFTER UPDATE OF words ON search_entry WHEN old.words <> new.words BEGIN "
        "INSERT INTO search_text (search_text, rowid, words) VALUES ('delete', old.id, old.words); "
        "INSERT INTO search_text (rowid, words) VALUES (new.id, new.words); END"
    ),
)
_POSTGRES = (
    (
        "CREATE TABLE search_text (rowid integer PRIMARY KEY REFERENCES search_entry (id) ON DELETE CASCADE, "
        "words tsvector NOT NULL)"
    ),
    "CREATE INDEX ix_search_text_words ON search_text USING gin (words)",
    'CREATE TABLE search_vocabulary (term text COLLATE "C" PRIMARY KEY)',
    """CREATE FUNCTION index_search_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE found tsvector := to_tsvector('simple', new.words);
    BEGIN
        INSERT INTO search_text (rowid, words) VALUES (new.id, found)
            ON CONFLICT (rowid) DO UPDATE SET words = excluded.words;
        INSERT INTO search_vocabulary (term)
            SELECT one FROM unnest(tsvector_to_array(found)) AS one
            WHERE NOT EXISTS (SELECT 1 FROM search_vocabulary WHERE term = one)
            ORDER BY one ON CONFLICT DO NOTHING;
        RETURN NULL;
    END $$""",
    (
        "CREATE TRIGGER search_entry_written AFTER INSERT OR UPDATE OF words ON search_entry "
        "FOR EACH ROW EXECUTE FUNCTION index_search_entry()"
    ),
)
MERGE = "INSERT INTO search_text (search_text) VALUES ('optimize')"
"""What leaves nothing in SQLite's index of rows that were removed: until its segments are merged, their words stay in them
(https://sqlite.org/fts5.html#the_optimize_command)."""
_STALE = text(
    "SELECT term FROM search_vocabulary WHERE term NOT IN (SELECT word FROM ts_stat('SELECT words FROM search_text'))"
)
_FORGET = text(
    "DELETE FROM search_vocabulary WHERE term = ANY(:terms) "
    "AND NOT EXISTS (SELECT 1 FROM search_text WHERE words @@ quote_literal(term)::tsquery)"
)


def word_index_statements(dialect: str) -> Sequence[str]:
    """What makes the index beside the table `search_entry`, for the migration that creates it."""
    return _SQLITE if dialect == "sqlite" else _POSTGRES


def list_stale_words(conn: Connection) -> list[str]:
    """The words that PostgreSQL's index still knows of rows that were removed; it reads the whole index."""
    return list(conn.execute(_STALE).scalars())


def forget_words(conn: Connection, terms: Sequence[str]) -> int:
    """Forget those of some words that are still in no row; how many."""
    return conn.execute(_FORGET, {"terms": list(terms)}).rowcount


def matching(dialect: str, ways: Sequence[Sequence[Sequence[str]]]) -> ColumnElement[bool] | TextClause:
    """The condition that a row of the index has the words of one of the ways: of each of its groups, one.

    Several words with spaces are one that needs them all. Words are letters and digits only, so that none of them can be taken for an operator.
    """
    either, every = (" OR ", " AND ") if dialect == "sqlite" else (" | ", " & ")
    quote = '"{}"' if dialect == "sqlite" else "'{}'"

    def all_of(words: str) -> str:
        written = every.join(quote.format(word) for word in words.split())
        return f"({written})" if " " in words else written

    written = either.join(
        "(" + every.join(f"({either.join(map(all_of, group))})" for group in way) + ")" for way in ways
    )
    if dialect == "sqlite":
        return text("search_text MATCH :wanted").bindparams(wanted=written)
    return text("search_text.words @@ to_tsquery('simple', :wanted)").bindparams(wanted=written)


def newest_first(dialect: str, *, are_few: bool) -> ColumnElement[Any]:
    """The order of rows of the index, the latest written first; `are_few`: not many of them match.

    PostgreSQL takes words that it has not counted for usual ones: it would go through all rows from the newest on, to meet
    enough of them soon. Where they are few it has to find them by the index, so it is given nothing to go along.
    """
    rowid = search_text.c.rowid
    return (rowid + 0 if are_few and dialect != "sqlite" else rowid).desc()
