"""The count of weeks in which somebody did something, next to those in which they could have; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.people.preferences import Away
from bot.schedules.breaks import Break

WEEK = timedelta(days=7)
WORKDAYS = 5


@dataclass(frozen=True, slots=True)
class WeekCount:
    """In how many `weeks` since `first` (a Monday) somebody did something: `active`. Breaks and days away are in neither."""

    first: date
    active: int
    weeks: int


def count_weeks(acts: Iterable[date], off: Sequence[Away | Break], today: date) -> WeekCount | None:
    """Count the weeks since the first act; the one that goes on only where something was done. None: nothing was done."""
    active = {_monday(day) for day in acts}
    if not active:
        return None
    first = min(active)
    mondays = [first + WEEK * number for number in range((_monday(today) - first).days // 7 + 1)]
    counted = [
        monday
        for monday in mondays
        if not _is_off(monday, off) and (monday in active or monday + WEEK <= today)
    ]
    return WeekCount(first, sum(monday in active for monday in counted), len(counted))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _is_off(monday: date, off: Sequence[Away | Break]) -> bool:
    """Whether a break, or days away, cover all working days of a week."""
    days = (monday + timedelta(days=number) for number in range(WORKDAYS))
    return all(any(span.starts <= day <= span.ends for span in off) for day in days)
