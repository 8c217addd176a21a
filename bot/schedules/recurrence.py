"""When a rule comes round: pure arithmetic over local wall time, with no clock and no database."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from bot.chat.language import N_, _, format_day, format_list, format_time, format_weekday, format_zone
from bot.chat.time.moment_parser import Monthly, MonthlyNth, Once, OnDates, Rule, Weekly
from bot.chat.time.rules import ALL_DAYS, WORKDAYS
from bot.chat.time.vocabulary import WEEKDAYS

Note = Literal["gap", "fold"] | None
"""What a clock change does to a wall time: it never comes, it comes twice, or nothing."""

# A wall time in a gap comes later than it says, by the length of the gap. The longest gaps are the days that
# islands skipped when they crossed the date line (Kiritimati 1994/95: 24 h 40 min), so it may come two dates later.
_LONGEST_GAP = timedelta(days=2)
_WEEKS = tuple(f"-W{week:02}" for week in range(54))
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ONE_DAY = timedelta(days=1)
_LAST_YEAR = date.max.year - 10  # room for the longest rhythm
GROUPS = {
    ALL_DAYS: N_("every day at {time}, {zone}"),
    WORKDAYS: N_("every weekday, Monday to Friday, at {time}, {zone}"),
}
"""Rules of days that have a name together."""
LAST_DAY = (
    N_("on the last day of every month at {time}, {zone}"),
    N_("on the last day of every {count} months at {time}, {zone}"),
)
ON_DAY = (
    N_("on day {day} of every month at {time}, {zone}"),
    N_("on day {day} of every {count} months at {time}, {zone}"),
)
LATE_DAY = (
    N_("on day {day} of every month (or the last day of a shorter month) at {time}, {zone}"),
    N_("on day {day} of every {count} months (or the last day of a shorter month) at {time}, {zone}"),
)
ON_NTH = {
    1: (
        N_("on the first {weekday} of every month at {time}, {zone}"),
        N_("on the first {weekday} of every {count} months at {time}, {zone}"),
    ),
    2: (
        N_("on the second {weekday} of every month at {time}, {zone}"),
        N_("on the second {weekday} of every {count} months at {time}, {zone}"),
    ),
    3: (
        N_("on the third {weekday} of every month at {time}, {zone}"),
        N_("on the third {weekday} of every {count} months at {time}, {zone}"),
    ),
    4: (
        N_("on the fourth {weekday} of every month at {time}, {zone}"),
        N_("on the fourth {weekday} of every {count} months at {time}, {zone}"),
    ),
    -1: (
        N_("on the last {weekday} of every month at {time}, {zone}"),
        N_("on the last {weekday} of every {count} months at {time}, {zone}"),
    ),
}
"""Monthly rules: of every month, and of every so many."""
SHORTEST_MONTH = 28
_SHORT = tuple(name[:3].lower() for name in WEEKDAYS)


@dataclass(frozen=True, slots=True)
class Instant:
    """One coming-round of a rule.

    `key` names it within its rule and depends only on the date as written, so that new zone data moves the instant
    and never doubles it. `local` is the wall time as written, naive; `at` is the moment in UTC.
    """

    key: str
    local: datetime
    at: datetime
    note: Note


def instants(rule: Rule, zone: ZoneInfo, anchor: date, after: datetime) -> Iterator[Instant]:
    """Every instant of the rule later than `after`, in order, without end; `Once` has at most one."""
    found = next_instant(rule, zone, anchor, after)
    while found is not None:
        yield found
        found = next_instant(rule, zone, anchor, found.at)


def next_instant(rule: Rule, zone: ZoneInfo, anchor: date, after: datetime) -> Instant | None:
    """The first instant of the rule later than `after` (aware), or None when a `Once` is past.

    The cost is the same wherever `after` is. "Every 2 weeks" counts from the week of `anchor` and "every 2 months"
    from its month; nothing else depends on it, so earlier instants exist too. When a date is skipped altogether
    (Samoa, 30 December 2011), its instant lands on the next day, and where a daily rule would then say the same
    moment twice, the earlier date has it.
    """
    if after.tzinfo is None:
        raise ValueError("`after` must be aware.")
    at, late = rule.at, _second_pass(rule.at)
    day = _next_date(rule, anchor, _first_date(after.astimezone(zone), at))
    while day is not None:
        moment, note = _moment(day, at, late, zone)
        if moment > after:
            return Instant(_key(rule, day), datetime.combine(day, at), moment, note)
        day = _next_date(rule, anchor, day + _ONE_DAY)
    return None


def _first_date(wall: datetime, at: time) -> date:
    """The earliest date on which this time of day can be later than an aware wall time.

    Today or tomorrow, unless the clock changed within the last days: then a time on an earlier date may have been
    pushed past now, and the caller has to look.
    """
    before = wall - _LONGEST_GAP
    if before.utcoffset() != wall.utcoffset():
        return before.date()
    return wall.date() if at > wall.time() else wall.date() + _ONE_DAY


def local_to_utc(local: datetime, zone: ZoneInfo) -> tuple[datetime, Note]:
    """The moment (UTC) at which the clocks of a zone show this naive wall time, and what is odd about it.

    In a gap the offset before it counts, so 02:30 becomes 03:30 (RFC 5545 3.3.5); of two moments the first counts,
    unless `local.fold` asks for the second.
    """
    at = local.time()
    moment, note = _moment(local.date(), at.replace(fold=0), _second_pass(at), zone)
    if note == "fold" and local.fold:
        moment = datetime.combine(local.date(), at, zone).astimezone(UTC)
    return moment, note


def find_day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first moment (UTC) of a date on the clocks of a zone, also where midnight is skipped or comes twice."""
    return local_to_utc(datetime.combine(day, time()), zone)[0]


