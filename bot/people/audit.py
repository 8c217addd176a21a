"""The audit log: who changed which part of the configuration when, and what it was before and after.

Configuration goes in: schedules, decks, places, roles, breaks, the words of prompts; and what was done about answers that
were reported or hidden. What members wrote never does; suggestions and answers are named by their numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Index, Integer, Table, Text, select, update

from bot.chat.language import N_, _
from bot.chat.models import Role
from bot.people.tables import member
from bot.store.dialect import insert
from bot.store.retention import Ages, Retention, old_rows
from bot.store.schema import metadata
from bot.store.types import Json, UtcDateTime

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("member_id", ForeignKey("member.id")),
    Column("role", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("before", Json),
    Column("after", Json),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_audit_community_id_at", "community_id", "at"),
    Index("ix_audit_member_id", "member_id"),
)
"""`member_id` is null for what the bot did by itself, and for somebody who was erased since."""

NOBODY = "tilth"
"""The `role` of what the bot changed by itself, such as suspending a schedule that cannot be posted."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the configuration. `what` is a verb (`paused`), `subject` what it was about (`s3`).

    `before` and `after` hold only what changed; None where there was nothing, or nothing is left.
    """

    id: int
    who: str
    role: str
    what: str
    subject: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    at: datetime


_NOTE = insert(audit)


def record_change(
    conn: Connection,
    community_id: int,
    member_id: int | None,
    role: Role | None,
    what: str,
    subject: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    now: datetime,
) -> None:
    """Write down a change, in the transaction that makes it. Without a member it was the bot itself.

    Give whole states: what is the same before and after is left out here.
    """
    old, new = differing_values(before, after)
    values = {
        "community_id": community_id, "member_id": member_id, "role": role.title if role is not None else NOBODY,
        "what": what, "subject": subject, "before": old, "after": new, "at": now,
    }  # fmt: skip
    conn.execute(_NOTE.values(values))


def differing_values(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Both states without the values that are equal."""
    if before is None or after is None:
        return (dict(before) if before is not None else None, dict(after) if after is not None else None)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return (
        {name: before[name] for name in names if name in before},
        {name: after[name] for name in names if name in after},
    )


def recent_changes(
    conn: Connection, community_id: int, *, since: datetime | None = None, offset: int = 0, limit: int = 20
) -> Sequence[Change]:
    """Changes of a community, newest first; `since` is an aware instant."""
    query = (
        select(audit, member.c.name)
        .outerjoin(member, member.c.id == audit.c.member_id)
        .where(audit.c.community_id == community_id)
        .order_by(audit.c.id.desc())
        .offset(offset)
        .limit(limit)
    )
    if since is not None:
        query = query.where(audit.c.at >= since)
    return [_change(row) for row in conn.execute(query)]


def _change(row: Any) -> Change:
    who = row.name or ("Tilth" if row.role == NOBODY else _("someone"))
    return Change(row.id, who, row.role, row.what, row.subject, row.before, row.after, row.at)


def hand_over(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """What a member changed, for their own copy of their data."""
    mine = (audit.c.community_id == community_id) & (audit.c.member_id == member_id)
    return [
        {"at": row.at.isoformat(), "what": row.what, "subject": row.subject}
        for row in conn.execute(select(audit).where(mine).order_by(audit.c.id))
    ]


def retention(ages: Ages) -> Retention:
    """Changes of long ago."""
    return old_rows(
        "audit",
        ages["audit"],
        audit,
        lambda before: audit.c.at < before,
        words=N_("what you change as a moderator"),
    )


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Forget who changed what, and keep the changes."""
    mine = (audit.c.community_id == community_id) & (audit.c.member_id == member_id)
    conn.execute(update(audit).where(mine).values(member_id=None))
