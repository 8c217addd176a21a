"""The alarm wakes every beat, survives what beats do, and does not trust the machine's clock."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
import weakref
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.runtime import alarm as module
from bot.runtime.alarm import Alarm, ClockGuard, ClockWrong
from bot.runtime.clock import SteerableClock
from bot.runtime.health import Heartbeat

SOON = 5.0
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)


class Drum:
    """A beat that counts, and can be made to wait or to fail."""

    def __init__(self) -> None:
        self.count = 0
        self.struck = asyncio.Condition()
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.fault: Exception | None = None

    async def __call__(self) -> None:
        async with self.struck:
            self.count += 1
            self.struck.notify_all()
        await self.go_on.wait()
        if self.fault is not None:
            raise self.fault

    async def reach(self, count: int) -> None:
        async with asyncio.timeout(SOON), self.struck:
            await self.struck.wait_for(lambda: self.count >= count)


@pytest.fixture
async def alarm() -> AsyncIterator[Alarm]:
    alarm = Alarm()
    yield alarm
    await alarm.stop()


async def settle() -> None:
    """Let the loop do everything that is ready."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_what_is_there_at_the_start_is_kept_from_the_garbage_collector(alarm: Alarm, tmp_path: Path):
    stop, before = asyncio.Event(), gc.get_threshold()
    stop.set()
    try:
        await module.run_until_stopped(alarm, (), Heartbeat(tmp_path), stop)
        assert gc.get_freeze_count() > 1000
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


class Ring:
    """Something that refers to itself, which only the collector ends."""

    def __init__(self) -> None:
        self.own = self


async def test_garbage_of_the_start_is_collected_once_the_bot_runs(alarm: Alarm, tmp_path: Path):
    stop, before = asyncio.Event(), gc.get_threshold()
    stop.set()
    gone = weakref.ref(Ring())
    gc.freeze()
    try:
        await module.run_until_stopped(alarm, (), Heartbeat(tmp_path), stop)
        assert gone() is None
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


# ── the alarm ─────────────────────────────────────────────────────────────────


async def test_a_beat_comes_at_once_and_again_and_again(alarm: Alarm):
    drum = Drum()
    alarm.every(0.02, "drum", drum)
    await alarm.start()
    await drum.reach(4)


async def test_a_beat_can_be_added_while_the_alarm_runs(alarm: Alarm):
    await alarm.start()
    drum = Drum()
    alarm.every(0.02, "drum", drum)
    await drum.reach(2)


async def test_two_beats_cannot_have_one_name(alarm: Alarm):
    alarm.every(1, "drum", Drum())
    with pytest.raises(ValueError, match="already a beat called drum"):
        alarm.every(1, "drum", Drum())


async def test_a_beat_is_woken_before_its_time_from_any_thread(alarm: Alarm):
    drum = Drum()
    alarm.every(3600, "drum", drum)
    await alarm.start()
    await drum.reach(1)
    await settle()
    alarm.wake("drum")
    await drum.reach(2)
    await settle()
    thread = threading.Thread(target=alarm.wake, args=("drum",))
    thread.start()
    await drum.reach(3)
    thread.join()


async def test_a_beat_woken_while_it_runs_runs_once_more_and_never_twice_at_once(alarm: Alarm):
    drum = Drum()
    drum.go_on.clear()
    alarm.every(3600, "drum", drum)
    await alarm.start()
    await drum.reach(1)
    for _ in range(3):
        alarm.wake("drum")
    await settle()
    assert drum.count == 1
    drum.go_on.set()
    await drum.reach(2)
    await settle()
    assert drum.count == 2


async def test_intervals_that_pass_during_a_long_beat_are_not_made_up_for(
    alarm: Alarm, caplog: pytest.LogCaptureFixture
):
    slow, quick = Drum(), Drum()
    slow.go_on.clear()
    alarm.every(0.02, "slow", slow)
    alarm.every(0.02, "quick", quick)
    await alarm.start()
    await quick.reach(5)
    assert slow.count == 1
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    slow.go_on.set()
    await slow.reach(2)