@lru_cache(maxsize=24 * 60)
def _second_pass(at: time) -> time:
    return at.replace(fold=1)


def _moment(day: date, early: time, late: time, zone: ZoneInfo) -> tuple[datetime, Note]:
    """The moment of a wall time given with `fold` 0 and 1 (PEP 495), which differ only around a clock change.

    `datetime.combine` is several times cheaper than `replace`, and this runs for every schedule.
    """
    aware = datetime.combine(day, early, zone)
    first, second = aware.utcoffset(), datetime.combine(day, late, zone).utcoffset()
    if first == second:
        return aware.astimezone(UTC), None
    assert first is not None and second is not None  # noqa: S101, PT018 - a ZoneInfo always knows
    return aware.astimezone(UTC), "gap" if first < second else "fold"


def _next_date(rule: Rule, anchor: date, first: date) -> date | None:
    """The first date of the rule on or after `first`; None at the end of time."""
    if first.year > _LAST_YEAR:
        return None
    if isinstance(rule, Weekly):
        return _next_weekday(rule, anchor, first)
    if isinstance(rule, Once):
        return rule.on if rule.on >= first else None
    if isinstance(rule, OnDates):
        return next((day for day in rule.on if day >= first), None)
    origin = anchor.year * 12 + anchor.month
    month = first.year * 12 + first.month
    month += (origin - month) % rule.every
    found = _date_in(rule, month)
    return found if found >= first else _date_in(rule, month + rule.every)


def _next_weekday(rule: Weekly, anchor: date, first: date) -> date:
    """In the anchor's Monday weeks, counted in days: the parity of ISO week numbers breaks in years of 53 weeks."""
    start, step = first.toordinal(), 7 * rule.every
    origin = anchor.toordinal() - anchor.weekday()
    monday = start - (start - origin) % step
    for weekday in rule.weekdays:
        if monday + weekday >= start:
            return date.fromordinal(monday + weekday)
    return date.fromordinal(monday + step + rule.weekdays[0])


def _date_in(rule: Monthly | MonthlyNth, month: int) -> date:
    """The date of the rule in a month, given as twelve times the year plus 1 to 12."""
    year, month = (month - 1) // 12, (month - 1) % 12 + 1
    length = 29 if month == 2 and isleap(year) else _LENGTHS[month - 1]
    if isinstance(rule, Monthly):
        return date(year, month, length if rule.on == "last" else min(rule.on, length))
    first = 1 + (rule.weekday - date(year, month, 1).weekday()) % 7
    weeks = rule.nth - 1 if rule.nth > 0 else (length - first) // 7
    return date(year, month, first + 7 * weeks)


def _key(rule: Rule, day: date) -> str:
    if isinstance(rule, Weekly):
        year, week, weekday = day.isocalendar()
        name = f"{year}{_WEEKS[week]}"
        return name if len(rule.weekdays) == 1 else f"{name}-{_SHORT[weekday - 1]}"
    return day.isoformat() if isinstance(rule, Once | OnDates) else day.isoformat()[:7]


def describe(rule: Rule, zone: ZoneInfo) -> str:
    """The rule in a few words: "every Monday at 9:00 AM, Central Time"."""
    found = {"time": format_time(rule.at), "zone": format_zone(zone.key)}
    match rule:
        case Weekly(1, weekdays) if weekdays in GROUPS:
            return _(GROUPS[weekdays], **found)
        case Weekly(every, weekdays):
            days = format_list([format_weekday(day) for day in weekdays])
            if every == 1:
                return _("every {days} at {time}, {zone}", days=days, **found)
            return _("every {count} weeks on {days} at {time}, {zone}", count=every, days=days, **found)
        case Monthly(every, "last"):
            return _(LAST_DAY[every > 1], count=every, **found)
        case Monthly(every, on):
            late = isinstance(on, int) and on > SHORTEST_MONTH
            return _((LATE_DAY if late else ON_DAY)[every > 1], day=on, count=every, **found)
        case MonthlyNth(every, nth, weekday):
            return _(ON_NTH[nth][every > 1], weekday=format_weekday(weekday), count=every, **found)
        case Once(on):
            return _("once, on {day} at {time}, {zone}", day=format_day(on), **found)
        case OnDates(dates):
            days = format_list([format_day(day) for day in dates])
            return _("on {days} at {time}, {zone}", days=days, **found)


def clock_notes(
    rule: Rule, zone: ZoneInfo, start: date, days: int = 400, *, anchor: date | None = None
) -> tuple[str, ...]:
    """A sentence for each date from `start` on, for so many days, on which a clock change skips or repeats the time.

    `anchor` matters only for rules that do not come round every week or month; it is `start` unless given.
    """
    begin = find_day_start(start, zone)
    end = start + timedelta(days=days)
    notes = []
    for instant in instants(rule, zone, anchor or start, begin - timedelta(microseconds=1)):
        if instant.local.date() >= end:
            break
        if instant.note and instant.local.date() >= start:
            notes.append(_clock_note(instant, zone))
    return tuple(notes)


def _clock_note(instant: Instant, zone: ZoneInfo) -> str:
    day, time_ = format_day(instant.local.date()), format_time(instant.local)
    if instant.note == "fold":
        return _("On {day} the clock shows {time} twice. The first one counts.", day=day, time=time_)
    shown = instant.at.astimezone(zone)
    there = format_time(shown)
    if shown.date() == instant.local.date():
        return _(
            "On {day} the clock skips {time}. It will be {later} there.", day=day, time=time_, later=there
        )
    return _(
        "On {day} the clock skips {time}. It will be {later} on {next_day} there.",
        day=day, time=time_, later=there, next_day=format_day(shown.date()),
    )  # fmt: skip
