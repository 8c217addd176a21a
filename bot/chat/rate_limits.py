"""Rate limits: how fast a platform lets the bot post and read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """What a platform bears. Rates are calls per second, bursts are calls, the rest is seconds.

    `together` bounds the calls under way in one space: when its credentials are revoked, so many are refused
    before we know, and with one more at each `probe` that must stay within three in ten minutes.
    `settle` is how long a call whose end we did not see may take to have its effect.
    """

    lane_rate: float = 1.0
    lane_burst: int = 1
    space_rate: float = 3.0
    space_burst: int = 10
    overall_rate: float = 20.0
    overall_burst: int = 40
    read_rate: float = 40 / 60
    read_burst: int = 10
    together: int = 2
    settle: float = 30.0
    probe: float = 300.0
    hold: float = 3600.0
