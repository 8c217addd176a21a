"""What a queue costs: a message to each of many people, against a platform that holds its limits, on a clock that is stepped.

The pretended platform notes when each call came; a bucket for each person and one for the space, as Slack has them, tell which
came sooner than they may. What waits makes nothing slower: that is the growth of one message sent, in processor time.

    python -m tests.bench sending
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.chat.rate_limits import Pace
from bot.delivery import outbox
from bot.store import Store
from tests.bench.findings import Findings, Scale
from tests.delivery.rig import Rig, make_tables

ROUNDED = 0.05
"""What microseconds that are cut off come to in ten thousand calls."""
AHEAD = 60
"""Messages that are measured while the others wait."""


@dataclass(slots=True)
class Bucket:
    """So many at once, and so many a second after that."""

    burst: float
    rate: float
    left: float = -1.0
    at: datetime | None = None

    def take(self, now: datetime) -> bool:
        """Whether one more may come now."""
        if self.at is None:
            self.left = self.burst
        else:
            self.left = min(self.burst, self.left + (now - self.at).total_seconds() * self.rate)
        self.at = now
        if self.left < 1 - ROUNDED:
            return False
        self.left -= 1
        return True


def count_early(calls: Iterable[tuple[datetime, str]], pace: Pace) -> int:
    """How many came sooner than the limits allow: of the whole space, and of each channel."""
    space, lanes, early = Bucket(pace.space_burst, pace.space_rate), dict[str, Bucket](), 0
    for at, channel in sorted(calls):
        lane = lanes.setdefault(channel, Bucket(pace.lane_burst, pace.lane_rate))
        early += not (lane.take(at) & space.take(at))
    return early


def fill(rig: Rig, size: int) -> None:
    """A message to each of so many people, all due now."""
    from bot.delivery.facts import Draft
    from tests.delivery.rig import SPACE, card

    now = rig.clock.now()
    for number in range(size):
        rig.adapter.world.add_person(f"p{number}", f"Person {number}")
    for first in range(0, size, 500):
        some = [
            Draft(
                community_id=1, space=SPACE, key=f"k{number}", kind="prompt", card=card("Hello"), verb="direct",
                person=f"p{number}", priority=3,
            )
            for number in range(first, min(size, first + 500))
        ]  # fmt: skip
        rig.store.write_now(lambda conn, some=some: [outbox.queue_draft(conn, one, now) for one in some])


async def drain(rig: Rig, upto: int) -> None:
    """Beat, and move the clock to whatever is due next, until so many are sent."""
    await rig.settle()
    while (due := rig.store.read_now(rig.sender.next_due)) is not None:
        if len(rig.adapter.world.messages) >= upto:
            return
        rig.clock.set(due)
        await rig.settle()


async def send_all(size: int) -> tuple[float, int, float]:
    """All of a queue: its time over what the limits allow, calls that came early, processor milliseconds a message."""
    pace = Pace()
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(f"sqlite:///{Path(folder) / 'bench.db'}") as store,
    ):
        make_tables(store)
        rig = Rig(store, pace=pace)
        fill(rig, size)
        begun, busy = rig.clock.now(), time.process_time()
        await drain(rig, size + 1)
        spent = (time.process_time() - busy) * 1000 / size
        sent = rig.adapter.world.messages.values()
        assert len(sent) == size, f"{len(sent)} sent of {size}"
        least = (size - pace.space_burst) / pace.space_rate
        ratio = (rig.clock.now() - begun).total_seconds() / least
        return ratio, count_early(((one.at, one.channel) for one in sent), pace), spent


async def send_some(size: int) -> float:
    """Processor milliseconds for one message, while so many wait."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(f"sqlite:///{Path(folder) / 'bench.db'}") as store,
    ):
        make_tables(store)
        rig = Rig(store, pace=Pace())
        fill(rig, size)
        await drain(rig, min(20, size // 2))
        gc.collect()
        have, busy = len(rig.adapter.world.messages), time.process_time()
        await drain(rig, min(have + AHEAD, size))
        return (time.process_time() - busy) * 1000 / (len(rig.adapter.world.messages) - have)


def measure_claims(scale: Scale, found: Findings) -> None:
    """One claim alone, where the bench of claims is there."""
    points = {}
    try:
        claims = importlib.import_module("tests.bench.bench_claims")
        for size in scale.pick((100, 1_000), (100, 1_000, 10_000), (100, 1_000, 10_000, 100_000)):
            with tempfile.TemporaryDirectory() as folder:
                queue = claims.Queue(f"sqlite:///{Path(folder) / 'bench.db'}", size, direct=True)
                points[size] = queue.measure()["claim"]
    except (ImportError, AttributeError, TypeError):
        found.leave("G11-claim", "the queue of this version has other parts")
        return
    found.grow("one claim, so many waiting", "ms", points)
    found.add("G11-claim", [points[max(points)]], f"{max(points):,} waiting")


def measure(scale: Scale) -> Findings:
    """G11."""
    found, size = Findings(), scale.pick(200, 2_000, 10_000)
    ratio, early, spent = asyncio.run(send_all(size))
    found.add("G11", [ratio], f"{size:,} messages, {spent:.1f} ms of the processor for each")
    found.add("G11-429", [early])
    sizes = scale.pick((100, 1_000), (100, 1_000, 10_000), (100, 1_000, 10_000, 100_000))
    found.grow(
        "one message sent, so many waiting", "ms", {size: asyncio.run(send_some(size)) for size in sizes}
    )
    measure_claims(scale, found)
    return found
