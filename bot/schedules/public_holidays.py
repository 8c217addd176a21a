"""Public holidays of countries and their regions, by year: computed by a library, nothing is fetched."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from importlib.util import find_spec, module_from_spec
from types import ModuleType

_COUNTRIES = "holidays.countries"


def open_library() -> ModuleType:
    """The library of public holidays. It reads a country when that is asked for, and not all 280, which take eight megabytes.

    Its package of countries imports each of them. The package is put in place without being run: a country is found in its
    folder all the same.
    """
    import holidays  # only when somebody asks

    if _COUNTRIES not in sys.modules and (spec := find_spec(_COUNTRIES)) is not None:
        sys.modules.setdefault(_COUNTRIES, module_from_spec(spec))
    return holidays


@lru_cache(maxsize=256)
def public_holidays(country: str, region: str, year: int) -> Mapping[date, str]:
    """The public holidays of a country, or of one region of it, with their names. Raises for a country it does not know."""
    found = open_library().country_holidays(country, subdiv=region or None, years=year)
    return {day: str(name) for day, name in sorted(found.items()) if day.year == year}


def is_public_holiday(country: str, day: date) -> bool:
    """Whether a day is a public holiday in a country; never where the country is unknown."""
    if not country:
        return False
    try:
        return day in public_holidays(country, "", day.year)
    except NotImplementedError:  # the library's word for a country it has no rules for
        return False


def load_public_holidays(countries: Iterable[str], day: date) -> None:
    """Read the library and the year of a day, off the loop: else the first private message of a process would hold the writer for that."""
    for country in countries:
        is_public_holiday(country, day)
