"""What strategies hold of a member: how it is forgotten, handed over, kept for a time, and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, select, update

from bot.feature import UNDO, DataSubject
from bot.people.tables import member
from bot.search.tables import search_entry
from bot.store.retention import Retention
from bot.strategies import try_tables
from bot.strategies.tables import IS_SHOWN, KIND, delete_strategies, load_strategies, strategy

WAITS = timedelta(days=30)
"""How long a strategy waits for its author."""


def forget(conn: Connection, whose: DataSubject) -> None:
    """Remove what a member authored and tried, and what they said of it."""
    try_tables.forget(conn, whose.community.id, whose.member_id)
    _forget_authored(conn, whose.community.id, whose.member_id)


def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """The strategies in a member's words, and what they tried."""
    home, me = whose.community.id, whose.member_id
    return {"strategies": _authored(conn, home, me), "tried": try_tables.hand_over(conn, home, me)}


def _forget_authored(conn: Connection, community_id: int, member_id: int) -> None:
    """Remove what a member authored. What they saved for others stays without their name."""
    ours = strategy.c.community_id == community_id
    gone = conn.execute(select(strategy.c.id).where(ours, strategy.c.author_id == member_id)).scalars().all()
    delete_strategies(conn, gone)
    conn.execute(update(strategy).where(ours, strategy.c.saver_id == member_id).values(saver_id=None))


def _authored(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """The strategies in a member's words, for their own copy."""
    mine = load_strategies(conn, strategy.c.community_id == community_id, strategy.c.author_id == member_id)
    return [
        {
            "strategy": one.text.what, "for whom": one.text.whom, "what happened": one.text.happened,
            "learned": one.text.learned, "tags": one.text.tags, "saved at": one.made_at.isoformat(),
            "saved by somebody else": one.saver_id is not None, "you agreed": one.agreed,
        }
        for one in mine
    ]  # fmt: skip


def retention() -> tuple[Retention, ...]:
    """Strategies that were taken back for good, and those whose author was asked and said nothing."""
    return (
        _removed("withdrawn strategies", UNDO, strategy.c.withdrawn_at, strategy.c.withdrawn_at.is_not(None)),
        _removed("unanswered strategies", WAITS, strategy.c.made_at, strategy.c.agreed_at.is_(None)),
    )


def _removed(
    kind: str, kept: timedelta, at: ColumnElement[datetime], which: ColumnElement[bool]
) -> Retention:
    """A kind of strategies that are removed by their age."""

    def find(conn: Connection, before: datetime, limit: int) -> Sequence[Any]:
        old = select(strategy.c.id).where(which, at <= before).order_by(strategy.c.id)
        return conn.execute(old.limit(limit)).scalars().all()

    def remove(conn: Connection, found: Sequence[Any], before: datetime) -> int:
        still = select(strategy.c.id).where(strategy.c.id.in_(found), which, at <= before)
        return delete_strategies(conn, conn.execute(still).scalars().all())

    def due(conn: Connection) -> datetime | None:
        first: datetime | None = conn.execute(select(func.min(at)).where(which)).scalar_one()
        return None if first is None else first + kept

    return Retention(kind, kept, find, remove, next_due=due, tables=(strategy,), whole=False)


def invariants() -> tuple[tuple[str, Select[Any]], ...]:
    """Rows that must not exist."""
    indexed = exists().where(search_entry.c.kind == KIND, search_entry.c.ref == strategy.c.id)
    shown = exists().where(strategy.c.id == search_entry.c.ref, IS_SHOWN)
    erased = select(strategy.c.id).join(member, member.c.id == strategy.c.author_id)
    return (
        ("no strategy is found that nobody may read", select(search_entry.c.id).where(search_entry.c.kind == KIND, ~shown)),
        ("every strategy that everybody may read is found", select(strategy.c.id).where(IS_SHOWN, ~indexed)),
        ("no strategy of an erased member", erased.where(member.c.erased_at.is_not(None))),
    )  # fmt: skip
