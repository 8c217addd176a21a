"""The parser of repeat rules: "every mon 9am", "last day of month 8am"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, time
from functools import partial

from bot.chat.language import N_, _
from bot.chat.time.date_list import read_days
from bot.chat.time.date_parser import read_day
from bot.chat.time.rules import (
    ALL_DAYS,
    MOST_DATES,
    MOST_MONTHS,
    MOST_WEEKS,
    NTH,
    WORKDAYS,
    Monthly,
    MonthlyNth,
    Once,
    OnDates,
    Rule,
    Weekly,
)
from bot.chat.time.vocabulary import (
    ORDINALS,
    PhraseError,
    WordReader,
    parse_whole,
    read_number,
    read_time,
    read_weekday,
    read_zone,
    take_phrase,
    weekday_number,
)

RULES = ("every mon 9am", "every 2 weeks on wed 5pm Europe/Dublin", "last day of month 8am")

_GROUPS = {"weekday": WORKDAYS, "weekdays": WORKDAYS, "weekend": (5, 6), "weekends": (5, 6)}
_NUMBERED = re.compile(r"([0-9]{1,2})(st|nd|rd|th)?")


_Body = Callable[[time], Rule]
_Days = tuple[int, ...]


def parse_rule(text: str) -> tuple[Rule, str | None]:
    """The rule, and the zone if one is written at the end (only its shape is checked); raises `PhraseError`.

    A weekday alone ("thu 4pm") repeats weekly here; `parse_when` reads the same words as one moment.
    """
    return parse_whole(text, _read_rule, N_("I can’t read “{text}” as a schedule."), RULES)


def take_rule(words: Sequence[str]) -> tuple[Rule, str | None, int] | None:
    """The rule that these words start with, its zone, and how many words it used; None when they are prose."""
    found = take_phrase(words, _read_rule)
    return None if found is None else (*found[0], found[1])


def _read_rule(reader: WordReader) -> tuple[Rule, str | None] | None:
    body, at = _read_body(reader), None
    if body is None and reader.whole:  # "9am every monday": too much like the start of a story to be taken
        reader.at = 0
        at = read_time(reader)
        body = None if at is None else _read_body(reader)
    if body is None:
        reader.at = 0
        return None
    at = at or read_time(reader)
    if at is None:
        reader.eat("at")
        if reader.here:
            raise PhraseError(_("“{text}” is not a time of day.", text=reader.here), RULES)
        raise PhraseError(_("At what time of day?"), RULES)
    return body(at), read_zone(reader)


def _read_body(reader: WordReader) -> _Body | None:
    """Everything but the time of day: the rule that waits for it."""
    start = reader.at
    for read in (_read_dates, _read_once, _read_every, _read_adverb, _read_of_month, _read_on_weekdays):
        reader.at = start
        if (body := read(reader)) is not None:
            return body
    reader.at = start
    return None


def _read_dates(reader: WordReader) -> _Body | None:
    """ "on 2026-12-05, 2027-01-09": as of one date, only with their years they mean the same on every day."""
    days = read_days(reader)
    dates = tuple(sorted({one for one in days if isinstance(one, date)}))
    if len(dates) < 2 or len(dates) < len(set(days)):
        return None
    if len(dates) > MOST_DATES:
        raise PhraseError(_("That is too many dates. A schedule has at most {most}.", most=MOST_DATES), RULES)
    return partial(OnDates, dates)


def _read_once(reader: WordReader) -> _Body | None:
    """ "2026-10-02" or "2 oct 2026": only a date with its year means the same on every day."""
    reader.eat("on")
    day = read_day(reader)
    return partial(Once, day) if isinstance(day, date) else None


def _read_every(reader: WordReader) -> _Body | None:
    if not reader.eat("every", "each"):
        return None
    start = reader.at
    if (body := _read_of_month(reader, after_every=True)) is not None:
        return body
    reader.at = start
    every, by_name = _read_interval(reader)
    if every is None:
        every = 1
    elif by_name and (days := _read_weekdays(reader)) is not None:  # "every other wed"
        return _weekly(every, days)
    if reader.eat("week", "weeks"):
        return _on_weekdays(reader, every)
    if reader.eat("fortnight", "fortnights"):
        return _on_weekdays(reader, every * 2)
    if reader.eat("month", "months"):
        return _on_day_of_month(reader, every)
    if every == 1 and reader.eat("day"):
        return _weekly(1, ALL_DAYS)
    if reader.here in ("day", "days", "hour", "hours", "minute", "minutes", "year", "years"):
        raise PhraseError(_("A schedule repeats in weeks or months only."), RULES)
    if start == reader.at:
        days = _read_weekdays(reader)
        return None if days is None else _weekly(1, days)
    return None


def _read_interval(reader: WordReader) -> tuple[int | None, bool]:
    """How many weeks or months apart, and whether it was said as "other" or "second" rather than as a number."""
    if reader.eat("other"):
        return 2, True
    ordinal = _read_ordinal(reader)
    if ordinal is not None and ordinal > 0:
        return ordinal, True
    return read_number(reader), False


def _read_adverb(reader: WordReader) -> _Body | None:
    if reader.eat("daily", "everyday"):
        return _weekly(1, ALL_DAYS)
    if reader.eat("weekly"):
        return _on_weekdays(reader, 1)
    if reader.eat("fortnightly", "biweekly", "bi-weekly"):
        return _on_weekdays(reader, 2)
    if reader.eat("monthly"):
        return _on_day_of_month(reader, 1)
    return None


def _on_weekdays(reader: WordReader, every: int) -> _Body:
    reader.eat("on")
    days = _read_weekdays(reader)
    if days is None:
        raise PhraseError(_("On which weekday?"), RULES)
    return _weekly(every, days)


def _on_day_of_month(reader: WordReader, every: int) -> _Body:
    reader.eat("on")
    body = _read_day_of_month(reader, every)
    if body is None:
        raise PhraseError(
            _("On which day of the month?"), ("every month on 15 8am", "first mon of month 9am")
        )
    _read_of(reader)
    return body


def _read_of_month(reader: WordReader, after_every: bool = False) -> _Body | None:
    """ "first mon of month", "the last day of the month"; after "every" also "every last fri"."""
    reader.eat("on")
    body = _read_day_of_month(reader, 1)
    if body is None or _read_of(reader):
        return body
    rule = body(time())
    plain = after_every and isinstance(rule, MonthlyNth) and rule.nth in (1, -1)
    return body if plain else None  # "every second mon" is every other Monday


def _read_of(reader: WordReader) -> bool:
    start = reader.at
    if reader.eat("of"):
        reader.eat("the", "every", "each", "a")
        if reader.eat("month"):
            return True
    reader.at = start
    return False


def _read_day_of_month(reader: WordReader, every: int) -> _Body | None:
    reader.eat("the")
    reader.eat("day")
    start = reader.at
    nth = _read_ordinal(reader)
    if nth is not None:
        if nth == -1 and reader.eat("day"):
            return partial(Monthly, _bounded(every, MOST_MONTHS), "last")
        day = read_weekday(reader)
        if day is not None:
            if nth not in NTH:
                raise PhraseError(_("Use first to fourth, or last. Not every month has a fifth."), RULES)
            return partial(MonthlyNth, _bounded(every, MOST_MONTHS), nth, day)
        if nth == -1:
            return partial(Monthly, _bounded(every, MOST_MONTHS), "last")
    reader.at = start
    shape = _NUMBERED.fullmatch(reader.here)
    if shape is None:
        return None
    number = int(shape.group(1))
    if not 1 <= number <= 31:
        return None
    reader.at += 1
    return partial(Monthly, _bounded(every, MOST_MONTHS), number)


def _read_ordinal(reader: WordReader) -> int | None:
    """ "first", "2nd", "last" (-1)."""
    shape = _NUMBERED.fullmatch(reader.here)
    words = {**ORDINALS, "fifth": 5}
    nth = int(shape.group(1)) if shape and shape.group(2) else words.get(reader.here)
    if nth is not None:
        reader.at += 1
    return nth


def _read_on_weekdays(reader: WordReader) -> _Body | None:
    reader.eat("on")
    days = _read_weekdays(reader)
    return None if days is None else _weekly(1, days)


def _read_weekdays(reader: WordReader) -> _Days | None:
    """ "mon", "mondays", "mon, wed and fri", "mon/wed", "mon-fri", "mon to fri", "weekdays"."""
    days: _Days = ()
    while (more := _weekdays_in(reader.here)) is not None:
        reader.at += 1
        start = reader.at
        if len(more) == 1 and reader.eat("to", "through", "-", "–"):
            last = _weekdays_in(reader.here)
            if last is not None and len(last) == 1:
                reader.at += 1
                more = _range(more[0], last[0])
            else:
                reader.at = start
        days += more
        start = reader.at
        reader.eat("and", "&", "+")
        if _weekdays_in(reader.here) is None:
            reader.at = start
            break
    return days or None


def _weekdays_in(word: str) -> _Days | None:
    """The weekdays in one word."""
    if word in _GROUPS:
        return _GROUPS[word]
    days: _Days = ()
    for part in re.split(r"[,/&+]", word):
        ends = [weekday_number(end) for end in re.split(r"[-–]", part)]
        first, last = ends[0], ends[-1]
        if first is None or last is None or len(ends) > 2:
            return None
        days += _range(first, last)
    return days


def _range(first: int, last: int) -> _Days:
    """From one weekday to another; "fri-mon" goes over the weekend."""
    return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))


def _weekly(every: int, days: _Days) -> _Body:
    return partial(Weekly, _bounded(every, MOST_WEEKS), tuple(sorted(set(days))))


def _bounded(every: int, most: int) -> int:
    if not 1 <= every <= most:
        raise PhraseError(
            _("It can repeat every 1 to {most}, not every {every}.", most=most, every=every), RULES
        )
    return every
