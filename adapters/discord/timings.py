"""Every interval and timeout of the Discord adapter."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.discord.identify_budget import FREE


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds. `patience`: how long `start` waits for the connection. `settle`: for the last server to be told.

    `spacing` lies between two IDENTIFYs (docs events/gateway: one in 5 seconds), of which `free` in ten minutes are not
    delayed further. `first` and `longest` bound the pause between two attempts to connect; `drain` is how long running answers may
    take when the bot stops; `slow` is when a form or an answer that is not ready yet is put off with "one moment", early enough
    that this arrives within Discord's three; `again` are the pauses after which a message that could not be kept is told once more.
    """

    patience: float = 30.0
    settle: float = 2.0
    spacing: float = 5.0
    free: int = FREE
    first: float = 1.0
    longest: float = 300.0
    drain: float = 10.0
    slow: float = 1.2
    again: tuple[float, ...] = (1.0, 4.0, 15.0, 60.0, 240.0)
