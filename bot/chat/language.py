"""The language in which texts are said: a sentence of the catalog in the language of whoever reads it.

Every text that a person reads goes through `_` (or `ngettext`, where a number decides), written in English at the place
where it is said. Names in braces are filled in: `_("There is no prompt {id}.", id="p9")`. A text that is declared at
import, before anybody reads it, is marked with `N_` and said with `_` later. `speaking` says for whom is spoken; a card
and a form remember it, so that what a platform adds when it draws them is in the same language.

Days, times, zones and lists are written as the reader's locale does (Unicode CLDR, by Babel).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from functools import cache, lru_cache, wraps
from typing import TYPE_CHECKING, Concatenate, Literal, ParamSpec, Protocol, TypeVar
from zoneinfo import ZoneInfo

from bot.chat.catalog import Catalog

if TYPE_CHECKING:  # Babel is slow to import, and `tilth --help` needs none of it
    from babel import Locale

OWN_NAMES = {"en": "English", "es": "Español"}
"""The languages of the catalog, each as it calls itself."""
LANGUAGES = tuple(OWN_NAMES)
"""The languages of the catalog; the first is the one in which texts stand in the code."""
DEFAULT = "en_US"
_FOLDER = "locale"
_TWO_STOPS = re.compile(r"(\b[ap]\.\s?m\.(?:\*\*|</time>)?)\.(?!\.)")
Given = ParamSpec("Given")
Result = TypeVar("Result")
Drawn = TypeVar("Drawn", bound="InOneLanguage")
_SPEAKING: ContextVar[str] = ContextVar("locale", default=DEFAULT)


def current_locale() -> str:
    """Return the locale that is spoken now, like `es_US`."""
    return _SPEAKING.get()


def speak(locale: str) -> None:
    """Say texts in this locale until the `speaking` around it ends; an empty one changes nothing."""
    if locale:
        _SPEAKING.set(locale)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Say texts in this locale; an empty one changes nothing."""
    token = _SPEAKING.set(locale or _SPEAKING.get())
    try:
        yield
    finally:
        _SPEAKING.reset(token)


class InOneLanguage(Protocol):
    """A card, form or refusal: what was made in one language, and is drawn in it."""

    @property
    def locale(self) -> str: ...


def drawn_in_own_language(
    draw: Callable[Concatenate[Drawn, Given], Result],
) -> Callable[Concatenate[Drawn, Given], Result]:
    """Let a function that draws a card, form or refusal say its own texts in the language of that."""

    @wraps(draw)
    def drawn(one: Drawn, /, *args: Given.args, **named: Given.kwargs) -> Result:
        with speaking(one.locale):
            return draw(one, *args, **named)

    return drawn


def locale_of(language: str, country: str) -> str:
    """Return the locale of a language as it is written in a country: `es` and `US` make `es_US`."""
    return f"{language}_{country}" if country else language


@lru_cache(maxsize=256)
def known_language(code: str | None) -> str | None:
    """Return the language of the catalog that a platform's code means (`es-419`, `en-GB`), or None."""
    language = (code or "").replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else None


def locale_for(chosen: str | None, platform: str | None, home: str, country: str) -> str:
    """Return the locale of somebody: of the language they chose, else their platform's, else their community's."""
    return locale_of(chosen or known_language(platform) or home, country)


def country_of_zone(zone: str) -> str:
    """Return the country in which a time zone lies, as two letters; the United States where none is known."""
    from babel.core import get_global

    territory = str(get_global("zone_territories").get(zone) or "")
    return territory if re.fullmatch("[A-Z]{2}", territory) and territory != "ZZ" else "US"


# ── texts ─────────────────────────────────────────────────────────────────────


def N_(text: str) -> str:  # noqa: N802 - the customary name of gettext's marker
    """Mark a text for the catalog that is said later, by `_`; returns it as it is."""
    return text


def _(text: str, /, **values: object) -> str:
    """Return a text of the catalog in the reader's language, with `values` filled in where it has names in braces."""
    said = text if _in_english() else _catalog(_language()).gettext(text)
    return end_once(said.format(**values)) if values else said


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the form of a text that fits `count`, which it may also use as `{count}`."""
    if _in_english():
        said = one if count == 1 else many
    else:
        said = _catalog(_language()).ngettext(one, many, count)
    return end_once(said.format(count=count, **values))


def end_once(said: str) -> str:
    """A text in which a time of day that ends with a full stop, like "4:00 p.m.", ends its sentence with that one."""
    return _TWO_STOPS.sub(r"\1", said) if "m." in said else said


def load_catalogs() -> None:
    """Read the catalogs of all languages ahead, which takes a moment each."""
    for language in LANGUAGES[1:]:
        _catalog(language)


def _language() -> str:
    return _SPEAKING.get().partition("_")[0]


def _in_english() -> bool:
    return _SPEAKING.get().startswith("en")


@cache
def _catalog(language: str) -> Catalog:
    from importlib.resources import files

    file = files("bot") / _FOLDER / f"{language}.po"
    return Catalog(file.read_text(encoding="utf-8").splitlines() if file.is_file() else ())


# ── days, times, zones, lists ─────────────────────────────────────────────────


@cache
def _locale(name: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(name)
    except (ValueError, UnknownLocaleError):
        return Locale.parse(name.partition("_")[0])


@cache
def _pattern(name: str, skeleton: str) -> str:
    """The locale's own order for the parts of a date, with the day of the week in full where it is asked in full."""
    locale = _locale(name)
    pattern = str(locale.datetime_skeletons[skeleton.replace("EEEE", "E")].pattern)
    return re.sub("E+", "EEEE", pattern) if "EEEE" in skeleton else pattern


