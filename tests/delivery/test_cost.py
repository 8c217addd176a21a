"""Claiming costs what is due: the questions of a beat use indexes, however much has been said before."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, event, text

from bot.store import Store
from tests.delivery.rig import Pace, Rig, make_tables


@pytest.fixture
def rig(sqlite_url: str) -> Rig:
    store = Store.open(sqlite_url)
    make_tables(store)
    return Rig(store, pace=Pace())


async def test_no_question_of_a_beat_reads_the_whole_outbox(rig: Rig) -> None:
    """SQLite says how it answers each statement; `SCAN outbox` without an index would grow with the past."""
    await rig.sender.beat()  # the first one also looks for instants that a wrong clock left behind
    for key in ("one", "two"):
        rig.queue(key)
    asked: list[tuple[str, object]] = []
    engines = (rig.store._reading, rig.store._writing)
    note = lambda conn, cursor, statement, given, *more: asked.append((statement, given))
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    await rig.run(3)
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)

    def plan(conn: Connection) -> list[tuple[str, str]]:
        raw = conn.connection.dbapi_connection
        assert raw is not None
        scans = []
        for statement, given in asked:
            if not statement.startswith(("SELECT", "UPDATE")):
                continue
            steps = raw.execute(f"EXPLAIN QUERY PLAN {statement}", given).fetchall()  # type: ignore[attr-defined]
            scans += [(step[3], statement) for step in steps if step[3].startswith("SCAN outbox")]
        return [scan for scan in scans if "INDEX" not in scan[0]]

    assert asked
    assert rig.store.read_now(plan) == []
    assert rig.store.read_now(lambda conn: conn.execute(text("select count(*) from outbox")).scalar()) == 2
    rig.store.close_now()
