"""The parser of moments and rules as people write them: "fri 09:00", "in 2h", "every mon 9am"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bot.chat.language import N_
from bot.chat.time.date_list import DateList, take_dates
from bot.chat.time.date_parser import (
    parse_day,
    parse_span,
    read_day,
    read_plus,
    take_day,
    take_span,
)
from bot.chat.time.days import (
    Day,
    DaysAhead,
    Lasting,
    NumericDay,
    WeekDay,
    YearDay,
    resolve_day,
    resolve_span,
)
from bot.chat.time.rule_parser import parse_rule, take_rule
from bot.chat.time.rules import Monthly, MonthlyNth, Once, OnDates, Rule, Weekly
from bot.chat.time.vocabulary import (
    PhraseError,
    WordReader,
    parse_duration,
    parse_whole,
    read_duration,
    read_time,
    read_zone,
    take_duration,
    take_phrase,
)

__all__ = [
    "After",
    "AtLocal",
    "DateList",
    "Day",
    "DaysAhead",
    "Lasting",
    "Monthly",
    "MonthlyNth",
    "NumericDay",
    "OnDates",
    "Once",
    "PhraseError",
    "Rule",
    "WeekDay",
    "Weekly",
    "When",
    "YearDay",
    "parse_day",
    "parse_duration",
    "parse_moment_or_rule",
    "parse_rule",
    "parse_span",
    "parse_when",
    "resolve_day",
    "resolve_span",
    "resolve_when",
    "take_day",
    "take_duration",
    "take_moment_or_rule",
    "take_rule",
    "take_span",
    "take_when",
]

MOMENTS = ("fri 09:00", "2026-10-02 18:30", "tomorrow 9am", "in 2h")


@dataclass(frozen=True, slots=True)
class AtLocal:
    """A time on a day, by the clock on the wall.

    Without a day it is the next such time; without a time ("19 dec") it is the usual time of whoever asks.
    """

    day: Day | None
    at: time | None


@dataclass(frozen=True, slots=True)
class After:
    """So long from now. Whole days keep the time on the clock; hours and minutes are counted exactly."""

    length: timedelta


When = AtLocal | After
"""A moment as it was written; `resolve_when` says which one it is now."""


def parse_when(text: str) -> tuple[When, str | None]:
    """The moment, or "now", and the zone if one is written at the end (only its shape is checked); raises `PhraseError`."""
    return parse_whole(text, _read_when_or_now, N_("I can’t read “{text}” as a time."), MOMENTS)


def take_when(words: Sequence[str]) -> tuple[When, str | None, int] | None:
    """The moment that these words start with, its zone, and how many words it used; None when they are prose."""
    return _take_when(words, _read_when_or_now)


def _take_when(
    words: Sequence[str], read: Callable[[WordReader], tuple[When, str | None] | None]
) -> tuple[When, str | None, int] | None:
    found = take_phrase(words, read)
    return None if found is None else (*found[0], found[1])


def _read_when_or_now(reader: WordReader) -> tuple[When, str | None] | None:
    """ "now" where it stands alone, else any other moment."""
    if reader.eat("now") and reader.alone():
        return After(timedelta()), None
    reader.at = 0
    return _read_when(reader)


def _read_when(reader: WordReader) -> tuple[When, str | None] | None:
    when = _read_after(reader) or _read_at(reader) or _read_time_first(reader)
    if when is None:
        return None
    timed = not (isinstance(when, AtLocal) and (when.at is None or when.day is None))
    zone = read_zone(reader)
    return (when, zone) if timed or reader.alone() else None


def _read_after(reader: WordReader) -> When | None:
    """ "in 2h", "+45m", "in 3 days"; with a time, "+2d 16:00", it is a day."""
    start = reader.at
    length = read_plus(reader)
    if length is None and reader.eat("in"):
        length = read_duration(reader)
    if length is None:
        reader.at = start
        return None
    if not length % timedelta(days=1) and (at := read_time(reader)) is not None:
        return AtLocal(DaysAhead(length.days), at)
    return After(length)


def _read_at(reader: WordReader) -> When | None:
    """ "fri 09:00", "on 19 dec at noon", "19 dec"."""
    start = reader.at
    reader.eat("on")
    day = read_day(reader)
    if day is None:
        reader.at = start
        return None
    return AtLocal(day, read_time(reader))


def _read_time_first(reader: WordReader) -> When | None:
    """ "9am tomorrow" where only a time is expected; "17:00" for the next time it is five."""
    at = read_time(reader)
    if at is None:
        return None
    start = reader.at
    if reader.whole:
        reader.eat("on")
        if (day := read_day(reader)) is not None:
            return AtLocal(day, at)
    reader.at = start
    return AtLocal(None, at)


def parse_moment_or_rule(text: str) -> tuple[When | Rule | DateList, str | None]:
    """A moment ("thu 4pm" is the next one), a rule ("every thu 4pm") or a list of dates, with its zone.

    "now" is none of them: what is planned is to come. Raises `PhraseError`.
    """
    words = text.split()
    if (dates := take_dates(words)) is not None and dates[2] == len(words):
        return dates[0], dates[1]
    try:
        return parse_whole(text, _read_when, N_("I can’t read “{text}” as a time."), MOMENTS)
    except PhraseError as once:
        try:
            return parse_rule(text)
        except PhraseError as often:
            raise often if text.lower().split()[:1] == ["every"] else once from None


def take_moment_or_rule(words: Sequence[str]) -> tuple[When | Rule | DateList, str | None, int] | None:
    """The moment, rule or list of dates that these words start with, its zone, and how many words it used."""
    ways = (take_dates(words), _take_when(words, _read_when), take_rule(words))
    return max(ways, key=lambda found: 0 if found is None else found[2])


def resolve_when(when: When, now: datetime, usual: time = time(9)) -> datetime:
    """The local wall time meant by a moment that is written at `now`, which is aware and in the reader's zone.

    A weekday or a time alone means the next one, strictly after now. Anything else may turn out to be past ("today
    09:00" at noon): that is for the caller to refuse. The answer is naive; its `fold` is 1 only when counting
    hours from now ends in the second pass of an hour that the clock repeats.
    """
    wall = now.replace(tzinfo=None, fold=0)
    if isinstance(when, After):
        if when.length and not when.length % timedelta(days=1):
            return wall + when.length
        return (now.astimezone(UTC) + when.length).astimezone(now.tzinfo).replace(tzinfo=None)
    at = usual if when.at is None else when.at
    day = wall.date() if when.day is None else resolve_day(when.day, wall.date())
    found = datetime.combine(day, at)
    if found > wall:
        return found
    if when.day is None:
        return found + timedelta(days=1)
    if isinstance(when.day, WeekDay) and not when.day.next_week:
        return found + timedelta(days=7)
    return found
