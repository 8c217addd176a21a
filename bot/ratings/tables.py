"""The tables of ratings: taps that wait to be counted, and totals in which nobody can be found.

A tap stays with its member until it is counted. Taps are counted at least five together: then their values are added to the
totals and forgotten, and of each member only stays that their tap is counted. So two totals of one thing always differ by at
least five people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    Select,
    Table,
    Text,
    and_,
    delete,
    func,
    select,
    update,
)

from bot.people.small_groups import MINIMUM, may_tell
from bot.people.tables import member
from bot.store.dialect import insert
from bot.store.journal import empty_log_after
from bot.store.next_due import earliest
from bot.store.schema import metadata
from bot.store.types import EnumText, UtcDateTime

WAITS = timedelta(days=1)
"""How long the tap that makes five can still be changed, with all that wait beside it."""


class Rating(StrEnum):
    """What somebody says of a prompt or a lesson."""

    YES = "yes"
    SO_SO = "so_so"
    NO = "no"


rating = Table(
    "rating",
    metadata,
    Column("community_id", ForeignKey("community.id"), primary_key=True),
    Column("thing", Text, primary_key=True),
    Column("member_id", ForeignKey("member.id"), primary_key=True, index=True),
    Column("choice", EnumText(Rating)),
    Column("at", UtcDateTime, nullable=False, index=True),
)
"""A tap about a thing: a prompt (`p12`) or a lesson (`c1/its-slug`). `choice` is null once it is counted."""

rating_total = Table(
    "rating_total",
    metadata,
    Column("community_id", ForeignKey("community.id"), primary_key=True),
    Column("thing", Text, primary_key=True),
    Column("yes", Integer, nullable=False),
    Column("so_so", Integer, nullable=False),
    Column("no", Integer, nullable=False),
    Column("counted_at", UtcDateTime),
    Column("due_at", UtcDateTime, index=True),
)
"""What was counted of a thing. `due_at` is when those that wait are counted; null: fewer than five wait."""

next_due = earliest(rating_total.c.due_at)
"""When taps are to be counted next."""


@dataclass(frozen=True, slots=True)
class RatingTotal:
    """How many people said what of a thing, and when the last of them were counted."""

    thing: str
    counts: Mapping[Rating, int]
    counted_at: datetime

    @property
    def people(self) -> int:
        """How many said anything."""
        return sum(self.counts.values())


def give_rating(
    conn: Connection, community_id: int, thing: str, member_id: int, choice: Rating, now: datetime
) -> bool:
    """Keep a tap, in place of an earlier one; false where that one is counted already."""
    _hold_total(conn, community_id, thing)
    new = insert(rating).values(
        community_id=community_id, thing=thing, member_id=member_id, choice=choice, at=now
    )
    put = new.on_conflict_do_update(
        index_elements=["community_id", "thing", "member_id"],
        set_={"choice": new.excluded.choice, "at": new.excluded.at},
        where=rating.c.choice.is_not(None),
    )
    kept = conn.execute(put).rowcount > 0
    if kept and may_tell(_count_waiting(conn, community_id, thing)):
        _plan_count(conn, community_id, thing, now + WAITS)
    return kept


def take_back_rating(conn: Connection, community_id: int, thing: str, member_id: int) -> None:
    """Remove a tap, if there is one that still waits."""
    empty_log_after(conn)
    mine = and_(_waits(community_id, thing), rating.c.member_id == member_id)
    conn.execute(delete(rating).where(mine))


def is_counted(conn: Connection, community_id: int, thing: str, member_id: int) -> bool:
    """Whether somebody's tap about a thing is counted, and so forgotten."""
    mine = and_(_about(community_id, thing), rating.c.member_id == member_id, rating.c.choice.is_(None))
    return conn.execute(select(rating.c.thing).where(mine)).first() is not None


def count_due(conn: Connection, now: datetime, limit: int) -> int:
    """Count what waits of up to so many things whose time has come, where at least five wait; how many things."""
    due = select(rating_total.c.community_id, rating_total.c.thing).where(rating_total.c.due_at <= now)
    locked = due.order_by(rating_total.c.due_at).limit(limit).with_for_update(skip_locked=True)
    things = conn.execute(locked).all()
    for community_id, thing in things:
        _count(conn, community_id, thing, now)
    return len(things)


