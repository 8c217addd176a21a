"""What strategies hold of a member: how it is forgotten, handed over, kept for a time, and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, or_, select, update

from bot.facts import TriedThingChanged
from bot.feature import UNDO, DataSubject
from bot.people.tables import member
from bot.search.tables import search_entry
from bot.store.next_due import earliest
from bot.store.retention import DAY, Retention
from bot.strategies import try_tables
from bot.strategies.tables import IS_DECLINED, IS_SHOWN, KIND, delete_strategies, load_strategies, strategy
from bot.strategies.try_tables import STRATEGY, TriedThing

WAITS = timedelta(days=30)
"""How long a strategy waits for its author."""


def forget(tell: Callable[[Connection, object], None], conn: Connection, whose: DataSubject) -> None:
    """Remove what a member authored and tried, and what they said of it; who shows some of that is told."""
    home = whose.community.id
    touched = try_tables.forget(conn, home, whose.member_id)
    touched += [TriedThing(STRATEGY, one) for one in _forget_authored(conn, home, whose.member_id)]
    for thing in touched:
        tell(conn, TriedThingChanged(home, thing.kind, thing.ref))


def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """The strategies in a member's words, and what they tried."""
    home, me = whose.community.id, whose.member_id
    return {"strategies": _authored(conn, home, me), "tried": try_tables.hand_over(conn, home, me)}


def _forget_authored(conn: Connection, community_id: int, member_id: int) -> Sequence[int]:
    """Remove what a member authored; which. What they saved for others stays without their name."""
    ours = strategy.c.community_id == community_id
    gone = conn.execute(select(strategy.c.id).where(ours, strategy.c.author_id == member_id)).scalars().all()
    delete_strategies(conn, gone)
    conn.execute(update(strategy).where(ours, strategy.c.saver_id == member_id).values(saver_id=None))
    return gone


def _authored(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """The strategies in a member's words, for their own copy."""
    mine = load_strategies(
        conn, strategy.c.community_id == community_id, strategy.c.author_id == member_id, ~IS_DECLINED
    )
    return [
        {
            "strategy": one.text.what, "for whom": one.text.whom, "what happened": one.text.happened,
            "learned": one.text.learned, "tags": one.text.tags, "saved at": one.made_at.isoformat(),
            "saved by somebody else": one.saver_id is not None, "you agreed": one.agreed,
        }
        for one in mine
    ]  # fmt: skip


def retention(taken_back: ColumnElement[bool]) -> tuple[Retention, ...]:
    """Strategies that were taken back for good, also with the answer they are from, or whose author did not agree."""
    withdrawn = and_(strategy.c.withdrawn_at.is_not(None), strategy.c.agreed_at.is_not(None))
    return (
        _removed("strategies of answers that were taken back", UNDO, strategy.c.made_at, taken_back),
        _removed("withdrawn strategies", UNDO, strategy.c.withdrawn_at, withdrawn),
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

    due = earliest(at, which, plus=kept) if kept < DAY else None
    return Retention(kind, kept, find, remove, next_due=due, tables=(strategy,), whole=False)


def invariants() -> tuple[tuple[str, Select[Any]], ...]:
    """Rows that must not exist."""
    indexed = exists().where(search_entry.c.kind == KIND, search_entry.c.ref == strategy.c.id)
    shown = exists().where(strategy.c.id == search_entry.c.ref, IS_SHOWN)
    said = or_(strategy.c.what != "", strategy.c.happened != "", strategy.c.saver_id.is_not(None))
    erased = select(strategy.c.id).join(member, member.c.id == strategy.c.author_id)
    return (
        ("no strategy is found that nobody may read", select(search_entry.c.id).where(search_entry.c.kind == KIND, ~shown)),
        ("every strategy that everybody may read is found", select(strategy.c.id).where(IS_SHOWN, ~indexed)),
        ("nothing is left of a strategy whose author said no", select(strategy.c.id).where(IS_DECLINED, said)),
        ("no strategy of an erased member", erased.where(member.c.erased_at.is_not(None))),
    )  # fmt: skip
