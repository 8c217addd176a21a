"""The tables of thanks for answers, and of authors who are to hear of them, with a function for each query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Table,
    and_,
    delete,
    exists,
    select,
    update,
)

from bot.reflections.answers.tables import answer
from bot.store.dialect import insert
from bot.store.next_due import earliest
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

thanks = Table(
    "thanks",
    metadata,
    Column("answer_id", ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime),
    Index("ix_thanks_member_id", "member_id"),
)
"""Who thanked for which answer. `told_at` is when its author heard of it, or would have."""

thanks_due = Table(
    "thanks_due",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)
"""Authors who are to hear of thanks, and when to ask next whether they may be written to."""


@dataclass(frozen=True, slots=True)
class UntoldThanks:
    """What an author has not heard of: how many people thanked, and for answers to which occurrences."""

    people: int
    occurrences: Sequence[int]


def is_thanked() -> ColumnElement[bool]:
    """The condition that somebody else than its author thanked for an answer."""
    return exists().where(thanks.c.answer_id == answer.c.id, thanks.c.member_id != answer.c.member_id)


def add_thanks(conn: Connection, community_id: int, answer_id: int, member_id: int, now: datetime) -> bool:
    """Thank for an answer; false where somebody has done so already."""
    row = {"answer_id": answer_id, "member_id": member_id, "community_id": community_id, "at": now}
    new = insert(thanks).values(row).on_conflict_do_nothing(index_elements=["answer_id", "member_id"])
    return conn.execute(new.returning(thanks.c.answer_id)).first() is not None


def remove_thanks(conn: Connection, community_id: int, answer_id: int, member_id: int) -> bool | None:
    """Take thanks back; whether the author has heard of them. None: there were none."""
    mine = and_(
        thanks.c.answer_id == answer_id,
        thanks.c.member_id == member_id,
        thanks.c.community_id == community_id,
    )
    row = conn.execute(delete(thanks).where(mine).returning(thanks.c.told_at)).one_or_none()
    return None if row is None else row.told_at is not None


def have_told(conn: Connection, community_id: int, author_id: int, at: datetime) -> None:
    """Tell an author of thanks at some time, unless they are to be told already."""
    row = {"member_id": author_id, "community_id": community_id, "at": at}
    conn.execute(insert(thanks_due).values(row).on_conflict_do_nothing(index_elements=["member_id"]))


def list_due(conn: Connection, now: datetime) -> list[tuple[int, int]]:
    """(community, author) of everybody to ask after now."""
    rows = conn.execute(
        select(thanks_due.c.community_id, thanks_due.c.member_id)
        .where(thanks_due.c.at <= now)
        .order_by(thanks_due.c.at, thanks_due.c.member_id)
    )
    return [(row[0], row[1]) for row in rows]


next_due = earliest(thanks_due.c.at)
"""When the next author is to be asked after."""


def ask_again(conn: Connection, author_id: int, at: datetime) -> None:
    """It is too early: ask again then."""
    conn.execute(update(thanks_due).where(thanks_due.c.member_id == author_id).values(at=at))


def read_untold(conn: Connection, author_id: int) -> UntoldThanks:
    """The thanks an author has not heard of, for answers that still stand."""
    own = thanks.c.member_id == author_id  # two linked accounts of one person
    standing = and_(answer.c.member_id == author_id, answer.c.withdrawn_at.is_(None), ~own)
    rows = conn.execute(
        select(thanks.c.member_id, answer.c.occurrence_id)
        .join(answer, answer.c.id == thanks.c.answer_id)
        .where(standing, thanks.c.told_at.is_(None))
        .order_by(thanks.c.at, thanks.c.member_id)
    ).all()
    return UntoldThanks(len({row[0] for row in rows}), list(dict.fromkeys(row[1] for row in rows)))


def mark_told(conn: Connection, author_id: int, now: datetime) -> None:
    """The author has heard of everything so far, or does not want to."""
    theirs = select(answer.c.id).where(answer.c.member_id == author_id)
    untold = and_(thanks.c.answer_id.in_(theirs), thanks.c.told_at.is_(None))
    conn.execute(update(thanks).where(untold).values(told_at=now))
    conn.execute(delete(thanks_due).where(thanks_due.c.member_id == author_id))


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Remove a member's thanks; those for their own answers go with the answers."""
    for table in (thanks, thanks_due):
        mine = and_(table.c.community_id == community_id, table.c.member_id == member_id)
        conn.execute(delete(table).where(mine))


def hand_over(conn: Connection, community_id: int, member_id: int) -> list[tuple[int, datetime]]:
    """(occurrence, time) of everything a member thanked for."""
    rows = conn.execute(
        select(answer.c.occurrence_id, thanks.c.at)
        .join(answer, answer.c.id == thanks.c.answer_id)
        .where(thanks.c.community_id == community_id, thanks.c.member_id == member_id)
        .order_by(thanks.c.at)
    )
    return [(row[0], row[1]) for row in rows]