def list_totals(conn: Connection, community_id: int, limit: int) -> list[RatingTotal]:
    """What was counted, the last counted first."""
    c = rating_total.c
    query = select(rating_total).where(c.community_id == community_id, c.counted_at.is_not(None))
    rows = conn.execute(query.order_by(c.counted_at.desc(), c.thing).limit(limit))
    return [
        RatingTotal(row.thing, {one: getattr(row, one.value) for one in Rating}, row.counted_at)
        for row in rows
    ]


def _count(conn: Connection, community_id: int, thing: str, now: datetime) -> None:
    """Add the taps that wait to the totals and forget whose they were; fewer than five go on waiting."""
    waiting = select(rating.c.member_id, rating.c.choice).where(_waits(community_id, thing)).with_for_update()
    found = {row.member_id: row.choice for row in conn.execute(waiting)}
    changes: dict[str, object] = {"due_at": None}
    if may_tell(len(found)):
        counts = Counter(found.values())
        changes |= {one.value: rating_total.c[one.value] + counts[one] for one in Rating}
        changes["counted_at"] = now
        empty_log_after(conn)
        counted = and_(_waits(community_id, thing), rating.c.member_id.in_(found))
        conn.execute(update(rating).where(counted).values(choice=None))
    here = and_(rating_total.c.community_id == community_id, rating_total.c.thing == thing)
    conn.execute(update(rating_total).where(here).values(changes))


def _hold_total(conn: Connection, community_id: int, thing: str) -> None:
    """Have a total, and hold its row until the transaction ends: taps of one thing follow each other, so the fifth is seen."""
    new = insert(rating_total).values(community_id=community_id, thing=thing, yes=0, so_so=0, no=0)
    conn.execute(
        new.on_conflict_do_update(
            index_elements=["community_id", "thing"], set_={"thing": new.excluded.thing}
        )
    )


def _plan_count(conn: Connection, community_id: int, thing: str, at: datetime) -> None:
    """Have a thing counted then, if it is not planned yet."""
    here = and_(rating_total.c.community_id == community_id, rating_total.c.thing == thing)
    conn.execute(update(rating_total).where(here, rating_total.c.due_at.is_(None)).values(due_at=at))


def _count_waiting(conn: Connection, community_id: int, thing: str) -> int:
    query = select(func.count()).select_from(rating).where(_waits(community_id, thing))
    return conn.execute(query).scalar_one()


def _about(community_id: int, thing: str) -> ColumnElement[bool]:
    return and_(rating.c.community_id == community_id, rating.c.thing == thing)


def _waits(community_id: int, thing: str) -> ColumnElement[bool]:
    """The taps about a thing that are not counted yet."""
    return and_(_about(community_id, thing), rating.c.choice.is_not(None))


# ── whose they are ────────────────────────────────────────────────────────────


def forget_ratings(conn: Connection, community_id: int, member_id: int) -> None:
    """Remove the taps of a member. What is counted says nothing of them any more."""
    theirs = and_(rating.c.community_id == community_id, rating.c.member_id == member_id)
    conn.execute(delete(rating).where(theirs))


def list_ratings(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """What a member tapped, for their own copy; what they said is gone where it is counted."""
    theirs = and_(rating.c.community_id == community_id, rating.c.member_id == member_id)
    rows = conn.execute(select(rating).where(theirs).order_by(rating.c.thing))
    return [
        {"about": row.thing, "at": row.at.isoformat(), "worth it": row.choice and row.choice.value}
        for row in rows
    ]


def invariants() -> tuple[tuple[str, Select[Any]], ...]:
    """Rows that must not exist."""
    erased = select(rating.c.thing).join(member, member.c.id == rating.c.member_id)
    people = rating_total.c.yes + rating_total.c.so_so + rating_total.c.no
    few = select(rating_total.c.thing).where(people.between(1, MINIMUM - 1))
    return (
        ("no rating of an erased member", erased.where(member.c.erased_at.is_not(None))),
        ("no total of ratings is of fewer than five people", few),
    )
