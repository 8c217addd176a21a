"""The clock: the only place that may ask the machine for the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SteerableClock:
    """A clock that somebody moves: by hand in tests and rehearsals, with buttons in the playground.

    Paused, it stands still until `advance` or `set` moves it. Running, it goes on at the machine's pace from
    wherever it was put. It never goes back, because nothing that was done can be undone by a clock.
    """

    def __init__(
        self, start: datetime, *, running: bool = False, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock starts at an aware instant")
        self._base = start.astimezone(UTC)
        self._monotonic = monotonic
        self._since = monotonic() if running else None

    @property
    def running(self) -> bool:
        return self._since is not None

    def now(self) -> datetime:
        if self._since is None:
            return self._base
        return self._base + timedelta(seconds=self._monotonic() - self._since)

    def set(self, at: datetime) -> None:
        """Move forward to an instant; an earlier one changes nothing."""
        self._base = max(self.now(), at.astimezone(UTC))
        if self._since is not None:
            self._since = self._monotonic()

    def advance(self, by: timedelta) -> datetime:
        """Move forward by a length of time; the new instant."""
        self.set(self.now() + by)
        return self.now()

    def pause(self) -> None:
        self._base, self._since = self.now(), None

    def run(self) -> None:
        self._base, self._since = self.now(), self._monotonic()


class PlatformClock:
    """What time it is for a platform, by its own answers, whatever this machine's clock says.

    From one answer to the next the machine's counter goes on, which nobody can set. While the machine sleeps the
    counter stands still, so this may be late and is never early: who searches a history begins too soon, not too late.
    """

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._told: tuple[datetime, float] | None = None

    def note_date(self, header: str | None) -> None:
        """Take the time from an answer's `Date` (RFC 9110, 6.6.1); without one that can be read, nothing changes."""
        try:
            told = parsedate_to_datetime(header or "")
        except ValueError:
            return
        self._told = (told.astimezone(UTC), self._monotonic())

    def now(self) -> datetime | None:
        """The platform's time; None before its first answer."""
        if self._told is None:
            return None
        told, since = self._told
        return told + timedelta(seconds=self._monotonic() - since)
