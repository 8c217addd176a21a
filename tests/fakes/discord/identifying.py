"""How often a bot may start a session, for which shard, and with which intents."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from tests.fakes.discord.ids import Clock
from tests.fakes.discord.sessions import PRIVILEGED

Json = dict[str, Any]
KNOWN_INTENTS = (1 << 26) - 1


class Budget:
    """Session starts: so many a day, then the token is reset; and one every few seconds per concurrency key."""

    def __init__(self, clock: Clock, total: int = 1000) -> None:
        self._clock = clock
        self.total = total
        self.remaining = total
        self.max_concurrency = 1
        self.every = 0.0
        """Real seconds between two IDENTIFYs with the same key; sooner is answered with INVALID SESSION.

        Discord's number is 5; here tests that are about something else may start a client as often as they like.
        """
        self.token_reset = False
        self.too_soon = 0
        """How many IDENTIFYs came too soon."""
        self._resets: datetime | None = None
        self._last: dict[int, float] = {}

    def spend(self, shard: int) -> bool:
        """Whether a session may start now. Trying with nothing left resets the token for good."""
        self._refill()
        if self.remaining <= 0:
            self.token_reset = True
            return False
        if self._resets is None:
            self._resets = self._clock.now() + timedelta(days=1)
        self.remaining -= 1
        key, now = shard % self.max_concurrency, time.monotonic()
        soon = now - self._last.get(key, -1e9) < self.every
        self._last[key] = now
        self.too_soon += soon
        return not soon

    def told(self) -> Json:
        """`session_start_limit` of GET /gateway/bot; `reset_after` is in milliseconds."""
        self._refill()
        left = self._resets - self._clock.now() if self._resets else timedelta()
        return {
            "total": self.total,
            "remaining": self.remaining,
            "reset_after": int(left.total_seconds() * 1000),
            "max_concurrency": self.max_concurrency,
        }

    def _refill(self) -> None:
        if self._resets is not None and self._clock.now() >= self._resets:
            self.remaining, self._resets = self.total, None


def shard_of(data: Json) -> tuple[int, int] | None:
    """Shard and number of shards of an IDENTIFY; None when they make no sense (close 4010)."""
    shard = data.get("shard", [0, 1])
    if not (isinstance(shard, list) and len(shard) == 2 and all(isinstance(s, int) for s in shard)):
        return None
    number, of = shard
    return (number, of) if 0 <= number < of else None


def refuse_intents(asked: Any, portal: int) -> int | None:
    """4013 for a number that is no set of intents, 4014 for a privileged one that is not switched on."""
    if isinstance(asked, bool) or not isinstance(asked, int) or asked & ~KNOWN_INTENTS:
        return 4013
    return 4014 if asked & PRIVILEGED & ~portal else None
