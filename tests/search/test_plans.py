"""How PostgreSQL looks for what few have: not through everything that was ever written, from the newest on."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import ColumnElement, Connection, Engine, event, text

from bot.chat.models import Role
from bot.people.audience import Reader
from bot.search.hits import find_hits
from bot.search.queries import COUNTED, read_query
from tests.search.measure import OWN, filled_store

READER = Reader(1, 9, Role.MEMBER)
MANY, FEW = 10_000, 10


_ENTRIES = """
INSERT INTO search_entry (community_id, kind, ref, at, language, lesson, tags, words)
SELECT 1, 'answer', 10000 + one, now(), 'en', '', '',
    'kind0answer famili student' || CASE WHEN one % (:many / :few) = 0 THEN ' periscop' ELSE '' END
FROM generate_series(1, :many) AS one
"""
_INDEX = "INSERT INTO search_text (rowid, words) SELECT id, to_tsvector('simple', words) FROM search_entry WHERE ref > 10000"


def write_many(conn: Connection) -> None:
    """Many entries with two usual words, and of them few with a word that no other has; written at once, for the trigger
    takes a millisecond for each."""
    switch = "ALTER TABLE search_entry {} TRIGGER search_entry_written"
    conn.execute(text(switch.format("DISABLE")))
    conn.execute(text(_ENTRIES), {"many": MANY, "few": FEW})
    for statement in (_INDEX, switch.format("ENABLE"), "ANALYZE"):
        conn.execute(text(statement))


def everybody(_reader: Reader, ref: ColumnElement[Any]) -> ColumnElement[bool]:
    """Everything may be read."""
    return ref > 0


@pytest.mark.postgres
def test_what_few_have_is_not_looked_for_through_all_that_was_written(postgres_url):
    asked = []
    with filled_store(postgres_url, OWN) as (store, _names, _queries):
        store.write_now(write_many)

        def explain(conn: Connection, words: str) -> str:
            query = read_query(conn, words)
            asked.clear()
            find_hits(conn, READER, query, {"answer": everybody})
            statement, given = next(one for one in asked if "ORDER BY" in one[0])
            return "\n".join(row[0] for row in conn.exec_driver_sql(f"EXPLAIN {statement}", given))

        def note(_conn, _cursor, statement, parameters, _context, _many) -> None:
            asked.append((statement, parameters))

        event.listen(Engine, "before_cursor_execute", note)
        try:
            rare = store.read_now(lambda conn: explain(conn, "student family periscope"))
            usual = store.read_now(lambda conn: explain(conn, "student family"))
        finally:
            event.remove(Engine, "before_cursor_execute", note)
    assert "Sort Key: ((search_text.rowid + 0)) DESC" in rare, rare
    assert "Index Scan Backward using search_text_pkey" in usual, usual
    assert MANY > COUNTED > FEW
