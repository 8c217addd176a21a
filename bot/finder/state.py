"""What somebody looks for, as a button or form carries it: a page, filters and words in at most 85 characters."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.chat.models import StaleValue
from bot.chat.parsing.button_values import read_fields, read_number
from bot.chat.time.days import EARLIEST, LATEST
from bot.schedules.recurrence import find_day_start
from bot.search.queries import content_words

WORDS = 40
"""Characters of the words that are looked for; what is more is left out."""
TAG = 20
"""Characters of a tag."""
_LESSON = re.compile(r"\d{1,3}\.\d{1,2}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for. `lesson` is `1.2`, `language` a code; what is empty narrows nothing."""

    words: str
    lesson: str = ""
    tag: str = ""
    language: str = ""
    since: date | None = None
    page: int = 0

    @property
    def narrowed(self) -> bool:
        """Whether there is any filter."""
        return bool(self.lesson or self.tag or self.language or self.since)

    @property
    def state(self) -> str:
        """As a button carries it."""
        since = self.since.isoformat() if self.since else ""
        return "|".join((str(self.page), self.lesson, self.tag, self.language, since, self.words))

    def at_page(self, page: int) -> Wanted:
        """Another page of the same."""
        return replace(self, page=page)

    def starts_at(self, zone: str) -> datetime | None:
        """The beginning of the first day, in the community's zone, as an instant."""
        if self.since is None:
            return None
        return find_day_start(self.since, ZoneInfo(zone))


def read_state(value: str) -> Wanted:
    """What a button carries; `StaleValue` for anything else."""
    page, lesson, tag, language, since, words = read_fields(value, 6, "|")
    if (lesson and not _LESSON.fullmatch(lesson)) or len(tag) > TAG or language not in ("", "en", "es"):
        raise StaleValue
    try:
        day = date.fromisoformat(since) if since else None
    except ValueError:
        raise StaleValue from None
    if day is not None and not EARLIEST <= day <= LATEST:
        raise StaleValue
    return Wanted(clean_words(words), lesson, tag, language, day, read_number(page, most=2))


def clean_words(text: str) -> str:
    """The words of a question that say what it is about, as many as a button carries; they find what it finds."""
    kept = ""
    for word in content_words(text):
        longer = f"{kept} {word}".lstrip()
        if len(longer) > WORDS:
            break
        kept = longer
    return kept


def clean_tag(text: str) -> str:
    """A tag as it is written on buttons."""
    return text.strip().lstrip("#").casefold().replace("|", " ")[:TAG]
