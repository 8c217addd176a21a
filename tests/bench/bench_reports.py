"""How fast every page opens with a million answers in the table, beside plain SQL over the answers in the same run.

    python -m tests.bench.bench_reports [answers] [folder]

The community is that of `big_year`, on SQLite as shipped and on PostgreSQL. It is made in a new folder that is removed, or
in the one that is named, where it stays: a second run opens it again at once. First the job counts every prompt, as after an
upgrade: how long it reads for one, and how long it holds the writer. Then reports, finding and reading are opened
(`big_pages`). A reply writes nothing for reports, so their upkeep costs it nothing. Aims: the 95th percentile of every page
within a second; the writer held for 20 ms; a year from the counts in a fifteenth of the time it takes from the answers.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select, text

from bot.app import App, build_app
from bot.people import tables as people
from bot.reflections.answers.tables import IS_GIVEN, answer
from bot.reports import tables
from bot.reports.figures import read_trend
from bot.reports.prompt_counts import SLICE, count_prompt
from bot.reports.scale_counts import count_scales
from bot.runtime.clock import SteerableClock
from bot.schedules.weeks import week_at
from bot.store.startup import open_store
from tests.bench.big_pages import Opened, open_pages
from tests.bench.big_year import MEMBERS, NOW, TEAMS, build_year
from tests.bench.findings import Findings, Scale, high
from tests.bench.rig import postgres
from tests.stories.stage import settings_for

AIM, HELD, GAIN = 1.0, 0.020, 15


@dataclass(slots=True)
class Measured:
    """Seconds: of reading for one count, of holding the writer for it, of a year both ways; and every page."""

    read: list[float] = field(default_factory=list)
    held: list[float] = field(default_factory=list)
    by_hand: list[float] = field(default_factory=list)
    counted: list[float] = field(default_factory=list)
    pages: Mapping[str, Opened] = field(default_factory=dict)

    @property
    def slowest(self) -> str:
        """The name of the slowest page."""
        ours = [name for name in self.pages if not name.startswith("(")]
        return max(ours, key=lambda name: self.pages[name].high)


@asynccontextmanager
async def big_year(answers: int, folder: Path, url: str) -> AsyncIterator[tuple[App, int]]:
    """(The bot with a year of so many answers, how many prompts there are); made where the database is empty."""
    settings = settings_for(folder, url)
    store, release = open_store(settings)
    app = build_app(settings, SteerableClock(NOW), store, [], decks=(), lessons=(), release=release)
    await app.start()
    try:
        have = await store.read(lambda conn: conn.execute(select(func.max(answer.c.occurrence_id))).scalar())
        prompts = have or await build_year(app, answers)
        if url and not have:
            await store.write(lambda conn: conn.execute(text("ANALYZE")).rowcount)
        yield app, prompts
    finally:
        await app.stop()


async def count_all(app: App, found: Measured) -> None:
    """Count every prompt that was not counted yet, as the job does."""
    home = (await app.store.read(people.communities))[0]
    for here, closed in await app.store.read(lambda conn: tables.list_uncounted(conn, home.id, NOW, 10_000)):
        week = week_at(closed, ZoneInfo(home.zone))
        start = time.perf_counter()
        count = await app.store.read(lambda conn, one=here, when=week: count_prompt(conn, one, home, when))
        scales = await app.store.read(lambda conn, one=here: count_scales(conn, one))
        found.read.append(time.perf_counter() - start)
        for at in range(0, len(scales), SLICE):
            some = scales[at : at + SLICE]
            work = timed(lambda conn, some=some: tables.store_scales(conn, 1, some))
            found.held.append(await app.store.write(work))
        found.held.append(
            await app.store.write(timed(lambda conn, count=count: tables.store_count(conn, count, NOW)))
        )


def timed(work: Callable[[Connection], object]) -> Callable[[Connection], float]:
    """The work, returning for how long it held the writer."""

    def run(conn: Connection) -> float:
        begun = time.perf_counter()
        work(conn)
        return time.perf_counter() - begun

    return run


def year_by_hand(conn: Connection) -> int:
    """Who answered each prompt of the year, from the answers, by one plain query."""
    rows = conn.execute(
        select(answer.c.occurrence_id, func.count())
        .where(answer.c.community_id == 1, answer.c.late.is_(False), IS_GIVEN)
        .group_by(answer.c.occurrence_id)
    )
    return len(rows.all())


async def read_years(app: App, found: Measured) -> None:
    """A year from the counts and from the answers, by turns."""
    last = week_at(NOW, ZoneInfo("Europe/Dublin")).shifted(-1)
    for _turn in range(5):
        found.counted.append(await app.store.read(timed(lambda conn: read_trend(conn, 1, last))))
        found.by_hand.append(await app.store.read(timed(year_by_hand)))


async def run(answers: int, folder: Path, url: str) -> Measured:
    """Everything that is measured of one database."""
    found = Measured()
    async with big_year(answers, folder, url) as (app, prompts):
        await count_all(app, found)
        await read_years(app, found)
        found.pages = await open_pages(app, prompts)
    return found


def measure(scale: Scale) -> Findings:
    """G9 and G9-page, and the page on PostgreSQL."""
    found, answers = Findings(), scale.pick(0, 300_000, 1_000_000)
    if not answers:  # ten thousand members alone take longer than all else in a quick run
        for goal in ("G9", "G9-page", "G9-page-pg"):
            found.leave(goal, "left to larger runs")
        return found
    with tempfile.TemporaryDirectory() as folder:
        lite = asyncio.run(run(answers, Path(folder), ""))
    median = statistics.median(lite.counted)
    found.add("G9", [one / median for one in lite.by_hand], f"{answers:,} answers")
    add_slowest(found, "G9-page", lite, answers)
    with tempfile.TemporaryDirectory() as folder, postgres() as url:
        if url:
            add_slowest(found, "G9-page-pg", asyncio.run(run(answers, Path(folder), url)), answers)
        else:
            found.leave("G9-page-pg", "no PostgreSQL here")
    return found


def add_slowest(found: Findings, goal: str, measured: Measured, answers: int) -> None:
    """The slowest page of a database."""
    page = measured.pages[measured.slowest]
    load = statistics.median(page.load)
    detail = f"{answers:,} answers, `{measured.slowest}`, load average {load:.1f}"
    found.add(goal, [page.high * 1000], detail)


def report(found: Measured) -> None:
    """Print what was found."""
    print(f"{'':<34}{'count':>6}{'p50 ms':>9}{'p95 ms':>9}{'most ms':>9}{'p95 busy':>10}{'load':>6}")
    for kind, times in {"count: read a prompt": found.read, "count: hold the writer": found.held}.items():
        print(line(kind, times) if times else f"{kind:<34} counted before")
    for name, page in found.pages.items():
        print(
            f"{line(name, page.wall)}{high(page.busy, 0.95) * 1000:>10.1f}{statistics.median(page.load):>6.1f}"
        )
    for name in found.pages:
        if (beside := found.pages.get(f"({name} by hand)")) is not None:
            ratio = statistics.median(found.pages[name].wall) / statistics.median(beside.wall)
            print(f"{name}, over the plain SQL: {ratio:.1f}")
    gain = statistics.median(found.by_hand) / statistics.median(found.counted)
    print("p95 of every page within a second:", "ok" if found.pages[found.slowest].high <= AIM else "MISSED")
    if found.held:
        print(
            "the writer held for 20 ms at most (p95):", "ok" if high(found.held, 0.95) <= HELD else "MISSED"
        )
    print(f"a year from the counts, {gain:.0f} times as fast:", "ok" if gain >= GAIN else "MISSED")


def line(kind: str, times: list[float]) -> str:
    """One row of the table."""
    middle, most = statistics.median(times), max(times)
    return (
        f"{kind:<34}{len(times):>6}{middle * 1000:>9.1f}{high(times, 0.95) * 1000:>9.1f}{most * 1000:>9.1f}"
    )


def main() -> None:
    answers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    kept = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as passing:
        folder = kept or Path(passing)
        print(f"{answers:,} answers of {MEMBERS:,} members in {TEAMS:,} teams, on SQLite")
        report(asyncio.run(run(answers, made(folder / "sqlite"), "")))
        with postgres(made(folder) / "server" if kept else None) as url:
            if url:
                print("on PostgreSQL", flush=True)
                report(asyncio.run(run(answers, made(folder / "postgresql"), url)))


def made(folder: Path) -> Path:
    """The folder, which is there now."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    main()
