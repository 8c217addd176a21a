"""A school year: its first and last day, its breaks and public holidays, and the weeks in which school goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.calendars import tables
from bot.calendars.rebuild import lay, read_days
from bot.calendars.sources import Days, check_country, holidays
from bot.calendars.tables import CalendarSource, SourceKind
from bot.chat.language import N_, _, speaking
from bot.chat.models import Refusal
from bot.people.tables import Community
from bot.schedules.breaks import lay_breaks

MONDAY, THURSDAY, FRIDAY = 0, 3, 4
COUNTRY = "US"
BY_SETUP = {"by": "setup"}
"""In the details of what setting up put into the calendar: a corrected year takes its place."""
THANKSGIVING, WINTER = N_("Thanksgiving break"), N_("Winter break")
SPRING, SUMMER = N_("Spring break"), N_("Summer break")


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
        (thanksgiving - timedelta(days=1), thanksgiving + timedelta(days=1), THANKSGIVING),
        (last_day + timedelta(days=1), back - timedelta(days=1), WINTER),
        (spring, spring + timedelta(days=4), SPRING),
        (summer, begins - timedelta(days=1), SUMMER),
    ]


def school_year(day: date) -> int:
    """The year in which the school year of a day begins; its summer belongs to it."""
    return day.year if day >= weekday_of_month(day.year, 8, MONDAY, 3) else day.year - 1


@dataclass(frozen=True, slots=True)
class SchoolCalendarYear:
    """A year of school. `breaks`: with the breaks that are typical in the US; `country`: whose public holidays count."""

    first: date
    last: date
    country: str
    breaks: bool = True

    @property
    def away(self) -> list[Days]:
        """The breaks inside, and the summer after it."""
        typical = school_breaks(self.first.year) if self.breaks and self.country == COUNTRY else []
        inside = [one for one in typical if self.first <= one[0] and one[1] <= self.last]
        summer = (self.last + timedelta(days=1), _a_year_after(self.first) - timedelta(days=1), SUMMER)
        return [*inside, summer] if summer[0] <= summer[1] else inside


def likely_year(today: date) -> tuple[date, date]:
    """The first and the last day of the school year that a US school is in, or that comes next in summer."""
    year = school_year(today)
    first, last = _usual_days(year)
    return (first, last) if today <= last else _usual_days(year + 1)


def _usual_days(year: int) -> tuple[date, date]:
    return weekday_of_month(year, 8, MONDAY, 3), weekday_of_month(year + 1, 6, FRIDAY, 1)


def _a_year_after(day: date) -> date:
    return day + timedelta(weeks=52)  # the same day of the week, and never a February 29 that is not there


def list_sources(
    conn: Connection, home: Community, year: SchoolCalendarYear, now: datetime
) -> list[CalendarSource]:
    """Put a school year into the calendar, in the place of what setting up put there for these days; what was added.

    What is there already stays, and so does all that people added themselves. Nothing is laid out yet.
    """
    wanted = _wanted_sources(home, year)
    standing = tables.standing(conn, home.id)
    for one in standing:
        if _is_replaced(one, year) and (one.origin, _plain(one)) not in [each[::2] for each in wanted]:
            tables.remove(conn, one.id, now)
            lay_breaks(conn, home.id, one.id, (), now)
    known = [(one.origin, _plain(one)) for one in standing]
    fresh = [one for one in wanted if one[::2] not in known]
    return [
        tables.add(conn, home.id, origin, name, details | BY_SETUP, now) for origin, name, details in fresh
    ]


def _wanted_sources(
    home: Community, year: SchoolCalendarYear
) -> list[tuple[SourceKind, str, dict[str, str]]]:
    """What a school year is made of: the kind, name and details of each source."""
    with speaking(home.locale):  # everybody is told these names
        label = _("School year {first}–{last}", first=str(year.first.year), last=str(year.last.year))
        wanted = [(SourceKind.TERM, label, _details(year.first, year.last))]
        wanted += [(SourceKind.BREAK, _(name), _details(first, last)) for first, last, name in year.away]
        if year.country:
            of = {"country": year.country, "region": ""}
            wanted.append((SourceKind.HOLIDAYS, _("Public holidays, {country}", country=year.country), of))
    return wanted


def _plain(one: CalendarSource) -> dict[str, str]:
    """The details of a source without who put it there."""
    return {name: value for name, value in one.details.items() if name not in BY_SETUP}


def _span(one: CalendarSource) -> tuple[date, date] | None:
    """The first and last day of a break or a term; None for holidays and files."""
    if one.origin not in (SourceKind.BREAK, SourceKind.TERM):
        return None
    return date.fromisoformat(one.details["starts"]), date.fromisoformat(one.details["ends"])


def _is_replaced(one: CalendarSource, year: SchoolCalendarYear) -> bool:
    """Whether setting up put a source there, and for days of this year; holidays are of every year."""
    if not BY_SETUP.items() <= one.details.items():
        return False
    days = _span(one)
    return days is None or (days[0] < _a_year_after(year.first) and days[1] >= year.first)


def find_year(conn: Connection, community_id: int, today: date) -> tuple[date, date, bool] | None:
    """First and last day of the school year that setting up put into the calendar, and whether with breaks; the latest."""
    own = [one for one in tables.standing(conn, community_id) if BY_SETUP.items() <= one.details.items()]
    spans = [(one.origin, days) for one in own if (days := _span(one)) is not None]
    terms = [days for origin, days in spans if origin is SourceKind.TERM and days[1] >= today]
    if not terms:
        return None
    first, last = max(terms)
    return first, last, any(origin is SourceKind.BREAK and first <= days[0] < last for origin, days in spans)


def _details(first: date, last: date) -> dict[str, str]:
    return {"starts": first.isoformat(), "ends": last.isoformat()}


def warm_holidays(year: SchoolCalendarYear, today: date) -> SchoolCalendarYear:
    """Read the public holidays, which takes a while the first time; the year without them where there are none to read."""
    try:
        check_country(year.country, "")
    except Refusal:
        return SchoolCalendarYear(year.first, year.last, "", year.breaks)
    holidays(year.country, "", today, today + timedelta(days=3 * 366))
    return year


def lay_school_year(conn: Connection, home: Community, year: SchoolCalendarYear, now: datetime) -> int:
    """Put a school year into the calendar and lay its days out; how many parts of it are new."""
    made = list_sources(conn, home, year, now)
    today = home.day_of(now)
    lay(conn, home, now, {one.id: read_days(one, today) for one in made})
    return len(made)


class YearSetup:
    """What setting up needs of the calendar."""

    def has_days(self, conn: Connection, community_id: int) -> bool:
        """Whether a community has a calendar."""
        return bool(tables.standing(conn, community_id))

    def find_year(self, conn: Connection, community_id: int, today: date) -> tuple[date, date, bool]:
        """First and last day of school as they were set, and whether with the usual breaks; else the usual ones."""
        return find_year(conn, community_id, today) or (*likely_year(today), True)

    def read_holidays(self, country: str, today: date) -> None:
        """Read the public holidays of a country; none where there are none to read."""
        warm_holidays(SchoolCalendarYear(today, today, country), today)

    def add_year(
        self, conn: Connection, home: Community, days: tuple[date, date], *, breaks: bool, now: datetime
    ) -> int:
        """Put a school year into the calendar; how many parts of it are new."""
        year = warm_holidays(SchoolCalendarYear(*days, home.country, breaks), home.day_of(now))
        return lay_school_year(conn, home, year, now)
