"""Several senders on one PostgreSQL, a platform that fails in every way, and senders that die: one message each, in order."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chat.cards import say
from bot.chat.port import CredentialsRejected, HistoryUnavailable, OutcomeUnknown, RetryLater
from bot.delivery import outbox
from bot.delivery import tables as delivery_tables
from bot.delivery.facts import Draft
from bot.store import Store
from tests.delivery.rig import Killed, Pace, Rig, make_tables
from tests.delivery.shared import SPACE, Harbour
from tests.seeds import seeds

SENDERS, CHANNELS, ROWS = 4, 5, 40
POINTS = (
    "claimed",
    "guarded",
    "called",
    "before finish",
    "finish written",
    "recovery looked",
    "recovery written",
)
pytestmark = pytest.mark.postgres


@pytest.fixture
def stores(postgres_url: str) -> Iterator[list[Store]]:
    with ExitStack() as stack:
        found = [stack.enter_context(Store.open(postgres_url)) for _ in range(SENDERS)]
        make_tables(found[0])
        yield found


class Weather:
    """What befalls calls and senders while it lasts."""

    def __init__(self, rig: Rig, dice: random.Random) -> None:
        self.rig, self.dice, self.bad = rig, dice, True
        self.post, self.find = rig.adapter.post, rig.adapter.find
        rig.adapter.post, rig.adapter.find = self.posts, self.finds  # type: ignore[method-assign]

    async def posts(self, *given: Any) -> str:
        await self._moment()
        luck = self.dice.random() if self.bad else 1.0
        faults = self.rig.faults
        if luck < 0.08:
            faults.next("post", before=OutcomeUnknown("never arrived"))
        elif luck < 0.18:
            faults.next("post", after=OutcomeUnknown("answer lost"))
        elif luck < 0.24:
            faults.next("post", late=True)
        elif luck < 0.34:
            faults.next("post", before=RetryLater("ratelimited", self.dice.uniform(1, 120)))
        elif luck < 0.37:
            faults.next("post", before=RetryLater("connection_refused"))
        elif luck < 0.38:
            faults.next("post", before=CredentialsRejected("invalid_auth"))
        elif luck < 0.41:
            faults.next("post", after=KeyError("half a body"))
        return await self.post(*given)

    async def finds(self, *given: Any) -> tuple[str, ...] | HistoryUnavailable:
        await self._moment()
        if self.bad and self.dice.random() < 0.3:
            return HistoryUnavailable("not now")
        return await self.find(*given)

    async def _moment(self) -> None:
        for _ in range(self.dice.randrange(4)):
            await asyncio.sleep(0)

    def at(self, point: str) -> None:
        if self.bad and point in POINTS and self.dice.random() < 0.01:
            raise Killed(point)


@pytest.mark.parametrize("seed", seeds(1, 6))
async def test_one_message_each_and_in_order(stores: list[Store], seed: int) -> None:
    dice = random.Random(seed)
    rig = Rig(stores[0], pace=Pace(read_rate=10), channels=[f"c{n}" for n in range(CHANNELS)])
    weather = Weather(rig, dice)
    for number in range(ROWS):
        rig.queue(f"{number:02}", f"c{number % CHANNELS}")
    senders = [rig.another(f"s{n}", store=stores[n], at=weather.at) for n in range(SENDERS)]
    for turn in range(2000):
        await asyncio.gather(*(sender.beat() for sender in senders), return_exceptions=True)
        rig.sound()
        due = rig.store.read_now(rig.sender.next_due)
        if due is None:
            break
        weather.bad = turn < 80
        if dice.random() < 0.2 or not weather.bad or due - rig.clock.now() > timedelta(seconds=60):
            await rig.adapter.land()  # what is late arrives within ten minutes: nothing later is promised
        rig.clock.set(max(due, rig.clock.now() + timedelta(milliseconds=50)))
    await rig.adapter.land()
    await rig.run(1200)
    for number in range(ROWS):
        rig.once(f"{number:02}")
    for channel in range(CHANNELS):
        keys = [f"{number:02}" for number in range(ROWS) if number % CHANNELS == channel]
        said = [rig.row(key).external_id for key in keys]
        assert said == sorted(said, key=lambda id: int(id or 0))


async def test_rows_of_a_channel_are_never_in_two_hands(stores: list[Store]) -> None:
    """However many senders ask at once, each channel has one call under way, and each row one call."""
    rig = Rig(stores[0], channels=[f"c{n}" for n in range(4)])
    under_way: dict[str, int] = {}
    calls: list[str] = []
    post = rig.adapter.post

    async def watched(place: Any, card: Any, marker: str, part: int) -> str:
        under_way[place.channel] = under_way.get(place.channel, 0) + 1
        assert under_way[place.channel] == 1
        calls.append(marker)
        await asyncio.sleep(0.005)
        done = await post(place, card, marker, part)
        under_way[place.channel] -= 1
        return done

    rig.adapter.post = watched  # type: ignore[method-assign]
    for number in range(40):
        rig.queue(f"{number:02}", f"c{number % 4}")
    senders = [rig.another(f"s{n}", store=stores[n]) for n in range(SENDERS)]
    while rig.store.read_now(outbox.count_states)["pending"]:
        await asyncio.gather(*(sender.beat() for sender in senders))
    assert len(calls) == len(set(calls)) == 40
    assert rig.titles("c1") == [f"{number:02}" for number in range(1, 40, 4)]


async def test_several_senders_keep_one_pace(stores: list[Store]) -> None:
    rig = Rig(stores[0], pace=Pace(), channels=[f"c{n}" for n in range(30)])
    for number in range(30):
        rig.queue(f"{number}", f"c{number}")
    senders = [rig.another(f"s{n}", store=stores[n]) for n in range(SENDERS)]

    async def settled() -> None:
        while any(await asyncio.gather(*(sender.beat() for sender in senders))):
            pass

    await settled()
    assert rig.store.read_now(outbox.count_states)["sent"] == 10
    for second in range(1, 5):
        rig.clock.advance(timedelta(seconds=1))
        await settled()
        assert rig.store.read_now(outbox.count_states)["sent"] == 10 + 3 * second


async def until(true: Callable[[], bool], seconds: float, meanwhile: Callable[[], Awaitable[None]]) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "not settled in time"
        await meanwhile()


async def test_processes_that_are_killed_at_random(postgres_url: str, tmp_path: Path) -> None:
    """Three processes with real clocks on one database; every half second one is killed and another started."""
    world, dice = tmp_path / "world.db", random.Random(7)
    harbour = Harbour(world)
    keys = [f"{number:02}" for number in range(40)]
    with Store.open(postgres_url) as store:
        make_tables(store)
        for number, key in enumerate(keys):
            draft = Draft(
                community_id=1, space=SPACE, key=key, kind="prompt", channel=f"c{number % 8}", card=say(key)
            )
            store.write_now(lambda conn, draft=draft: outbox.queue_draft(conn, draft, harbour.clock.now()))

        def start() -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", "tests.delivery.shared", postgres_url, str(world)]
            return subprocess.Popen(command, cwd=Path(__file__).parents[2], stderr=subprocess.DEVNULL)

        processes = [start() for _ in range(3)]
        try:
            for _ in range(14):
                await asyncio.sleep(0.7)
                victim = processes.pop(dice.randrange(len(processes)))
                victim.kill()
                victim.wait()
                processes.append(start())

            def done() -> bool:
                now = store.read_now(outbox.count_states)
                sweeping = delivery_tables.outbox.select().where(
                    delivery_tables.outbox.c.sweep_at.is_not(None)
                )
                return now["sent"] == len(keys) and not store.read_now(lambda c: c.execute(sweeping).all())

            await until(done, 80, lambda: asyncio.sleep(0.3))
        finally:
            for process in processes:
                process.kill()
                process.wait()
        for key in keys:
            row = store.read_now(lambda conn, key=key: outbox.find_by_key(conn, key))
            assert row is not None
            assert harbour.carrying(row.marker) == [row.external_id]
    harbour.close()
