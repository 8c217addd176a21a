"""The parser of a list of dates with one time of day: "on 12/5, 1/9 and 2/13 at 9am"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from bot.chat.language import _
from bot.chat.time.date_parser import read_day
from bot.chat.time.days import Day, NumericDay, YearDay, resolve_day
from bot.chat.time.rules import MOST_DATES, Once, OnDates
from bot.chat.time.vocabulary import PhraseError, WordReader, read_time, read_zone, take_phrase

DATE_LISTS = ("on 12/5, 1/9 and 2/13 at 9am", "on 2026-12-05 and 2027-01-09 09:00")


@dataclass(frozen=True, slots=True)
class DateList:
    """Dates as they were written, perhaps without their years, and the time of day on each of them."""

    days: tuple[Day, ...]
    at: time
    text: str
    """As it was written, which reads back as itself."""

    def __str__(self) -> str:
        return self.text


def take_dates(words: Sequence[str]) -> tuple[DateList, str | None, int] | None:
    """The list of dates that these words start with, its zone, and how many words it used; None for less than two."""
    found = take_phrase(words, _read_dates)
    return None if found is None else (*found[0], found[1])


def _read_dates(reader: WordReader) -> tuple[DateList, str | None] | None:
    days = read_days(reader)
    if len(days) < 2:
        return None
    reader.eat("at")
    at = read_time(reader)
    if at is None:
        return None
    text = " ".join(reader.raw[: reader.at])
    return DateList(days, at, text), read_zone(reader)


def read_days(reader: WordReader) -> tuple[Day, ...]:
    """Dates that follow each other; words such as "fri" are none, because they mean other dates every week."""
    reader.eat("on")
    found: list[Day] = []
    while True:
        start = reader.at
        if found:
            reader.eat("and", "&", "+")
        more = _read_word(reader)
        if not more:
            reader.at = start
            return tuple(found)
        found += more


def _read_word(reader: WordReader) -> list[Day]:
    """A date, or the dates of one word: "12/5,1/9"."""
    if "," not in reader.here:
        day = read_day(reader)
        return [day] if isinstance(day, date | YearDay | NumericDay) else []
    days = [read_day(WordReader([one], whole=True)) for one in reader.here.split(",")]
    dates = [one for one in days if isinstance(one, date | YearDay | NumericDay)]
    if len(dates) < len(days):
        return []
    reader.at += 1
    return [*dates]


def resolve_dates(written: DateList, today: date) -> Once | OnDates:
    """The rule of the dates that are meant by what is written today; raises `PhraseError`."""
    dates = sorted({resolve_day(day, today) for day in written.days})
    if len(dates) > MOST_DATES:
        raise PhraseError(_("That is too many dates. A schedule has at most {most}.", most=MOST_DATES))
    return OnDates(tuple(dates), written.at) if len(dates) > 1 else Once(dates[0], written.at)
