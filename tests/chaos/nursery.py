"""The nursery from which processes of the bot come, already grown."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self


class BotProcess:
    """One process of the bot; nobody but its log tells how it is."""

    def __init__(self, pid: int, log: Path) -> None:
        self._pid, self._log = pid, log

    @property
    def alive(self) -> bool:
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return False
        return True

    @property
    def started(self) -> bool:
        """Whether it has connected."""
        return self._log.exists() and "started at" in self._log.read_text()

    def signal(self, which: signal.Signals) -> None:
        """Send a signal; one that has ended does not mind."""
        if self.alive:
            os.kill(self._pid, which)


class Nursery:
    """Runs `tests.chaos.bot_process` in a tree, and has it fork bots."""

    def __init__(self, root: Path) -> None:
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith(("TILTH_", "PYTEST_"))
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.bot_process"], cwd=root, env=clean,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"
        self._bots: list[BotProcess] = []

    def bear(self, environment: Mapping[str, str], log: Path) -> BotProcess:
        """A new process of the bot with these settings."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        log.unlink(missing_ok=True)
        order = {"environment": dict(environment), "log": str(log)}
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        self._bots.append(BotProcess(int(self._process.stdout.readline()), log))
        return self._bots[-1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for bot in self._bots:
            bot.signal(signal.SIGKILL)
        self._process.communicate()
