"""The school year of the playground: its breaks and holidays, and the weeks in which a newcomer sees school go on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.calendars import tables
from bot.calendars.rebuild import lay, read_days
from bot.calendars.school_year import COUNTRY, school_breaks, school_year
from bot.calendars.sources import holidays
from bot.calendars.tables import SourceKind
from bot.people.tables import Community

STRETCH = timedelta(days=18)
"""From a Monday to the Friday of the third week: as long as a newcomer's first look at the playground lasts."""


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
