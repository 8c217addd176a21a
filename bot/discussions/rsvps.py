"""Who comes to a meeting: one answer for each member, seats in the order of the answers, and a waiting list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    Text,
    delete,
    select,
)

from bot.chat.language import N_
from bot.discussions.tables import discussion
from bot.people.tables import member
from bot.store.dialect import insert
from bot.store.retention import Ages, Retention, old_rows
from bot.store.schema import metadata
from bot.store.types import EnumText, UtcDateTime


class Attendance(StrEnum):
    """Whether somebody comes."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


rsvp = Table(
    "rsvp",
    metadata,
    Column("discussion_id", ForeignKey("discussion.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("answer", EnumText(Attendance), nullable=False),
    Column("place", Integer, nullable=False),
    Column("space", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_rsvp_member_id", "member_id"),
)
"""`place` is where they stand in the line of those who come: it only grows, and is new with every new yes."""

_KEEP = insert(rsvp)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who answered. `waits`: they would come, and there is no seat yet."""

    member_id: int
    name: str
    zone: str | None
    answer: Attendance
    waits: bool
    space: str
    person: str


def answer(
    conn: Connection,
    here: int,
    community_id: int,
    member_id: int,
    given: Attendance,
    who: tuple[str, str],
    now: datetime,
) -> bool:
    """Keep an answer; False when it was the same already. `who` is the account it came from."""
    before = conn.execute(
        select(rsvp.c.answer).where(rsvp.c.discussion_id == here, rsvp.c.member_id == member_id)
    ).scalar_one_or_none()
    if before is given:
        return False
    last = max((row.place for row in _rows(conn, here)), default=0)
    values = {
        "answer": given, "place": last + 1, "space": who[0], "person": who[1], "at": now
    }  # fmt: skip
    row = _KEEP.values(discussion_id=here, member_id=member_id, community_id=community_id, **values)
    conn.execute(row.on_conflict_do_update(index_elements=["discussion_id", "member_id"], set_=values))
    return True


def guests(conn: Connection, here: int) -> list[Guest]:
    """Everybody who answered, those who come first, in the order of their answers."""
    seats = conn.execute(select(discussion.c.seats).where(discussion.c.id == here)).scalar_one_or_none()
    found, taken = [], 0
    for row in _rows(conn, here):
        yes = row.answer is Attendance.YES
        waits = yes and seats is not None and taken >= seats
        taken += yes and not waits
        found.append(Guest(row.member_id, row.name, row.zone, row.answer, waits, row.space, row.person))
    return found


def _rows(conn: Connection, here: int) -> Sequence[Any]:
    query = (
        select(rsvp, member.c.name, member.c.zone)
        .join(member, member.c.id == rsvp.c.member_id)
        .where(rsvp.c.discussion_id == here)
        .order_by(rsvp.c.place, rsvp.c.member_id)
    )
    return conn.execute(query).all()


def counts(conn: Connection, here: int) -> Mapping[str, int]:
    """How many come, wait for a seat, and may come."""
    found = guests(conn, here)
    return {
        "coming": sum(one.answer is Attendance.YES and not one.waits for one in found),
        "waiting": sum(one.waits for one in found),
        "maybe": sum(one.answer is Attendance.MAYBE for one in found),
    }


def of_member(conn: Connection, community_id: int, member_id: int) -> list[int]:
    """The discussions a member answered to."""
    mine = (rsvp.c.community_id == community_id) & (rsvp.c.member_id == member_id)
    return list(conn.execute(select(rsvp.c.discussion_id).where(mine)).scalars())


def hand_over(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """The meetings a member answered to."""
    mine = (rsvp.c.community_id == community_id) & (rsvp.c.member_id == member_id)
    query = select(rsvp, discussion.c.name, discussion.c.meets_at).join(discussion).where(mine)
    return [
        {
            "meeting": row.name or "",
            "begins at": row.meets_at.isoformat() if row.meets_at else "",
            "answer": row.answer.value,
            "answered at": row.at.isoformat(),
        }
        for row in conn.execute(query.order_by(rsvp.c.at))
    ]


def forget(conn: Connection, community_id: int, member_id: int) -> list[int]:
    """Remove a member's answers; the discussions they answered to, whose numbers changed."""
    touched = of_member(conn, community_id, member_id)
    mine = (rsvp.c.community_id == community_id) & (rsvp.c.member_id == member_id)
    conn.execute(delete(rsvp).where(mine))
    return touched


def retention(ages: Ages) -> Retention:
    """The answers to meetings, which go some days after a meeting has ended."""

    def over(before: datetime) -> ColumnElement[bool]:
        return rsvp.c.discussion_id.in_(select(discussion.c.id).where(discussion.c.ends_at < before))

    return old_rows("meetings", ages["meetings"], rsvp, over, words=N_("whether you come to a meeting"))


def invariants() -> tuple[tuple[str, Select[Any]], ...]:
    """Rows that must not exist."""
    erased = (
        select(rsvp.c.discussion_id)
        .join(member, member.c.id == rsvp.c.member_id)
        .where(member.c.erased_at.is_not(None))
    )
    return (("no answer to a meeting of an erased member", erased),)
