"""A command of `tilth` at a terminal of its own: what it prints is read, and what somebody types goes in."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic

from tests.processes.running import PATIENCE, ROOT

ENTER = ""


class Terminal:
    """Counts what is done at it: each line that is typed is one action."""

    def __init__(self, process: asyncio.subprocess.Process, master: int) -> None:
        self.process, self._master = process, master
        self.screen = ""
        self._seen = 0
        self.actions = 1
        """Lines that were typed; starting the command is the first."""
        asyncio.get_running_loop().add_reader(master, self._read)

    def _read(self) -> None:
        try:
            new = os.read(self._master, 65536)
        except OSError:  # the process closed its side
            new = b""
        if not new:
            asyncio.get_running_loop().remove_reader(self._master)
            return
        self.screen += re.sub(r"\x1b\[[0-9;]*m", "", new.decode(errors="replace"))

    async def sees(self, words: str) -> None:
        """Wait until these words have been printed since what was last waited for."""
        end = monotonic() + PATIENCE
        while (at := self.screen.find(words, self._seen)) < 0:
            waits = self.process.returncode is None and monotonic() < end
            assert waits, f"no “{words}” on the screen, but:\n{self.screen[-3000:]}"
            await asyncio.sleep(0.05)
        self._seen = at + len(words)

    def type(self, line: str = ENTER) -> None:
        """Type a line and press Enter."""
        self.actions += 1
        os.write(self._master, f"{line}\n".encode())

    @property
    def questions(self) -> int:
        """Lines that were typed after the one that started it."""
        return self.actions - 1

    async def answers(self, question: str, line: str = ENTER) -> None:
        """Wait for a question, and type the answer."""
        await self.sees(question)
        self.type(line)

    def interrupt(self) -> None:
        """Press Ctrl+C."""
        os.write(self._master, b"\x03")

    async def ended(self) -> int:
        """Its exit code."""
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


@asynccontextmanager
async def terminal(folder: Path, settings: Mapping[str, str], *words: str) -> AsyncIterator[Terminal]:
    """`tilth` with these words in a folder, with a terminal that is really one."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TILTH_")}
    environment |= {f"TILTH_{name}": value for name, value in settings.items()}
    environment |= {"PYTHONPATH": str(ROOT), "TERM": "dumb", "TZ": "America/Denver"}
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        environment.pop(name, None)
    master, slave = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _PROGRAM, *words,
        cwd=folder, env=environment, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    one = Terminal(process, master)
    try:
        yield one
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        asyncio.get_running_loop().remove_reader(master)
        with suppress(OSError):
            os.close(master)


_PROGRAM = (
    "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); from bot.cli.main import main; main()"
)
"""The terminal becomes its own, so that Ctrl+C and hidden input are what they are for people."""
