"""Days as people write them, and the dates they mean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.chat.language import _, current_locale, format_day, format_month, format_weekday
from bot.chat.time.vocabulary import PhraseError

DAYS = ("19 dec", "2026-12-19", "fri", "tomorrow")
SPANS = ("19 dec to 5 jan", "fri to mon", "for 2 weeks")
_LEAP_YEAR = 2024
EARLIEST, LATEST = date(2000, 1, 1), date(9000, 1, 1)
"""Days outside are no days that somebody looks for; near the ends of time they could not be reckoned with."""


@dataclass(frozen=True, slots=True)
class YearDay:
    """ "19 dec": the next such date, today included; a weekday written with it must agree."""

    month: int
    day: int
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class NumericDay:
    """ "12/5": May or December, as the country of whoever wrote it has it. Where only one can be, it is a `YearDay`."""

    first: int
    second: int
    year: int | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class WeekDay:
    """ "fri": the next one, today included. "next fri": the one of the next week, weeks starting on Monday."""

    weekday: int
    next_week: bool = False


@dataclass(frozen=True, slots=True)
class DaysAhead:
    """ "today", "tomorrow", "in 3 days": so many days from today."""

    days: int


@dataclass(frozen=True, slots=True)
class Lasting:
    """ "for 2 weeks" as the end of a span: the last of so many days, the first one counted."""

    days: int


Day = date | YearDay | NumericDay | WeekDay | DaysAhead | Lasting
"""A day as it was written; a plain `date` when the year was written too."""

MONTH_FIRST = frozenset(("US", "PR", "GU", "VI", "AS", "MP", "UM", "PH", "FM", "MH", "PW"))
"""Countries that write the month before the day."""


def resolve_day(day: Day, today: date) -> date:
    """The date meant by a day that is written today; dates without a year are never before today."""
    match day:
        case NumericDay():
            return resolve_day(_by_country(day), today)
        case DaysAhead(days):
            return today + timedelta(days=days)
        case Lasting(days):
            return today + timedelta(days=days - 1)
        case WeekDay(weekday, next_week):
            monday = today - timedelta(days=today.weekday())
            if next_week:
                return monday + timedelta(days=7 + weekday)
            return today + timedelta(days=(weekday - today.weekday()) % 7)
        case YearDay(month, number, weekday):
            found = next(one for one in _yearly(month, number, today.year) if one >= today)
            return check_weekday(found, weekday)
        case _:
            return day


def past_day(day: Day, today: date) -> date:
    """The last date meant by a day that looks back from today, today included; a year that was written stands."""
    match day:
        case NumericDay():
            return past_day(_by_country(day), today)
        case WeekDay(weekday):
            return today - timedelta(days=(today.weekday() - weekday) % 7)
        case YearDay(month, number, weekday):
            known = _yearly(month, number, today.year - 8, today.year)
            return check_weekday(max(one for one in known if one <= today), weekday)
        case date():
            return min(max(day, EARLIEST), LATEST)
        case _:
            return min(resolve_day(day, today), today)


def resolve_span(span: tuple[Day, Day], today: date) -> tuple[date, date]:
    """The first and the last date of a span that is written today, the last one included.

    A last day without a year is the first such day on or after the first, so "19 dec to 5 jan" crosses New Year;
    "fri to fri" is a week. A first day without a year belongs to the last one when that has a year. Raises
    `PhraseError` when the span ends before it starts.
    """
    first, last = (_by_country(one) if isinstance(one, NumericDay) else one for one in span)
    if isinstance(first, YearDay) and isinstance(last, date):
        known = _yearly(first.month, first.day, last.year - 8, last.year)
        begin = max(one for one in known if one <= last)
    else:
        begin = resolve_day(first, today)
    end = resolve_day(last, begin if isinstance(last, Lasting) else today)
    if end < begin and isinstance(last, YearDay | WeekDay):
        end = resolve_day(last, begin)
    if end < begin:
        raise PhraseError(_("The last day is before the first day."), SPANS)
    return begin, end


def _yearly(month: int, day: int, year: int, until: int = 9999) -> list[date]:
    """This date in every year from `year` on, as far as anybody needs: 29 February may be eight years away."""
    found = []
    for one in range(year, min(year + 9, until + 1)):
        try:
            found.append(date(one, month, day))
        except ValueError:
            continue
    return found


def has_year(day: Day) -> bool:
    """Whether somebody wrote a day with its year."""
    return isinstance(day, date) or (isinstance(day, NumericDay) and day.year is not None)


def _by_country(day: NumericDay) -> date | YearDay:
    """The day meant by two numbers in the country of the locale that is spoken: the month is first in the US."""
    month_first = current_locale().partition("_")[2] in MONTH_FIRST
    month, number = (day.first, day.second) if month_first else (day.second, day.first)
    if day.year is None:
        return replace(any_year(month, number), weekday=day.weekday)
    return check_weekday(exact_date(day.year, month, number), day.weekday)


def any_year(month: int, day: int) -> YearDay:
    """The day of this month in every year; raises `PhraseError` where there is none."""
    leap = exact_date(_LEAP_YEAR, month, day)
    return YearDay(leap.month, leap.day)


def exact_date(year: int, month: int, day: int) -> date:
    """The date of these numbers; raises `PhraseError` where there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        if not 1 <= month <= 12:
            problem = _("There is no month {number}.", number=month)
        elif (month, day) == (2, 29):
            problem = _("February {year} has only 28 days.", year=year)
        else:
            problem = _("{month} does not have {day} days.", month=format_month(month), day=day)
        raise PhraseError(problem, DAYS) from None


def check_weekday(day: date, weekday: int | None) -> date:
    """The date, if it falls on the weekday that was written with it; raises `PhraseError`."""
    if weekday is not None and day.weekday() != weekday:
        wanted = format_weekday(weekday)
        raise PhraseError(_("{day} is not a {weekday}.", day=format_day(day), weekday=wanted), DAYS)
    return day
