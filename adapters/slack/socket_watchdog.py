"""The watchdog of a socket that looks alive and has stopped telling us things.

Slack tells us of every message in a channel we are in, our own too. So what we said, and what somebody finds in
the history, must have been told before long: if it was not, the socket is deaf, whatever its pings say.
"""

from __future__ import annotations

import time
from collections.abc import Callable

REMEMBERED = 5000
PATIENCE = 120.0
"""Seconds after which a message should have been told."""


class SocketWatchdog:
    """Compares what we were told with what is there."""

    def __init__(self, tick: Callable[[], float] = time.monotonic, patience: float = PATIENCE) -> None:
        self._tick, self._patience = tick, patience
        self._heard: dict[tuple[str, str], None] = {}
        self._echoing: set[str] = set()
        """Channels in which Slack has told us of a message of ours: elsewhere that says nothing."""
        self._expected: dict[tuple[str, str], float] = {}
        self._since = tick()
        self._alone = True
        self.missed = 0
        """How many messages were never told, since the process began."""

    def heard(self, channel: str, ts: str, *, own: bool = False) -> None:
        """We were told of a message."""
        if own:
            self._echoing.add(channel)
        self._expected.pop((channel, ts), None)
        self._heard[(channel, ts)] = None
        while len(self._heard) > REMEMBERED:
            del self._heard[next(iter(self._heard))]

    def said(self, channel: str, ts: str) -> None:
        """We said something, and shall be told of it."""
        if channel in self._echoing and (channel, ts) not in self._heard:
            self._expected.setdefault((channel, ts), self._tick())
            while len(self._expected) > REMEMBERED:
                del self._expected[next(iter(self._expected))]

    def shown(self, channel: str, ts: str, age: float) -> None:
        """The history shows a message that was written `age` seconds ago: after we connected, we had to hear of it."""
        if self._tick() - age > self._since and (channel, ts) not in self._heard:
            self._expected.setdefault((channel, ts), self._tick() - age)

    def connected(self, connections: int = 1) -> None:
        """A new connection: what came before it is for the history to find.

        Of several connections of one app each message reaches only one, so then nobody knows what another heard.
        """
        self._alone = connections == 1
        self._since = self._tick()
        self._expected.clear()

    def deaf(self) -> bool:
        """Whether something should have been told long ago."""
        if not self._alone:
            self._expected.clear()
        late = [key for key, at in self._expected.items() if self._tick() - at > self._patience]
        for key in late:
            del self._expected[key]
        self.missed += len(late)
        return bool(late)
