"""When the card of a month is due: on the first working day of the month after it, in the community's own hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from bot.people.hours import community_hours
from bot.people.tables import Community, community_by_id
from bot.reports.monthly_card.tables import MonthlyChoice, list_choices
from bot.reports.monthly_card.tried_things import following_month, month_before

AT = time(8, 30)
PATIENCE = timedelta(days=7)
"""How long after its time a card is still worth saying."""


def slot_of(conn: Connection, home: Community, month: date) -> datetime:
    """When the card of a month is said; after a long break, several months have the same day."""
    first = following_month(month)
    return community_hours(conn, home.id, datetime.combine(first, AT, UTC)).slot(first, AT)


def last_month(conn: Connection, home: Community, now: datetime) -> date:
    """The latest month whose card is due by now."""
    month = month_before(home.day_of(now))
    while slot_of(conn, home, month) > now:
        month = month_before(month)
    return month


def next_slot(conn: Connection, home: Community, choice: MonthlyChoice) -> datetime:
    """When the card after the last month that is done is due."""
    return slot_of(conn, home, following_month(choice.told))


def due_months(conn: Connection, home: Community, choice: MonthlyChoice, now: datetime) -> Iterator[date]:
    """The months that are due and still worth a card, the latest first."""
    month = last_month(conn, home, now)
    while month > choice.told and now < slot_of(conn, home, month) + PATIENCE:
        yield month
        month = month_before(month)


def next_due(conn: Connection) -> datetime | None:
    """When the next card of any community is due."""
    found = (next_slot(conn, community_by_id(conn, one.community_id), one) for one in list_choices(conn))
    return min(found, default=None)
