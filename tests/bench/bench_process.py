"""Starting, and memory: `tilth run` as a process of its own, beside a process that only imports the libraries it is made of.

Both platforms are pretended, on loopback, and the database is there already. Ready is when the log says that it has started. Times
are those of the clock; processor times stand beside them.

    python -m tests.bench process
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.bench.findings import Findings, Scale, ratios
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack
from tests.processes.running import running

ROOT = Path(__file__).parents[2]
PATIENCE = 300
LIBRARIES = (
    "aiohttp, apscheduler.schedulers.asyncio, babel, discord, jinja2, markdown_it, pydantic_settings, slack_bolt.app.async_app,"
    "slack_bolt.adapter.socket_mode.aiohttp, slack_sdk.web.async_client, sqlalchemy.dialects.sqlite, structlog, typer"
)
SIZE = "import resource; print(int(open('/proc/self/statm').read().split()[1]) * 4096)"
TILTH = f"from bot.cli.{'entry' if find_spec('bot.cli.entry') else 'main'} import main; main()"
"""What the command `tilth` runs: in earlier versions it had no entry of its own."""


@dataclass(frozen=True, slots=True)
class Start:
    """One process: seconds until it was ready, and bytes in memory then."""

    seconds: float
    memory: float


def importing() -> Start:
    """A process that imports the libraries, and ends."""
    begun = time.perf_counter()
    words = [sys.executable, "-c", f"import {LIBRARIES}\n{SIZE}"]
    done = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True)
    return Start(time.perf_counter() - begun, float(done.stdout))


async def starting(folder: Path, settings: Mapping[str, str]) -> Start:
    """`tilth run` until it says that it has started."""
    begun = time.perf_counter()
    async with running(folder, settings) as bot:
        while "started at" not in bot.said:
            assert bot.process.returncode is None, bot.said
            assert time.perf_counter() < begun + PATIENCE
            await asyncio.sleep(0.003)
        spent = time.perf_counter() - begun
        await asyncio.sleep(1)
        return Start(spent, resident(bot.process.pid))


def resident(pid: int) -> float:
    """Bytes that a process has in memory."""
    return float(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def measure_starts(scale: Scale, found: Findings) -> None:
    """G7 and G8, in turn: both platforms, either alone, the libraries."""
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(FakeSlack("bench"))
        fake = await stack.enter_async_context(FakeDiscord())
        guild = fake.guild("Harbour School")
        fake.gateway.budget.every = 0
        on_slack = {
            "SLACK__BOT_TOKEN": slack.bot_token, "SLACK__APP_TOKEN": slack.app_token, "SLACK__API_URL": slack.api_url,
        }  # fmt: skip
        on_discord = {
            "DISCORD__TOKEN": fake.token, "DISCORD__API_URL": fake.api_url,
            "DISCORD__SERVERS": json.dumps({str(guild.id): "home"}),
        }  # fmt: skip
        ways: dict[str, list[Start]] = {"both": [], "slack": [], "discord": [], "libraries": []}
        wanted = {"both": on_slack | on_discord, "slack": on_slack, "discord": on_discord}
        folders = {name: Path(stack.enter_context(tempfile.TemporaryDirectory())) for name in wanted}
        for turn in range(scale.pick(1, scale.rounds) + 1):
            one = {name: await starting(folders[name], settings) for name, settings in wanted.items()}
            one["libraries"] = await asyncio.to_thread(importing)
            if turn:  # the first makes the database
                for name, start in one.items():
                    ways[name].append(start)
    seconds = {name: [one.seconds for one in way] for name, way in ways.items()}
    memory = {name: [one.memory / 2**20 for one in way] for name, way in ways.items()}
    middle = {name: statistics.median(way) for name, way in seconds.items()}
    size = {name: statistics.median(way) for name, way in memory.items()}
    found.add(
        "G7",
        ratios(seconds["both"], seconds["libraries"]),
        f"{middle['both']:.1f} and {middle['libraries']:.1f} s",
    )
    found.add("G7-slack", ratios(seconds["slack"], seconds["both"]), f"{middle['slack']:.1f} s")
    found.add("G7-discord", ratios(seconds["discord"], seconds["both"]), f"{middle['discord']:.1f} s")
    found.add(
        "G8",
        ratios(memory["both"], memory["libraries"]),
        f"{size['both']:.0f} and {size['libraries']:.0f} MB",
    )
    found.add(
        "G8-one",
        ratios(memory["slack"], memory["both"]),
        f"{size['slack']:.0f} MB; Discord alone {size['discord']:.0f}",
    )


def call(*words: str) -> float:
    """Seconds of a process that says something and ends."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - begun


def measure_words(scale: Scale, found: Findings) -> None:
    """G7c."""
    ways: dict[str, list[float]] = {"floor": [], "--help": [], "--version": []}
    for _ in range(scale.pick(3, 15)):
        ways["floor"].append(call("-c", "import argparse"))
        for word in ("--help", "--version"):
            ways[word].append(call("-c", TILTH, word))
    for word, goal in (("--help", "G7c-help"), ("--version", "G7c-version")):
        found.add(goal, ratios(ways[word], ways["floor"]), f"{statistics.median(ways[word]) * 1000:.0f} ms")


def measure(scale: Scale) -> Findings:
    """G7, G7c, G8."""
    found = Findings()
    asyncio.run(measure_starts(scale, found))
    measure_words(scale, found)
    return found
