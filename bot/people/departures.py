"""Departures: whether an account has left its space, and who has left all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.chat.models import Person
from bot.people.accounts import account


def account_now(conn: Connection, space_key: str, person: str) -> tuple[Person, bool] | None:
    """Somebody as the platform showed them last, and whether they have left; None for nobody we know."""
    a = account.c
    query = select(a.name, a.facts, a.stranger, a.left_at).where(a.space == space_key, a.person == person)
    row = conn.execute(query).one_or_none()
    if row is None:
        return None
    who = Person(space_key, person, row.name, frozenset(row.facts), stranger=row.stranger)
    return who, row.left_at is not None


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
