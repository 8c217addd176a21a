"""How long a slash command waits, alone and while much else happens, on the pretended Slack over HTTP.

Commands are sent 25 times a second whatever becomes of those before, and each is counted from the moment it was sent. They read
the database before they answer. Beside them: slack-bolt with a command that does nothing and its usual acknowledgment, behind
the same route; and ours with nothing else to do, right before.

    python -m tests.bench commands
"""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter

import aiohttp
from aiohttp import web
from sqlalchemy import Connection

from adapters.slack.http import event_routes
from bot.reflections.prompts import bank
from bot.reflections.prompts.model import Question
from bot.reflections.prompts.prompt_form import plain_prompt
from bot.runtime.clock import SteerableClock
from bot.schedules import edits
from bot.schedules.model import SchedulePlace
from tests.bench.findings import Findings, Scale, high
from tests.bench.slack_rig import Harbour, Take, bare_bolt, by_socket, command_body, harbour, rush, sign, told

RATE = 25.0
PEOPLE, DUE, DECK = 640, 200, 40
MONDAY = datetime(2027, 1, 11, 9, tzinfo=UTC)
"""Nine o'clock in Dublin, where it is winter."""


@asynccontextmanager
async def door(take: Take) -> AsyncIterator[str]:
    """A server of its own on loopback; the address of its route for Slack."""
    site = web.Application()
    site.add_routes(event_routes(lambda _name: take))
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    listening = web.TCPSite(runner, "127.0.0.1", 0)
    await listening.start()
    [(host, port, *_rest)] = runner.addresses
    try:
        yield f"http://{host}:{port}/slack/events/main"
    finally:
        await runner.cleanup()


def rounds_of(scale: Scale) -> int:
    """Each takes seconds, however fast the machine is."""
    return int(scale.pick(2, scale.rounds))


class Caller:
    """Sends commands at their times, and remembers how long each took."""

    def __init__(self, here: Harbour, session: aiohttp.ClientSession) -> None:
        self._here, self._session, self._numbers = here, session, itertools.count()

    async def send(self, address: str) -> float:
        """Seconds from one command to its acknowledgment."""
        body = command_body(self._here, next(self._numbers))
        headers = sign(self._here.slack, body, "application/x-www-form-urlencoded")
        start = perf_counter()
        async with self._session.post(address, data=body, headers=headers) as answer:
            await answer.read()
            assert answer.status == 200, answer.status
        return perf_counter() - start

    async def keep_sending(self, address: str, until: Callable[[int], bool]) -> list[float]:
        """`RATE` a second, whatever becomes of those before, until it is enough."""
        sent: list[asyncio.Task[float]] = []
        begun = perf_counter()
        while not until(len(sent)):
            sent.append(asyncio.create_task(self.send(address)))
            await asyncio.sleep(max(0.0, begun + len(sent) / RATE - perf_counter()))
        return await asyncio.gather(*sent)


async def compare_alone(here: Harbour, caller: Caller, ours: str, scale: Scale, found: Findings) -> None:
    """G4: with nothing else to do, in turn with plain bolt."""
    count, bare = scale.pick(25, 75), bare_bolt(here.slack, process_before_response=False)
    shares, middles = [], []
    async with door(bare.async_dispatch) as theirs:
        for _ in range(rounds_of(scale)):
            floor = await caller.keep_sending(theirs, lambda sent: sent >= count)
            spent = await caller.keep_sending(ours, lambda sent: sent >= count)
            shares.append(statistics.median(spent) / statistics.median(floor))
            middles.append((statistics.median(spent) * 1000, statistics.median(floor) * 1000))
    mine, bolts = (statistics.median(column) for column in zip(*middles, strict=True))
    found.add("G4", shares, f"{mine:.1f} and {bolts:.1f} ms")


