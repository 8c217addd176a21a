"""The parser of days and spans of days as people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import cast

from bot.chat.language import N_, _
from bot.chat.time.days import (
    DAYS,
    SPANS,
    Day,
    DaysAhead,
    Lasting,
    NumericDay,
    WeekDay,
    YearDay,
    any_year,
    check_weekday,
    exact_date,
)
from bot.chat.time.vocabulary import (
    PhraseError,
    WordReader,
    parse_whole,
    read_duration,
    read_month,
    read_weekday,
    take_phrase,
)

_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_NUMERIC = re.compile(
    r"([0-9]{1,2})(?:/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?|([.-])([0-9]{1,2})\4([0-9]{4}))"
)
_TWO_DATES = re.compile(r"([0-9]+/[0-9/]+)[-–—]([0-9]+/[0-9/]+)")
_DAY_NUMBER = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?")
_YEAR = re.compile(r"20[0-9]{2}|21[0-9]{2}")
_PLUS = re.compile(r"\+[0-9]+[a-z]+")


def parse_day(text: str) -> Day:
    """A day such as "19 dec", "fri" or "2026-12-19"; raises `PhraseError`."""
    return cast(
        "Day", parse_whole(text, read_day, N_("I can’t read “{text}” as a date."), DAYS)
    )  # mypy joins a union of classes to `object`


def parse_span(text: str) -> tuple[Day, Day]:
    """The first and the last day of a span such as "19 dec to 5 jan"; raises `PhraseError`."""
    return parse_whole(text, read_span, N_("I can’t read “{text}” as a first and last day."), SPANS)


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
    if isinstance(found, YearDay | NumericDay):
        return replace(found, weekday=weekday)
    return check_weekday(found, weekday)


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


def _read_date(reader: WordReader) -> date | YearDay | NumericDay | None:
    """ "2026-12-19", "12/19", "19 dec", "19th of december 2026", "dec 19, 2026"."""
    start = reader.at
    if written := _YEAR_FIRST.fullmatch(reader.here):
        reader.at += 1
        return exact_date(int(written[1]), int(written[3]), int(written[4]))
    if written := _NUMERIC.fullmatch(reader.here):
        reader.at += 1
        first, second, year = int(written[1]), int(written[2] or written[5]), written[3] or written[6]
        return _numeric(first, second, int(year) + 2000 * (len(year) == 2) if year else None)
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
        return exact_date(int(reader.words[reader.at - 1]), found_month, day)
    return any_year(found_month, day)


def _numeric(first: int, second: int, year: int | None) -> date | YearDay | NumericDay:
    """Two numbers: a number over 12 is no month, whatever the country; else the country decides, later."""
    if first == second or (first <= 12) != (second <= 12):
        month, day = (first, second) if first <= 12 else (second, first)
        return any_year(month, day) if year is None else exact_date(year, month, day)
    if first > 12:
        raise PhraseError(_("There is no month {number}.", number=first), DAYS)
    return NumericDay(first, second, year)


def _read_day_number(reader: WordReader) -> int | None:
    shape = _DAY_NUMBER.fullmatch(reader.here)
    if shape is None:
        return None
    reader.at += 1
    return int(shape.group(1))


def read_span(reader: WordReader) -> tuple[Day, Day] | None:
    """A first and a last day; one day alone is both, where nothing else can be meant."""
    start = reader.at
    reader.eat("from")
    if (both := _read_two(reader)) is not None:
        return both
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


def _read_two(reader: WordReader) -> tuple[Day, Day] | None:
    """ "12/20-1/3", without spaces."""
    written = _TWO_DATES.fullmatch(reader.here)
    ends = [_read_date(WordReader([one], whole=True)) for one in written.groups()] if written else []
    if not ends or ends[0] is None or ends[1] is None:
        return None
    reader.at += 1
    return ends[0], ends[1]


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
        raise PhraseError(_("Use whole days or weeks."), SPANS)
    return Lasting(length.days)
