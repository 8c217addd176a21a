"""Discord's ids: the time of creation in milliseconds, shifted, and never the same twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    def now(self) -> datetime: ...


class Machine:
    """The machine's own clock, for tests that do not bring one."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def oldest_id(at: datetime) -> int:
    """The smallest id that something made at `at` can have."""
    return ((at - EPOCH) // timedelta(milliseconds=1)) << 22


def time_of(id: int | str) -> datetime:
    """When the thing with this id was made."""
    return EPOCH + timedelta(milliseconds=int(id) >> 22)


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


class Snowflakes:
    """Gives out ids that tell the clock's time and go up even while it stands still."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self, *, apart: bool = False) -> int:
        """`apart`: at least a millisecond after the last one, so that neighbours fall on different shards."""
        least = ((self._last >> 22) + 1 << 22) if apart else self._last + 1
        self._last = max(oldest_id(self._clock.now()), least)
        return self._last
