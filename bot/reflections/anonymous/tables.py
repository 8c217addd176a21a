"""The tables of anonymous answers, with one function for each question about them.

None of them has a time, a message, a member, or an order: their rows lie by random keys, also in the file (`WITHOUT
ROWID`, where SQLite would number them as they came).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Table,
    Text,
    and_,
    delete,
    func,
    select,
    update,
)

from bot.reflections.anonymous.keys import PromptKey
from bot.reflections.schedule.asked_prompts import WHOLE, AskedPrompt, asked_from, asking
from bot.store.dialect import insert
from bot.store.journal import empty_log_after
from bot.store.retention import Ages, Retention
from bot.store.schema import metadata

anonymous_key = Table(
    "anonymous_key",
    metadata,
    Column("occurrence_id", ForeignKey("asking.occurrence_id"), primary_key=True, autoincrement=False),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("name", Text, nullable=False),
)
"""The name of the key that the sealed answers to an open prompt need; the key itself is a file."""

sealed_answer = Table(
    "sealed_answer",
    metadata,
    Column("occurrence_id", ForeignKey("asking.occurrence_id"), primary_key=True, autoincrement=False),
    Column("receipt", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("sealed", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""An anonymous answer to a prompt that is open. `receipt` is the key's mark of its receipt code."""