async def test_a_failing_beat_is_told_once_without_its_words_and_goes_on(
    alarm: Alarm, caplog: pytest.LogCaptureFixture
):
    drum = Drum()
    drum.fault = ValueError("what a member wrote")
    alarm.every(0.02, "drum", drum)
    with caplog.at_level(logging.INFO, module.__name__):
        await alarm.start()
        await drum.reach(3)
        drum.fault = None
        await drum.reach(5)
    told = [record.getMessage() for record in caplog.records if record.name == module.__name__]
    assert len(told) == 2
    assert told[0].startswith("the beat drum failed with ValueError at")
    assert "test_alarm.py" in told[0]
    assert told[1] == "the beat drum works again"
    assert "what a member wrote" not in caplog.text


async def test_health_sees_how_overdue_each_beat_is():
    now = [0.0]
    alarm = Alarm(monotonic=lambda: now[0])
    good, bad = Drum(), Drum()
    bad.fault = ValueError()
    alarm.every(3600, "good", good)
    alarm.every(3600, "bad", bad)
    await alarm.start()
    now[0] = 10
    await good.reach(1)
    await bad.reach(1)
    await settle()
    now[0] = 3605
    assert alarm.beats() == {"good": timedelta(0), "bad": timedelta(seconds=5)}, (
        "an hourly beat may rest an hour"
    )
    now[0] = 3615
    assert alarm.beats() == {"good": timedelta(seconds=5), "bad": timedelta(seconds=15)}
    await alarm.stop()


async def test_stopping_waits_for_what_runs_and_wakes_nothing_any_more():
    alarm, drum = Alarm(), Drum()
    drum.go_on.clear()
    alarm.every(0.02, "drum", drum)
    await alarm.start()
    await drum.reach(1)
    alarm.wake("drum")
    stopping = asyncio.create_task(alarm.stop())
    await settle()
    assert not stopping.done()
    drum.go_on.set()
    await asyncio.wait_for(stopping, SOON)
    alarm.wake("drum")
    await settle()
    assert drum.count == 1
    await alarm.stop()


async def test_an_alarm_that_never_started_can_be_stopped():
    await Alarm().stop()


async def test_after_a_step_back_of_the_clock_beats_go_on(alarm: Alarm, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "LOOK_AGAIN", 0.02)
    drum = Drum()
    alarm.every(0.05, "drum", drum)
    await alarm.start()
    await drum.reach(1)
    (job,) = alarm._scheduler.get_jobs()
    job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))  # where a step back by an hour leaves it
    before = drum.count
    await drum.reach(before + 3)


async def test_a_step_forward_of_a_year_is_one_beat(alarm: Alarm):
    pulse = module._Pulse(seconds=1, timezone=UTC)
    later = NOON + timedelta(days=365)
    assert pulse.get_next_fire_time(NOON, later) == later + timedelta(seconds=1)


# ── the guard ─────────────────────────────────────────────────────────────────


class Wall:
    def __init__(self, at: datetime) -> None:
        self.at, self.count = at, 1000.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.count

    def pass_by(self, seconds: float, jump: float = 0) -> None:
        self.at += timedelta(seconds=seconds + jump)
        self.count += seconds


def test_a_start_in_1970_is_refused_with_advice():
    with pytest.raises(ClockWrong, match=r"1970-01-01 00:00 UTC.*NTP"):
        ClockGuard(SteerableClock(datetime(1970, 1, 1, tzinfo=UTC)))


def test_a_clock_that_only_passes_is_steady():
    wall = Wall(NOON)
    guard = ClockGuard(wall, monotonic=wall.monotonic)
    for seconds in (0, 1, 3600, 86400):
        wall.pass_by(seconds)
        assert guard.steady()


def test_slow_correction_of_the_clock_is_no_jump():
    wall = Wall(NOON)
    guard = ClockGuard(wall, monotonic=wall.monotonic)
    for _ in range(100):
        wall.pass_by(60, jump=0.5)
        assert guard.steady()


@pytest.mark.parametrize("jump", [-3600, -61, 61, 3600, 3 * 86400])
def test_after_a_jump_everything_is_held_for_a_minute(jump: float, caplog: pytest.LogCaptureFixture):
    wall = Wall(NOON)
    guard = ClockGuard(wall, monotonic=wall.monotonic)
    wall.pass_by(1, jump)
    assert not guard.steady()
    wall.pass_by(59)
    assert not guard.steady()
    wall.pass_by(1)
    assert guard.steady()
    assert len(caplog.records) == 1
