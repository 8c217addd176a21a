"""Names of months and weekdays in the reader's language, turned into those that dates are read with."""

from __future__ import annotations

import re
from functools import cache

from babel.dates import get_day_names, get_month_names

from bot.chat.accents import without_accents
from bot.chat.language import current_locale

_OF = re.compile(r"(?<=\d)\s+(?:de|del)\s+|(?<=[a-z])\s+(?:de|del)\s+(?=\d)", re.IGNORECASE)


def with_english_names(text: str) -> str:
    """The text with English names of months and weekdays: "viernes, 4 de diciembre" becomes "friday, 4 december"."""
    if current_locale().partition("_")[0] == "en":
        return text
    found = _WORD.sub(lambda one: _names(current_locale()).get(_bare(one[0]), one[0]), text)
    return _OF.sub(" ", found)


_WORD = re.compile(r"[^\W\d_]+\.?")


def _bare(name: str) -> str:
    """A name as people type it: without capitals, accents and its full stop."""
    return without_accents(name.casefold().rstrip("."))


@cache
def _names(locale: str) -> dict[str, str]:
    names: dict[str, str] = {}
    # Months come last, for "mar" is March and Tuesday in Spanish, and a date needs its month.
    for get in (get_day_names, get_month_names):
        english = get("wide", locale="en")
        for width in ("wide", "abbreviated"):
            for number, name in get(width, locale=locale).items():
                names[_bare(name)] = english[number].casefold()
    return names
