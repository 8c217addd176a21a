"""What a tick of the planner costs with 10 k, 100 k and 1 M schedules, of which 0, 100 or 10 k are due.

    python -m tests.bench.bench_planner [largest]

SQLite as shipped (`synchronous=FULL`), everything included: reading, deciding, one outbox row for each, commit.
"d due" means that d occurrences are handed over and d other schedules get their next occurrence. The goals
compare the largest table with the smallest: a tick may cost what is due, not how many schedules exist.
"""

from __future__ import annotations

import asyncio
import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, insert

from bot.people.tables import community, ensure_community
from bot.runtime.clock import SteerableClock
from bot.schedules import breaks
from bot.schedules import tables as schedules_tables
from bot.schedules.planner import DueOccurrence, Planner
from bot.store import CompiledStatement, Store, metadata
from tests.bench.findings import Figure, Findings, Scale, ratios
from tests.bench.rig import sqlite_module

sqlite3 = sqlite_module()
SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = {0: 200, 100: 15, 10_000: 5}
GOALS = {0: 2.0, 100: 2.0, 10_000: 5.0}
START = datetime(2026, 10, 1, 12, tzinfo=UTC)
WEEK = 7 * 86_400_000_000
COMMUNITIES = 1000
ZONES = ("Europe/Dublin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Cairo")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

outbox_tables = MetaData()
outbox = Table(
    "outbox",
    outbox_tables,
    Column("id", Integer, primary_key=True),
    Column("dedupe", Text, nullable=False, unique=True),
    Column("body", Text, nullable=False),
)
_INSERT = CompiledStatement(insert(outbox), "dedupe", "body")  # as the outbox of the bot itself


class Speaker:
    """A feature that puts one row into an outbox."""

    def due(self, conn: Connection, due: DueOccurrence) -> None:
        _INSERT.run(conn, {"dedupe": f"prompt:{due.schedule.id}:{due.key}", "body": due.schedule.title})

    def ask(self, conn: Connection, due: DueOccurrence) -> None:
        raise AssertionError("nothing here is late")


def micro(at: datetime) -> int:
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


