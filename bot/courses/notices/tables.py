"""The table of notices that somebody is owed: what was done about them by somebody else, until they were told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    delete,
    func,
    select,
    update,
)

from bot.store.dialect import insert
from bot.store.next_due import earliest
from bot.store.schema import metadata
from bot.store.types import EnumText, UtcDateTime

GATHERED = timedelta(minutes=2)
"""How long a notice waits for others: who is added to a team that takes a course is told both at once."""


class MembershipKind(StrEnum):
    """What somebody was made a part of."""

    TEAM = "team"
    LEAD = "lead"
    COURSE = "course"


membership_notice = Table(
    "membership_notice",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("member_id", ForeignKey("member.id"), nullable=False),
    Column("membership", EnumText(MembershipKind), nullable=False),
    Column("subject", Integer, nullable=False),
    Column("made_by", Integer, index=True),
    Column("source", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("key", Text, index=True),
    UniqueConstraint("member_id", "membership", "subject"),
    Index("ix_membership_notice_due_at", "due_at"),
    sqlite_autoincrement=True,
)
"""`member_id` is told that `made_by` (null: nobody known any more, or a machine) put them into a team or course, whose
id is `subject`. `source`: for a course, that of the enrollment. `key`: the outbox row that tells it; the notice goes when
that was sent."""

_NEW = insert(membership_notice).on_conflict_do_nothing(index_elements=["member_id", "membership", "subject"])
_c = membership_notice.c


@dataclass(frozen=True, slots=True)
class MembershipNotice:
    """One thing that somebody is to be told; the columns are explained at the table."""

    id: int
    community_id: int
    member_id: int
    membership: MembershipKind
    subject: int
    made_by: int | None
    source: str


def note_membership(
    conn: Connection, community_id: int, member_id: int, membership: MembershipKind, subject: int, *, made_by: int | None,
    now: datetime, source: str = "",
) -> None:  # fmt: skip
    """Somebody is to be told what was done about them; not who did it to themselves, and not twice."""
    if made_by != member_id:
        row = {
            "community_id": community_id, "member_id": member_id, "membership": membership, "subject": subject,
            "made_by": made_by, "source": source, "made_at": now, "due_at": now + GATHERED,
        }  # fmt: skip
        conn.execute(_NEW.values(row))


def due_members(conn: Connection, now: datetime, limit: int) -> list[int]:
    """Members who are to be told something now."""
    due = select(_c.member_id).where(_c.key.is_(None), _c.due_at <= now).distinct()
    return list(conn.execute(due.order_by(_c.member_id).limit(limit)).scalars())


next_due = earliest(_c.due_at, _c.key.is_(None))
"""When somebody is next to be told something."""


def next_notice(conn: Connection, member_id: int) -> datetime | None:
    """When a member is to be told what they were not told yet; None where there is nothing."""
    mine = select(func.min(_c.due_at)).where(_c.member_id == member_id, _c.key.is_(None))
    at: datetime | None = conn.execute(mine).scalar_one()
    return at


def claim_notices(conn: Connection, member_id: int) -> list[MembershipNotice]:
    """What a member has not been told yet, oldest first, held until the transaction ends."""
    columns = [_c[one.name] for one in fields(MembershipNotice)]
    mine = select(*columns).where(_c.member_id == member_id, _c.key.is_(None)).order_by(_c.id)
    return [MembershipNotice(*row) for row in conn.execute(mine.with_for_update())]


def postpone_notices(conn: Connection, notice_ids: Collection[int], due_at: datetime) -> None:
    """They are told later: the member may not be written to now."""
    conn.execute(update(membership_notice).where(_c.id.in_(notice_ids)).values(due_at=due_at))


def queue_notices(conn: Connection, notice_ids: Collection[int], key: str) -> None:
    """This outbox row tells them."""
    conn.execute(update(membership_notice).where(_c.id.in_(notice_ids)).values(key=key))


def requeue_notices(conn: Connection, key: str, now: datetime) -> None:
    """What was to tell them was not said in time: they are told anew."""
    conn.execute(update(membership_notice).where(_c.key == key).values(key=None, due_at=now))


def drop_notices(conn: Connection, notice_ids: Collection[int]) -> None:
    """Nobody needs to be told them."""
    conn.execute(delete(membership_notice).where(_c.id.in_(notice_ids)))


def finish_notices(conn: Connection, key: str) -> None:
    """They were told."""
    conn.execute(delete(membership_notice).where(_c.key == key))


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Forget what a member was to be told, and that they did anything about others."""
    ours = _c.community_id == community_id
    conn.execute(delete(membership_notice).where(ours, _c.member_id == member_id))
    conn.execute(update(membership_notice).where(ours, _c.made_by == member_id).values(made_by=None))
