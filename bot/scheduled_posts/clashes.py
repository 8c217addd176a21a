"""Clashes: two posts within an hour in the same place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.language import _, format_day, format_time
from bot.schedules.forecast import upcoming_occurrences
from bot.schedules.model import Schedule

CLOSE = timedelta(hours=1)
"""Two posts in one place within this time are a clash."""


class DatedPost(Protocol):
    """What is compared: when, by which schedule, and in which (space, channel) places."""

    @property
    def at(self) -> datetime: ...
    @property
    def schedule(self) -> object: ...
    @property
    def places(self) -> Collection[tuple[str, str]]: ...


def find_clashes(rows: Sequence[DatedPost]) -> Iterator[tuple[int, int]]:
    """The numbers of two rows that clash, the earlier first; the rows are ordered by time."""
    for number, row in enumerate(rows):
        for other in range(number + 1, len(rows)):
            if rows[other].at - row.at > CLOSE:
                break
            if row.schedule != rows[other].schedule and set(row.places) & set(rows[other].places):
                yield number, other


def places_of(schedule: Schedule) -> tuple[tuple[str, str], ...]:
    """Where a schedule posts, as (space, channel); a direct message clashes with nothing."""
    return () if schedule.direct else tuple((one.space, one.channel) for one in schedule.places)


def warn_of_clash(conn: Connection, draft: Schedule, dates: Sequence[datetime], now: datetime) -> list[str]:
    """A sentence where the first of these dates falls close to another post in the same place."""
    mine = set(places_of(draft))
    if not dates or not mine:
        return []
    for one in upcoming_occurrences(conn, draft.community_id, now, max(dates) + CLOSE):
        near = any(abs(one.at - at) <= CLOSE for at in dates)
        if near and one.goes_out and one.schedule.id != draft.id and mine & set(places_of(one.schedule)):
            local = one.at.astimezone(ZoneInfo(draft.zone))
            day, time = format_day(local, year=False), format_time(local)
            return [
                _(
                    "On {day}, “{title}” ({schedule}) is posted there at {time}.",
                    day=day, title=one.schedule.label, schedule=one.schedule.name, time=time,
                )
            ]  # fmt: skip
    return []
