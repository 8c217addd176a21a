"""The tally of one process: how its calls to the platforms ended since it started, and how late its posts were."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bot.capture.scanner import Scan
from bot.chat.models import platform_of
from bot.chat.port import RetryLater
from bot.delivery.facts import SPEAKING
from bot.delivery.outcomes import (
    CallDelayed,
    CallLockedOut,
    CallLost,
    CallRejected,
    CallSkipped,
    CallSucceeded,
    Outcome,
)
from bot.delivery.tables import OutboxRow
from bot.runtime.clock import Clock

BOUNDS = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 21_600.0, 86_400.0)
"""Seconds of lateness up to which posts are counted together."""
OUTCOMES: dict[type[Outcome], str] = {
    CallSucceeded: "sent",
    CallDelayed: "delayed",
    CallRejected: "rejected",
    CallLockedOut: "locked_out",
    CallSkipped: "skipped",
    CallLost: "lost",
}
"""What an end of a call is called in the numbers."""


@dataclass(slots=True)
class Lateness:
    """How late the posts of one platform were: how many up to each of `BOUNDS` and beyond, and all seconds together."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one post."""
        self.counts[sum(seconds > bound for bound in BOUNDS)] += 1
        self.seconds += seconds


class CallTally:
    """Counts what one process does; several processes have one each. It holds no name, no place and no text."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.calls: Counter[tuple[str, str, str]] = Counter()
        """(platform, verb, outcome) → calls."""
        self.lateness: dict[str, Lateness] = {}
        self.rate_limited: Counter[tuple[str, str]] = Counter()
        """(platform, `post` or `read`) → calls that were told to wait."""
        self.scans: Counter[tuple[str, str]] = Counter()
        """(platform, `read` or `unread`) → conversations that were re-read, or could not be."""

    def count_call(self, row: OutboxRow, outcome: Outcome) -> None:
        """A call of the sender ended like this."""
        self.calls[row.platform, row.verb.value, OUTCOMES[type(outcome)]] += 1
        if isinstance(outcome, CallDelayed) and outcome.seconds is not None:
            self.rate_limited[row.platform, "post"] += 1
        if isinstance(outcome, CallSucceeded) and row.verb in SPEAKING:
            late = (self._clock.now() - row.due_at).total_seconds()
            self.lateness.setdefault(row.platform, Lateness()).add(max(0.0, late))

    def count_scan(self, scan: Scan) -> None:
        """A conversation was re-read, or could not be."""
        platform = platform_of(scan.watch.place.space)
        self.scans[platform, "unread" if scan.unread else "read"] += 1
        if isinstance(scan.error, RetryLater):
            self.rate_limited[platform, "read"] += 1
