"""The table of reported answers, and how an answer is hidden and shown again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    UniqueConstraint,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.chat.models import Sharing
from bot.people.tables import member
from bot.reflections.answers import search_entries
from bot.reflections.answers.hiding_reasons import HidingReason
from bot.reflections.answers.tables import IS_GIVEN, Answer, answer, load_answers
from bot.store.dialect import insert
from bot.store.next_due import earliest
from bot.store.schema import metadata
from bot.store.types import EnumText, UtcDateTime

answer_report = Table(
    "answer_report",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("answer_id", ForeignKey("answer.id", ondelete="CASCADE"), nullable=False),
    Column("member_id", ForeignKey("member.id"), nullable=False),
    Column("reason", EnumText(HidingReason), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    UniqueConstraint("answer_id", "member_id"),
    Index("ix_answer_report_member_id", "member_id", "at"),
    Index("ix_answer_report_community_id", "community_id", "settled_at"),
)
"""A member told moderators of an answer. Until it is settled, moderators may read the answer, whomever it is shared with."""

_OPEN = answer_report.c.settled_at.is_(None)
_VOID = or_(~IS_GIVEN, answer.c.sharing == Sharing.ME.value)


@dataclass(frozen=True, slots=True)
class AnswerReport:
    """Who reported an answer, and why."""

    name: str
    reason: HidingReason


def hide_answer(conn: Connection, answer_id: int, reason: HidingReason, now: datetime) -> None:
    """Hide an answer from everybody but its author."""
    conn.execute(update(answer).where(answer.c.id == answer_id).values(hidden_at=now, hidden_for=reason))
    search_entries.drop_answers(conn, [answer_id])


def show_answer(conn: Connection, community_id: int, answer_id: int) -> None:
    """Let those read an answer again with whom its author shares it."""
    conn.execute(update(answer).where(answer.c.id == answer_id).values(hidden_at=None, hidden_for=None))
    search_entries.index_answers(conn, community_id, [answer_id])


def hidden_since(conn: Connection, answer_id: int) -> datetime | None:
    """Since when an answer is hidden."""
    at: datetime | None = conn.execute(
        select(answer.c.hidden_at).where(answer.c.id == answer_id)
    ).scalar_one_or_none()
    return at


def add_report(
    conn: Connection, community_id: int, answer_id: int, member_id: int, reason: HidingReason, now: datetime
) -> None:
    """Store that a member reports an answer; a second report of theirs takes the place of the first."""
    row = insert(answer_report).values(
        community_id=community_id, answer_id=answer_id, member_id=member_id, reason=reason, at=now
    )
    again = {"reason": reason, "at": now, "settled_at": None}
    conn.execute(row.on_conflict_do_update(index_elements=["answer_id", "member_id"], set_=again))


def count_reports_since(conn: Connection, member_id: int, since: datetime) -> int:
    """How many answers a member reported since then."""
    mine = (answer_report.c.member_id == member_id) & (answer_report.c.at >= since)
    return conn.execute(select(func.count()).select_from(answer_report).where(mine)).scalar_one()


def open_reports(conn: Connection, answer_id: int) -> list[AnswerReport]:
    """The reports of an answer that nobody has decided about, oldest first."""
    rows = conn.execute(
        select(member.c.name, answer_report.c.reason)
        .join(member, member.c.id == answer_report.c.member_id)
        .where(answer_report.c.answer_id == answer_id, _OPEN)
        .order_by(answer_report.c.at, answer_report.c.id)
    )
    return [AnswerReport(*row) for row in rows]


def settle_reports(conn: Connection, answer_id: int, now: datetime) -> bool:
    """Nobody has to decide about an answer any more; whether somebody had to."""
    ours = update(answer_report).where(answer_report.c.answer_id == answer_id, _OPEN)
    return conn.execute(ours.values(settled_at=now)).rowcount > 0


def list_moderated(conn: Connection, community_id: int, limit: int) -> list[Answer]:
    """Answers that are reported or hidden, latest first, without those that their author keeps or took back."""
    reported = exists().where(answer_report.c.answer_id == answer.c.id, _OPEN)
    return load_answers(
        conn, answer.c.community_id == community_id, IS_GIVEN, answer.c.sharing != Sharing.ME.value,
        or_(answer.c.hidden_at.is_not(None), reported), limit=limit,
    )  # fmt: skip


def list_void_reports(conn: Connection) -> list[tuple[int, int]]:
    """(community, answer) reported where the author took it back, or keeps it: there is nothing left to decide."""
    query = select(answer.c.community_id, answer.c.id).join(answer_report).where(_OPEN, _VOID).distinct()
    return [(row.community_id, row.id) for row in conn.execute(query)]


next_void = earliest(answer_report.c.at, _OPEN, _VOID, source=answer.join(answer_report))
"""When the oldest report was made of which nothing is left to decide."""


def forget_reports(conn: Connection, community_id: int, member_id: int) -> Sequence[int]:
    """Forget what a member reported; the answers that nobody reports any more."""
    mine = (answer_report.c.community_id == community_id) & (answer_report.c.member_id == member_id)
    touched = set(conn.execute(_reported().where(mine)).scalars())
    conn.execute(delete(answer_report).where(mine))
    left = set(conn.execute(_reported().where(answer_report.c.answer_id.in_(touched))).scalars())
    return sorted(touched - left)


def list_reports_about(conn: Connection, community_id: int, member_id: int) -> Sequence[int]:
    """The answers of a member that somebody reports."""
    mine = (answer.c.community_id == community_id) & (answer.c.member_id == member_id)
    return conn.execute(_reported().where(mine)).scalars().all()


def _reported() -> Select[Any]:
    joined = select(answer.c.id).join(answer_report, answer_report.c.answer_id == answer.c.id)
    return joined.where(_OPEN).distinct()


def hand_over(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """What a member reported."""
    mine = (answer_report.c.community_id == community_id) & (answer_report.c.member_id == member_id)
    return [
        {"answer": f"a{row.answer_id}", "reason": row.reason.value, "at": row.at.isoformat()}
        for row in conn.execute(select(answer_report).where(mine).order_by(answer_report.c.id))
    ]
