"""From a source of the calendar to days away: pure functions, with the libraries that read holidays and `.ics`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.calendars.tables import CalendarSource, SourceKind
from bot.chat.language import N_, _, format_number
from bot.chat.models import Refusal
from bot.schedules.public_holidays import open_library, public_holidays

if TYPE_CHECKING:
    from icalendar import Calendar, Event

Days = tuple[date, date, str]
"""First day, last day, label."""

AHEAD = timedelta(days=3 * 366)
"""How far holidays and calendar files are laid out."""
BEHIND = timedelta(days=31)
LARGEST = 200_000
"""Characters of a calendar file."""
MOST = 500
"""Days away that one source may have in the time that is laid out."""
UNNAMED = N_("day off")
"""What an event without a title is called."""
LABEL = 80
"""Characters of a label: it stands in the reason of every occurrence that is skipped."""

_LINK = re.compile(r"\s*(https?|webcal)://", re.IGNORECASE)
_QUICK = re.compile(r"FREQ\s*=\s*(SECONDLY|MINUTELY|HOURLY)", re.IGNORECASE)


def days_of(one: CalendarSource, today: date, terms: Sequence[CalendarSource] = ()) -> list[Days]:
    """The days away that come from one source. A term stands for the gap before it, since the term before.

    Raises `Refusal` for what cannot be read; it names the fix.
    """
    match one.origin:
        case SourceKind.BREAK:
            return [(*_range(one), one.label)]
        case SourceKind.TERM:
            return _gap(one, terms)
        case SourceKind.HOLIDAYS:
            return holidays(one.details["country"], one.details["region"], today - BEHIND, today + AHEAD)
        case SourceKind.FILE:
            text, only = one.details["text"], one.details["only"]
            return events(text, only, today - BEHIND, today + AHEAD)


def _range(one: CalendarSource) -> tuple[date, date]:
    return date.fromisoformat(one.details["starts"]), date.fromisoformat(one.details["ends"])


def _gap(one: CalendarSource, terms: Iterable[CalendarSource]) -> list[Days]:
    """Between two terms everybody is away; before the first and after the last, nobody knows."""
    starts = _range(one)[0]
    before = [(_range(other)[1], other.label) for other in terms if _range(other)[0] < starts]
    if not before:
        return []
    ended, label = max(before)
    first, last = ended + timedelta(days=1), starts - timedelta(days=1)
    return (
        [(first, last, _("between {first} and {second}", first=label, second=one.label)[:LABEL])]
        if first <= last
        else []
    )


# ── holidays ──────────────────────────────────────────────────────────────────


def holidays(country: str, region: str, since: date, until: date) -> list[Days]:
    """Public holidays of a country, or of one region of it, in these years."""
    years = range(since.year, until.year + 1)
    found = [one for year in years for one in public_holidays(country, region, year).items()]
    return [(day, day, name[:LABEL]) for day, name in found if since <= day <= until]


def check_country(country: str, region: str) -> tuple[str, str]:
    """Country and region as the library spells them; raises `Refusal` with what there is."""
    from holidays.registry import EntityLoader

    library = open_library()
    code = country.strip().upper()
    if code not in EntityLoader.get_country_codes(include_aliases=True):
        raise Refusal(
            _("There are no public holidays for “{country}”.", country=country),
            _("Write the country with two letters, like US, CA or MX."),
        )
    # The library's list of all countries with their regions would read each of their 300 modules.
    by_name = {one.upper(): one for one in library.country_holidays(code).subdivisions}
    wanted = region.strip().upper().removeprefix(f"{code}-")
    if wanted and wanted not in by_name:
        problem = _(
            "{country} has no region “{region}” with holidays of its own.", country=code, region=region
        )
        regions = ", ".join(sorted(by_name.values())[:40])
        raise Refusal(
            problem,
            _("Choose one of: {regions}.", regions=regions) if regions else _("Leave the region out."),
        )
    return code, by_name.get(wanted, "")


# ── calendar files ────────────────────────────────────────────────────────────


def events(text: str, only: str, since: date, until: date) -> list[Days]:
    """The whole-day events of a calendar file in that time, repetitions included; `only`: with these words in it.

    Events with an hour are meetings, and nobody is away for a meeting.
    """
    import recurring_ical_events  # type: ignore[import-untyped]  # 0.2 s to import

    read = parse(text)
    try:
        found = recurring_ical_events.of(read).between(since, until + timedelta(days=1))
    except Exception:  # noqa: BLE001 - whatever a stranger's file makes of the library, its author is told
        raise Refusal(_("Something in that calendar repeats in a way I cannot read."), _(_FIX)) from None
    days = {one for event in found if (one := _whole_day(event)) is not None}
    wanted = only.casefold().strip()
    kept = sorted(one for one in days if wanted in one[2].casefold())
    if len(kept) > MOST:
        raise Refusal(
            _(
                "That calendar has {count} days off in three years; I take up to {most}.",
                count=format_number(len(kept)),
                most=MOST,
            ),
            _("Say which ones count: `only:holiday`."),
        )
    return kept


_FIX = N_("Export it again as .ics (iCalendar). Open the file as text, and paste all of it, or its events.")


def parse(text: str) -> Calendar:
    """A calendar file, whole or a few events cut out of it. Raises `Refusal`; nothing is ever fetched."""
    from icalendar import Calendar

    if _LINK.match(text) and "BEGIN:VEVENT" not in text.upper():
        raise Refusal(
            _("I do not fetch calendars from a link."),
            _("Open the link yourself, and paste what is in the file."),
        )
    if len(text) > LARGEST:
        count, most = format_number(len(text)), format_number(LARGEST)
        problem = _("That is {count} characters; I read up to {most}.", count=count, most=most)
        raise Refusal(problem, _("Paste it in parts."))
    if "BEGIN:VEVENT" not in text.upper():
        raise Refusal(_("There is no event in that."), _(_FIX))
    if _QUICK.search(text):
        raise Refusal(
            _("Something in that calendar repeats more often than daily."), _("Leave that event out.")
        )
    whole = "\r\n".join(line.strip("\r") for line in text.strip().splitlines() if line.strip())
    if "BEGIN:VCALENDAR" not in whole.upper():
        whole = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:pasted\r\n{whole}\r\nEND:VCALENDAR"
    try:
        return Calendar.from_ical(whole + "\r\n")
    except (ValueError, IndexError, KeyError):
        raise Refusal(_("I cannot read that as a calendar."), _(_FIX)) from None


def _whole_day(event: Event) -> Days | None:
    """An event as days away; None for one that has an hour."""
    start: Any = event.start
    end: Any = event.end
    if isinstance(start, datetime) or not isinstance(start, date):
        return None
    last = end - timedelta(days=1) if isinstance(end, date) and end > start else start
    label = str(event.get("SUMMARY", "")).strip() or UNNAMED
    return start, last, " ".join(label.split())[:LABEL]
