"""A clock that somebody moves goes forward only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.runtime.clock import PlatformClock, SteerableClock, SystemClock

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Count:
    """The seconds since something, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_the_machines_clock_is_aware_and_in_utc():
    assert SystemClock().now().tzinfo is UTC


def test_a_paused_clock_stands_still():
    count = Count()
    clock = SteerableClock(NOON, monotonic=count)
    count.seconds += 3600
    assert clock.now() == NOON
    assert not clock.running


def test_a_running_clock_goes_on_from_where_it_was_put():
    count = Count()
    clock = SteerableClock(NOON, running=True, monotonic=count)
    count.seconds += 60
    assert clock.now() == NOON + timedelta(minutes=1)
    assert clock.advance(HOUR) == NOON + HOUR + timedelta(minutes=1)
    clock.pause()
    count.seconds += 60
    assert clock.now() == NOON + HOUR + timedelta(minutes=1)
    clock.run()
    count.seconds += 60
    assert clock.now() == NOON + HOUR + timedelta(minutes=2)


def test_a_clock_never_goes_back():
    clock = SteerableClock(NOON)
    clock.set(NOON - HOUR)
    assert clock.now() == NOON
    assert clock.advance(-HOUR) == NOON


def test_a_clock_reads_any_zone_and_answers_in_utc():
    clock = SteerableClock(datetime(2026, 10, 5, 14, tzinfo=timezone(timedelta(hours=2))))
    assert clock.now() == NOON
    assert clock.now().tzinfo is UTC


def test_a_clock_needs_a_zone():
    with pytest.raises(ValueError, match="aware"):
        SteerableClock(datetime(2026, 10, 5, 12))  # noqa: DTZ001


def test_the_platforms_time_goes_on_from_its_last_answer_whatever_our_clock_does():
    counter = [100.0]
    clock = PlatformClock(monotonic=lambda: counter[0])
    assert clock.now() is None
    clock.note_date("Mon, 05 Oct 2026 09:00:00 GMT")
    counter[0] += 90
    assert clock.now() == datetime(2026, 10, 5, 9, 1, 30, tzinfo=UTC)
    for unreadable in (None, "", "yesterday", "Mon, 99 Oct 2026 09:00:00 GMT"):
        clock.note_date(unreadable)
    assert clock.now() == datetime(2026, 10, 5, 9, 1, 30, tzinfo=UTC)
    clock.note_date("Mon, 05 Oct 2026 09:01:20 GMT")
    assert clock.now() == datetime(2026, 10, 5, 9, 1, 20, tzinfo=UTC), "the last answer is what counts"
