"""Requests as they came in, and the faults a test has ordered for them."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]


@dataclass
class Call:
    """One request to the REST API. `route` is like `POST /channels/{}/messages`."""

    route: str
    args: tuple[str, ...]
    query: dict[str, str]
    body: Any
    files: list[Json]
    """Uploads: `name` of the form field, `filename`, `data`."""
    at: datetime
    authorized: bool
    reason: str | None = None
    """The X-Audit-Log-Reason."""
    status: int | None = None
    """What was answered; None while it is open or when the connection was dropped."""
    fault: str | None = None
    monotonic: float = field(default_factory=time.monotonic)

    @property
    def json(self) -> Json:
        """The body, empty when there is none."""
        return self.body if isinstance(self.body, dict) else {}


@dataclass
class Fault:
    """Something that goes wrong with a route. Made by `FakeDiscord.fail`."""

    route: str
    when: str
    status: int | None = None
    body: Any = None
    code: int = 0
    drop: bool = False
    hang: bool = False
    delay: float = 0.0
    half: bool = False
    cut: bool = False
    text: bool = False
    retry_after: float | None = None
    via: bool = True
    everywhere: bool = False
    html: bool = False
    times: int = 1
    where: Callable[[Call], bool] = lambda _: True

    @property
    def name(self) -> str:
        parts = ["ratelimit" if self.retry_after is not None else "", f"{self.status}" if self.status else ""]
        parts += [n for n in ("drop", "hang", "half", "cut", "text", "html") if getattr(self, n)]
        return " ".join(p for p in [*parts, self.when] if p)


class Faults:
    """The faults that are waiting, first in, first out for each route."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._released = asyncio.Event()
        self.hanging = 0

    def add(self, fault: Fault) -> Fault:
        self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, call: Call) -> Fault | None:
        for fault in self._waiting:
            if fault.route in (call.route, "*") and fault.where(call):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None

    async def hang(self) -> None:
        """Until `release`."""
        self.hanging += 1
        released = self._released
        try:
            await released.wait()
        finally:
            self.hanging -= 1

    def release(self) -> None:
        """Let go of every request that hangs."""
        self._released.set()
        self._released = asyncio.Event()


@dataclass
class Bucket:
    """So many requests in so many seconds of real time, per value of the route's first argument.

    The route `*` is the global limit, which the answers to interactions do not count toward.
    """

    route: str
    limit: int
    seconds: float
    hidden: bool = False
    """True: the headers do not tell of it before it is full."""
    used: dict[str, deque[float]] = field(default_factory=dict)

    @property
    def everywhere(self) -> bool:
        return self.route == "*"

    def covers(self, call: Call) -> bool:
        free = call.route.split(" ")[1].startswith(("/interactions/", "/webhooks/"))
        return call.route == self.route or (self.everywhere and not free)

    def take(self, call: Call) -> tuple[dict[str, str], float | None]:
        """Headers for the answer, and the seconds to wait when the bucket was empty."""
        major = "" if self.everywhere or not call.args else call.args[0]
        used = self.used.setdefault(major, deque())
        now = time.monotonic()
        while used and used[0] <= now - self.seconds:
            used.popleft()
        full = len(used) >= self.limit
        if not full:
            used.append(now)
        after = used[0] + self.seconds - now
        headers = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - len(used)),
            "X-RateLimit-Reset": f"{time.time() + after:.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Bucket": f"{zlib.crc32(self.route.encode()):08x}",
        }
        quiet = self.hidden or self.everywhere
        return ({} if quiet else headers), (after if full else None)
