"""Every page of reports, of finding and of reading, opened again and again in the same year, each beside plain SQL.

The plain SQL is the least that the page must ask: one query by hand for the rows it shows or counts.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from bot.app import App
from tests.bench.big_year import MEMBERS, Asker
from tests.bench.findings import high

ROUNDS = 20
REPORTS = ("/report week", "/report waiting", "/report scales", "/report teams", "/report highlights")
WORDS = ("rare77", "attendance", "student family rare9", "atendance", "student", "monday reading", "volcano")
"""What is looked for: a rare word, a usual one, three, a slip, one that a quarter of all have, two, and none."""


@dataclass(slots=True)
class Opened:
    """Seconds that a page took each time, by the clock and of this process, and how busy the machine was."""

    wall: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    load: list[float] = field(default_factory=list)

    @property
    def high(self) -> float:
        """The 95th percentile by the clock."""
        return high(self.wall, 0.95)


class PageClock:
    """Opens pages, and writes down what each costs."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.pages: dict[str, Opened] = {}

    async def open(self, name: str, work: Callable[[], Awaitable[Any]]) -> Any:
        """Do one piece of work under a name; what it returned."""
        begun, busy = time.perf_counter(), time.process_time()
        found = await work()
        page = self.pages.setdefault(name, Opened())
        page.wall.append(time.perf_counter() - begun)
        page.busy.append(time.process_time() - busy)
        page.load.append(os.getloadavg()[0])
        return found

    async def ask(self, name: str, query: str, **values: object) -> None:
        """One query by hand, under the name of the page it stands beside."""

        def run(conn: Connection) -> int:
            return len(conn.execute(text(query), values).all())

        await self.open(f"({name} by hand)", lambda: self.app.store.read(run))


async def open_pages(app: App, prompts: int, rounds: int = ROUNDS) -> Mapping[str, Opened]:
    """Every page, somebody else asking each time; the names of queries by hand are in brackets."""
    dice, clock = random.Random(5), PageClock(app)
    await _open_all(PageClock(app), dice, prompts, 0)  # what is read for the first time is no page's cost
    for turn in range(rounds):
        await _open_all(clock, dice, prompts, turn)
    return clock.pages


async def _open_all(clock: PageClock, dice: random.Random, prompts: int, turn: int) -> None:
    moderator = Asker(clock.app, dice.randrange(0, MEMBERS, 100))
    for line in REPORTS:
        card = await clock.open(line, lambda line=line: moderator.command(line))
        if line == "/report week" and turn % 4 == 0:
            for label in ("Charts", "Look at it"):
                await clock.open(label, lambda card=card, label=label: moderator.press(card, label))
    prompt = dice.randrange(prompts) + 1
    last = {"low": prompts - 1, "high": prompts}
    await clock.ask("/report week", _WEEK_BY_HAND, **last)
    asker = Asker(clock.app, dice.randrange(MEMBERS) if turn % 3 else dice.randrange(0, MEMBERS, 100))
    for words in WORDS:
        await clock.open(f"/find {words}", lambda words=words: asker.command(f"/find {words}"))
    await clock.ask("/find attendance", _FIND_BY_HAND[clock.app.store.dialect])
    await clock.open("the list of prompts", lambda: asker.command("/reflect read"))
    page = await clock.open("a page of answers", lambda: asker.command(f"/reflect read p{prompt}"))
    await clock.open("the page after it", lambda: asker.press(page, "Older"))
    await clock.ask("a page of answers", _READ_BY_HAND, prompt=prompt)
    await clock.open("the own page", asker.home)


_WEEK_BY_HAND = (
    "SELECT occurrence_id, count(*) FROM answer WHERE occurrence_id BETWEEN :low AND :high "
    "AND withdrawn_at IS NULL GROUP BY occurrence_id"
)
_READ_BY_HAND = (
    "SELECT a.id, p.text FROM answer a JOIN part p ON p.answer_id = a.id WHERE a.occurrence_id = :prompt "
    "AND a.sharing = 'everyone' ORDER BY a.shared_at DESC LIMIT 5"
)
_FIND = (
    "SELECT e.ref, e.words FROM search_text t JOIN search_entry e ON e.id = t.rowid "
    "JOIN answer a ON a.id = e.ref AND a.sharing = 'everyone' WHERE {} ORDER BY t.rowid DESC LIMIT 300"
)
_FIND_BY_HAND = {
    "sqlite": _FIND.format("search_text MATCH 'attend'"),
    "postgresql": _FIND.format("t.words @@ to_tsquery('simple', 'attend')"),
}
"""The least that finding one word asks: the latest 300 that everyone may read, without the words that mean the same."""