def scheduled(size: int, now: int) -> Iterator[tuple[object, ...]]:
    """Weekly schedules whose next planning lies somewhere in the coming week, in no order."""
    for n in range(size):
        rule = f"every {DAYS[n % 7]} {n % 24:02}:{n // 24 % 4 * 15:02}"
        plan_at = now + 3_600_000_000 + n * 7_919 % size * (WEEK // size)
        yield (
            n + 1, n % COMMUNITIES + 1, "prompt", f"Prompt {n}", rule, ZONES[n % 5], "2026-09-28", "active", 1, "latest",
            2880, "skip", 0, "wait", '{"deck":3,"place":"C0123456789"}', now, plan_at, now,
        )  # fmt: skip


def build(path: Path, size: int) -> None:
    """Load tables as they are after some weeks: one occurrence done for each schedule, two in seven ahead."""
    with Store.open(f"sqlite:///{path}") as store:
        tables = [
            community,
            schedules_tables.schedule,
            schedules_tables.schedule_place,
            schedules_tables.occurrence,
            breaks.away_break,
        ]
        store.write_now(lambda conn: metadata.create_all(conn, tables=tables))
        store.write_now(outbox_tables.create_all)
        for n in range(1, COMMUNITIES + 1):
            store.write_now(lambda conn, n=n: ensure_community(conn, f"c{n}", "C", "Europe/Dublin", START))
    now = micro(START)
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript("PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;")
        raw.executemany(
            "INSERT INTO schedule (id, community_id, kind, title, rule, zone, anchor, state, version, catch_up, "
            "grace_minutes, break_policy, direct, unapproved, details, cursor, plan_at, created_at) "
            "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            scheduled(size, now),
        )
        past = ((n, now - n % 1000 * 1_000_000, "2026-W39", "done") for n in range(1, size + 1))
        insert_occurrences(raw, past)
        ahead = now + 3_600_000_000
        insert_occurrences(
            raw, ((n, ahead + n, "2026-W41", "planned") for n in range(1, size + 1) if n % 7 < 2)
        )
        raw.commit()
    with path.open("rb") as file:
        os.fsync(file.fileno())  # or the first measured commits would pay for the loading


def insert_occurrences(raw: Any, rows: Iterator[tuple[int, int, str, str]]) -> None:
    raw.executemany(
        "INSERT INTO occurrence (community_id, schedule_id, key, due_at, owed_at, fire_at, wall, state, version) "
        "VALUES (?,?,?,?,?,?,'2026-10-05 09:00',?,1)",
        (
            ((n - 1) % COMMUNITIES + 1, n, key, at, at, at, state)
            for n, at, key, state in rows
        ),
    )  # fmt: skip


def make_due(path: Path, size: int, due: int, number: int, now: datetime) -> None:
    """Let `due` schedules all over the table be due for planning, and `due` others for sending."""
    if due == 0:
        return
    step, at = max(size // due, 1), micro(now)
    ids = [n * step % size + 1 for n in range(due)]
    with closing(sqlite3.connect(path)) as raw:
        raw.executemany("UPDATE schedule SET plan_at=?, cursor=? WHERE id=?", ((at, at, n) for n in ids))
        others = ((n % size + 1, at, f"{due}-{number}", "planned") for n in ids)
        insert_occurrences(raw, others)
        raw.commit()


async def measure_tick(store: Store, path: Path, size: int, due: int, number: int) -> float:
    """One tick, in milliseconds."""
    now = START + timedelta(seconds=number)
    make_due(path, size, due, number, now)
    planner = Planner(store, SteerableClock(now), {"prompt": Speaker()})
    gc.collect()
    start = time.perf_counter()
    done = await planner.tick()
    spent = (time.perf_counter() - start) * 1000
    assert done == 2 * due, f"{done} done of {2 * due}"
    return spent


async def run(sizes: list[int], folder: Path, rounds: dict[int, int]) -> dict[tuple[int, int], list[float]]:
    """Milliseconds by (size, due). The sizes take turns, so that a busy machine is busy for all of them."""
    paths = {size: folder / f"{size}.db" for size in sizes}
    spent: dict[tuple[int, int], list[float]] = {(size, due): [] for size in sizes for due in rounds}
    async with AsyncExitStack() as stack:
        stores = {}
        for size, path in paths.items():
            build(path, size)
            stores[size] = await stack.enter_async_context(Store.open(f"sqlite:///{path}"))
        for due, times in rounds.items():
            for number in range(times):
                for size in sizes:
                    spent[size, due].append(await measure_tick(stores[size], paths[size], size, due, number))
    return spent


async def theirs(due: int) -> float:
    """What APScheduler takes for as many jobs, kept in memory, that all come due at once; milliseconds on its loop."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    now = datetime.now(UTC)
    weekly = CronTrigger(day_of_week="mon", hour=9, timezone=UTC)
    scheduler.start(paused=True)
    for number in range(due):
        scheduler.add_job(_nothing, weekly, id=str(number), next_run_time=now, misfire_grace_time=None)
    gc.collect()
    start = time.perf_counter()
    scheduler.resume()
    await asyncio.sleep(0)
    spent = (time.perf_counter() - start) * 1000
    others = asyncio.all_tasks() - {asyncio.current_task()}
    assert len(others) == due, f"{len(others)} begun of {due}"
    await asyncio.gather(*others)
    scheduler.shutdown(wait=False)
    return spent


async def _nothing() -> None:
    """The job that APScheduler starts."""


def measure(scale: Scale) -> Findings:
    """G5, G5b and G5c, and how a tick grows."""
    sizes = scale.pick((10_000, 40_000), (10_000, 100_000), SIZES)
    rounds = scale.pick({0: 60, 100: 5, 10_000: 1}, ROUNDS)
    with tempfile.TemporaryDirectory() as folder:
        spent = asyncio.run(run(list(sizes), Path(folder), rounds))
    found, words = Findings(), {0: "nothing due", 100: "100 due", 10_000: "10,000 due"}
    for (due, said), goal in zip(words.items(), ("G5", "G5b", "G5b-10k"), strict=True):
        middle = {size: statistics.median(spent[size, due]) for size in sizes}
        shares = [one / other for one, other in zip(spent[sizes[-1], due], spent[sizes[0], due], strict=True)]
        detail = f"{sizes[-1]:,} over {sizes[0]:,}; {middle[sizes[-1]]:.2f} and {middle[sizes[0]]:.2f} ms"
        found.figures.append(Figure(goal, statistics.median(shares), tuple(shares)[:9], detail))
        found.grow(f"the planner, {said}", "ms", middle)
    floor = [asyncio.run(theirs(10_000)) for _ in range(scale.pick(1, 3))]
    shares = ratios(floor, spent[sizes[0], 10_000][: len(floor)])
    found.add(
        "G5c",
        shares,
        f"{statistics.median(floor):,.0f} ms on the loop, and ours off it, on the disk and with a row to be sent",
    )
    return found


def main() -> None:
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1]
    sizes = [size for size in SIZES if size <= largest]
    with tempfile.TemporaryDirectory() as folder:
        spent = asyncio.run(run(sizes, Path(folder), ROUNDS))
    found = {which: statistics.median(times) for which, times in spent.items()}
    print(f"{'schedules':>10} {'0 due':>10} {'100 due':>10} {'10k due':>10}   (ms, medians)")
    for size in sizes:
        print(f"{size:>10,} " + " ".join(f"{found[size, due]:10.2f}" for due in ROUNDS))
    for due, goal in GOALS.items():
        ratio = found[sizes[-1], due] / found[sizes[0], due]
        verdict = "ok" if ratio <= goal else "MISSED"
        print(f"{due:>6} due: {sizes[-1]:,} / {sizes[0]:,} = {ratio:.2f} (goal {goal}) {verdict}")


if __name__ == "__main__":
    main()
