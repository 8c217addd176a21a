"""Answers that come in on Slack: how much of slack-bolt's own speed is left once each is kept before it is acknowledged.

The floor is a bare `AsyncApp` whose listener does nothing; ours is the whole bot, with fsync. Both take the same events in
turn, 64 of them under way at a time: as Socket Mode hands them over, as signed requests, and on PostgreSQL. Also what one
answer alone costs beside a bare commit, and the memory that thousands of answers of the same people leave behind.

    python -m tests.bench slack
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from slack_bolt.request.async_request import AsyncBoltRequest

from tests.bench.bench_store import RAW, facts, raw_rows, tables
from tests.bench.findings import Findings, Scale, Spent, compare_rates, high
from tests.bench.rig import journal_as_shipped, postgres, shipped_settings, sqlite_module
from tests.bench.slack_rig import Harbour, bare_bolt, by_socket, harbour, rush, sign, told

PEOPLE = 300


def signed(here: Harbour, bodies: list[str]) -> Iterator[Callable[[], AsyncBoltRequest]]:
    """As HTTP requests; what Slack itself does is done before the clock starts."""
    ready = [(text, sign(here.slack, text)) for text in bodies]
    return iter([partial(AsyncBoltRequest, body=text, headers=headers) for text, headers in ready])


def handed(_here: Harbour, bodies: list[str]) -> Iterator[Callable[[], AsyncBoltRequest]]:
    """As Socket Mode hands them over."""
    return iter([partial(by_socket, text) for text in bodies])


async def compare(
    here: Harbour, numbers: Iterator[int], scale: Scale, count: int, way: str
) -> tuple[list[float], str]:
    """The share of bolt's speed, round by round, and in words."""
    make = signed if way == "http" else handed
    bare = bare_bolt(here.slack).async_dispatch
    await rush(bare, make(here, told(here, here.threads[0], next(numbers), 200)))
    floor: list[Spent] = []
    ours: list[Spent] = []
    for _ in range(scale.rounds):
        for spent, take in ((floor, bare), (ours, here.take)):
            gc.collect()
            spent.append(await rush(take, make(here, told(here, here.threads[0], next(numbers), count))))
    return compare_rates(floor, ours, count)


async def measure_rates(scale: Scale, found: Findings) -> None:
    """G1, G3 and G8b, which share a bot."""
    count = scale.pick(300, 2000)
    numbers = itertools.count(0, 10_000)
    with tempfile.TemporaryDirectory() as folder:
        async with harbour(Path(folder), PEOPLE) as here:
            await rush(
                here.take, handed(here, told(here, here.threads[0], next(numbers), PEOPLE))
            )  # everybody is known
            found.add("G1", *await compare(here, numbers, scale, count, "socket"))
            found.add("G1-http", *await compare(here, numbers, scale, count, "http"))
            await measure_alone(here, numbers, scale, found)
            await measure_memory(here, numbers, scale, found)


async def measure_alone(here: Harbour, numbers: Iterator[int], scale: Scale, found: Findings) -> None:
    """One answer after the other, each in turn with a bare commit of one row in a file beside it."""
    sqlite3, folder = sqlite_module(), here.app.settings.store.folder
    raw = sqlite3.connect(folder / "floor.db", isolation_level=None)
    _version, mode = journal_as_shipped(shipped_settings(folder))
    raw.execute(f"PRAGMA journal_mode={mode}")
    for pragma in ("synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
        raw.execute(f"PRAGMA {pragma}")
    for one in _table_statements():
        raw.execute(one)
    count = scale.pick(40, 200)
    rows = iter(raw_rows([facts(number) for number in range(count * scale.rounds)]))
    middles, tails, said = [], [], []
    for _ in range(scale.rounds):
        ours, bare = [], []
        for text in told(here, here.threads[0], next(numbers), count):
            start = time.perf_counter()
            raw.execute(RAW, next(rows))
            bare.append(time.perf_counter() - start)
            start = time.perf_counter()
            answer = await here.take(by_socket(text))
            ours.append(time.perf_counter() - start)
            assert answer.status == 200
        middles.append(statistics.median(ours) / statistics.median(bare))
        tails.append(high(ours) / high(bare))
        said.append((statistics.median(ours), high(ours)))
    raw.close()
    p50, p99 = (statistics.median(column) * 1000 for column in zip(*said, strict=True))
    found.add(
        "G3",
        middles,
        f"median {p50:.1f} ms, p99 {p99:.1f} ms, which is {statistics.median(tails):.1f} of the commit's",
    )


def _table_statements() -> list[str]:
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.schema import CreateIndex, CreateTable

    dialect = sqlite.dialect()
    found = []
    for table in tables.sorted_tables:
        found.append(str(CreateTable(table).compile(dialect=dialect)))
        found += [str(CreateIndex(one).compile(dialect=dialect)) for one in table.indexes]
    return found


async def measure_memory(here: Harbour, numbers: Iterator[int], scale: Scale, found: Findings) -> None:
    """Memory before and after many more answers of people who are known already."""
    count = scale.pick(1_000, 20_000, 100_000)
    await rush(here.take, handed(here, told(here, here.threads[0], next(numbers), 500)))
    gc.collect()
    before = resident()
    for _ in range(count // 1000):
        await rush(here.take, handed(here, told(here, here.threads[0], next(numbers), 1000)))
    gc.collect()
    after = resident()
    grown = max(0.0, (after / before - 1) * 100)
    found.add(
        "G8b",
        [grown],
        f"{count:,} answers; {before / 2**20:.0f} and {after / 2**20:.0f} MB with the pretended Slack",
    )


def resident() -> float:
    """Bytes of this process that are in memory; 0 where the system does not say."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * 4096 if status.is_file() else 0


async def measure_postgres(scale: Scale, found: Findings) -> None:
    """G1b."""
    with postgres() as url, tempfile.TemporaryDirectory() as folder:
        if not url:
            found.leave("G1b", "no PostgreSQL here")
            return
        numbers = itertools.count(0, 10_000)
        async with harbour(Path(folder), PEOPLE, url=url) as here:
            await rush(here.take, handed(here, told(here, here.threads[0], next(numbers), PEOPLE)))
            found.add("G1b", *await compare(here, numbers, scale, scale.pick(300, 2000), "socket"))


def measure(scale: Scale) -> Findings:
    """G1, G1b, G3, G8b."""
    found = Findings()
    asyncio.run(measure_rates(scale, found))
    asyncio.run(measure_postgres(scale, found))
    return found
