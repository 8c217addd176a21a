"""Tables of reminders that were queued, and of series that a member snoozed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    Text,
    UniqueConstraint,
    delete,
    select,
    update,
)

from bot.delivery.facts import OutboxState
from bot.delivery.tables import outbox
from bot.people.tables import member
from bot.store.dialect import insert
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

reminder = Table(
    "reminder",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("member_id", ForeignKey("member.id"), nullable=False),
    Column("series", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    UniqueConstraint("member_id", "reason", "period"),
    Index("ix_reminder_member", "member_id", "at"),
    Index("ix_reminder_at", "at"),
    sqlite_autoincrement=True,
)
"""One for each member, reason and period. `series` is what the ladder counts: a course, or the prompts. `key` is
the row of the outbox, `sentence` what it said, in the words of the catalog or the course. A reminder that was never said is `withdrawn` and counts for nothing, but is not made again."""

snooze = Table(
    "snooze",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("series", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)
"""A member said "later": nothing of this series before then."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that was queued."""

    id: int
    community_id: int
    member_id: int
    series: str
    reason: str
    period: str
    key: str
    at: datetime


def _reminders(conn: Connection, query: Select[Any]) -> list[Reminder]:
    names = [one.name for one in fields(Reminder)]
    return [Reminder(*(getattr(row, name) for name in names)) for row in conn.execute(query)]


_STANDING = reminder.c.withdrawn_at.is_(None)


def reminders_around(
    conn: Connection, member_id: int, now: datetime, length: timedelta
) -> Sequence[datetime]:
    """The times of a member's reminders within `length` of now, either way, oldest first."""
    rows = conn.execute(
        select(reminder.c.at)
        .where(
            reminder.c.member_id == member_id,
            _STANDING,
            reminder.c.at > now - length,
            reminder.c.at < now + length,
        )
        .order_by(reminder.c.at)
    )
    return list(rows.scalars())


def reminders_since(conn: Connection, member_id: int, series: str, since: datetime) -> Sequence[datetime]:
    """The times of a series' reminders since an instant, oldest first."""
    rows = conn.execute(
        select(reminder.c.at)
        .where(
            reminder.c.member_id == member_id, reminder.c.series == series, _STANDING, reminder.c.at > since
        )
        .order_by(reminder.c.at)
    )
    return list(rows.scalars())


def sentences_said(conn: Connection, member_id: int, since: datetime, reason: str) -> frozenset[str]:
    """What reminders said to a member since an instant, and whenever it was for this reason."""
    recent = (reminder.c.at > since) | (reminder.c.reason == reason)
    rows = conn.execute(
        select(reminder.c.sentence).where(reminder.c.member_id == member_id, _STANDING, recent)
    )
    return frozenset(rows.scalars())


def was_reminded(conn: Connection, member_id: int) -> bool:
    """Whether a member was ever reminded of anything, as far as it is still stored."""
    mine = (reminder.c.member_id == member_id) & _STANDING
    return conn.execute(select(reminder.c.id).where(mine).limit(1)).first() is not None


def snoozed_until(conn: Connection, member_id: int, series: str) -> datetime | None:
    """The end of a member's snooze of a series."""
    until: datetime | None = conn.execute(
        select(snooze.c.until).where(snooze.c.member_id == member_id, snooze.c.series == series)
    ).scalar_one_or_none()
    return until


def snooze_series(conn: Connection, community_id: int, member_id: int, series: str, until: datetime) -> None:
    """Snooze a series until then."""
    row = {"community_id": community_id, "member_id": member_id, "series": series, "until": until}
    new = insert(snooze).values(row)
    conn.execute(new.on_conflict_do_update(index_elements=["member_id", "series"], set_={"until": until}))


def end_snoozes(conn: Connection, member_id: int) -> None:
    """End all snoozes of a member."""
    conn.execute(delete(snooze).where(snooze.c.member_id == member_id))


def is_reminded(conn: Connection, member_id: int, reason: str, period: str) -> bool:
    """Whether a member was reminded for this reason in this period, or would have been."""
    same = (reminder.c.member_id == member_id) & (reminder.c.reason == reason) & (reminder.c.period == period)
    return conn.execute(select(reminder.c.id).where(same)).first() is not None


def insert_reminder(
    conn: Connection,
    community_id: int,
    member_id: int,
    series: str,
    reason: str,
    period: str,
    key: str,
    sentence: str,
    now: datetime,
) -> int | None:
    """Store a reminder; returns its id, or None when there is one for this reason and period already."""
    row = {
        "community_id": community_id, "member_id": member_id, "series": series, "reason": reason,
        "period": period, "key": key, "sentence": sentence, "at": now,
    }  # fmt: skip
    new = (
        insert(reminder).values(row).on_conflict_do_nothing(index_elements=["member_id", "reason", "period"])
    )
    made: int | None = conn.execute(new.returning(reminder.c.id)).scalar_one_or_none()
    return made


def find_reminder(conn: Connection, community_id: int, reminder_id: int) -> Reminder | None:
    """One reminder of a community."""
    query = select(reminder).where(reminder.c.community_id == community_id, reminder.c.id == reminder_id)
    return next(iter(_reminders(conn, query)), None)


def pending_reminders(conn: Connection, member_id: int | None = None) -> list[Reminder]:
    """Reminders that wait in the outbox, of one member or of all."""
    query = (
        select(reminder)
        .join(outbox, outbox.c.key == reminder.c.key)
        .where(_STANDING, outbox.c.state == OutboxState.PENDING)
        .order_by(reminder.c.id)
    )
    return _reminders(conn, query if member_id is None else query.where(reminder.c.member_id == member_id))


def withdraw_reminder(conn: Connection, key: str, now: datetime) -> None:
    """Mark a reminder that was not posted and will not be."""
    conn.execute(update(reminder).where(reminder.c.key == key).values(withdrawn_at=now))


def invariants() -> tuple[tuple[str, Select[Any]], ...]:
    """Rows that must not exist."""
    erased = (
        select(reminder.c.id)
        .join(member, member.c.id == reminder.c.member_id)
        .where(member.c.erased_at.is_not(None))
    )
    return (("no reminder of an erased member", erased),)


def hand_over(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """The reminders a member had, for their own copy."""
    rows = conn.execute(
        select(reminder.c.at, reminder.c.reason, reminder.c.withdrawn_at)
        .where(reminder.c.community_id == community_id, reminder.c.member_id == member_id)
        .order_by(reminder.c.at)
    )
    return [{"at": at.isoformat(), "about": reason, "said": gone is None} for at, reason, gone in rows]


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Forget a member's reminders and snoozes."""
    for table in (reminder, snooze):
        conn.execute(
            delete(table).where(table.c.community_id == community_id, table.c.member_id == member_id)
        )