async def compare_busy(
    caller: Caller, ours: str, scale: Scale, prepare: Callable[[], Awaitable[object]]
) -> tuple[list[float], str]:
    """The slowest of a hundred while something happens, over the slowest before it; and in words.

    `prepare` makes ready what happens, and gives it: what the bench does by itself is nothing that a command waits for.
    """
    count = scale.pick(50, 100)
    times, said = [], []
    for _ in range(rounds_of(scale)):
        work = prepare()
        quiet = await caller.keep_sending(ours, lambda sent: sent >= count)
        under_way = asyncio.ensure_future(work)
        busy = await caller.keep_sending(ours, lambda sent, one=under_way: one.done() and sent >= count // 4)
        await under_way
        times.append(high(busy) / high(quiet))
        said.append((high(busy), high(quiet), sum(one > 3 for one in busy)))
    slow, calm = (statistics.median(one[at] for one in said) * 1000 for at in (0, 1))
    return times, f"{slow:.0f} and {calm:.0f} ms; {sum(one[2] for one in said)} of them over 3 s"


def first_answers(here: Harbour, numbers: Iterator[int], threads: Iterator[str], count: int) -> list[str]:
    """So many first answers to prompts, as Slack tells them."""
    bodies: list[str] = []
    while len(bodies) < count:
        bodies += told(here, next(threads), next(numbers), min(PEOPLE, count - len(bodies)))
    return bodies


async def flood(here: Harbour, bodies: Sequence[str], rate: int) -> None:
    """So many people a second give their first answer to a prompt, each when it comes to them."""
    begun, due, answers, chance = perf_counter(), 0.0, [], random.Random(rate)
    for text in bodies:
        due += chance.expovariate(rate)
        if (early := begun + due - perf_counter()) > 0:
            await asyncio.sleep(early)
        answers.append(asyncio.create_task(here.take(by_socket(text))))
    assert {one.status for one in await asyncio.gather(*answers)} == {200}


def plan_due(conn: Connection) -> None:
    """200 schedules that ask on Mondays at nine, each in a channel of its own, all from one deck."""
    asks = (f"What did you notice about the {number}th door?" for number in range(DECK))
    for ask in asks:
        bank.add_prompt(conn, 1, "bench", plain_prompt(ask, (Question(ask),)))
    details = {"decks": ["bench"], "tag": "", "kept": None, "tags": [], "anonymous": False}
    for number in range(DUE):
        edits.add_schedule(
            conn, 1, kind="prompt", now=MONDAY - timedelta(days=2), letter="s", title="bench", rule="every mon 09:00",
            zone="Europe/Dublin", anchor=MONDAY.date() - timedelta(days=7), open_minutes=4 * 24 * 60, details=details,
            places=(SchedulePlace("slack:T0BENCH", f"room{number}", "", ""),),
        )  # fmt: skip


async def measure_floods(scale: Scale, found: Findings) -> None:
    """G4 and G4b."""
    seconds = scale.pick(2, 4)
    prompts = 1 + rounds_of(scale) * sum(-(-rate * seconds // PEOPLE) for rate in (100, 300))
    numbers = itertools.count(0, 10_000)
    with tempfile.TemporaryDirectory() as folder:
        async with harbour(Path(folder), PEOPLE, prompts) as here, aiohttp.ClientSession() as session:
            threads = iter(here.threads)
            known = told(here, next(threads), next(numbers), PEOPLE)
            await rush(here.take, iter([lambda text=text: by_socket(text) for text in known]))
            caller = Caller(here, session)
            async with door(here.take) as ours:
                await compare_alone(here, caller, ours, scale, found)
                for rate in (100, 300):
                    said = partial(first_answers, here, numbers, threads, rate * seconds)
                    flooding = lambda rate=rate, said=said: flood(here, said(), rate)
                    found.add(f"G4b-{rate}", *await compare_busy(caller, ours, scale, flooding))


async def measure_due(scale: Scale, found: Findings) -> None:
    """G4c: another Monday each round."""
    clock = SteerableClock(MONDAY - timedelta(days=1), running=True)
    with tempfile.TemporaryDirectory() as folder:
        async with harbour(Path(folder), 10, clock=clock) as here, aiohttp.ClientSession() as session:
            await here.app.store.write(plan_due)
            mondays = itertools.count()

            async def ask_all() -> None:
                clock.set(MONDAY + timedelta(weeks=next(mondays)))
                assert await here.app.planner.tick() >= DUE
                clock.advance(timedelta(days=6))
                await here.app.planner.tick()

            await here.app.planner.tick()
            async with door(here.take) as ours:
                found.add("G4c", *await compare_busy(Caller(here, session), ours, scale, ask_all))


def measure(scale: Scale) -> Findings:
    """G4, G4b, G4c."""
    found = Findings()
    asyncio.run(measure_floods(scale, found))
    asyncio.run(measure_due(scale, found))
    return found
