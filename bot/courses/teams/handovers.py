"""The table of teams that are offered to somebody: one open offer for each team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, ForeignKey, Table, Text, delete, or_, select

from bot.courses.teams.tables import teammate
from bot.store.dialect import upsert
from bot.store.retention import DAY, Retention, old_rows
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

KEPT = timedelta(days=30)
"""How long an offer stands."""

team_handover = Table(
    "team_handover",
    metadata,
    Column("team_id", ForeignKey("team.id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("member_id", ForeignKey("member.id"), nullable=False, index=True),
    Column("offered_by", ForeignKey("member.id"), nullable=False, index=True),
    Column("key", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""`member_id` is asked by `offered_by`, who leads the team, to lead it instead; `key` is the outbox row that asks."""

_PUT = upsert(team_handover, by=("team_id",), change=("member_id", "offered_by", "key", "at"))
_c = team_handover.c


@dataclass(frozen=True, slots=True)
class TeamHandover:
    """An open offer; the columns are explained at the table."""

    team_id: int
    community_id: int
    member_id: int
    offered_by: int
    key: str
    at: datetime


def put_handover(conn: Connection, offer: TeamHandover) -> None:
    """Offer a team to somebody; an earlier offer of it is over."""
    values = {name: getattr(offer, name) for name in TeamHandover.__slots__}
    conn.execute(_PUT, values)


def find_handover(conn: Connection, community_id: int, team_id: int) -> TeamHandover | None:
    """The open offer of a team."""
    ours = (_c.community_id == community_id) & (_c.team_id == team_id)
    row = conn.execute(select(team_handover).where(ours)).one_or_none()
    return None if row is None else TeamHandover(*row)


def drop_handover(conn: Connection, team_id: int) -> None:
    """The offer of a team is over."""
    conn.execute(delete(team_handover).where(_c.team_id == team_id))


def handovers_of(conn: Connection, community_id: int, member_id: int) -> Sequence[TeamHandover]:
    """Offers that a member made or was made."""
    theirs = or_(_c.member_id == member_id, _c.offered_by == member_id)
    rows = conn.execute(select(team_handover).where(_c.community_id == community_id, theirs))
    return [TeamHandover(*row) for row in rows]


def retention() -> tuple[Retention, ...]:
    """Offers that nobody answered, and who left a team, which is known for a day, so that it can be undone."""
    return (
        old_rows("team offers", KEPT, team_handover, lambda before: _c.at < before),
        old_rows("left teams", DAY, teammate, lambda before: teammate.c.left_at <= before),
    )
