"""Tables that were handed in and wait to be confirmed: one for each moderator, for a day at most.

They name people who may be no members, and stay no longer than it takes to say yes or no. Whoever is forgotten meanwhile may
be in any of them, so all of that community go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, Text, delete, insert, select, update

from bot.chat.language import N_
from bot.store.retention import Retention, old_rows
from bot.store.schema import metadata
from bot.store.types import Json, UtcDateTime

KEPT = timedelta(days=1)

progress_draft = Table(
    "progress_draft",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("made_by", ForeignKey("member.id"), nullable=False),
    Column("space", Text, nullable=False),
    Column("course_id", Integer),
    Column("content", Text, nullable=False),
    Column("chosen", Json, nullable=False),
    Column("made_at", UtcDateTime, nullable=False, index=True),
    sqlite_autoincrement=True,
)
"""`space` is where it was handed in, `course_id` the course it is about, once that is known, `chosen` the columns that its
moderator named: {lesson: column}."""


@dataclass(frozen=True, slots=True)
class ProgressDraft:
    """A table that waits: where it was handed in, its course if that is known, and the columns that were chosen."""

    id: int
    space: str
    course_id: int | None
    content: str
    chosen: Mapping[str, int]


def add_draft(
    conn: Connection, community_id: int, made_by: int, space: str, course_id: int | None, content: str, now: datetime
) -> ProgressDraft:  # fmt: skip
    """Keep a table until its moderator confirms it; the one they handed in before goes."""
    c = progress_draft.c
    conn.execute(delete(progress_draft).where(c.community_id == community_id, c.made_by == made_by))
    row = {"community_id": community_id, "made_by": made_by, "space": space, "course_id": course_id, "content": content,
           "chosen": {}, "made_at": now}  # fmt: skip
    id = conn.execute(insert(progress_draft).values(row).returning(c.id)).scalar_one()
    return ProgressDraft(id, space, course_id, content, {})


def find_draft(conn: Connection, community_id: int, made_by: int, id: int) -> ProgressDraft | None:
    """The table of this number, where this moderator handed it in."""
    c = progress_draft.c
    row = conn.execute(
        select(progress_draft).where(c.id == id, c.community_id == community_id, c.made_by == made_by)
    ).one_or_none()
    return None if row is None else ProgressDraft(row.id, row.space, row.course_id, row.content, row.chosen)


def change_draft(conn: Connection, id: int, course_id: int | None, chosen: Mapping[str, int]) -> None:
    """Note the course and the columns of a table."""
    c = progress_draft.c
    conn.execute(update(progress_draft).where(c.id == id).values(course_id=course_id, chosen=dict(chosen)))


def drop_draft(conn: Connection, community_id: int, made_by: int, id: int) -> None:
    """Remove a table that was taken in or left."""
    c = progress_draft.c
    conn.execute(
        delete(progress_draft).where(c.id == id, c.community_id == community_id, c.made_by == made_by)
    )


def forget(conn: Connection, community_id: int) -> None:
    """Remove every table of a community: somebody in it is forgotten."""
    conn.execute(delete(progress_draft).where(progress_draft.c.community_id == community_id))


def retention() -> Retention:
    """Tables that nobody confirmed."""
    words = N_("lists of progress that a moderator has not confirmed")
    return old_rows(
        "progress lists", KEPT, progress_draft, lambda before: progress_draft.c.made_at < before, words=words
    )
