"""Terms of the protocol, and what a claimer asks on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.delivery.facts import Tell
from bot.delivery.pacing import Pace


@dataclass(frozen=True, slots=True)
class LeaseTerms:
    """The numbers of the protocol, in seconds where nothing else is said.

    A call takes at most `timeout`; a lease holds for `lease`. What `strikes` calls could not settle is given up,
    and so is what was put off for `patience`. What is `late` when first seen is searched for. A search begins `margin`
    before the first call, for the clocks of a platform's own machines, and `lookback` before a row of unknown past.
    A doubt older than `alert` is told: searches come a minute apart, so this is within five minutes.
    """

    timeout: float = 15.0
    lease: float = 60.0
    strikes: int = 8
    late: float = 120.0
    margin: float = 120.0
    lookback: float = 86_400.0
    patience: float = 86_400.0
    alert: float = 240.0
    sweep_after: float = 600.0


@dataclass(frozen=True, slots=True)
class Claimer:
    """A sender's question: who asks, when, for how many rows, on which terms. `wary` while the past is unknown.

    `there` is what time it is for the platform, where it has said so.
    """

    owner: str
    now: datetime
    room: int
    pace: Pace
    terms: LeaseTerms
    wary: bool
    tell: Tell
    there: datetime | None
