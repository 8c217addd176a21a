"""The whole bot as processes that hurry: `tilth run` with short leases and a clock that is told (`python -m`).

Importing takes a hundred times as long as starting, so this process only imports, and forks a bot for every line of
its standard input: `{"environment": {…}, "log": "path"}`. It answers each with the number of the new process.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from adapters.slack.adapter import SlackAdapter
from adapters.slack.connection import ConnectionIntervals
from adapters.slack.platform import SlackPlatform
from adapters.slack.timings import SlackTimings
from bot.chat.platform_adapter import PlatformAdapter
from bot.chat.port import AdapterState
from bot.chat.rate_limits import Pace
from bot.cli.run import run
from bot.delivery.claims import LeaseTerms
from bot.runtime.logs import configure_logs
from bot.settings.environment import load

if TYPE_CHECKING:
    from adapters.slack.settings import SlackSettings

AHEAD = "CHAOS_AHEAD"
"""The environment variable with the seconds by which this process's clock is ahead of the machine's."""
TERMS = LeaseTerms(timeout=1.0, lease=3.0)
PACE = Pace(space_burst=3, read_rate=20, read_burst=50, settle=1.5, probe=3.0)


class ShiftedClock:
    """The machine's clock, some seconds ahead of it or behind."""

    def __init__(self, ahead: float) -> None:
        self._ahead = timedelta(seconds=ahead)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead


class HastySlackAdapter(SlackAdapter):
    """The Slack adapter where doubt settles in two seconds and a lost connection is tried again at once."""

    pace = PACE


class HastySlackPlatform(SlackPlatform):
    """Slack, with the hasty adapter."""

    def make_adapter(
        self, settings: SlackSettings, now: Callable[[], datetime], memory: AdapterState
    ) -> PlatformAdapter:
        usual = super().make_adapter(settings, now, memory)
        assert isinstance(usual, SlackAdapter)
        apps = [one.app for one in usual.workspaces]
        beat = ConnectionIntervals(ping=2, glance=0.2, first=0.1, longest=1)
        return HastySlackAdapter(
            apps, now, memory, api_url=settings.api_url, timings=SlackTimings(beat, between=0, drain=2)
        )


def main() -> None:
    """Fork a bot for each order; who ended is nobody's to wait for."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        process = os.fork()
        if process == 0:
            _be_a_bot(order)
        print(process, flush=True)


def _be_a_bot(order: dict[str, Any]) -> NoReturn:
    code = 70
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for which, to in ((0, nowhere), (1, nowhere), (2, log)):
            os.dup2(to, which)
        os.environ.update(order["environment"])
        configure_logs("info")
        platform = HastySlackPlatform()
        clock = ShiftedClock(float(os.environ[AHEAD]))
        asyncio.run(run(load((platform,)), clock=clock, platforms=(platform,), terms=TERMS))
        code = 0
    except BaseException:  # noqa: BLE001 - the log is read where a storm leaves something behind
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
