"""`tilth run` as a process of its own, told by the environment where its platform is."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).parents[2]
PATIENCE = 40.0
"""Seconds in which everything here happens, on a machine that does much else."""


async def until(true: Callable[[], object], what: str) -> None:
    """Wait for something that another process does."""
    end = monotonic() + PATIENCE
    while not true():
        assert monotonic() < end, f"waited in vain for {what}"
        await asyncio.sleep(0.05)


class Running:
    """A process, and what it said."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        self.process = process
        self.folder = folder
        self.said = ""
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stderr is not None
        while line := await self.process.stderr.readline():
            self.said += line.decode()

    async def beating(self) -> None:
        """Wait until it is connected and does its rounds."""
        await until(self._beats, "the bot to start")

    def _beats(self) -> bool:
        assert self.process.returncode is None, f"it ended with {self.process.returncode}:\n{self.said}"
        file = self.folder / "health.json"
        return file.is_file() and json.loads(file.read_text())["pid"] == self.process.pid

    async def ended(self, by: signal.Signals | None = None) -> int:
        """Its exit code, after a signal or by itself."""
        if by is not None:
            self.process.send_signal(by)
        async with asyncio.timeout(PATIENCE):
            code = await self.process.wait()
        await self._reading
        return code


@asynccontextmanager
async def running(folder: Path, settings: Mapping[str, str], *words: str) -> AsyncIterator[Running]:
    """The bot with these settings (`SLACK__BOT_TOKEN` and so on), on a database in `folder`."""
    own = {f"TILTH_{name}": value for name, value in settings.items()}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TILTH_")}
    environment |= {
        "TILTH_STORE__URL": f"sqlite:///{folder}/tilth.db",
        "TILTH_STORE__FOLDER": str(folder),
        "TILTH_WEB__PORT": "0",
        "TILTH_COMMUNITY__ZONE": "Europe/Dublin",
    }
    environment |= own
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from bot.cli.main import main; main()", *(words or ("run",)),
        cwd=ROOT, env=environment, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    one = Running(process, folder)
    try:
        yield one
    finally:
        if process.returncode is None:
            process.kill()
        await one.ended()
