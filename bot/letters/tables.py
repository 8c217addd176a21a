"""The table of letters that are offered: to whom, on which occasion, and when to look again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, ForeignKey, Index, Table, Text, and_, delete, select, update

from bot.store.dialect import insert
from bot.store.next_due import earliest
from bot.store.retention import Retention, old_rows
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

KEPT = timedelta(days=800)
"""How long it is remembered that a letter was offered."""

letter_offer = Table(
    "letter_offer",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("occasion", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("made_at", UtcDateTime, nullable=False, index=True),
    Column("look_at", UtcDateTime),
    Column("offered_at", UtcDateTime),
    Index("ix_letter_offer_look", "look_at"),
)
"""`occasion`: `course:<slug>` or `year:<in which it ends>`. `look_at`: when to see whether it can be offered, or was put off; null: all
is done. `offered_at`: when it was last offered."""

_c = letter_offer.c


@dataclass(frozen=True, slots=True)
class LetterOffer:
    """A letter to offer; the columns are explained at the table."""

    member_id: int
    occasion: str
    community_id: int
    made_at: datetime
    look_at: datetime | None
    offered_at: datetime | None


def plan_offer(
    conn: Connection, community_id: int, member_id: int, occasion: str, look_at: datetime, now: datetime
) -> None:
    """Let a letter be offered from then on; it is planned once for each occasion."""
    row = {"community_id": community_id, "member_id": member_id, "occasion": occasion, "made_at": now}
    conn.execute(insert(letter_offer).values(**row, look_at=look_at).on_conflict_do_nothing())


def due_offers(conn: Connection, now: datetime, limit: int) -> list[LetterOffer]:
    """Offers to look at."""
    query = select(letter_offer).where(_c.look_at <= now).order_by(_c.look_at, _c.member_id).limit(limit)
    return [LetterOffer(*row) for row in conn.execute(query)]


def set_offer(
    conn: Connection, one: LetterOffer, look_at: datetime | None, offered_at: datetime | None
) -> None:
    """When to look again, and when it was offered."""
    here = and_(_c.member_id == one.member_id, _c.occasion == one.occasion)
    conn.execute(update(letter_offer).where(here).values(look_at=look_at, offered_at=offered_at))


def planned_members(conn: Connection, community_id: int, occasion: str) -> frozenset[int]:
    """For whom a letter of this occasion is planned, or was offered."""
    query = select(_c.member_id).where(_c.community_id == community_id, _c.occasion == occasion)
    return frozenset(conn.execute(query).scalars())


next_due = earliest(_c.look_at)
"""When to look at the next offer."""


def retention() -> tuple[Retention, ...]:
    """Offers of years ago."""
    return (old_rows("letter offers", KEPT, letter_offer, lambda before: _c.made_at < before),)


def hand_over(conn: Connection, community_id: int, member_id: int) -> Sequence[dict[str, object]]:
    """Which letters a member was offered."""
    query = select(letter_offer).where(_c.community_id == community_id, _c.member_id == member_id)
    return [
        {"occasion": row.occasion, "offered at": None if row.offered_at is None else row.offered_at.isoformat()}
        for row in conn.execute(query.order_by(_c.made_at))
    ]  # fmt: skip


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Forget which letters a member was offered."""
    conn.execute(delete(letter_offer).where(_c.community_id == community_id, _c.member_id == member_id))
