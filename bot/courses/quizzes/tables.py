"""The table of quizzes that members answered: once for each lesson."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, Text, delete, select

from bot.store.dialect import insert
from bot.store.schema import metadata
from bot.store.types import Json, UtcDateTime

quiz_attempt = Table(
    "quiz_attempt",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("course_id", ForeignKey("course.id"), primary_key=True),
    Column("lesson", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("chosen", Json, nullable=False),
    Column("right", Integer, nullable=False),
    Column("questions", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""`chosen`: the place of what was chosen for each question; `right` of the `questions` were the right ones."""

_c = quiz_attempt.c


@dataclass(frozen=True, slots=True)
class QuizAttempt:
    """A member's answers to the quiz of a lesson; the columns are explained at the table."""

    member_id: int
    course_id: int
    lesson: str
    community_id: int
    chosen: Sequence[int]
    right: int
    questions: int
    at: datetime


def insert_attempt(conn: Connection, attempt: QuizAttempt) -> None:
    """Store a member's answers; only the first ones of a lesson, whichever way they come."""
    row = {name: getattr(attempt, name) for name in QuizAttempt.__slots__}
    new = insert(quiz_attempt).values({**row, "chosen": list(attempt.chosen)})
    conn.execute(new.on_conflict_do_nothing(index_elements=["member_id", "course_id", "lesson"]))


def find_attempt(conn: Connection, member_id: int, course_id: int, lesson: str) -> QuizAttempt | None:
    """A member's answers to the quiz of a lesson."""
    mine = (_c.member_id == member_id) & (_c.course_id == course_id) & (_c.lesson == lesson)
    row = conn.execute(select(quiz_attempt).where(mine)).one_or_none()
    return None if row is None else QuizAttempt(*row)


def list_attempts(conn: Connection, member_id: int, course_id: int) -> dict[str, QuizAttempt]:
    """A member's answers in a course, by lesson."""
    mine = (_c.member_id == member_id) & (_c.course_id == course_id)
    return {row.lesson: QuizAttempt(*row) for row in conn.execute(select(quiz_attempt).where(mine))}


def hand_over(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """A member's quizzes, for their own copy."""
    mine = (_c.community_id == community_id) & (_c.member_id == member_id)
    return [
        {"lesson": row.lesson, "right": row.right, "of": row.questions, "at": row.at.isoformat()}
        for row in conn.execute(select(quiz_attempt).where(mine).order_by(_c.at))
    ]


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Forget a member's quizzes."""
    conn.execute(delete(quiz_attempt).where(_c.community_id == community_id, _c.member_id == member_id))
