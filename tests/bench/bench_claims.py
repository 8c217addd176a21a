"""What one claim and one `next_due` cost with 10 to 100 k messages waiting, and how they grow.

    python -m tests.bench.bench_claims [largest] [database URL]

Two queues: a direct message to each of n people, and n messages in one channel. A step is what the sender does for one
message: claim it in the writer, write down that it was sent. Everything waits already when the clock starts, as on a
Monday at nine; how long it takes until each lane is known (`take in`) is shown beside it, and the longest
piece of it. `least` is the quickest claim, for a machine that others use too.
The slope is that of a line through the sizes on log-log paper: 0 costs the same at any size, 1 grows as they do.
On SQLite the times are those of the thread's own processor time, whatever else the machine does; on PostgreSQL, of the clock.

At the end, a queue against the caps of a platform on a clock that is stepped: how much longer it takes than the caps
allow, and what one message costs this process.
"""

from __future__ import annotations

import asyncio
import gc
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, text

from bot import all_tables
from bot.chat.cards import say
from bot.chat.models import Place
from bot.delivery import next_due, outbox, results
from bot.delivery.claims import Claimed, Claimer, LeaseTerms, claim_rows
from bot.delivery.facts import Draft, Fact
from bot.delivery.pacing import Pace
from bot.people.tables import ensure_community
from bot.store import Store
from tests.delivery.rig import Rig, make_tables

SIZES = (10, 100, 1_000, 10_000, 100_000)
ROUNDS, AIM, CAPPED = 60, 1.0, 1.05
START = datetime(2026, 10, 5, 9, tzinfo=UTC)
SPACE, LOCAL = "local:bench", "local"
TERMS = LeaseTerms()
FAST = Pace(
    lane_rate=1e6, space_rate=1e6, overall_rate=1e6, space_burst=1000, overall_burst=1000, lane_burst=1000
)

T = TypeVar("T")


def tell_nobody(_conn: Connection, _fact: Fact) -> None:
    """Facts are for features; here there are none."""


def draft(number: int, *, direct: bool) -> Draft:
    """One of the messages that wait."""
    where = {"verb": "direct", "person": f"p{number}"} if direct else {"channel": "general"}
    return Draft(
        community_id=1, space=SPACE, key=f"k{number}", kind="reminder", card=say("Hello"), priority=3, **where
    )  # type: ignore[arg-type]


class Queue:
    """A database in which so many messages wait, all due now."""

    def __init__(self, url: str, size: int, *, direct: bool) -> None:
        self.store, self.size, self.now = Store.open(url), size, START
        self.clock = time.thread_time if self.store.dialect == "sqlite" else time.perf_counter
        self.store.write_now(self._build)
        for first in range(0, size, 500):
            some = [draft(number, direct=direct) for number in range(first, min(size, first + 500))]
            self.store.write_now(
                lambda conn, some=some: [outbox.queue_draft(conn, one, START) for one in some]
            )
        if self.store.dialect == "postgresql":
            self.store.write_now(lambda conn: conn.execute(text("ANALYZE")))

    @staticmethod
    def _build(conn: Connection) -> None:
        all_tables.metadata.drop_all(conn)
        all_tables.metadata.create_all(conn)
        ensure_community(conn, "bench", "Bench", "UTC", START)

    def claim(self, room: int) -> tuple[float, Claimed]:
        """One claim, in milliseconds of the writer."""
        request = Claimer("bench", self.now, room, FAST, TERMS, False, tell_nobody, None)
        return self._timed(lambda conn: claim_rows(conn, LOCAL, request))

    def finish(self, claimed: Claimed) -> float:
        """Write down that what was claimed is there."""

        def work(conn: Connection) -> None:
            for row in claimed.rows:
                place = Place(SPACE, row.channel or f"dm-{row.person}", None, row.person is not None)
                results.mark_sent(
                    conn, row, place, f"m{row.id}", self.now, copies=False, parts=1, terms=TERMS, tell=tell_nobody
                )  # fmt: skip

        return self._timed(work)[0]

    def ask(self) -> float:
        """One `next_due`."""
        start = self.clock()
        self.store.read_now(lambda conn: next_due.next_due(conn, self.now, {LOCAL: FAST}, TERMS))
        return (self.clock() - start) * 1000

    def _timed(self, work: Callable[[Connection], T]) -> tuple[float, T]:
        def timed(conn: Connection) -> tuple[float, T]:
            start = self.clock()
            done = work(conn)
            return (self.clock() - start) * 1000, done

        return self.store.write_now(timed)

    def measure(self) -> dict[str, float]:
        """Medians of the steps, after everything that waits is known."""
        gc.collect()
        pieces: list[float] = []
        while True:
            spent, found = self.claim(0)
            pieces.append(spent)
            if not found.others:
                break
        steps: dict[str, list[float]] = {"claim": [], "finish": [], "next_due": []}
        for _ in range(min(ROUNDS, self.size)):
            self.now += timedelta(milliseconds=50)
            spent, found = self.claim(1)
            assert len(found.rows) == 1
            steps["claim"].append(spent)
            steps["finish"].append(self.finish(found))
            steps["next_due"].append(self.ask())
        self.store.close_now()
        return {name: statistics.median(times) for name, times in steps.items()} | {
            "least": min(steps["claim"]),
            "take in": sum(pieces),
            "longest": max(pieces),
        }


