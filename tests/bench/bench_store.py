"""How fast the one writer stores durably, against the bare SQLite driver doing the same in the same run.

    python -m tests.bench.bench_store [rows]

64 pieces of work wait at any time, each one upsert into a table like the replies' with three indexes;
`synchronous=FULL` everywhere, a write-ahead log unless it says otherwise. The goal stands in `GOAL`: a share of the driver's own speed when it
commits 64 rows at a time, which is as far as any group commit could get.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table as Sheet
from sqlalchemy import Column, Connection, Index, Integer, MetaData, Table, Text

from bot.store import CompiledStatement, Store, UtcDateTime, insert
from bot.store.journal import JournalMode
from bot.store.sqlite import sqlite3

GOAL = 0.6
ROUNDS = 5
AT_ONCE = 64

tables = MetaData()
reply = Table(
    "reply",
    tables,
    Column("id", Integer, primary_key=True),
    Column("community", Integer, nullable=False),
    Column("channel", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("member", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("words", Text, nullable=False),
    Index("reply_message", "community", "channel", "message", unique=True),
    Index("reply_member", "member", "at"),
    Index("reply_at", "community", "at"),
)

_row = insert(reply).inline()
KEEP = _row.on_conflict_do_update(
    index_elements=["community", "channel", "message"],
    set_={"words": _row.excluded.words, "version": _row.excluded.version},
    where=reply.c.version < _row.excluded.version,
)
KEEP_PREPARED = CompiledStatement(KEEP, "community", "channel", "message", "member", "at", "version", "words")
RAW = """INSERT INTO reply (community, channel, message, member, at, version, words)
VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (community, channel, message)
DO UPDATE SET words = excluded.words, version = excluded.version WHERE reply.version < excluded.version"""

START = datetime(2026, 9, 7, tzinfo=UTC)
WORDS = "We asked the students first this time, and it changed what we asked next. " * 2


def facts(number: int) -> dict[str, Any]:
    """Return the row with this number; every tenth is an edit of an earlier one."""
    message = number - 5 if number % 10 == 9 else number
    return {
        "community": 1,
        "channel": f"C{number % 20:06}",
        "message": f"17{message:08}.000100",
        "member": number * 7919 % 650,
        "at": START + timedelta(seconds=number),
        "version": number,
        "words": WORDS,
    }


def keep(row: dict[str, Any], connection: Connection) -> None:
    """Store one reply: what a feature's records module does by default."""
    connection.execute(KEEP, row)


def keep_prepared(row: dict[str, Any], connection: Connection) -> None:
    """Store one reply: what a records module does at every message."""
    KEEP_PREPARED.run(connection, row)


def raw_rows(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Return the same rows as the driver wants them."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return [tuple({**row, "at": (row["at"] - epoch) // timedelta(microseconds=1)}.values()) for row in rows]


def through_writer(
    keep: Callable[[dict[str, Any], Connection], None],
    path: Path,
    rows: list[dict[str, Any]],
    journal: JournalMode = "wal",
) -> float:
    """Return the seconds for 64 workers that each wait for their commit."""

    async def run(store: Store) -> float:
        waiting = iter(rows)

        async def worker() -> None:
            for row in waiting:
                await store.write(partial(keep, row))

        start = time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
        return time.perf_counter() - start

    with Store.open(f"sqlite:///{path}", journal=journal) as store:
        return asyncio.run(run(store))


def through_driver(
    together: int, path: Path, rows: list[dict[str, Any]], journal: JournalMode = "wal"
) -> float:
    """Return the seconds for the bare driver with this many rows to a transaction."""
    ready = raw_rows(rows)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode={journal}")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("PRAGMA foreign_keys=ON")
    start = time.perf_counter()
    for first in range(0, len(ready), together):
        connection.execute("BEGIN IMMEDIATE")
        for row in ready[first : first + together]:
            connection.execute(RAW, row)
        connection.execute("COMMIT")
    seconds = time.perf_counter() - start
    connection.close()
    return seconds


def measure(way: Callable[[Path, list[dict[str, Any]]], float], rows: list[dict[str, Any]]) -> float:
    """Return rows per second in a fresh file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        with Store.open(f"sqlite:///{path}") as store:
            store.write_now(tables.create_all)
        return len(rows) / way(path, rows)


def main(count: int) -> float:
    """Run every way once in each round, print the medians, and return the ratio the goal is about."""
    rows = [facts(number) for number in range(count)]
    ways: dict[str, tuple[Callable[[Path, list[dict[str, Any]]], float], list[dict[str, Any]]]] = {
        "driver, 64 rows to a transaction": (partial(through_driver, AT_ONCE), rows),
        "the one writer, 64 waiting, prepared": (partial(through_writer, keep_prepared), rows),
        "the one writer, 64 waiting": (partial(through_writer, keep), rows),
        "driver, one row to a transaction": (partial(through_driver, 1), rows[: max(count // 20, 1)]),
        "driver at 64, rollback journal": (partial(through_driver, AT_ONCE, journal="truncate"), rows),
        "the one writer, rollback journal": (partial(through_writer, keep, journal="truncate"), rows),
    }
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, (way, some) in ways.items():
            speeds[name].append(measure(way, some))
    floor, ours, _, single, *_older = speeds.values()
    sheet = Sheet(title=f"durable upserts per second, median of {ROUNDS} rounds")
    for heading in ("way", "rows/s", "of the driver at 64"):
        sheet.add_column(heading, justify="left" if heading == "way" else "right")
    for name, values in speeds.items():
        shares = [value / base for value, base in zip(values, floor, strict=True)]
        sheet.add_row(name, f"{statistics.median(values):,.0f}", f"{statistics.median(shares):.2f}")
    ratio = statistics.median(value / base for value, base in zip(ours, floor, strict=True))
    times = statistics.median(value / base for value, base in zip(ours, single, strict=True))
    console = Console()
    console.print(sheet)
    console.print(
        f"goal {GOAL}: {ratio:.2f} {'met' if ratio >= GOAL else 'MISSED'}; {times:.0f}x one row each"
    )
    return ratio


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
