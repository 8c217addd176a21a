"""The vocabulary of time: hours, weekdays, months, lengths of time and zones as people write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import time, timedelta
from typing import TypeVar

from bot.chat.language import N_, _
from bot.chat.models import Refusal
from bot.chat.short_text import shorten

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

_WEEKDAY = {form: n for n, name in enumerate(WEEKDAYS) for form in (name.lower(), name[:3].lower())}
_WEEKDAY |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_MONTH = {form: n for n, name in enumerate(MONTHS, 1) for form in (name.lower(), name[:3].lower())}
_MONTH |= {"sept": 9}

_MINUTES = {
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), 7 * 24 * 60),
    **dict.fromkeys(("d", "day", "days"), 24 * 60),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 60),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 1),
}
LONGEST = timedelta(days=3660)
"""No length of time in chat is longer: ten years, and a typing error beyond that."""

TIMES = ("09:00", "9am", "noon")
LENGTHS = ("90m", "2h", "6d", "1w")

_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2}))?(h|am|pm|a\.m|p\.m)?")
_FUSED = re.compile(r"(?:[0-9]{1,5}[a-z]+)+")
_OPTION = re.compile(r"[a-z_-]+:(?!//)")
# The first part must be a known area: "and/or" has the shape of a zone too. The names are the tz database's.
_ZONE = re.compile(
    r"(?:africa|america|antarctica|arctic|asia|atlantic|australia|brazil|canada|chile|etc|europe|indian|mexico"
    r"|pacific|us)(?:/[a-z0-9_+-]+)+|utc|gmt",
    re.IGNORECASE,
)


class PhraseError(Refusal, ValueError):
    """A time that cannot be read: the problem in words for the person, and examples of what works."""

    def __init__(self, problem: str, examples: Sequence[str] = ()) -> None:
        super().__init__(problem)
        self.examples = tuple(examples)


class WordReader:
    """Walks over words from the left.

    `whole` says that all the words are meant as a time, so weak hints are enough. Otherwise prose may follow, and
    whatever could be the beginning of a sentence ("fri 9 of us …") is read as one: see `alone`.
    """

    __slots__ = ("at", "raw", "whole", "words")

    def __init__(self, words: Sequence[str], whole: bool) -> None:
        self.raw = tuple(word.rstrip(",.;") for word in words)
        self.words = tuple(word.lower() for word in self.raw)
        self.whole = whole
        self.at = 0

    @property
    def here(self) -> str:
        """The word under the finger, in lower case; empty at the end."""
        return self.words[self.at] if self.at < len(self.words) else ""

    def eat(self, *options: str) -> bool:
        """Step over the word here if it is one of these."""
        if self.here and self.here in options:
            self.at += 1
            return True
        return False

    def alone(self) -> bool:
        """No ordinary word follows: the end of the line, an option such as `deck:weekly`, or a sign."""
        word = self.here
        return self.whole or not word or not word[0].isalnum() or bool(_OPTION.match(word))


T = TypeVar("T")


def parse_whole(text: str, read: Callable[[WordReader], T | None], unread: str, examples: Sequence[str]) -> T:
    """Read the whole text with `read`, or say which part of it makes no sense; `unread` says that all of it makes none."""
    words = text.split()
    if not words:
        raise PhraseError(_("Nothing is written here."), examples)
    reader = WordReader(words, whole=True)
    found = read(reader)
    if found is None:
        raise PhraseError(_(unread, text=shorten_words(words)), examples)
    if reader.at < len(words):
        known, unknown = shorten_words(words[: reader.at]), shorten_words(words[reader.at :])
        raise PhraseError(
            _("I understood “{known}”, but not “{unknown}”.", known=known, unknown=unknown), examples
        )
    return found


def take_phrase(words: Sequence[str], read: Callable[[WordReader], T | None]) -> tuple[T, int] | None:
    """Read a phrase at the start of the words: what it means and how many words it used, or None."""
    reader = WordReader(words, whole=False)
    try:
        found = read(reader)
    except PhraseError:
        return None  # looked like a time and was none: whoever wrote it meant something else
    return None if found is None else (found, reader.at)


def shorten_words(words: Sequence[str]) -> str:
    """The words as one line that fits into a sentence."""
    return shorten(" ".join(words), 60)


def read_weekday(reader: WordReader) -> int | None:
    """A weekday's name, 0 for Monday."""
    found = _WEEKDAY.get(reader.here)
    if found is not None:
        reader.at += 1
    return found