def slope(found: dict[int, float]) -> float:
    """Of a line through the points on log-log paper."""
    xs, ys = [math.log(size) for size in found], [math.log(spent) for spent in found.values()]
    return statistics.linear_regression(xs, ys).slope


async def drain(size: int, url: str) -> tuple[float, float]:
    """Say all of a queue: the time it took over the time the caps take, and processor milliseconds a message."""
    own = Pace()
    with Store.open(url) as store:
        make_tables(store)
        rig = Rig(store, pace=own)
        for number in range(size):
            rig.adapter.world.add_person(f"p{number}", f"Person {number}")
            rig.direct(f"k{number}", f"p{number}", priority=3)
        begun, spent = rig.clock.now(), time.process_time()
        await rig.settle()
        while (due := store.read_now(rig.sender.next_due)) is not None:
            rig.clock.set(due)
            await rig.settle()
        sent = store.read_now(outbox.count_states)["sent"]
        assert sent == size, f"{sent} sent of {size}"
        least = (size - own.space_burst) / own.space_rate
        return (rig.clock.now() - begun).total_seconds() / least, (time.process_time() - spent) * 1000 / size


def main() -> None:
    """Print one table for each queue."""
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1]
    for name, direct in (("a direct message to each", True), ("all in one channel", False)):
        found: dict[int, dict[str, float]] = {}
        for size in (one for one in SIZES if one <= largest):
            with tempfile.TemporaryDirectory() as folder:
                url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{Path(folder) / 'bench.db'}"
                found[size] = Queue(url, size, direct=direct).measure()
        print(f"\n{name:>26}: ms of the writer, medians of {ROUNDS}")
        print(
            f"{'waiting':>10} {'claim':>9} {'least':>9} {'finish':>9} {'next_due':>9} {'take in':>10} {'longest':>9}"
        )
        for size, one in found.items():
            print(f"{size:>10,} {one['claim']:9.2f} {one['least']:9.2f} {one['finish']:9.2f} {one['next_due']:9.2f} {one['take in']:10.1f} {one['longest']:9.1f}")  # fmt: skip
        for step in ("claim", "next_due"):
            grown = slope({size: one[step] for size, one in found.items()})
            worst = max(one[step] for one in found.values())
            verdict = "ok" if worst <= AIM else "MISSED"
            print(f"{step:>10}: slope {grown:+.2f}, at most {worst:.2f} ms (aim {AIM}) {verdict}")
    for size in (one for one in (100, 1_000, 10_000) if one <= largest and len(sys.argv) < 3):
        with tempfile.TemporaryDirectory() as folder:
            ratio, spent = asyncio.run(drain(size, f"sqlite:///{Path(folder) / 'bench.db'}"))
        verdict = "ok" if ratio <= CAPPED else "MISSED"
        print(
            f"{size:>10,} against the caps: {ratio:.3f} of their time (aim {CAPPED}) {verdict}, {spent:.1f} ms a message"
        )


if __name__ == "__main__":
    main()
