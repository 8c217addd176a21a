"""The alarm that wakes periodic jobs, and a guard against a machine clock that cannot be right.

This is the one module that knows APScheduler. It owns no schedule: what is due is in the tables, and a beat that
wakes too often finds nothing to do.
"""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.runtime.clock import Clock, SystemClock
from bot.runtime.garbage import BEAT, GarbageRounds, set_all_aside
from bot.runtime.health import Heartbeat

BUILD_YEAR = 2026
LOOK_AGAIN = 5.0

log = logging.getLogger(__name__)

_Beat = Callable[[], Awaitable[object]]
_Monotonic = Callable[[], float]


class ClockWrong(Exception):
    """The machine's clock shows a year in which this program did not exist; nothing may be sent by it."""


class ClockGuard:
    """Compares the wall clock with the one that only counts, and asks for a minute's patience after a jump.

    Raises `ClockWrong` at once when the year is before the one this program was built in: a machine without a
    battery starts in 1970, and everything it sent or stored would carry that date.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        monotonic: _Monotonic = time.monotonic,
        jump: timedelta = timedelta(seconds=60),
        hold: timedelta = timedelta(seconds=60),
    ) -> None:
        now = clock.now()
        if now.year < BUILD_YEAR:
            raise ClockWrong(
                f"The clock of this machine says {now:%Y-%m-%d %H:%M} UTC, which cannot be right. "
                "Set it (for example with NTP) and start Tilth again."
            )
        self._clock, self._monotonic = clock, monotonic
        self._jump, self._hold = jump, hold.total_seconds()
        self._wall, self._count = now, monotonic()
        self._held_until: float | None = None

    def steady(self) -> bool:
        """Whether the clock can be relied on now; false for a while after it jumped either way."""
        wall, count = self._clock.now(), self._monotonic()
        moved = (wall - self._wall) - timedelta(seconds=count - self._count)
        self._wall, self._count = wall, count
        if abs(moved) > self._jump:
            self._held_until = count + self._hold
            log.warning("the clock jumped by %.0f s; holding everything for a moment", moved.total_seconds())
        if self._held_until is not None and count >= self._held_until:
            self._held_until = None
        return self._held_until is None


class _Pulse(IntervalTrigger):  # type: ignore[misc]
    """One interval from now, whatever was missed.

    APScheduler's own counts through every interval it missed before it coalesces them into one: a beat of one
    second after a jump of a month is 2.6 million datetimes on the event loop (3.11.3, `Job._get_run_times`).
    """

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return now if previous_fire_time is None else now + self.interval


@dataclass(slots=True)
class _Bell:
    """One beat and how it is doing. `again`: it was woken while it ran. `fault`: the error it last ended with."""

    name: str
    seconds: float
    beat: _Beat
    since: float
    task: asyncio.Task[None] | None = None
    again: bool = False
    fault: str | None = None


class Alarm:
    """Runs beats on the event loop: each at its interval, never two of the same at once, none stopped by an error.

    `excused` are errors that tell of something else being away, like a database: a beat that ends with one is not late,
    for a restart would mend nothing.
    """

    def __init__(
        self,
        *,
        wall: Clock | None = None,
        monotonic: _Monotonic = time.monotonic,
        excused: tuple[type[Exception], ...] = (),
    ) -> None:
        self._wall = wall or SystemClock()
        self._monotonic = monotonic
        self._excused = excused
        self._bells: dict[str, _Bell] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._look: asyncio.TimerHandle | None = None
        # UTC, so that no change of offset can disturb it; None: run even if late, never drop.
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)

    def every(self, seconds: float, name: str, beat: _Beat) -> None:
        """Run `beat` at the start and then every so many seconds; before or after `start`."""
        if name in self._bells:
            raise ValueError(f"there is already a beat called {name}")
        self._bells[name] = _Bell(name, seconds, beat, self._monotonic())
        pulse = _Pulse(seconds=seconds, timezone=UTC)
        self._scheduler.add_job(self._ring, pulse, id=name, args=[name])

    def wake(self, name: str) -> None:
        """Run a beat soon, once more if it is running already; from any thread, and harmless when stopped."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._begin, self._bells[name], True)

    def beats(self) -> Mapping[str, timedelta]:
        """How overdue each beat is: how long ago it last ended well, was excused, or was started, beyond its interval."""
        now = self._monotonic()
        return {
            bell.name: timedelta(seconds=max(0.0, now - bell.since - bell.seconds))
            for bell in self._bells.values()
        }

    async def start(self) -> None:
        """Begin; every beat runs for the first time at once."""
        self._loop = asyncio.get_running_loop()
        for bell in self._bells.values():
            bell.since = self._monotonic()
        self._scheduler.start()
        self._look = self._loop.call_later(LOOK_AGAIN, self._look_at_clock)

    async def stop(self) -> None:
        """Wake nothing any more and wait for what is running. Stopping twice is harmless."""
        if self._look is not None:
            self._look.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        self._loop = None
        await asyncio.gather(*(bell.task for bell in self._bells.values() if bell.task is not None))

    async def _ring(self, name: str) -> None:
        # A coroutine, because APScheduler runs plain functions in a thread; it only starts a task of ours,
        # because APScheduler cancels its own at shutdown and warns at every interval that one outlasts.
        self._begin(self._bells[name], False)

    def _begin(self, bell: _Bell, again: bool) -> None:
        if self._loop is None:
            return
        if bell.task is None:
            bell.task = self._loop.create_task(self._run(bell), name=f"beat {bell.name}")
        elif again:
            bell.again = True

    async def _run(self, bell: _Bell) -> None:
        try:
            bell.again = True
            while bell.again:
                bell.again = False
                await self._strike(bell)
                if self._loop is None:
                    break
        finally:
            bell.task = None

    async def _strike(self, bell: _Bell) -> None:
        try:
            await bell.beat()
        except self._excused as error:
            if bell.fault != type(error).__name__:
                log.warning("the beat %s waits: %s", bell.name, error)
            bell.fault, bell.since = type(error).__name__, self._monotonic()
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the next beat gets its chance
            if bell.fault != type(error).__name__:  # once, not at every beat until it is repaired
                bell.fault = type(error).__name__
                # Where, but not what: an exception's own text may quote what a member wrote.
                where = "".join(traceback.format_tb(error.__traceback__))
                log.error("the beat %s failed with %s at\n%s", bell.name, bell.fault, where)  # noqa: TRY400
            return
        if bell.fault is not None:
            log.info("the beat %s works again", bell.name)
        bell.fault, bell.since = None, self._monotonic()

    def _look_at_clock(self) -> None:
        """Ring what lies further ahead than its own interval: the clock went back.

        APScheduler counts in wall time: after a step back by an hour it would stay silent for an hour.
        """
        if self._loop is None:
            return
        now = self._wall.now()
        for job in self._scheduler.get_jobs():
            if job.next_run_time > now + job.trigger.interval + timedelta(seconds=1):
                job.modify(next_run_time=now)
        self._look = self._loop.call_later(LOOK_AGAIN, self._look_at_clock)


def stop_signal() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set from now on, also while the process is still starting."""
    import signal  # only a long-running process needs it

    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):
            loop.add_signal_handler(name, stop.set)
    return stop


async def run_until_stopped(
    alarm: Alarm,
    more: Sequence[tuple[str, float, Callable[[], Awaitable[object]]]],
    heartbeat: Heartbeat,
    stop: asyncio.Event,
) -> None:
    """Let the alarm ring, with `more` jobs of (name, seconds, run), until `stop` is set."""
    for name, seconds, run in more:
        alarm.every(seconds, name, run)
    alarm.every(BEAT, "collecting garbage", GarbageRounds().look)
    heartbeat.beats = alarm.beats
    await alarm.start()
    set_all_aside()
    await stop.wait()
    log.info("stopping")
