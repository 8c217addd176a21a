"""The runner of periodic jobs without an alarm: for tests, rehearsals and a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.feature import PeriodicJob
from bot.runtime.clock import Clock, SteerableClock
from bot.store.next_due import ask_together
from bot.store.store import Store

MOMENT = timedelta(seconds=10)
"""How long a job that is due but waits for something else is left alone while a steerable clock passes."""
ROUNDS = 1000
"""How often all jobs may take turns before `settle` calls it a fault: something never becomes quiet."""


@dataclass(frozen=True, slots=True)
class JobRunner:
    """Runs the jobs of a bot in order, each when it is due."""

    store: Store
    clock: Clock
    jobs: tuple[PeriodicJob, ...]

    async def settle(self) -> int:
        """Run every job until nothing is due any more; how much was done."""
        total, _ahead = await self._settle()
        return total

    async def _settle(self) -> tuple[int, list[tuple[PeriodicJob, datetime]]]:
        """Run every job until nothing is due any more; how much was done, and what lies ahead then."""
        total = 0
        for _ in range(ROUNDS):
            now, moved = self.clock.now(), 0
            ahead = await self._next_due()
            for job, at in ahead:
                if at <= now:
                    moved += await job.run()
            if not moved:
                return total, ahead
            total += moved
        raise RuntimeError("the jobs never came to rest")

    async def pass_time(self, until: datetime, stop: Callable[[], bool] | None = None) -> None:
        """Move a steerable clock there, letting everything on the way happen at its own time.

        `stop` is asked after each moment in which something was due; when it says so, the clock stays at that moment.
        """
        clock = self.clock
        if not isinstance(clock, SteerableClock):
            raise TypeError("only a steerable clock can be moved")
        _done, ahead = await self._settle()
        while True:
            now = clock.now()
            # What is overdue and did not move waits for something else: look again in a moment, not at once.
            due = [(job, at if at > now else now + MOMENT) for job, at in ahead]
            soonest = min((at for _, at in due), default=None)
            if soonest is None or soonest > until:
                break
            clock.set(soonest)
            for job in [job for job, at in due if at <= soonest]:
                await job.run()
            if stop is not None and stop():
                return
            ahead = await self._next_due()
        clock.set(until)
        await self.settle()

    async def _next_due(self) -> list[tuple[PeriodicJob, datetime]]:
        """Each job that has something ahead of it, with when."""

        def ask(conn: Connection) -> list[tuple[PeriodicJob, datetime]]:
            times = ask_together(conn, [job.next_due for job in self.jobs])
            return [(job, at) for job, at in zip(self.jobs, times, strict=True) if at is not None]

        return await self.store.read(ask)
