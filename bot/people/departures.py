"""Departures: whether an account has left its space, and who has left all of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from bot.chat.models import Person
from bot.people.accounts import account


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """The fact that a member left the last space they were in."""

    community_id: int
    member_id: int


def account_now(conn: Connection, space_key: str, person: str) -> tuple[Person, bool] | None:
    """Somebody as the platform showed them last, and whether they have left; None for nobody we know."""
    a = account.c
    query = select(a.name, a.facts, a.stranger, a.left_at).where(a.space == space_key, a.person == person)
    row = conn.execute(query).one_or_none()
    if row is None:
        return None
    who = Person(space_key, person, row.name, frozenset(row.facts), stranger=row.stranger)
    return who, row.left_at is not None


def leave_account(conn: Connection, who: Person, now: datetime) -> int | None:
    """Store that an account left its space; whose it was, where that was news and they have no other one."""
    a = account.c
    gone = (
        update(account)
        .where(a.space == who.space, a.person == who.id, a.left_at.is_(None))
        .values(left_at=now)
    )
    member_id: int | None = conn.execute(gone.returning(a.member_id)).scalar_one_or_none()
    if member_id is None:
        return None
    other = select(a.person).where(a.member_id == member_id, a.left_at.is_(None)).limit(1)
    return member_id if conn.execute(other).first() is None else None


def present_among(conn: Connection, member_ids: Collection[int]) -> set[int]:
    """Those of these members who have not left every space."""
    here = select(account.c.member_id).where(account.c.left_at.is_(None), account.c.member_id.in_(member_ids))
    return set(conn.execute(here).scalars())


def members_who_left(
    conn: Connection, before: datetime, limit: int | None = None, ids: Sequence[int] | None = None
) -> list[tuple[int, int]]:
    """(member, community) of those all of whose accounts left their space before then, of these members or of all."""
    a = account.c
    query = (
        select(a.member_id, a.community_id)
        if ids is None
        else select(a.member_id, a.community_id).where(a.member_id.in_(ids))
    )
    gone = query.group_by(a.member_id, a.community_id).having(func.count() == func.count(a.left_at))
    rows = conn.execute(gone.having(func.max(a.left_at) < before).order_by(a.member_id).limit(limit))
    return [(row[0], row[1]) for row in rows]
