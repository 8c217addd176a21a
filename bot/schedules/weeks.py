"""Weeks of a community: from Monday to Sunday by its own clock, named like `2026-W41`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.chat.time.days import EARLIEST, LATEST
from bot.schedules.recurrence import find_day_start

SATURDAY, NOON = 5, time(12)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One week, by the date of its Monday."""

    monday: date

    @property
    def key(self) -> str:
        """What it is called in the database: `2026-W41`."""
        year, number, _weekday = self.monday.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    def shifted(self, weeks: int) -> Week:
        """The week that many weeks later, or earlier where it is less than 0."""
        return Week(self.monday + timedelta(weeks=weeks))

    def begins(self, zone: ZoneInfo) -> datetime:
        """The instant at which it begins there."""
        return find_day_start(self.monday, zone)

    def ends(self, zone: ZoneInfo) -> datetime:
        """The instant at which the next one begins there."""
        return self.shifted(1).begins(zone)


def week_at(at: datetime, zone: ZoneInfo) -> Week:
    """The week in which an instant lies."""
    day = at.astimezone(zone).date()
    return Week(day - timedelta(days=day.weekday()))


def week_named(key: str) -> Week | None:
    """The week of a key, or None for what is none."""
    year, _dash, number = key.partition("-W")
    try:
        monday = date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        return None
    return Week(monday) if EARLIEST <= monday <= LATEST else None


def answering_days(opened: datetime, closes: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """The first and the last working day on which a prompt could be answered.

    The day it closes counts from noon on. Weekends at either end are left out: nobody is away from those.
    """
    first, end = opened.astimezone(zone).date(), closes.astimezone(zone)
    last = end.date() if end.time() >= NOON else end.date() - timedelta(days=1)
    last = max(first, last)
    while first < last and first.weekday() >= SATURDAY:
        first += timedelta(days=1)
    while last > first and last.weekday() >= SATURDAY:
        last -= timedelta(days=1)
    return first, last
