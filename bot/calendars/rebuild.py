"""The rebuild of a community's calendar: its sources become breaks, and what that changes ahead is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.calendars import tables
from bot.calendars.sources import UNNAMED, Days, days_of
from bot.calendars.tables import CalendarSource, SourceKind
from bot.chat.language import _, speaking
from bot.chat.models import Refusal
from bot.people import tables as people
from bot.people.tables import Community
from bot.runtime.clock import Clock
from bot.schedules.breaks import Break, breaks, laid_sources, lay_breaks
from bot.schedules.forecast import UpcomingOccurrence, upcoming_occurrences
from bot.schedules.model import BY_HAND
from bot.store.store import Store

log = logging.getLogger(__name__)

LOOK = timedelta(weeks=8)
"""How far ahead moderators are told what a change of the calendar changes."""
AGAIN = timedelta(days=30)
"""How often holidays and calendar files are laid out further."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of the calendar does to one coming-round: as it was and as it will be; None: not within sight."""

    before: UpcomingOccurrence | None
    after: UpcomingOccurrence | None

    @property
    def at(self) -> datetime:
        """When it was to come, or will come."""
        found = self.before or self.after
        if found is None:
            raise ValueError("an effect is on something")
        return found.due_at


@dataclass(frozen=True, slots=True)
class LaidBreaks:
    """The breaks of a community from the day before yesterday on, before and after its sources were laid."""

    old: Sequence[Break]
    new: Sequence[Break]


def lay(conn: Connection, home: Community, now: datetime, read: Mapping[int, Sequence[Days]]) -> list[Effect]:
    """Let the breaks of a community agree with its sources; what that changes in the next weeks.

    `read` holds the days of sources that were read beforehand, because reading them takes long. Terms are laid
    again with every change, because the gap between two of them belongs to both.
    """
    return foresee_effects(conn, home, now, lay_sources(conn, home, now, read))


def foresee_effects(conn: Connection, home: Community, now: datetime, laid: LaidBreaks) -> list[Effect]:
    """What a change of the breaks changes in the next weeks; it may be asked of a reader once they are laid."""
    before = upcoming_occurrences(conn, home.id, now, now + LOOK, breaks=laid.old)
    after = upcoming_occurrences(conn, home.id, now, now + LOOK, breaks=laid.new)
    return compare(before, after)


def lay_sources(
    conn: Connection, home: Community, now: datetime, read: Mapping[int, Sequence[Days]]
) -> LaidBreaks:
    """The same without what it changes: to foresee that takes longer than to lay them, and needs no writer."""
    today = now.astimezone(ZoneInfo(home.zone)).date()
    since = today - timedelta(days=2)
    old = breaks(conn, home.id, since)
    standing = tables.standing(conn, home.id)
    terms = [one for one in standing if one.origin is SourceKind.TERM]
    for one in standing:
        if one.id in read or one.origin is SourceKind.TERM:
            with speaking(home.locale):  # everybody is told these names
                days = [_named(day) for day in read.get(one.id) or days_of(one, today, terms)]
            lay_breaks(conn, home.id, one.id, days, now)
            further = one.origin in (SourceKind.HOLIDAYS, SourceKind.FILE)
            tables.lay_again(conn, one.id, now + AGAIN if further else None)
    kept = {one.id for one in standing}
    for gone in laid_sources(conn, home.id) - kept:
        lay_breaks(conn, home.id, gone, (), now)
    return LaidBreaks(old, breaks(conn, home.id, since))


def _named(day: Days) -> Days:
    first, last, label = day
    return first, last, _(UNNAMED) if label == UNNAMED else label


def compare(before: Sequence[UpcomingOccurrence], after: Sequence[UpcomingOccurrence]) -> list[Effect]:
    """Where two forecasts of the same schedules differ, soonest first."""
    old = {(one.schedule.id, one.key): one for one in before}
    new = {(one.schedule.id, one.key): one for one in after}
    found = [Effect(old.get(key), new.get(key)) for key in {**old, **new}]
    changed = [one for one in found if _fate(one.before) != _fate(one.after)]
    return sorted(changed, key=lambda one: one.at)


def _fate(one: UpcomingOccurrence | None) -> tuple[object, ...]:
    if one is None or one.reason == BY_HAND:
        return ()
    return (one.state, one.at, one.reason)


def read_days(one: CalendarSource, today: date) -> list[Days]:
    """The days of a source that stands for itself; terms need the others, and are laid with them."""
    return [] if one.origin is SourceKind.TERM else days_of(one, today)


class CalendarExtender:
    """Lays holidays and calendar files out further, as time goes on."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def extend(self) -> int:
        """Lay out every source that is due; how many there were."""
        now = self._clock.now()
        due = await self._store.read(lambda conn: tables.to_lay(conn, now))
        for one in due:
            try:
                days = await asyncio.to_thread(read_days, one, now.date())
            except Refusal as refusal:  # a newer library may know the region no more: what is laid stays
                log.warning("calendar source %s: %s", one.id, refusal.problem)
                days = None
            await self._store.write(partial(_extend_one, one=one, days=days, now=now))
        return len(due)


def _extend_one(conn: Connection, one: CalendarSource, days: list[Days] | None, now: datetime) -> None:
    home = people.community_by_id(conn, one.community_id)
    if days is None:
        tables.lay_again(conn, one.id, now + AGAIN)
    else:
        lay_sources(conn, home, now, {one.id: days})
