"""The school year of a community: from the terms in its calendar, else as it usually is where the community lies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from bot.people.tables import Community

SUMMER = timedelta(days=35)
"""Days without a term that end a school year; a winter break is shorter."""
BREAK = timedelta(days=60)
"""Days between the usual end of a school year and the beginning of the next."""
STALE = timedelta(days=120)
"""Days after the last term from which on the terms are those of a year that nobody has brought up to date."""
SOUTH = frozenset(("AR", "AU", "BO", "BR", "CL", "NZ", "PE", "PY", "UY", "ZA"))
"""Countries whose school year ends in December."""


TermsOf = Callable[[Connection, int], Sequence[tuple[date, date]]]
"""(connection, community) → the first and the last day of each term."""


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """A school year that has begun: its first day, and its last one where that is known or usual."""

    starts: date
    ends: date


def no_terms(_conn: Connection, _community_id: int) -> Sequence[tuple[date, date]]:
    """The terms of a community without a calendar."""
    return ()


@dataclass(frozen=True, slots=True)
class SchoolYears:
    """Finds the school years of communities; `terms` knows the first and last days of their terms."""

    terms: TermsOf = no_terms

    def find_year(self, conn: Connection, home: Community, today: date) -> SchoolYear:
        """The school year that today is in, or the last one before today."""
        return year_of_terms(self.terms(conn, home.id), today) or usual_year(home.country, today)


def year_of_terms(terms: Iterable[tuple[date, date]], today: date) -> SchoolYear | None:
    """Terms with nothing but short breaks between them are one school year; the latest that has begun."""
    years: list[SchoolYear] = []
    for starts, ends in sorted(terms):
        if years and starts - years[-1].ends < SUMMER:
            years[-1] = SchoolYear(years[-1].starts, max(ends, years[-1].ends))
        else:
            years.append(SchoolYear(starts, ends))
    begun = [one for one in years if one.starts <= today]
    return begun[-1] if begun and today < begun[-1].ends + STALE else None


def usual_year(country: str, today: date) -> SchoolYear:
    """The year that usually ends in the first days of June, or of December in the south."""
    month = 12 if country in SOUTH else 6
    years = [
        SchoolYear(date(year - 1, month, 5) + BREAK, date(year, month, 5))
        for year in (today.year, today.year + 1)
    ]
    return (
        years[1] if years[1].starts <= today else years[0] if years[0].starts <= today else _before(years[0])
    )


def _before(year: SchoolYear) -> SchoolYear:
    return SchoolYear(*(one.replace(year=one.year - 1) for one in (year.starts, year.ends)))
