"""A member's hours: when they may be written to unasked, on working days, outside quiet hours and days away.

Working days are Monday to Friday, without the days of the community's calendar; where it has none, without the public
holidays of the community's country.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.people import preferences
from bot.people.accounts import zone_of
from bot.people.preferences import QUIET, Away
from bot.people.tables import community_by_id
from bot.schedules.breaks import Break, breaks
from bot.schedules.public_holidays import is_public_holiday
from bot.schedules.recurrence import find_day_start, local_to_utc

_MINUTE = timedelta(minutes=1)
CALENDAR = timedelta(days=366)
"""A community keeps a calendar where it has a day off that is not longer ago than this."""
SATURDAY = 5
_MONTH = 31
_FAR = 800
"""Steps after which looking for a free moment ends: more than a year of quiet nights."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A member's own clock and calendar. All instants are aware; days are dates in `zone`.

    `workdays`: weekends are off. `country`: its public holidays are off.
    """

    zone: ZoneInfo
    quiet: tuple[time, time]
    off: Sequence[Away | Break]
    workdays: bool = False
    country: str = ""

    def is_quiet(self, at: datetime) -> bool:
        """Whether the clock on the member's wall shows one of their quiet hours."""
        wall, (start, end) = at.astimezone(self.zone).time(), self.quiet
        return start <= wall < end if start <= end else wall >= start or wall < end

    def is_off(self, day: date) -> bool:
        """Whether nothing is said unasked on a day."""
        if any(one.starts <= day <= one.ends for one in self.off):
            return True
        return (self.workdays and day.weekday() >= SATURDAY) or is_public_holiday(self.country, day)

    def off_until(self, day: date) -> date:
        """The first day from this one on that is not off; the day itself on most days."""
        for _ in range(_FAR):
            if not self.is_off(day):
                break
            day += timedelta(days=1)
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
                at = find_day_start(back, self.zone)
            elif self.is_quiet(at):
                end = self.quiet[1]
                day = local.date() if local.time() < end else local.date() + timedelta(days=1)
                # Where the clock goes back, the end of the quiet hours may already lie behind.
                at = max(local_to_utc(datetime.combine(day, end), self.zone)[0], at + _MINUTE)
            else:
                return at
        return None

    def free_before(self, at: datetime) -> datetime | None:
        """This instant if it is free, else a free one on the last working day before; None: not within a month.

        It keeps the time of day as far as quiet hours let it.
        """
        wall, (closes, opens) = at.astimezone(self.zone).time(), self.quiet
        if opens < closes:
            wall = opens if wall < opens else min(wall, closes.replace(hour=closes.hour - 1))
        for back in range(_MONTH):
            day = self.day_of(at) - timedelta(days=back)
            found = local_to_utc(datetime.combine(day, wall), self.zone)[0]
            if found <= at and self.is_free(found):
                return found
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

    def starts_at(self, at: datetime) -> datetime:
        """The instant at which the day of this instant begins on the member's wall."""
        return find_day_start(self.day_of(at), self.zone)


def own_hours(conn: Connection, member_id: int, now: datetime) -> Hours:
    """The clock and the days away of a member, whatever the community's calendar says."""
    since = now.date() - timedelta(days=2)
    off = tuple(preferences.days_away(conn, member_id, since))
    return Hours(ZoneInfo(zone_of(conn, member_id)), preferences.preferences_of(conn, member_id).quiet, off)


def hours_of(conn: Connection, community_id: int, member_id: int, now: datetime) -> Hours:
    """The clock and calendar of a member, as they are now."""
    return _working(conn, community_id, own_hours(conn, member_id, now), now)


def community_hours(conn: Connection, community_id: int, now: datetime) -> Hours:
    """The usual working hours of a community, in its own zone."""
    zone = ZoneInfo(community_by_id(conn, community_id).zone)
    return _working(conn, community_id, Hours(zone, QUIET, ()), now)


def _working(conn: Connection, community_id: int, own: Hours, now: datetime) -> Hours:
    """The same hours on the community's working days."""
    known = breaks(conn, community_id, now.date() - CALENDAR)
    ahead = [one for one in known if one.ends >= now.date() - timedelta(days=2)]
    country = "" if known else community_by_id(conn, community_id).country
    return replace(own, off=(*own.off, *ahead), workdays=True, country=country)
