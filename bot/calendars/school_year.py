"""A US school year: its breaks, its public holidays, and the weeks in which school goes on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.calendars import tables
from bot.calendars.rebuild import lay, read_days
from bot.calendars.sources import Days, holidays
from bot.calendars.tables import SourceKind
from bot.people.tables import Community

MONDAY, THURSDAY, FRIDAY = 0, 3, 4
STRETCH = timedelta(days=18)
"""From a Monday to the Friday of the third week: as long as a newcomer's first look at the playground lasts."""
COUNTRY = "US"


def weekday_of_month(year: int, month: int, weekday: int, number: int) -> date:
    """The first, second, … Monday (0), Tuesday (1), … of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7, weeks=number - 1)


def school_breaks(year: int) -> list[Days]:
    """The breaks of the school year that begins in August of `year`, with the summer after it."""
    thanksgiving = weekday_of_month(year, 11, THURSDAY, 4)
    last_day = weekday_of_month(year, 12, FRIDAY, 3)
    back = date(year + 1, 1, 3) + timedelta(days=(MONDAY - date(year + 1, 1, 3).weekday()) % 7)
    spring = weekday_of_month(year + 1, 3, MONDAY, 3)
    summer = weekday_of_month(year + 1, 6, FRIDAY, 1) + timedelta(days=1)
    begins = weekday_of_month(year + 1, 8, MONDAY, 3)
    return [
        (thanksgiving - timedelta(days=1), thanksgiving + timedelta(days=1), "Thanksgiving break"),
        (last_day + timedelta(days=1), back - timedelta(days=1), "Winter break"),
        (spring, spring + timedelta(days=4), "Spring break"),
        (summer, begins - timedelta(days=1), "Summer break"),
    ]


def school_year(day: date) -> int:
    """The year in which the school year of a day begins; its summer belongs to it."""
    return day.year if day >= weekday_of_month(day.year, 8, MONDAY, 3) else day.year - 1


def first_school_monday(after: date) -> date:
    """The next Monday with three weeks of school from it, without a break or a public holiday."""
    away = [*holidays(COUNTRY, "", after, after + timedelta(days=366))]
    for year in (school_year(after), school_year(after) + 1):
        away += school_breaks(year)
    monday = after + timedelta(days=7 - after.weekday())
    while any(first <= monday + STRETCH and last >= monday for first, last, _ in away):
        monday += timedelta(weeks=1)
    return monday


def seed_school_year(conn: Connection, home: Community, today: date, now: datetime) -> None:
    """Put the breaks of this school year and the next, and the country's public holidays, into the calendar."""
    year = school_year(today)
    made = []
    for first, last, label in [*school_breaks(year), *school_breaks(year + 1)]:
        days = {"starts": first.isoformat(), "ends": last.isoformat()}
        made.append(tables.add(conn, home.id, SourceKind.BREAK, label, days, now))
    region = {"country": COUNTRY, "region": ""}
    made.append(tables.add(conn, home.id, SourceKind.HOLIDAYS, "Public holidays, US", region, now))
    lay(conn, home, now, {one.id: read_days(one, today) for one in made})
