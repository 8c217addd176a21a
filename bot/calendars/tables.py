"""What Tilth remembers of a community's calendar: where its breaks come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
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
    select,
    update,
)

from bot.schedules.breaks import away_break
from bot.store.next_due import earliest
from bot.store.schema import metadata
from bot.store.types import EnumText, Json, UtcDateTime


class SourceKind(StrEnum):
    """What a source of the calendar is."""

    BREAK = "break"
    TERM = "term"
    HOLIDAYS = "holidays"
    FILE = "file"


source = Table(
    "calendar_source",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("origin", EnumText(SourceKind), nullable=False),
    Column("label", Text, nullable=False),
    Column("details", Json, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime),
    Column("lay_at", UtcDateTime),
    Index("ix_calendar_source_community_id", "community_id"),
    Index("ix_calendar_source_lay_at", "lay_at"),
    # Moderators name sources by number (`b3`): SQLite would give a removed one's number to the next.
    sqlite_autoincrement=True,
)
"""`details`: `starts` and `ends` of a break or term, `country` and `region` of holidays, `text` and `only` of a
file. `lay_at` is when its breaks must be laid out further; null when they never change."""


@dataclass(frozen=True, slots=True)
class CalendarSource:
    """Where breaks come from. People write it as `b<id>`."""

    id: int
    community_id: int
    origin: SourceKind
    label: str
    details: Mapping[str, Any]
    made_at: datetime
    removed_at: datetime | None
    lay_at: datetime | None


def add(
    conn: Connection,
    community_id: int,
    origin: SourceKind,
    label: str,
    details: Mapping[str, Any],
    now: datetime,
    lay_at: datetime | None = None,
) -> CalendarSource:
    """Remember a source, whose breaks are laid in the same transaction; or, if that takes long, from `lay_at` on."""
    row = conn.execute(
        source.insert()
        .values(
            community_id=community_id,
            origin=origin,
            label=label,
            details=dict(details),
            made_at=now,
            lay_at=lay_at,
        )
        .returning(source)
    ).one()
    return CalendarSource(*row)


def find_source(conn: Connection, community_id: int, source_id: int) -> CalendarSource | None:
    """One source of a community, removed ones too."""
    row = conn.execute(
        select(source).where(source.c.community_id == community_id, source.c.id == source_id)
    ).one_or_none()
    return None if row is None else CalendarSource(*row)


def standing(conn: Connection, community_id: int) -> list[CalendarSource]:
    """The sources of a community that count, oldest first."""
    query = select(source).where(source.c.community_id == community_id, source.c.removed_at.is_(None))
    return [CalendarSource(*row) for row in conn.execute(query.order_by(source.c.id))]


def list_terms(conn: Connection, community_id: int) -> list[tuple[date, date]]:
    """The terms of a community: the first and the last day of each."""
    return [
        (date.fromisoformat(one.details["starts"]), date.fromisoformat(one.details["ends"]))
        for one in standing(conn, community_id)
        if one.origin is SourceKind.TERM
    ]


def remove(conn: Connection, source_id: int, at: datetime | None) -> None:
    """Take a source away, or with None undo that."""
    conn.execute(update(source).where(source.c.id == source_id).values(removed_at=at))


def lay_again(conn: Connection, source_id: int, at: datetime | None) -> None:
    """When its breaks must be laid out further."""
    conn.execute(update(source).where(source.c.id == source_id).values(lay_at=at))


def to_lay(conn: Connection, now: datetime) -> list[CalendarSource]:
    """Sources whose breaks must be laid out further."""
    query = select(source).where(source.c.lay_at <= now, source.c.removed_at.is_(None))
    return [CalendarSource(*row) for row in conn.execute(query.order_by(source.c.id))]


next_lay = earliest(source.c.lay_at, source.c.removed_at.is_(None))
"""When that is next so."""


def invariants() -> tuple[tuple[str, Select[Any]], ...]:
    """Rows that must not exist."""
    gone = (
        select(away_break.c.id)
        .join(source, source.c.id == away_break.c.source)
        .where(source.c.removed_at.is_not(None))
    )
    return (("no break of a source that was removed", gone),)
