"""Where the processor's time of one message goes: by thread, and with `--profile` by function.

Many people write in many threads, each something else: first their answer, then more of it. The messages are handed to
slack-bolt or discord.py as the platform hands them over. The time of a thread is that of its processor, so that a busy
machine matters less; the pretended platform has its share in that of the loop.

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
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot.store.store import Store
from tests.bench import bench_discord, slack_rig
from tests.bench.rig import postgres
from tests.bench.said_texts import list_said
from tests.bench.slack_rig import bare_bolt, by_socket, harbour
from tests.fakes.discord import FakeDiscord

PEOPLE, THREADS = 300, 10
SHOWN = 45
"""Functions that a profile prints."""
Rush = Callable[[list[str]], Awaitable[object]]


class Clocks:
    """The processor's time of the process, of its loop and of its writer, and what each of these did."""

    def __init__(self, store: Store, rounds: int, folder: str) -> None:
        self._store, self._rounds, self._folder = store, rounds, folder
        [writer] = [one for one in threading.enumerate() if one.name == "tilth-writer"]
        self._writer = time.pthread_getcpuclockid(writer.ident or 0)

    async def measure(self, name: str, rush: Rush, threads: list[str], *, once: bool = False) -> None:
        """Print what one message of a rush through these threads costs."""
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
        count = PEOPLE * len(threads)
        whole, loop_part, writer_part = (
            statistics.median(one) / count * 1e6 for one in zip(*spent, strict=True)
        )
        print(
            f"{name:<18}{whole:6.0f} µs a message: loop {loop_part:5.0f}, writer {writer_part:5.0f}",
            flush=True,
        )

    def _read(self) -> tuple[float, float, float]:
        return time.process_time(), time.thread_time(), time.clock_gettime(self._writer)

    def _print(self, who: str, profile: cProfile.Profile) -> None:
        profile.create_stats()
        profile.dump_stats(str(Path(self._folder) / f"{who}.prof"))
        print(f"── {who}")
        pstats.Stats(profile).sort_stats("tottime").print_stats(SHOWN)


async def look_at_slack(words: argparse.Namespace, url: str, folder: Path) -> None:
    """slack-bolt alone, first answers, further ones, and messages that are not for us."""
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
        await clocks.measure("bare slack-bolt", rush(bare), here.threads)
        await clocks.measure("first answers", rush(here.take), here.threads[1:], once=True)
        await clocks.measure("further replies", rush(here.take), here.threads)
        await clocks.measure("not for us", rush(here.take), ["1700000000.000100"] * THREADS)


async def look_at_discord(words: argparse.Namespace, url: str, folder: Path) -> None:
    """discord.py alone, first answers and further ones."""
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
                await clocks.measure("bare discord.py", rush(floor), threads)
                await clocks.measure("first answers", rush(adapter.client), threads[1:], once=True)
                await clocks.measure("further replies", rush(adapter.client), threads)
                asyncio.get_running_loop().set_task_factory(None)


def main() -> None:
    asked = argparse.ArgumentParser(
        prog="python -m tests.bench.where", description=(__doc__ or "").split("\n", 1)[0]
    )
    asked.add_argument("platform", choices=("slack", "discord"))
    asked.add_argument("--postgres", action="store_true")
    asked.add_argument("--same", action="store_true", help="all say the same, which is understood only once")
    asked.add_argument("--profile", default="", metavar="FOLDER", help="further replies by function; slower")
    asked.add_argument("--rounds", type=int, default=3)
    words = asked.parse_args()
    logging.disable(logging.WARNING)
    look = look_at_slack if words.platform == "slack" else look_at_discord
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(postgres()) if words.postgres else ""
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        asyncio.run(look(words, url, Path(folder)))


if __name__ == "__main__":
    main()
