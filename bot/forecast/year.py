"""A stretch of a community's year as it will be: dates, titles, skips with reasons, clock changes, clashes.

No second planner: `bot/schedules/forecast.py` tells what comes by the planner's own forecast, and each feature tells what it
will say by the code that says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.language import N_, _, ngettext
from bot.feature import Feature
from bot.people.tables import Community
from bot.scheduled_posts.clashes import find_clashes
from bot.schedules.breaks import Break, breaks
from bot.schedules.forecast import ForecastEntry, Forecaster, UpcomingOccurrence, upcoming_occurrences
from bot.schedules.model import OccurrenceState

MANY = 3
"""More than this in one day, over all channels of a space, are many."""
NOTES = {
    "gap": N_("the clocks jump over this time; it is later that day"),
    "fold": N_("this time comes twice; it is the first"),
}
WORDS = {
    OccurrenceState.PLANNED: N_("planned"),
    OccurrenceState.SKIPPED: N_("skipped"),
    OccurrenceState.ASKED: N_("waits"),
    OccurrenceState.QUEUED: N_("going out"),
}


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """One thing that is due. `places` are (space, channel); `warnings` are sentences in the reader's language.

    `state` and `reason` are in English, as they are stored.
    """

    at: datetime
    local: datetime
    schedule: str
    kind: str
    name: str
    title: str
    places: tuple[tuple[str, str], ...]
    state: str
    reason: str = ""
    warnings: tuple[str, ...] = ()
    key: str = ""
    """Which date of its schedule this is, wherever it moves to: `2026-W40`."""

    @property
    def goes_out(self) -> bool:
        return self.state == WORDS[OccurrenceState.PLANNED]


@dataclass(frozen=True, slots=True)
class Year:
    """Everything between two instants. `clocks` are (local date, hours by which the clocks change)."""

    community: str
    zone: str
    since: datetime
    until: datetime
    rows: tuple[ForecastRow, ...]
    breaks: tuple[Break, ...]
    clocks: tuple[tuple[date, float], ...]


def forecasters(features: Iterable[Feature]) -> dict[str, Forecaster]:
    """Who tells what a kind of schedule will say."""
    return {kind: tell for feature in features for kind, tell in feature.foretells.items()}


def forecast_year(
    conn: Connection, home: Community, since: datetime, until: datetime, tellers: Mapping[str, Forecaster]
) -> Year:
    """Simulate a community from one instant to another; reads only."""
    by_schedule: dict[int, list[UpcomingOccurrence]] = {}
    for one in upcoming_occurrences(conn, home.id, since, until):
        by_schedule.setdefault(one.schedule.id, []).append(one)
    rows: list[ForecastRow] = []
    for ahead in by_schedule.values():
        schedule = ahead[0].schedule
        tell = tellers.get(schedule.kind)
        told = (
            tell(conn, schedule, ahead) if tell is not None else [ForecastEntry(schedule.label)] * len(ahead)
        )
        rows += [_row(one, what) for one, what in zip(ahead, told, strict=True)]
    zone = ZoneInfo(home.zone)
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    away = [one for one in breaks(conn, home.id, first) if one.starts <= last]
    ordered = with_clashes(sorted(rows, key=lambda row: (row.at, row.schedule)), zone)
    return Year(
        home.name, home.zone, since, until, tuple(ordered), tuple(away), clock_changes(zone, first, last)
    )


def _row(one: UpcomingOccurrence, what: ForecastEntry) -> ForecastRow:
    schedule, state, reason = one.schedule, WORDS.get(one.state, one.state.value), one.reason or ""
    warnings = [what.warning] if what.warning else []
    if one.goes_out and not what.comes:
        state, reason, warnings = WORDS[OccurrenceState.SKIPPED], what.warning, []
    if one.note is not None:
        warnings.append(_(NOTES[one.note]))
    return ForecastRow(
        at=one.at,
        local=one.at.astimezone(ZoneInfo(schedule.zone)),
        schedule=schedule.name or "",
        kind=schedule.kind,
        name=schedule.label,
        title=what.title,
        places=tuple((one.space, one.channel) for one in schedule.places),
        state=state,
        reason=reason,
        warnings=tuple(warnings),
        key=one.key,
    )


def with_clashes(rows: Sequence[ForecastRow], zone: ZoneInfo) -> list[ForecastRow]:
    """The rows, ordered by time, with a warning where two meet in a channel or a day has many."""
    found = list(rows)
    going = [number for number, row in enumerate(rows) if row.goes_out]
    for first, second in find_clashes([rows[number] for number in going]):
        title = _name(rows[going[first]])
        _warn(found, going[second], _("within an hour of {title} in the same channel", title=title))
    days: dict[tuple[date, str], list[int]] = {}
    for number in going:
        for space in {place[0] for place in rows[number].places}:
            days.setdefault((rows[number].at.astimezone(zone).date(), space), []).append(number)
    for numbers in days.values():
        if len(numbers) > MANY:
            words = ngettext("{count} post on one day", "{count} posts on one day", len(numbers))
            _warn(found, numbers[MANY], words)
    return found


def _warn(found: list[ForecastRow], number: int, words: str) -> None:
    found[number] = replace(found[number], warnings=(*found[number].warnings, words))


def _name(row: ForecastRow) -> str:
    return row.title or row.name


def clock_changes(zone: ZoneInfo, first: date, last: date) -> tuple[tuple[date, float], ...]:
    """The dates on which the clocks of a zone change, with by how many hours (minus: back)."""
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        before, after = (_offset(zone, day), _offset(zone, day + timedelta(days=1)))
        if before != after:
            found.append((day, (after - before) / timedelta(hours=1)))
    return tuple(found)


def _offset(zone: ZoneInfo, day: date) -> timedelta:
    return datetime.combine(day, time(), zone).utcoffset() or timedelta()