def format_day(day: date, *, year: bool = True) -> str:
    """Write a day: "Friday, December 4, 2026"."""
    from babel.dates import format_date

    name = current_locale()
    return format_date(day, "full" if year else _pattern(name, "MMMMEEEEd"), locale=_locale(name))


def format_short_day(day: date, *, year: bool = False) -> str:
    """Write a day in short, for lists: "Fri, Dec 4"."""
    from babel.dates import format_date

    name = current_locale()
    return format_date(day, _pattern(name, "yMMMEd" if year else "MMMEd"), locale=_locale(name))


def format_month_day(day: date) -> str:
    """Write a day with neither its weekday nor its year, for charts: "Dec 4"."""
    from babel.dates import format_date

    return format_date(day, _pattern(current_locale(), "MMMd"), locale=_locale(current_locale()))


def format_decimal(number: float) -> str:
    """Write a number with one decimal at most: "3.5"."""
    from babel.numbers import format_decimal

    return format_decimal(number, "#,##0.#", locale=_locale(current_locale()))


def format_share(share: float) -> str:
    """Write a part of a whole in percent: "29%"."""
    from babel.numbers import format_percent

    return format_percent(share, locale=_locale(current_locale()))


def format_calendar_day(day: date) -> str:
    """Write a day without that of the week, for titles: "December 4, 2026"."""
    from babel.dates import format_date

    return format_date(day, "long", locale=_locale(current_locale()))


def format_short_moment(local: datetime) -> str:
    """Write a local date and time in short, for tables: "Fri, Dec 4, 9:00 AM"."""
    return _("{day}, {time}", day=format_short_day(local), time=format_time(local))


def format_weekday(day: int) -> str:
    """Write a day of the week, 0 for Monday: "Friday"."""
    return str(_locale(current_locale()).days["format"]["wide"][day])


def format_month(month: int) -> str:
    """Write a month, 1 for January: "December"."""
    return str(_locale(current_locale()).months["format"]["wide"][month])


def format_time(at: time | datetime) -> str:
    """Write a time of day, as local as it was given: "9:00 AM"."""
    from babel.dates import format_time

    clock = at.timetz().replace(tzinfo=None) if isinstance(at, datetime) else at
    return format_time(clock, "short", locale=_locale(current_locale())).replace("\u202f", " ")


def write_time(at: time) -> str:
    """Write a time of day as one types it: "9am" or "4:30pm" where the clock has twelve hours, else "16:30"."""
    if "a" not in _locale(current_locale()).time_formats["short"].pattern:
        return f"{at:%H:%M}"
    minutes = f":{at:%M}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def format_zone(zone: str) -> str:
    """Write a time zone as people there call it ("Central Time"); its own key where nobody has a name for it."""
    from babel.dates import get_timezone, get_timezone_name

    if "/" not in zone:
        return zone
    winter, summer = (datetime(2026, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7))
    # Arizona has Mountain Standard Time all year.
    variant: Literal["generic", "standard"] = "generic" if winter != summer else "standard"
    return get_timezone_name(get_timezone(zone), zone_variant=variant, locale=_locale(current_locale()))


def format_moment(local: datetime, zone: str = "") -> str:
    """Write a local date and time: "Friday, December 4 at 9:00 AM", with the zone after it where one is given."""
    day, at = format_day(local, year=False), format_time(local)
    if zone:
        return _("{day} at {time} ({zone})", day=day, time=at, zone=format_zone(zone))
    return _("{day} at {time}", day=day, time=at)


def format_number(number: int) -> str:
    """Write a whole number: "8,000"."""
    from babel.numbers import format_decimal

    return format_decimal(number, locale=_locale(current_locale()))


def format_list(items: Sequence[str], *, either: bool = False) -> str:
    """Write a list as a phrase: "a, b, and c", or "a, b, or c"."""
    from babel.lists import format_list

    return format_list(items, "or" if either else "standard", locale=_locale(current_locale()))
