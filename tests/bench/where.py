"""Where the processor's time of one message goes: by thread, and with `--profile` by function.

Many people write in many threads, each something else: first their answer, then more of it; of these it is said what the
writer's time is spent on. The messages are handed to slack-bolt or discord.py as the platform hands them over. The time of a
thread is that of its processor, so that a busy machine matters less; the pretended platform has its share in that of the loop.

    python -m tests.bench.where slack|discord [--postgres] [--same] [--rounds 3] [--profile FOLDER]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import cProfile
import gc
import itertools
import logging
import pstats
import statistics
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.store.store import Store
from tests.bench import bench_discord, slack_rig
from tests.bench.message_parts import PartTimes
from tests.bench.rig import postgres
from tests.bench.said_texts import list_said
from tests.bench.slack_rig import bare_bolt, by_socket, harbour
from tests.fakes.discord import FakeDiscord

PEOPLE, THREADS = 300, 10
SHOWN = 45
"""Functions that a profile prints."""
Rush = Callable[[list[str]], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class MessageCost:
    """Microseconds of the processor for one message; `parts` are those of the writer, and what is left is all the rest."""

    loop: float
    writer: float
    parts: Mapping[str, float] = field(default_factory=dict)

    def take_apart(self, bare: MessageCost) -> dict[str, float]:
        """Every part of it, first what the library needs alone (`bare`)."""
        rest = self.writer - sum(self.parts.values())
        alone = {"the library alone": bare.loop, "the rest of the loop": self.loop - bare.loop}
        return alone | self.parts | {"the rest of the writer": rest}

    def __str__(self) -> str:
        said = (
            f"{self.loop + self.writer:6.0f} µs a message: loop {self.loop:5.0f}, writer {self.writer:5.0f}"
        )
        parts = ", ".join(f"{part} {spent:.0f}" for part, spent in self.parts.items())
        return said + (parts and f" ({parts})")


class Clocks:
    """The processor's time of the loop and of the writer, and what each of these did."""

    def __init__(self, store: Store, rounds: int, folder: str) -> None:
        self._store, self._rounds, self._folder = store, rounds, folder
        [self._thread] = [one for one in threading.enumerate() if one.name == "tilth-writer"]
        self._writer = time.pthread_getcpuclockid(self._thread.ident or 0)

    async def measure(
        self, name: str, rush: Rush, threads: list[str], *, once: bool = False, parts: bool = False
    ) -> MessageCost:
        """Print what one message of a rush through these threads costs; with its `parts`, which take a round more."""
        spent = []
        profile = bool(self._folder) and name == "further replies"
        for _ in range(1 if once or profile else self._rounds):
            gc.collect()
            loop, writer = cProfile.Profile(), cProfile.Profile()
            if profile:
                await self._store.write(lambda _conn, which=writer: which.enable())
                loop.enable()
            before = self._read()
            await rush(threads)
            spent.append([now - then for now, then in zip(self._read(), before, strict=True)])
            if profile:
                loop.disable()
                await self._store.write(lambda _conn, which=writer: which.disable())
                self._print("loop", loop)
                self._print("writer", writer)
        a_message = 1e6 / (PEOPLE * len(threads))
        loop_part, writer_part = (statistics.median(one) * a_message for one in zip(*spent, strict=True))
        found = MessageCost(loop_part, writer_part)
        if parts:
            times = PartTimes(self._thread)
            with times.measuring():
                await rush(threads)
            found = replace(found, parts={part: one * a_message for part, one in times.spent.most_common()})
        print(f"{name:<18}{found}", flush=True)
        return found

    def _read(self) -> tuple[float, float]:
        return time.thread_time(), time.clock_gettime(self._writer)

    def _print(self, who: str, profile: cProfile.Profile) -> None:
        profile.create_stats()
        profile.dump_stats(str(Path(self._folder) / f"{who}.prof"))
        print(f"── {who}")
        pstats.Stats(profile).sort_stats("tottime").print_stats(SHOWN)


