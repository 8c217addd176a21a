"""How cost grows with the answers that have gathered: the same pieces of work at several sizes, in one run.

Each is done by the whole bot on SQLite as shipped, with a clock that stands still. Times are those of the processor, whatever
else the machine does; starting is a process's own part of it: from an open database to connected.

    python -m tests.bench growth
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, insert

from bot.app import App, build_app
from bot.chat.cards import Card
from bot.chat.events import CommandInvoked
from bot.chat.models import Person, Place
from bot.chat.parsing import command_line
from bot.feature import DataSubject
from bot.people import accounts
from bot.people import tables as people
from bot.reflections.answers.tables import answer, part
from bot.reflections.schedule.asked_prompts import find_asked_prompt, open_asking
from bot.runtime.clock import SteerableClock
from bot.store.engine import database_file
from bot.store.startup import open_store
from tests.bench import bench_search
from tests.bench.bench_search import NOW, SPACE
from tests.bench.findings import Findings, Scale
from tests.bench.rig import shipped_settings

MEMBERS, OPEN, OWN = 300, 4, 200
APART, FIRST = 10_000_000, 50_000_000
"""The ids of the prompts and the answers of those who are erased begin here."""


async def busy(work: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds of the processor."""
    gc.collect()
    start = time.process_time()
    await work()
    return (time.process_time() - start) * 1000


async def ask(app: App, who: Person, line: str) -> None:
    """A command, answered."""
    call = command_line.parse_call(app.dispatcher.menu, "", line)
    shown = await app.dispatcher.hear(CommandInvoked(who, Place(SPACE, "c1"), call))
    assert isinstance(shown, Card)
    assert "went wrong" not in shown.title, line


def add_own(conn: Connection, number: int) -> DataSubject:
    """Somebody with 200 answers of their own, who is going to be erased."""
    home = people.community_by_id(conn, 1)
    who = Person(SPACE, f"gone{number}", f"Gone {number}", zone="Europe/Dublin")
    member = accounts.member_of(conn, who, home, NOW)
    if not number:
        here = find_asked_prompt(conn, 1, 1)
        assert here is not None
        for place in range(OWN):
            open_asking(
                conn, occurrence_id=APART + place, community_id=1, schedule_id=1, prompt_id=here.prompt_id,
                prompt=here.prompt, direct=False, opened_at=NOW - timedelta(weeks=60), closes_at=NOW - timedelta(weeks=59),
            )  # fmt: skip
    ids = range(FIRST + number * OWN, FIRST + (number + 1) * OWN)
    at = NOW - timedelta(weeks=60)
    conn.execute(insert(answer), [
        {
            "id": id, "community_id": 1, "occurrence_id": APART + place, "member_id": member.id, "sharing": "everyone",
            "first_at": at, "shared_at": at, "late": False,
        }
        for place, id in enumerate(ids)
    ])  # fmt: skip
    conn.execute(insert(part), [
        {
            "community_id": 1, "answer_id": id, "via": "form", "source": f"form/{id}/0", "text": "By the bins.", "said_at": at,
        }
        for id in ids
    ])  # fmt: skip
    return DataSubject(home, member.id, tuple(accounts.accounts_of(conn, 1, member.id)), NOW)


class Grown:
    """A bot on a database with so many answers."""

    def __init__(self, folder: Path, size: int) -> None:
        self.settings, self.size = shipped_settings(folder), size
        self._prompts = itertools.count(1)
        self.bare = 0

    async def open(self) -> tuple[App, float]:
        """The bot, started, and what starting took."""
        store, release = open_store(self.settings)
        app = build_app(self.settings, SteerableClock(NOW), store, [], decks=(), lessons=(), release=release)
        return app, await busy(app.start)

    async def fill(self) -> None:
        """Members, open prompts, and so many answers."""
        app, _spent = await self.open()
        try:
            await app.store.write(lambda conn: bench_search.populate(conn, MEMBERS, OPEN))
            await bench_search.take_in(app, next(self._prompts), MEMBERS)
            self.bare = self._bytes()
            bench_search.fill_up(app, self.size + MEMBERS)
            await app.settle()
        finally:
            await app.stop()

    async def measure(self, rounds: int) -> dict[str, float]:
        """Each piece of work: the median of some times."""
        grown, starts = (self._bytes() - self.bare) / self.size, []
        for _ in range(rounds):
            app, spent = await self.open()
            starts.append(spent)
            await app.stop()
        app, _spent = await self.open()
        try:
            found = await self._measure(app, rounds)
        finally:
            await app.stop()
        return {"starting": statistics.median(starts), **found, "size of the database, an answer": grown}

    def _bytes(self) -> int:
        """The size of the database with what belongs to it."""
        file = database_file(self.settings.store.url.get_secret_value())
        assert file is not None
        return sum(one.stat().st_size for one in file.parent.glob(f"{file.name}*"))

    async def _measure(self, app: App, rounds: int) -> dict[str, float]:
        mo, someone = Person(SPACE, "mo", "Mo Hale", frozenset({"admin"})), bench_search.person(3)
        for line, who in (("/reflect history", someone), ("/report week", mo)):
            await ask(app, who, line)

        async def taken() -> float:
            return await busy(lambda: bench_search.take_in(app, next(self._prompts), MEMBERS)) / MEMBERS

        async def looked() -> object:
            return [await job.run() for job in app.runner.jobs]

        async def erased(number: int) -> float:
            whose = await app.store.write(lambda conn: add_own(conn, number))
            return await busy(lambda: app.erasure.erase(whose))

        await looked()
        turns = range(rounds)
        return {
            "an answer taken in": statistics.median([await taken() for _ in range(OPEN - 1)]),
            "a look of every job, nothing due": statistics.median([await busy(looked) for _ in turns]),
            "“my last answers”": statistics.median([await busy(lambda: ask(app, someone, "/reflect history")) for _ in turns]),
            "a report of the week": statistics.median([await busy(lambda: ask(app, mo, "/report week")) for _ in turns]),
            "erasing a member with 200 answers": statistics.median([await erased(number) for number in turns]),
        }  # fmt: skip


async def run(sizes: tuple[int, ...], rounds: int) -> dict[int, dict[str, float]]:
    """What each piece costs at each size."""
    found = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            one = Grown(Path(folder), size)
            await one.fill()
            found[size] = await one.measure(rounds)
    return found


def measure(scale: Scale) -> Findings:
    """G7b, G9c and most of the growth table."""
    sizes = scale.pick((500, 5_000), (1_000, 10_000, 100_000), (1_000, 10_000, 100_000, 1_000_000))
    spent = asyncio.run(run(sizes, scale.rounds))
    found, most, fewest = Findings(), spent[sizes[-1]], spent[sizes[0]]
    for goal, work in (("G7b", "starting"), ("G9c", "“my last answers”")):
        detail = f"{sizes[-1]:,} over {sizes[0]:,} answers; {most[work]:.0f} and {fewest[work]:.0f} ms of the processor"
        found.add(goal, [most[work] / fewest[work]], detail)
    for work in most:
        unit = "bytes" if work.startswith("size") else "ms"
        found.grow(work, unit, {size: one[work] for size, one in spent.items()})
    return found
