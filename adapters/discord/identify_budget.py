"""The budget of IDENTIFYs: Discord allows 1000 a day, and resets the token of whoever uses them up.

docs events/gateway, "Rate limiting"; crash loops have cost people their tokens (discord-api-docs issue 1387). A
shard that began three times within ten minutes waits one minute before the next time, then five, then fifteen;
two hundred a day are the end of it, long before Discord's own limit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

WINDOW, DAY = 600.0, 86_400.0
FREE = 3
PAUSES = (60.0, 300.0, 900.0)
DAILY = 200
RESERVE = 50
"""What is left of Discord's own count for a person who looks into what is wrong."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What Discord says is left (`session_start_limit` of GET /gateway/bot)."""

    remaining: int
    reset_after: float
    """Seconds."""


class IdentifyBudget:
    """The IDENTIFYs of the last day, by shard."""

    def __init__(self, times: Iterable[tuple[float, int]] = (), free: int = FREE) -> None:
        self.times = sorted(times)
        self._free = free

    def spend(self, now: float, shard: int) -> None:
        """An IDENTIFY is sent."""
        self.times = [one for one in self.times if now - DAY < one[0] <= now] + [(now, shard)]

    def wait(self, now: float, shards: Iterable[int], limit: Limit | None = None) -> float:
        """Seconds until these shards may begin."""
        wanted = tuple(shards)
        if limit is not None and limit.remaining < len(wanted) + RESERVE:
            return max(limit.reset_after, PAUSES[0])
        return max((self._wait(now, shard) for shard in wanted), default=0.0)

    def _wait(self, now: float, shard: int) -> float:
        mine = [at for at, one in self.times if one == shard and now - DAY < at <= now]
        if len(mine) >= DAILY:
            return mine[-DAILY] + DAY - now
        recent = [at for at in mine if at > now - WINDOW]
        if len(recent) < self._free:
            return 0.0
        pause = PAUSES[min(len(recent) - self._free, len(PAUSES) - 1)]
        return max(0.0, recent[-1] + pause - now)
