"""The table of lessons reached: their words as they were then, and how far each member is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
    Text,
    UniqueConstraint,
    delete,
    select,
    update,
)

from bot.courses.lessons.model import Lesson
from bot.store.dialect import insert
from bot.store.foresight import SetQuestion, ask_once
from bot.store.schema import metadata
from bot.store.types import Json, UtcDateTime

progress = Table(
    "progress",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("enrollment_id", ForeignKey("enrollment.id"), nullable=False),
    Column("course_id", ForeignKey("course.id"), nullable=False),
    Column("member_id", ForeignKey("member.id"), nullable=False),
    Column("lesson", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("content", Json, nullable=False),
    Column("released_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("how", Text),
    Column("note", Text),
    Column("told_at", UtcDateTime),
    Column("asked_at", UtcDateTime),
    UniqueConstraint("enrollment_id", "lesson"),
    Index("ix_progress_course", "course_id", "member_id"),
    Index("ix_progress_member", "member_id", "community_id"),
)
"""`content`: the lesson as it was when this member reached it. `due_at`: from when on somebody may ask after it; a
member can move it. `how` it was done: `button`, `command`, `form`, `message`, `reflection`, `plan` (they filled the plan),
`team` (their team did), `import`, `webhook`. `note` is the member's own. `told_at`: the newest thing that was said about being
done; an older one changes nothing. `asked_at`: when they were asked for a line about it, which happens once."""


@dataclass(frozen=True, slots=True)
class LessonMark:
    """How far a member is with a lesson they have reached; `lesson` is the lesson as it was then."""

    id: int
    enrollment_id: int
    course_id: int
    member_id: int
    lesson: Lesson
    place: int
    released_at: datetime
    due_at: datetime
    started_at: datetime | None
    done_at: datetime | None
    how: str | None
    note: str | None
    told_at: datetime | None
    asked_at: datetime | None = None

    @property
    def done(self) -> bool:
        return self.done_at is not None


def _marks(conn: Connection, query: Select[Any]) -> list[LessonMark]:
    return [
        LessonMark(
            row.id, row.enrollment_id, row.course_id, row.member_id, Lesson.from_json(row.content), row.place,
            row.released_at, row.due_at, row.started_at, row.done_at, row.how, row.note, row.told_at, row.asked_at,
        )
        for row in conn.execute(query)
    ]  # fmt: skip


_REACHED = SetQuestion.about(progress)


def lesson_marks(conn: Connection, enrollment_id: int) -> list[LessonMark]:
    """The lessons an enrollment has reached, in the order of the course."""

    def ask() -> list[LessonMark]:
        query = select(progress).where(progress.c.enrollment_id == enrollment_id)
        return _marks(conn, query.order_by(progress.c.place, progress.c.id))

    return list(ask_once(conn, _REACHED, enrollment_id, ask))


def open_marks(conn: Connection, community_id: int, member_ids: Collection[int]) -> list[LessonMark]:
    """The lessons that these members have reached and not done, in courses they take; in the order of each course."""
    from bot.courses.enrollment.tables import enrollment

    query = (
        select(progress)
        .join(enrollment, enrollment.c.id == progress.c.enrollment_id)
        .where(
            progress.c.community_id == community_id,
            progress.c.member_id.in_(member_ids),
            progress.c.done_at.is_(None),
            enrollment.c.left_at.is_(None),
            enrollment.c.done_at.is_(None),
        )
    )
    return _marks(conn, query.order_by(progress.c.member_id, progress.c.place, progress.c.id))


def has_finished(conn: Connection, member_id: int, course_id: int, lesson: str) -> bool:
    """Whether a member has finished a lesson of a course."""
    mine = (progress.c.member_id == member_id) & (progress.c.course_id == course_id)
    query = select(progress.c.id).where(mine, progress.c.lesson == lesson, progress.c.done_at.is_not(None))
    return conn.execute(query).first() is not None


@dataclass(frozen=True, slots=True)
class LessonState:
    """One lesson of one member, without its words: all that a team's progress needs."""

    member_id: int
    lesson: str
    started_at: datetime | None
    done_at: datetime | None


def lesson_states(conn: Connection, course_id: int, member_ids: Sequence[int]) -> list[LessonState]:
    """The lesson states of these members in a course, without those who left it."""
    from bot.courses.enrollment.tables import enrollment

    rows = conn.execute(
        select(progress.c.member_id, progress.c.lesson, progress.c.started_at, progress.c.done_at)
        .join(enrollment, enrollment.c.id == progress.c.enrollment_id)
        .where(
            progress.c.course_id == course_id,
            progress.c.member_id.in_(member_ids),
            enrollment.c.left_at.is_(None),
        )
    )
    return [LessonState(*row) for row in rows]


def insert_mark(
    conn: Connection,
    community_id: int,
    enrollment_id: int,
    course_id: int,
    member_id: int,
    lesson: Lesson,
    place: int,
    now: datetime,
    due_at: datetime,
) -> None:
    """Store that a member reaches a lesson, with its words as they are now; only once."""
    row = {
        "community_id": community_id, "enrollment_id": enrollment_id, "course_id": course_id,
        "member_id": member_id, "lesson": lesson.slug, "place": place, "content": lesson.to_json(),
        "released_at": now, "due_at": due_at,
    }  # fmt: skip
    new = insert(progress).values(row)
    conn.execute(new.on_conflict_do_nothing(index_elements=["enrollment_id", "lesson"]))


def change_mark(conn: Connection, mark_id: int, **values: object) -> None:
    """Change columns of a lesson's progress."""
    conn.execute(update(progress).where(progress.c.id == mark_id).values(**values))


def forget(conn: Connection, community_id: int, member_id: int) -> list[int]:
    """Forget how far a member was; the courses this was about."""
    mine = (progress.c.community_id == community_id) & (progress.c.member_id == member_id)
    touched = list(conn.execute(select(progress.c.course_id).where(mine).distinct()).scalars())
    conn.execute(delete(progress).where(mine))
    return touched
