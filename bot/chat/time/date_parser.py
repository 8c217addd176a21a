"""The parser of days and spans of days as people write them, and the dates they mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from bot.chat.time.vocabulary import (
    MONTHS,
    WEEKDAYS,
    PhraseError,
    WordReader,
    parse_whole,
    read_duration,
    read_month,
    read_weekday,
    take_phrase,
)

DAYS = ("19 dec", "2026-12-19", "fri", "tomorrow")
SPANS = ("19 dec to 5 jan", "fri to mon", "for 2 weeks")

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_SLASHED = re.compile(r"[0-9]{1,4}[/.][0-9]{1,2}[/.][0-9]{1,4}")
_DAY_NUMBER = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?")
_YEAR = re.compile(r"20[0-9]{2}|21[0-9]{2}")
_PLUS = re.compile(r"\+[0-9]+[a-z]+")
_LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True)
class YearDay:
    """ "19 dec": the next such date, today included; a weekday written with it must agree."""

    month: int
    day: int
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


Day = date | YearDay | WeekDay | DaysAhead | Lasting
"""A day as it was written; a plain `date` when the year was written too."""


def parse_day(text: str) -> Day:
    """A day such as "19 dec", "fri" or "2026-12-19"; raises `PhraseError`."""
    return cast("Day", parse_whole(text, read_day, "day", DAYS))  # mypy joins a union of classes to `object`


def parse_span(text: str) -> tuple[Day, Day]:
    """The first and the last day of a span such as "19 dec to 5 jan"; raises `PhraseError`."""
    return parse_whole(text, read_span, "first and last day", SPANS)


def take_day(words: Sequence[str]) -> tuple[Day, int] | None:
    """The day that these words start with, and how many of them it used; None when a sentence may follow."""
    return take_phrase(words, _read_day_alone)


def _read_day_alone(reader: WordReader) -> Day | None:
    day = read_day(reader)
    return day if reader.alone() else None


def take_span(words: Sequence[str]) -> tuple[tuple[Day, Day], int] | None:
    """The span that these words start with, and how many of them it used."""
    return take_phrase(words, read_span)


def read_day(reader: WordReader) -> Day | None:
    """A day, without any time of day."""
    start = reader.at
    if reader.eat("today"):
        return DaysAhead(0)
    if reader.eat("tomorrow"):
        return DaysAhead(1)
    if (days := _read_ahead(reader)) is not None:
        return DaysAhead(days)
    next_week = reader.eat("next")
    if not next_week:
        reader.eat("this")
    weekday = read_weekday(reader)
    if weekday is None:
        reader.at = start
        return _read_date(reader)
    if next_week:
        return WeekDay(weekday, next_week=True)
    found = _read_date(reader)
    if found is None:
        return WeekDay(weekday)
    if isinstance(found, YearDay):
        return YearDay(found.month, found.day, weekday)
    _agree(found, weekday)
    return found


def _read_ahead(reader: WordReader) -> int | None:
    """ "in 3 days" or "+3d", whole days only."""
    start = reader.at
    plus = read_plus(reader)
    if plus is None and reader.eat("in"):
        plus = read_duration(reader)
    if plus is not None and not plus % timedelta(days=1):
        return plus.days
    reader.at = start
    return None


def read_plus(reader: WordReader) -> timedelta | None:
    """ "+2d" or "+45m": a length of time from now."""
    if not _PLUS.fullmatch(reader.here):
        return None
    length = read_duration(WordReader([reader.here[1:]], whole=True))
    if length is not None:
        reader.at += 1
    return length


def _read_date(reader: WordReader) -> date | YearDay | None:
    """ "2026-12-19", "19 dec", "19th of december 2026", "dec 19, 2026"."""
    start = reader.at
    if iso := _ISO.fullmatch(reader.here):
        year, month, number = map(int, iso.groups())
        reader.at += 1
        return _exact(year, month, number)
    if reader.whole and _SLASHED.fullmatch(reader.here):
        raise PhraseError(f"I cannot tell the day from the month in “{reader.here}”.", DAYS)
    if (day := _read_day_number(reader)) is not None:
        reader.eat("of")
        found_month = read_month(reader)
    else:
        found_month = read_month(reader)
        day = None if found_month is None else _read_day_number(reader)
    if day is None or found_month is None:
        reader.at = start
        return None
    if _YEAR.fullmatch(reader.here):
        reader.at += 1
        return _exact(int(reader.words[reader.at - 1]), found_month, day)
    leap = _exact(_LEAP_YEAR, found_month, day, f"{day} {MONTHS[found_month - 1]}")
    return YearDay(leap.month, leap.day)


def _read_day_number(reader: WordReader) -> int | None:
    shape = _DAY_NUMBER.fullmatch(reader.here)
    if shape is None:
        return None
    reader.at += 1
    return int(shape.group(1))


def _exact(year: int, month: int, day: int, name: str = "") -> date:
    try:
        return date(year, month, day)
    except ValueError:
        name = name or f"{day} {MONTHS[month - 1]} {year}" if 1 <= month <= 12 else f"month {month}"
        raise PhraseError(f"There is no {name}.", DAYS) from None


def _agree(day: date, weekday: int) -> None:
    if day.weekday() != weekday:
        name = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
        raise PhraseError(f"{name} is a {WEEKDAYS[day.weekday()]}, not a {WEEKDAYS[weekday]}.", DAYS)


def read_span(reader: WordReader) -> tuple[Day, Day] | None:
    """A first and a last day; one day alone is both, where nothing else can be meant."""
    start = reader.at
    reader.eat("from")
    first = read_day(reader)
    last = _read_lasting(reader) or _read_end(reader, first)
    if first is None and last is not None:
        first = DaysAhead(0)
    elif last is None:
        last = first
    certain = any(character.isdigit() for word in reader.words[start : reader.at] for character in word)
    if first is None or last is None or not (reader.alone() or (certain and first != last)):
        reader.at = start  # "fri to mon was long", "may 5 children …": a sentence, not a span
        return None
    return first, last


def _read_end(reader: WordReader, first: Day | None) -> Day | None:
    start = reader.at
    dashes = () if first is None else ("-", "–", "—")
    if reader.eat("to", "until", "till", "through", "thru", *dashes):
        day = read_day(reader)
        if day is not None:
            return Lasting(8) if day == first and isinstance(day, WeekDay) else day
    reader.at = start
    return None


def _read_lasting(reader: WordReader) -> Lasting | None:
    start = reader.at
    length = read_duration(reader) if reader.eat("for") else None
    if length is None:
        reader.at = start
        return None
    if length % timedelta(days=1):
        raise PhraseError("Say it in whole days or weeks.", SPANS)
    return Lasting(length.days)


def resolve_day(day: Day, today: date) -> date:
    """The date meant by a day that is written today; dates without a year are never before today."""
    match day:
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
            if weekday is not None:
                _agree(found, weekday)
            return found
        case _:
            return day


def resolve_span(span: tuple[Day, Day], today: date) -> tuple[date, date]:
    """The first and the last date of a span that is written today, the last one included.

    A last day without a year is the first such day on or after the first, so "19 dec to 5 jan" crosses New Year;
    "fri to fri" is a week. A first day without a year belongs to the last one when that has a year. Raises
    `PhraseError` when the span ends before it starts.
    """
    first, last = span
    if isinstance(first, YearDay) and isinstance(last, date):
        known = _yearly(first.month, first.day, last.year - 8, last.year)
        begin = max(one for one in known if one <= last)
    else:
        begin = resolve_day(first, today)
    end = resolve_day(last, begin if isinstance(last, Lasting) else today)
    if end < begin and isinstance(last, YearDay | WeekDay):
        end = resolve_day(last, begin)
    if end < begin:
        raise PhraseError("That ends before it starts.", SPANS)
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
