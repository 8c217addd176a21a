"""Repeat rules as values; each has one proper text, which is what the database stores."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from bot.chat.language import write_time
from bot.chat.time.vocabulary import ORDINALS, WEEKDAYS

MOST_WEEKS, MOST_MONTHS, MOST_DATES = 52, 24, 60
ALL_DAYS = (0, 1, 2, 3, 4, 5, 6)
WORKDAYS = (0, 1, 2, 3, 4)
NTH = {nth: name for name, nth in ORDINALS.items()}

_CLOCK = re.compile(r"\b\d\d:\d\d\b")
_SHORT = tuple(name[:3].lower() for name in WEEKDAYS)


@dataclass(frozen=True, slots=True)
class Weekly:
    """On these weekdays (0 is Monday) of every week, or of every second, third … week."""

    every: int
    weekdays: tuple[int, ...]
    at: time

    def __post_init__(self) -> None:
        _require(1 <= self.every <= MOST_WEEKS, f"Weeks are counted from 1 to {MOST_WEEKS}.")
        proper = self.weekdays == tuple(sorted(set(self.weekdays) & set(ALL_DAYS)))
        _require(bool(self.weekdays) and proper, "Weekdays are 0 to 6, sorted, each once.")
        _require_minutes(self.at)

    def __str__(self) -> str:
        days = ", ".join(_SHORT[day] for day in self.weekdays)
        if self.every > 1:
            return f"every {self.every} weeks on {days} {self.at:%H:%M}"
        days = {ALL_DAYS: "day", WORKDAYS: "weekday"}.get(self.weekdays, days)
        return f"every {days} {self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Monthly:
    """On this day of every month, or of every second, third … month.

    Days 29 to 31 fall on the last day of a shorter month: a month is never skipped.
    """

    every: int
    on: int | Literal["last"]
    at: time

    def __post_init__(self) -> None:
        _require(1 <= self.every <= MOST_MONTHS, f"Months are counted from 1 to {MOST_MONTHS}.")
        _require(self.on == "last" or 1 <= self.on <= 31, f"No month has a day {self.on}.")
        _require_minutes(self.at)

    def __str__(self) -> str:
        if self.on == "last":
            day = "last day of month" if self.every == 1 else f"every {self.every} months on last day"
        else:
            day = (
                f"every month on {self.on}" if self.every == 1 else f"every {self.every} months on {self.on}"
            )
        return f"{day} {self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class MonthlyNth:
    """On the first to fourth, or the last (-1), of one weekday in every month, every second month …"""

    every: int
    nth: int
    weekday: int
    at: time

    def __post_init__(self) -> None:
        _require(1 <= self.every <= MOST_MONTHS, f"Months are counted from 1 to {MOST_MONTHS}.")
        _require(self.nth in NTH, "A month has a first to a fourth and a last of each weekday.")
        _require(self.weekday in ALL_DAYS, "Weekdays are 0 to 6.")
        _require_minutes(self.at)

    def __str__(self) -> str:
        day = f"{NTH[self.nth]} {_SHORT[self.weekday]}"
        day = f"{day} of month" if self.every == 1 else f"every {self.every} months on {day}"
        return f"{day} {self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Once:
    """On one date and never again."""

    on: date
    at: time

    def __post_init__(self) -> None:
        _require_minutes(self.at)

    def __str__(self) -> str:
        return f"{self.on.isoformat()} {self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class OnDates:
    """On each of these dates, in order, and never again."""

    on: tuple[date, ...]
    at: time

    def __post_init__(self) -> None:
        _require(2 <= len(self.on) <= MOST_DATES, f"A list has 2 to {MOST_DATES} dates.")
        _require(self.on == tuple(sorted(set(self.on))), "Dates are sorted, each once.")
        _require_minutes(self.at)

    def __str__(self) -> str:
        return f"on {', '.join(day.isoformat() for day in self.on)} {self.at:%H:%M}"


Rule = Weekly | Monthly | MonthlyNth | Once | OnDates
"""When something comes round, in local wall time. `str(rule)` is its one proper text, which `parse_rule` reads."""


def write_rule(rule: str) -> str:
    """The proper text of a rule as one would type it here: "every mon 9am" where the clock has twelve hours."""
    return _CLOCK.sub(lambda found: write_time(time.fromisoformat(found[0])), rule)


def _require(holds: bool, problem: str) -> None:
    if not holds:
        raise ValueError(problem)


def _require_minutes(at: time) -> None:
    _require(
        at == at.replace(second=0, microsecond=0, tzinfo=None, fold=0),
        "Times are whole minutes without a zone.",
    )
