"""A member's hours: when they may be written to unasked, outside quiet hours, days away and breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.people import preferences
from bot.people.accounts import zone_of
from bot.people.preferences import Away
from bot.schedules.breaks import Break, breaks
from bot.schedules.recurrence import local_to_utc

_MINUTE = timedelta(minutes=1)
_FAR = 800
"""Steps after which looking for a free moment ends: more than a year of quiet nights."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A member's own clock and calendar. All instants are aware; days are dates in `zone`."""

    zone: ZoneInfo
    quiet: tuple[time, time]
    off: Sequence[Away | Break]

    def is_quiet(self, at: datetime) -> bool:
        """Whether the clock on the member's wall shows one of their quiet hours."""
        wall, (start, end) = at.astimezone(self.zone).time(), self.quiet
        return start <= wall < end if start <= end else wall >= start or wall < end

    def off_until(self, day: date) -> date:
        """The first day from this one on that is neither away nor in a break; the day itself on most days."""
        while (away := next((one for one in self.off if one.starts <= day <= one.ends), None)) is not None:
            day = away.ends + timedelta(days=1)
        return day

    def is_free(self, at: datetime) -> bool:
        """Whether the member may be written to at this instant."""
        day = at.astimezone(self.zone).date()
        return not self.is_quiet(at) and self.off_until(day) == day

    def free_from(self, at: datetime) -> datetime | None:
        """The first free instant from this one on; None when there is none within a year or so."""
        for _ in range(_FAR):
            local = at.astimezone(self.zone)
            back = self.off_until(local.date())
            if back != local.date():
                at = local_to_utc(datetime.combine(back, time()), self.zone)[0]
            elif self.is_quiet(at):
                end = self.quiet[1]
                day = local.date() if local.time() < end else local.date() + timedelta(days=1)
                # Where the clock goes back, the end of the quiet hours may already lie behind.
                at = max(local_to_utc(datetime.combine(day, end), self.zone)[0], at + _MINUTE)
            else:
                return at
        return None

    def free_for(self, at: datetime, most: timedelta) -> timedelta:
        """How long from a free instant the member may be written to, to the minute, at most so long."""
        length = timedelta()
        while length < most and self.is_free(at + length + _MINUTE):
            length += _MINUTE
        return min(length, most)

    def slot(self, day: date, wall: time) -> datetime:
        """The first free instant on or after a local day, at this time of day if possible."""
        at = local_to_utc(datetime.combine(self.off_until(day), wall), self.zone)[0]
        return self.free_from(at) or at

    def day_of(self, at: datetime) -> date:
        """The date on the member's wall at an instant."""
        return at.astimezone(self.zone).date()


def own_hours(conn: Connection, member_id: int, now: datetime) -> Hours:
    """The clock and the days away of a member, whatever the community's calendar says."""
    since = now.date() - timedelta(days=2)
    off = tuple(preferences.days_away(conn, member_id, since))
    return Hours(ZoneInfo(zone_of(conn, member_id)), preferences.preferences_of(conn, member_id).quiet, off)


def hours_of(conn: Connection, community_id: int, member_id: int, now: datetime) -> Hours:
    """The clock and calendar of a member, as they are now."""
    own = own_hours(conn, member_id, now)
    return replace(own, off=(*own.off, *breaks(conn, community_id, now.date() - timedelta(days=2))))