def weekday_number(name: str) -> int | None:
    """The weekday of this name, singular or plural, or None."""
    found = _WEEKDAY.get(name)
    return _WEEKDAY.get(name[:-1]) if found is None and name.endswith("s") else found


def read_month(reader: WordReader) -> int | None:
    """A month's name, 1 for January."""
    found = _MONTH.get(reader.here)
    if found is not None:
        reader.at += 1
    return found


def read_number(reader: WordReader) -> int | None:
    """A whole number in digits or, up to twelve, in letters."""
    word = reader.here
    if word in _NUMBERS:
        number = _NUMBERS.index(word) + 1
    elif re.fullmatch(r"[0-9]{1,5}", word):
        number = int(word)
    else:
        return None
    reader.at += 1
    return number


def read_time(reader: WordReader) -> time | None:
    """A time of day, with or without "at". "midnight" begins the day that is named with it."""
    start = reader.at
    reader.eat("at", "@")
    if reader.eat("noon", "midday"):
        return time(12)
    if reader.eat("midnight"):
        return time(0)
    shape = _CLOCK.fullmatch(reader.here)
    if shape is not None:
        text = reader.here
        reader.at += 1
        hour, minutes, suffix = shape.groups()
        if suffix is None and reader.here in ("am", "pm", "a.m", "p.m"):
            text, suffix = f"{text} {reader.here}", reader.here
            reader.at += 1
        if minutes or suffix:
            return _time(int(hour), int(minutes or 0), suffix or "h", text)
        if int(hour) < 24 and reader.alone():
            return time(int(hour))
    reader.at = start
    return None


def _time(hour: int, minute: int, suffix: str, text: str) -> time:
    half = suffix[0]
    if minute > 59 or hour > 23 or (half in "ap" and not 1 <= hour <= 12):
        raise PhraseError(_("“{text}” is not a time of day.", text=text), TIMES)
    if half in "ap":
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute)


def read_duration(reader: WordReader) -> timedelta | None:
    """A length of time: "2h", "1h30m", "36 hours", "2 weeks". Months are not a length and are not read."""
    minutes, smallest = 0, 7 * 24 * 60 + 1
    while (part := _one_length(reader, smallest)) is not None:
        amount, smallest = part
        minutes += amount
    if smallest > 7 * 24 * 60:
        return None
    length = timedelta(minutes=minutes)
    if not length:
        raise PhraseError(_("That length of time is zero."), LENGTHS)
    if length > LONGEST:
        raise PhraseError(_("That is longer than ten years."), LENGTHS)
    return length


def _one_length(reader: WordReader, below: int) -> tuple[int, int] | None:
    """One amount with its unit, smaller than the unit before it: its minutes and the unit's minutes."""
    start = reader.at
    if _FUSED.fullmatch(reader.here):
        total = 0
        for amount, unit in re.findall(r"([0-9]+)([a-z]+)", reader.here):
            size = _MINUTES.get(unit)
            if size is None or size >= below:
                return None
            total, below = total + int(amount) * size, size
        reader.at += 1
        return total, below
    number = 1 if reader.eat("a", "an") else read_number(reader)
    size = _MINUTES.get(reader.here)
    if number is not None and size is not None and size < below:
        reader.at += 1
        if reader.alone():  # "2 weeks of rain" is about rain
            return number * size, size
    reader.at = start
    return None


def read_zone(reader: WordReader) -> str | None:
    """A zone as it was written; only its shape is checked here."""
    if reader.at < len(reader.raw) and _ZONE.fullmatch(reader.raw[reader.at]):
        reader.at += 1
        return reader.raw[reader.at - 1]
    return None


def parse_duration(text: str) -> timedelta:
    """A length of time such as "6d", "90m" or "36 hours"; raises `PhraseError`."""
    return parse_whole(text, read_duration, N_("I can’t read “{text}” as a length of time."), LENGTHS)


def take_duration(words: Sequence[str]) -> tuple[timedelta, int] | None:
    """The length of time that these words start with, and how many of them it used."""
    return take_phrase(words, read_duration)