anonymous_ticket = Table(
    "anonymous_ticket",
    metadata,
    Column("occurrence_id", ForeignKey("asking.occurrence_id"), primary_key=True, autoincrement=False),
    Column("mark", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    sqlite_with_rowid=False,
)
"""That somebody has answered an open prompt anonymously: the key's mark of a member. It lets each answer once."""

anonymous_answer = Table(
    "anonymous_answer",
    metadata,
    Column("id", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("occurrence_id", ForeignKey("asking.occurrence_id"), nullable=False, index=True),
    Column("receipt", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Index("uq_anonymous_answer_receipt", "receipt", unique=True),
    sqlite_with_rowid=False,
)
"""An anonymous answer of a prompt that has closed. `receipt` is the hash of its code; `hidden`: by a moderator."""


@dataclass(frozen=True, slots=True)
class AnonymousAnswer:
    """A published answer; its `id` is random and says nothing."""

    id: str
    occurrence_id: int
    receipt: str
    text: str
    hidden: bool = False


# ── while the prompt is open ──────────────────────────────────────────────────


def claim_key(conn: Connection, here: AskedPrompt, name: str) -> bool:
    """Let the answers to a prompt need the key of this name; False where they need another."""
    values = {"occurrence_id": here.id, "community_id": here.community_id, "name": name}
    conn.execute(insert(anonymous_key).values(values).on_conflict_do_nothing())
    return find_key_name(conn, here.id) == name


def find_key_name(conn: Connection, occurrence_id: int) -> str | None:
    """The name of the key that the sealed answers to a prompt need; None where there are none."""
    name: str | None = conn.execute(
        select(anonymous_key.c.name).where(anonymous_key.c.occurrence_id == occurrence_id)
    ).scalar_one_or_none()
    return name


def take_ticket(conn: Connection, here: AskedPrompt, key: PromptKey, member_id: int) -> bool:
    """Note that a member has answered; False when they had already."""
    mark = _member_mark(key, member_id)
    values = {"occurrence_id": here.id, "community_id": here.community_id, "mark": mark}
    return conn.execute(insert(anonymous_ticket).values(values).on_conflict_do_nothing()).rowcount > 0


def drop_ticket(conn: Connection, key: PromptKey, member_id: int) -> None:
    """Let a member answer again."""
    c = anonymous_ticket.c
    mine = and_(c.occurrence_id == key.occurrence_id, c.mark == _member_mark(key, member_id))
    conn.execute(delete(anonymous_ticket).where(mine))


def _member_mark(key: PromptKey, member_id: int) -> str:
    return key.mark(f"member:{member_id}")


def store_sealed(conn: Connection, here: AskedPrompt, receipt: str, sealed: str) -> None:
    """Store a sealed answer."""
    values = {"occurrence_id": here.id, "community_id": here.community_id}
    conn.execute(insert(sealed_answer).values(**values, receipt=receipt, sealed=sealed))


def find_sealed(conn: Connection, occurrence_id: int, receipt: str) -> str | None:
    """The sealed answer with this mark of a receipt."""
    sealed: str | None = conn.execute(
        select(sealed_answer.c.sealed).where(_sealed_with(occurrence_id, receipt))
    ).scalar_one_or_none()
    return sealed


def replace_sealed(conn: Connection, occurrence_id: int, receipt: str, sealed: str) -> None:
    """Store what a changed answer says now."""
    conn.execute(update(sealed_answer).where(_sealed_with(occurrence_id, receipt)).values(sealed=sealed))


def delete_sealed(conn: Connection, occurrence_id: int, receipt: str) -> bool:
    """Delete a sealed answer; False when there is none."""
    empty_log_after(conn)
    return conn.execute(delete(sealed_answer).where(_sealed_with(occurrence_id, receipt))).rowcount > 0


def _sealed_with(occurrence_id: int, receipt: str) -> ColumnElement[bool]:
    return and_(sealed_answer.c.occurrence_id == occurrence_id, sealed_answer.c.receipt == receipt)


def take_sealed(conn: Connection, occurrence_id: int) -> list[str]:
    """Take away everything there is of a prompt that closes; what was sealed."""
    c = sealed_answer.c
    found = list(conn.execute(select(c.sealed).where(c.occurrence_id == occurrence_id)).scalars())
    for table in (sealed_answer, anonymous_ticket, anonymous_key):
        conn.execute(delete(table).where(table.c.occurrence_id == occurrence_id))
    return found


# ── from closing on ───────────────────────────────────────────────────────────


def list_unclosed(conn: Connection, occurrence_ids: Collection[int]) -> set[int]:
    """Which of these occurrences were asked and have not closed."""
    known = and_(asking.c.occurrence_id.in_(occurrence_ids), asking.c.closed_at.is_(None))
    return set(conn.execute(select(asking.c.occurrence_id).where(known)).scalars())


def list_prompts(conn: Connection, community_id: int, limit: int) -> list[AskedPrompt]:
    """The latest prompts that take or took anonymous answers, newest first."""
    ours = and_(asking.c.community_id == community_id, asking.c.anonymous)
    rows = conn.execute(select(*WHOLE).where(ours).order_by(asking.c.opened_at.desc()).limit(limit))
    return [asked_from(row) for row in rows]


def publish_answers(conn: Connection, community_id: int, answers: Sequence[AnonymousAnswer]) -> None:
    """Store the answers to a prompt that closes, in the order of their random ids."""
    rows = [
        {
            "id": one.id,
            "community_id": community_id,
            "occurrence_id": one.occurrence_id,
            "receipt": one.receipt,
            "text": one.text,
            "hidden": False,
        }
        for one in sorted(answers, key=lambda one: one.id)
    ]
    conn.execute(insert(anonymous_answer), rows)


def count_published(conn: Connection, occurrence_id: int) -> int:
    """How many published answers to a prompt stand, without those that a moderator hid."""
    c = anonymous_answer.c
    visible = and_(c.occurrence_id == occurrence_id, c.hidden.is_(False))
    return conn.execute(select(func.count()).select_from(anonymous_answer).where(visible)).scalar_one()


def list_published(
    conn: Connection, occurrence_id: int, *, limit: int, offset: int = 0
) -> list[AnonymousAnswer]:
    """Published answers to a prompt in the order of their random ids, without those that a moderator hid."""
    c = anonymous_answer.c
    visible = and_(c.occurrence_id == occurrence_id, c.hidden.is_(False))
    query = select(anonymous_answer).where(visible).order_by(c.id).limit(limit).offset(offset)
    return [
        AnonymousAnswer(row.id, row.occurrence_id, row.receipt, row.text, row.hidden)
        for row in conn.execute(query)
    ]


def delete_published(conn: Connection, community_id: int, receipt: str) -> int | None:
    """Delete the published answer with this hash of a receipt; the occurrence it answered, None when there is none."""
    c = anonymous_answer.c
    ours = and_(c.community_id == community_id, c.receipt == receipt)
    empty_log_after(conn)
    gone: int | None = conn.execute(
        delete(anonymous_answer).where(ours).returning(c.occurrence_id)
    ).scalar_one_or_none()
    return gone


def find_published(conn: Connection, community_id: int, receipt: str) -> int | None:
    """The occurrence that the published answer with this hash of a receipt answered."""
    c = anonymous_answer.c
    ours = and_(c.community_id == community_id, c.receipt == receipt)
    found: int | None = conn.execute(select(c.occurrence_id).where(ours)).scalar_one_or_none()
    return found


def set_hidden(conn: Connection, community_id: int, answer_id: str, *, hidden: bool) -> int | None:
    """Hide a published answer or show it again; the occurrence it answered, None when there is no such answer."""
    c = anonymous_answer.c
    ours = and_(c.community_id == community_id, c.id == answer_id)
    changed: int | None = conn.execute(
        update(anonymous_answer).where(ours).values(hidden=hidden).returning(c.occurrence_id)
    ).scalar_one_or_none()
    return changed


# ── their age ─────────────────────────────────────────────────────────────────


def retention(ages: Ages) -> Retention:
    """Published answers, which have no time of their own: they are as old as the closing of their prompt."""
    return Retention("anonymous answers", ages["answers"], _find_old, _remove_old, tables=(anonymous_answer,))


def _find_old(conn: Connection, before: datetime, limit: int) -> Sequence[Any]:
    old = select(anonymous_answer.c.id).join(
        asking, asking.c.occurrence_id == anonymous_answer.c.occurrence_id
    )
    return conn.execute(old.where(asking.c.closes_at < before).limit(limit)).scalars().all()


def _remove_old(conn: Connection, found: Sequence[Any], _before: datetime) -> int:
    """Remove them; when their prompt closed cannot have changed."""
    return conn.execute(delete(anonymous_answer).where(anonymous_answer.c.id.in_(found))).rowcount
