"""The table of those who asked for a buddy in a course, and who is whose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    Table,
    and_,
    delete,
    exists,
    or_,
    select,
    update,
)

from bot.courses.enrollment.tables import enrollment
from bot.people.accounts import account
from bot.store.dialect import insert
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

buddy = Table(
    "buddy",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("course_id", ForeignKey("course.id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("mate_id", ForeignKey("member.id"), index=True),
    Column("last_id", Integer),
    Column("asked_at", UtcDateTime, nullable=False),
)
"""`member_id` wants a buddy in the course and has `mate_id`, or waits for one (null). `last_id`: whom they had before, and are not
paired with again. `asked_at` orders those who wait."""

_c = buddy.c
_mate = buddy.alias("mate")
_BACK = and_(
    _mate.c.course_id == _c.course_id, _mate.c.member_id == _c.mate_id, _mate.c.mate_id == _c.member_id
)
_ON = and_(
    enrollment.c.member_id == _c.member_id,
    enrollment.c.course_id == _c.course_id,
    enrollment.c.left_at.is_(None),
)
_TAKES, _LEARNS = exists().where(_ON), exists().where(_ON, enrollment.c.done_at.is_(None))
_HERE = exists().where(account.c.member_id == _c.member_id, account.c.left_at.is_(None))


@dataclass(frozen=True, slots=True)
class Buddy:
    """Somebody who wants a buddy in a course; the columns are explained at the table."""

    member_id: int
    course_id: int
    community_id: int
    mate_id: int | None
    last_id: int | None
    asked_at: datetime


def _rows(conn: Connection, *where: Any) -> list[Buddy]:
    query = select(buddy).where(*where).order_by(_c.asked_at, _c.member_id)
    return [Buddy(*row) for row in conn.execute(query)]


def find_buddy(conn: Connection, member_id: int, course_id: int) -> Buddy | None:
    """What a member asked for in a course."""
    return next(iter(_rows(conn, _c.member_id == member_id, _c.course_id == course_id)), None)


def buddies_of(conn: Connection, community_id: int, member_id: int) -> list[Buddy]:
    """What a member asked for in each course."""
    return _rows(conn, _c.community_id == community_id, _c.member_id == member_id)


def ask_for_buddy(conn: Connection, community_id: int, member_id: int, course_id: int, now: datetime) -> None:
    """Let a member wait for a buddy in a course; who asked before keeps their turn."""
    row = {"community_id": community_id, "member_id": member_id, "course_id": course_id, "asked_at": now}
    conn.execute(insert(buddy).values(row).on_conflict_do_nothing(index_elements=["member_id", "course_id"]))


def drop_buddy(conn: Connection, member_id: int, course_id: int) -> None:
    """Forget that a member wants a buddy in a course."""
    conn.execute(delete(buddy).where(_c.member_id == member_id, _c.course_id == course_id))


def pair_up(conn: Connection, one: Buddy, other: Buddy) -> None:
    """Make two members buddies."""
    for mine, theirs in ((one, other), (other, one)):
        same = (_c.member_id == mine.member_id) & (_c.course_id == mine.course_id)
        conn.execute(update(buddy).where(same).values(mate_id=theirs.member_id))


def let_wait(conn: Connection, one: Buddy, now: datetime) -> None:
    """Let a member wait for another buddy than the one they had."""
    same = (_c.member_id == one.member_id) & (_c.course_id == one.course_id)
    conn.execute(update(buddy).where(same).values(mate_id=None, last_id=one.mate_id, asked_at=now))


def broken_pairs(conn: Connection) -> list[Buddy]:
    """Those whose buddy is no longer theirs, has left the course or is not here any more; and those who want none now.

    Whoever left wants none. Whoever finished the course keeps the buddy they have, and is not looked for again.
    """
    alone = or_(_c.mate_id == _c.member_id, and_(_c.mate_id.is_not(None), ~exists().where(_BACK)))
    over = and_(_c.mate_id.is_(None), ~_LEARNS)
    return _rows(conn, or_(alone, over, ~_TAKES, ~_HERE))


def waiting(conn: Connection) -> list[Buddy]:
    """Those who wait for a buddy in a course that they take and have not finished, in their turn."""
    return _rows(conn, _c.mate_id.is_(None), _LEARNS, _HERE)


def is_taking(conn: Connection, one: Buddy) -> bool:
    """Whether somebody takes the course still, finished or not, and is here."""
    return _holds(conn, one, _TAKES, _HERE)


def is_learning(conn: Connection, one: Buddy) -> bool:
    """Whether somebody takes the course still, has not finished it, and is here: then they are looked for."""
    return _holds(conn, one, _LEARNS, _HERE)


def _holds(conn: Connection, one: Buddy, *what: Any) -> bool:
    return bool(_rows(conn, _c.member_id == one.member_id, _c.course_id == one.course_id, *what))


def spaces_of(conn: Connection, member_id: int) -> frozenset[str]:
    """The spaces in which a member is now."""
    here = (account.c.member_id == member_id) & account.c.left_at.is_(None)
    return frozenset(conn.execute(select(account.c.space).where(here)).scalars())


def forget(conn: Connection, community_id: int, member_id: int) -> Sequence[Buddy]:
    """Forget whom a member wanted and had as a buddy; whose buddy they were."""
    left = _rows(conn, _c.community_id == community_id, _c.mate_id == member_id)
    conn.execute(delete(buddy).where(_c.community_id == community_id, _c.member_id == member_id))
    return left


def forget_last(conn: Connection, community_id: int, member_id: int) -> None:
    """Forget whose buddy a member was before."""
    theirs = (_c.community_id == community_id) & (_c.last_id == member_id)
    conn.execute(update(buddy).where(theirs).values(last_id=None))
