"""The table of teams that compare their totals, or were asked to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, ForeignKey, Table, and_, delete, or_, select, update

from bot.store.dialect import insert
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

team_comparison = Table(
    "team_comparison",
    metadata,
    Column("team_id", ForeignKey("team.id"), primary_key=True),
    Column("other_id", ForeignKey("team.id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("agreed_at", UtcDateTime),
)
"""Who leads `team_id` asked `other_id` to compare totals; they do since `agreed_at`, when a lead of the other said yes."""

_c = team_comparison.c


@dataclass(frozen=True, slots=True)
class TeamComparison:
    """Two teams of which one asked the other; the columns are explained at the table."""

    team_id: int
    other_id: int
    community_id: int
    asked_at: datetime
    agreed_at: datetime | None


def _both(one: int, other: int) -> ColumnElement[bool]:
    return or_(and_(_c.team_id == one, _c.other_id == other), and_(_c.team_id == other, _c.other_id == one))


def find_comparison(conn: Connection, one: int, other: int) -> TeamComparison | None:
    """What two teams settled, whichever asked."""
    row: Any = conn.execute(select(team_comparison).where(_both(one, other))).first()
    return None if row is None else TeamComparison(*row)


def ask_to_compare(conn: Connection, community_id: int, one: int, other: int, now: datetime) -> bool:
    """Let a team ask another; whether that is news: asking again, or back, changes nothing."""
    if find_comparison(conn, one, other) is not None:
        return False
    row = {"team_id": one, "other_id": other, "community_id": community_id, "asked_at": now}
    conn.execute(insert(team_comparison).values(row))
    return True


def agree_to_compare(conn: Connection, one: int, other: int, now: datetime) -> None:
    """Let two teams compare from now on."""
    conn.execute(update(team_comparison).where(_both(one, other)).values(agreed_at=now))


def end_comparison(conn: Connection, one: int, other: int) -> None:
    """Let two teams compare no longer."""
    conn.execute(delete(team_comparison).where(_both(one, other)))


def compares_with_any(conn: Connection, team_id: int, teams: set[int]) -> bool:
    """Whether a team compares totals with one of these."""
    pairs = [_both(team_id, one) for one in teams]
    query = select(_c.team_id).where(or_(*pairs), _c.agreed_at.is_not(None))
    return bool(pairs) and conn.execute(query).first() is not None
