"""The table of who tried what, when they are asked how it went, and what they want others to read of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    and_,
    case,
    delete,
    func,
    select,
    update,
)

from bot.people.tables import member
from bot.store.dialect import insert
from bot.store.journal import empty_log_after
from bot.store.next_due import earliest
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

STRATEGY, ANSWER = "strategy", "answer"
LATER = timedelta(days=14)
"""How long after somebody tried something they are asked how it went."""
LONGEST = 600
"""Characters of what somebody says about it."""

strategy_try = Table(
    "strategy_try",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("strategy_id", ForeignKey("strategy.id", ondelete="CASCADE")),
    Column("answer_id", ForeignKey("answer.id", ondelete="CASCADE")),
    Column("member_id", ForeignKey("member.id"), nullable=False, index=True),
    Column("tried_at", UtcDateTime, nullable=False),
    Column("ask_at", UtcDateTime, index=True),
    Column("result", Text, nullable=False),
    Column("shared_at", UtcDateTime),
    UniqueConstraint("strategy_id", "member_id"),
    UniqueConstraint("answer_id", "member_id"),
)
"""Somebody tried a strategy, or what a shared answer tells; it goes with that. `result` is what they say of it, stored only
where they want it under the card (`shared_at`). `ask_at`: when to ask how it went; null: they were asked."""


@dataclass(frozen=True, slots=True)
class TriedThing:
    """What was tried: a kind of thing and its number, as buttons carry it (`strategy/7`)."""

    kind: str
    ref: int

    @property
    def column(self) -> Column[int]:
        """The column that names it."""
        found: Column[int] = strategy_try.c.strategy_id if self.kind == STRATEGY else strategy_try.c.answer_id
        return found

    @property
    def state(self) -> str:
        """As a button carries it."""
        return f"{self.kind}/{self.ref}"


@dataclass(frozen=True, slots=True)
class TryResult:
    """What somebody says who tried it, with their name."""

    by: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DueTry:
    """Somebody who is to be asked how it went: who, what, and when they said that they tried it."""

    id: int
    community_id: int
    member_id: int
    thing: TriedThing
    at: datetime


def _of(thing: TriedThing, member_id: int | None = None) -> ColumnElement[bool]:
    """The tries of something; of a member, theirs."""
    theirs = thing.column == thing.ref
    return theirs if member_id is None else and_(theirs, strategy_try.c.member_id == member_id)


def thing_of(row: Any) -> TriedThing:
    """What was tried, from a row that has both columns."""
    own = row.strategy_id is not None
    return TriedThing(STRATEGY, row.strategy_id) if own else TriedThing(ANSWER, row.answer_id)


def add_try(conn: Connection, community_id: int, thing: TriedThing, member_id: int, now: datetime) -> bool:
    """Somebody tried it; false where that is known already."""
    row = {
        "community_id": community_id, thing.column.name: thing.ref, "member_id": member_id, "tried_at": now,
        "ask_at": now + LATER, "result": "",
    }  # fmt: skip
    new = insert(strategy_try).values(row).on_conflict_do_nothing()
    return conn.execute(new).rowcount > 0


def remove_try(conn: Connection, thing: TriedThing, member_id: int) -> bool:
    """Take that back, with what they said of it."""
    empty_log_after(conn)
    mine = _of(thing, member_id)
    return conn.execute(delete(strategy_try).where(mine)).rowcount > 0


def has_tried(conn: Connection, thing: TriedThing, member_id: int) -> bool:
    """Whether somebody says that they tried it."""
    mine = _of(thing, member_id)
    return conn.execute(select(strategy_try.c.id).where(mine)).first() is not None


def count_tries(conn: Connection, thing: TriedThing) -> int:
    """How many people tried it."""
    query = select(func.count()).select_from(strategy_try).where(_of(thing))
    return conn.execute(query).scalar_one()


def tries_of(
    conn: Connection, kind: str, refs: Sequence[int], member_id: int | None = None
) -> dict[int, tuple[int, bool]]:
    """By how many people each of some things of a kind was tried, and whether a member is one of them; without those nobody tried."""
    ref, who = TriedThing(kind, 0).column, strategy_try.c.member_id
    mine = func.max(case((who == member_id, 1), else_=0)).label("mine")
    query = select(ref.label("ref"), func.count().label("times"), mine).where(ref.in_(refs)).group_by(ref)
    return {row.ref: (row.times, bool(row.mine)) for row in conn.execute(query)}


def list_results(conn: Connection, thing: TriedThing, limit: int) -> list[TryResult]:
    """What those say who tried it and let others read it, the latest first."""
    query = (
        select(member.c.name, strategy_try.c.result, strategy_try.c.shared_at)
        .join(member, member.c.id == strategy_try.c.member_id)
        .where(_of(thing), strategy_try.c.shared_at.is_not(None))
        .order_by(strategy_try.c.shared_at.desc(), strategy_try.c.id.desc())
    )
    return [TryResult(row.name, row.result, row.shared_at) for row in conn.execute(query.limit(limit))]


def own_result(conn: Connection, thing: TriedThing, member_id: int) -> str:
    """What somebody said about it."""
    mine = _of(thing, member_id)
    return conn.execute(select(strategy_try.c.result).where(mine)).scalar_one_or_none() or ""


def share_result(conn: Connection, thing: TriedThing, member_id: int, text: str, now: datetime) -> bool:
    """Let others read what somebody says; an empty text takes it away."""
    mine = _of(thing, member_id)
    values = {"result": text, "shared_at": now if text else None, "ask_at": None}
    return conn.execute(update(strategy_try).where(mine).values(values)).rowcount > 0


def list_due(conn: Connection, now: datetime) -> list[DueTry]:
    """Everybody who is to be asked now how it went."""
    c = strategy_try.c
    rows = conn.execute(select(strategy_try).where(c.ask_at <= now).order_by(c.ask_at, c.id).limit(50))
    return [DueTry(row.id, row.community_id, row.member_id, thing_of(row), row.tried_at) for row in rows]


def ask_again(conn: Connection, try_id: int, at: datetime | None) -> None:
    """Ask then; None: never."""
    conn.execute(update(strategy_try).where(strategy_try.c.id == try_id).values(ask_at=at))


next_due = earliest(strategy_try.c.ask_at)
"""When somebody is to be asked next."""


def forget(conn: Connection, community_id: int, member_id: int) -> list[TriedThing]:
    """Remove what a member tried and what they said of it; what that was."""
    c = strategy_try.c
    gone = delete(strategy_try).where(c.community_id == community_id, c.member_id == member_id)
    return [thing_of(row) for row in conn.execute(gone.returning(c.strategy_id, c.answer_id))]


def hand_over(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """What a member tried, and what they said of it."""
    mine = and_(strategy_try.c.community_id == community_id, strategy_try.c.member_id == member_id)
    return [
        {"tried": thing_of(row).state, "at": row.tried_at.isoformat(), "what you said": row.result}
        for row in conn.execute(select(strategy_try).where(mine).order_by(strategy_try.c.id))
    ]