async def look_at_slack(words: argparse.Namespace, url: str, folder: Path) -> dict[str, MessageCost]:
    """slack-bolt alone, first answers, further ones, and messages that are not for us."""
    found: dict[str, MessageCost] = {}
    texts, numbers = list_said(same=words.same), itertools.count()

    def rush(take: slack_rig.Take) -> Rush:
        async def rush_all(threads: list[str]) -> None:
            for thread in threads:
                bodies = slack_rig.told(here, thread, next(numbers) * PEOPLE, PEOPLE, said=texts)
                await slack_rig.rush(take, iter([lambda one=one: by_socket(one) for one in bodies]))

        return rush_all

    async with harbour(folder, PEOPLE, prompts=THREADS, url=url) as here:
        clocks = Clocks(here.app.store, words.rounds, words.profile)
        bare = bare_bolt(here.slack).async_dispatch
        for take in (bare, here.take):
            await rush(take)(here.threads[:1])  # everybody is known
        for name, take, threads, more in (
            ("bare slack-bolt", bare, here.threads, {}),
            ("first answers", here.take, here.threads[1:], {"once": True}),
            ("further replies", here.take, here.threads, {"parts": True}),
            ("not for us", here.take, ["1700000000.000100"] * THREADS, {}),
        ):
            found[name] = await clocks.measure(name, rush(take), threads, **more)
    return found


async def look_at_discord(words: argparse.Namespace, url: str, folder: Path) -> dict[str, MessageCost]:
    """discord.py alone, first answers and further ones."""
    found: dict[str, MessageCost] = {}
    texts, numbers = list_said(same=words.same), itertools.count()
    async with FakeDiscord() as fake:
        guild = fake.guild("Harbour School")
        mo = fake.member("Mo Hale", guild, roles=[fake.role(guild, "Heads", "administrator")])
        people = [fake.member(f"Person {number}", guild) for number in range(PEOPLE)]
        rooms = [fake.channel(guild, f"room-{number}") for number in range(THREADS)]

        def rush(client: Any) -> Rush:
            async def rush_all(threads: list[str]) -> None:
                for thread in threads:
                    told = bench_discord.told(guild, thread, people, next(numbers) * PEOPLE, PEOPLE, texts)
                    await quay.rush(client, told)

            return rush_all

        async with bench_discord.whole_bot(fake, folder, url) as (app, adapter):
            threads = [
                await bench_discord.open_prompt(app, fake, guild, room, mo, number)
                for number, room in enumerate(rooms, 1)
            ]
            async with bench_discord.bare(fake) as floor:
                clocks, quay = Clocks(app.store, words.rounds, words.profile), bench_discord.Quay()
                for client in (floor, adapter.client):
                    await rush(client)(threads[:1])
                for name, client, rooms_of, more in (
                    ("bare discord.py", floor, threads, {}),
                    ("first answers", adapter.client, threads[1:], {"once": True}),
                    ("further replies", adapter.client, threads, {"parts": True}),
                ):
                    found[name] = await clocks.measure(name, rush(client), rooms_of, **more)
                asyncio.get_running_loop().set_task_factory(None)
    return found


LOOKS = {"slack": ("slack-bolt", look_at_slack), "discord": ("discord.py", look_at_discord)}
"""The library that a platform is spoken with, and how it is looked where a message's time goes."""


def take_apart(platform: str, rounds: int) -> tuple[str, dict[str, float]]:
    """(the library, microseconds by part) of one more message of an answer."""
    library, look = LOOKS[platform]
    words = argparse.Namespace(same=False, rounds=rounds, profile="")
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(look(words, "", Path(folder)))
    return library, found["further replies"].take_apart(found[f"bare {library}"])


def main() -> None:
    asked = argparse.ArgumentParser(
        prog="python -m tests.bench.where", description=(__doc__ or "").split("\n", 1)[0]
    )
    asked.add_argument("platform", choices=tuple(LOOKS))
    asked.add_argument("--postgres", action="store_true")
    asked.add_argument("--same", action="store_true", help="all say the same, which is understood only once")
    asked.add_argument("--profile", default="", metavar="FOLDER", help="further replies by function; slower")
    asked.add_argument("--rounds", type=int, default=3)
    words = asked.parse_args()
    logging.disable(logging.WARNING)
    _library, look = LOOKS[words.platform]
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(postgres()) if words.postgres else ""
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        asyncio.run(look(words, url, Path(folder)))


if __name__ == "__main__":
    main()
