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
        self._apart = 0

    def next(self) -> int:
        self._last = max(oldest_id(self._clock.now()), self._last + 1)
        return self._last

    def next_apart(self) -> int:
        """An id of yesterday, a millisecond after the one before it: neighbors fall on different shards."""
        self._apart = max(oldest_id(self._clock.now() - timedelta(days=1)), self._apart + (1 << 22))
        return self._apart
