"""Every interval and timeout of the Slack adapter."""

from __future__ import annotations

from dataclasses import dataclass, field

from adapters.slack import api, home, socket_watchdog
from adapters.slack.connection import ConnectionIntervals
from adapters.slack.interactions import ACK

DRAIN = 20.0
"""Seconds that stopping waits for what has begun."""

CHECK = 5.0
"""Seconds between two questions whether a token still works."""


@dataclass(frozen=True, slots=True)
class SlackTimings:
    """Everything that has to do with time, in seconds. Tests make it short."""

    beat: ConnectionIntervals = field(default_factory=ConnectionIntervals)
    ack: float = ACK
    patience: float = socket_watchdog.PATIENCE
    rest: float = home.REST
    between: float = api.BETWEEN
    soon: tuple[float, ...] = api.SOON
    drain: float = DRAIN
    check: float = CHECK
