"""What can go wrong between the bot and the Web API, ordered by a test."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tests.fakes.slack.answers import Args

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack


@dataclass(slots=True)
class Fault:
    ratelimit: float | None = None
    status: int | None = None
    error: str | None = None
    drop: Literal["before", "after"] | None = None
    half: Literal["json", "cut"] | None = None
    delay: float = 0
    times: float = 1
    when: Callable[[Args], bool] | None = None


@dataclass(slots=True)
class Limit:
    """A token bucket for each value of `key`."""

    per_second: float
    burst: int
    key: str | None
    buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def wait(self, args: Args, now: float) -> float:
        """Seconds until this request would be let in; 0 lets it in."""
        bucket = args.text(self.key) if self.key else ""
        tokens, since = self.buckets.get(bucket, (float(self.burst), now))
        tokens = min(float(self.burst), tokens + (now - since) * self.per_second)
        if tokens < 1 - 1e-9:
            self.buckets[bucket] = (tokens, now)
            return (1 - tokens) / self.per_second
        self.buckets[bucket] = (tokens - 1, now)
        return 0


class Faults:
    """The orders of a test, and whether one applies to a request."""

    def __init__(self) -> None:
        self._faults: dict[str, list[Fault]] = {}
        self._limits: dict[str, Limit] = {}

    def add(self, method: str, fault: Fault) -> None:
        self._faults.setdefault(method, []).append(fault)

    def add_limit(self, method: str, limit: Limit) -> None:
        self._limits[method] = limit

    def clear(self, method: str) -> None:
        self._faults.pop(method, None)
        self._limits.pop(method, None)

    def clear_all(self) -> None:
        self._faults.clear()
        self._limits.clear()

    def take(self, method: str, args: Args) -> Fault | None:
        """The next fault for this request; used up when it has happened often enough."""
        for name in (method, "*"):
            for fault in self._faults.get(name, []):
                if fault.when is None or fault.when(args):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._faults[name].remove(fault)
                    return fault
        return None

    def over(self, method: str, args: Args, now: float) -> int:
        """Whole seconds for Retry-After; 0 when the request is within its limit."""
        limit = self._limits.get(method)
        return math.ceil(limit.wait(args, now)) if limit else 0


class Faulty:
    """The part of the server by which a test orders trouble."""

    faults: Faults

    def fail(
        self: FakeSlack,
        method: str,
        *,
        ratelimit: float | None = None,
        status: int | None = None,
        error: str | None = None,
        drop: Literal["before", "after"] | None = None,
        half: Literal["json", "cut"] | None = None,
        delay: float = 0,
        times: float = 1,
        when: Callable[[Args], bool] | None = None,
    ) -> None:
        """Let the next `times` requests to a method (`"*"`: any) go wrong; `math.inf` until `mend`.

        `"upload"` and `"response_url"` are methods here too, with `status`, `drop` and `delay`.

        `ratelimit` is Retry-After in seconds. `drop` cuts the connection before the request is carried out, or
        after. `half` carries it out and sends half of the answer: as a whole body ("json"), or cut off.
        `delay` is in real seconds and comes before anything else. `when` picks requests by their arguments.
        """
        self.faults.add(method, Fault(ratelimit, status, error, drop, half, delay, times, when))

    def mend(self: FakeSlack, method: str) -> None:
        """Forget the faults and limits of a method."""
        self.faults.clear(method)

    def limit(
        self: FakeSlack,
        method: str,
        *,
        per_second: float = 0,
        per_minute: float = 0,
        burst: int = 1,
        key: str | None = "channel",
    ) -> None:
        """Answer 429 above this rate, counted separately for each value of the argument `key` (None: in all)."""
        self.faults.add_limit(method, Limit(per_second or per_minute / 60, burst, key))

    def lose_acks(self: FakeSlack, times: int = 1) -> None:
        """The next acks never reach Slack: what was acked counts as timed out at once."""
        self.delivery.acks_to_lose += times

    def lose_events(self: FakeSlack, times: float = math.inf) -> None:
        """The next events vanish: not delivered, not tried again. 0 ends it."""
        self.delivery.events_to_lose = times

    def deaf(self: FakeSlack, deaf: bool = True) -> None:
        """The connections that are open now stay open and answer pings, but nothing comes through them any more.

        What Slack sends through them counts as timed out at once. Connections that come later hear.
        """
        for connection in self.socket.connections:
            connection.deaf = deaf

    async def refresh(self: FakeSlack, reason: str = "refresh_requested", grace: float = 0.05) -> None:
        """Ask every connection to go, and close what is still there after the grace time (seconds)."""
        await self.socket.disconnect(reason, grace)

    async def cut(self: FakeSlack) -> None:
        """Every connection breaks off without a close frame."""
        await self.socket.cut()
