"""Tables of enrollments and of the rules by which groups are enrolled."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Date,
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

from bot.store.dialect import insert
from bot.store.next_due import earliest
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

SELF, SILENCE = "self", "silence"
"""The source of an enrollment that a member made (others are `rule:<id>` and `import`), and what paused one by itself."""

enrollment = Table(
    "enrollment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("course_id", ForeignKey("course.id"), nullable=False),
    Column("member_id", ForeignKey("member.id"), nullable=False),
    Column("source", Text, nullable=False),
    Column("joined_at", UtcDateTime, nullable=False),
    Column("day", Date, nullable=False),
    Column("paused_at", UtcDateTime),
    Column("paused_until", Date),
    Column("left_at", UtcDateTime),
    Column("left_by", Text),
    Column("done_at", UtcDateTime),
    Column("alive_at", UtcDateTime, nullable=False),
    Column("release_at", UtcDateTime),
    Column("remind_at", UtcDateTime),
    Column("paused_by", Text),
    Column("silent_at", UtcDateTime),
    UniqueConstraint("course_id", "member_id"),
    Index("ix_enrollment_member", "member_id", "community_id"),
    Index("ix_enrollment_release", "release_at"),
    Index("ix_enrollment_remind", "remind_at"),
    Index("ix_enrollment_silent", "silent_at"),
    sqlite_autoincrement=True,
)
"""`day`: the local date of joining, from which days are counted. `alive_at`: the last sign of life in the course.
`release_at`, `remind_at` and `silent_at`: when to look whether the next lesson comes, whether to ask after an open one, and
whether nothing has happened for so long that the course is paused (`paused_by` is `silence` then).
`left_by`: `self`, or `rule` when the rule that enrolled them no longer holds."""

enrollment_rule = Table(
    "enrollment_rule",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("course_id", ForeignKey("course.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("made_by", Integer),
    UniqueConstraint("course_id", "kind", "value"),
    sqlite_autoincrement=True,
)
"""Everybody of a group takes the course, who joins later too. Kinds: `team` (its id), `fact` (`<space>/<fact>` of the
platform: a role or group), `channel` (`<space>/<channel>`). `made_by` is the member who made the rule, until they are
erased."""


@dataclass(frozen=True, slots=True)
class Enrollment:
    """A member's enrollment in a course; the columns are explained at the table."""

    id: int
    community_id: int
    course_id: int
    member_id: int
    source: str
    joined_at: datetime
    day: date
    paused_at: datetime | None
    paused_until: date | None
    left_at: datetime | None
    left_by: str | None
    done_at: datetime | None
    alive_at: datetime
    release_at: datetime | None
    remind_at: datetime | None
    paused_by: str | None = None
    silent_at: datetime | None = None

    @property
    def paused(self) -> bool:
        return self.paused_at is not None

    @property
    def running(self) -> bool:
        """Neither left, paused nor finished."""
        return self.left_at is None and self.paused_at is None and self.done_at is None


@dataclass(frozen=True, slots=True)
class EnrollmentRule:
    """A rule by which a group is enrolled."""

    id: int
    community_id: int
    course_id: int
    kind: str
    value: str
    created_at: datetime
    made_by: int | None


def _rows(conn: Connection, query: Select[Any]) -> list[Enrollment]:
    return [Enrollment(*row) for row in conn.execute(query)]


def find_enrollment(conn: Connection, community_id: int, enrollment_id: int) -> Enrollment | None:
    """One enrollment of a community."""
    query = select(enrollment).where(
        enrollment.c.community_id == community_id, enrollment.c.id == enrollment_id
    )
    return next(iter(_rows(conn, query)), None)


def enrollment_in(conn: Connection, course_id: int, member_id: int) -> Enrollment | None:
    """A member's enrollment in a course, also one that was left."""
    query = select(enrollment).where(enrollment.c.course_id == course_id, enrollment.c.member_id == member_id)
    return next(iter(_rows(conn, query)), None)


def enrollments_of(conn: Connection, community_id: int, member_id: int) -> list[Enrollment]:
    """A member's enrollments, finished ones too, newest first; without the courses they left."""
    query = (
        select(enrollment)
        .where(
            enrollment.c.community_id == community_id,
            enrollment.c.member_id == member_id,
            enrollment.c.left_at.is_(None),
        )
        .order_by(enrollment.c.joined_at.desc(), enrollment.c.id.desc())
    )
    return _rows(conn, query)


def enrollments_in(conn: Connection, course_id: int, member_ids: list[int]) -> list[Enrollment]:
    """The enrollments of these members in a course."""
    query = select(enrollment).where(
        enrollment.c.course_id == course_id,
        enrollment.c.member_id.in_(member_ids),
        enrollment.c.left_at.is_(None),
    )
    return _rows(conn, query)


_BACK: dict[str, Any] = {
    "left_at": None, "left_by": None, "paused_at": None, "paused_until": None, "paused_by": None,
}  # fmt: skip


def enroll_member(
    conn: Connection,
    community_id: int,
    course_id: int,
    member_id: int,
    source: str,
    day: date,
    now: datetime,
) -> Enrollment:
    """Enroll a member; who had left goes on where they were, who is enrolled already stays so."""
    row = {
        "community_id": community_id, "course_id": course_id, "member_id": member_id, "source": source,
        "joined_at": now, "day": day, "alive_at": now,
    }  # fmt: skip
    new = insert(enrollment).values(row)
    again = {**_BACK, "source": source, "joined_at": now, "day": day, "alive_at": now}
    conn.execute(
        new.on_conflict_do_update(
            index_elements=["course_id", "member_id"], set_=again, where=enrollment.c.left_at.is_not(None)
        )
    )
    found = enrollment_in(conn, course_id, member_id)
    if found is None:
        raise LookupError(f"member {member_id} was enrolled in course {course_id} and is not there")
    return found


def change_enrollment(conn: Connection, enrollment_id: int, **values: object) -> None:
    """Change columns of an enrollment."""
    conn.execute(update(enrollment).where(enrollment.c.id == enrollment_id).values(**values))


_THERE = enrollment.c.left_at.is_(None) & enrollment.c.done_at.is_(None)
_RUNNING = _THERE & enrollment.c.paused_at.is_(None)


def claim_releases(conn: Connection, now: datetime, limit: int) -> list[Enrollment]:
    """Claim enrollments whose next lesson or end of a pause may be due, past other processes' claims."""
    return _claim(conn, enrollment.c.release_at, _THERE, now, limit)


def claim_reminders(conn: Connection, now: datetime, limit: int) -> list[Enrollment]:
    """Claim enrollments with a lesson that may have been open for too long."""
    return _claim(conn, enrollment.c.remind_at, _RUNNING, now, limit)


def _claim(conn: Connection, at: Column[Any], whose: Any, now: datetime, limit: int) -> list[Enrollment]:
    due = select(enrollment).where(at <= now, whose).order_by(at).limit(limit)
    return _rows(conn, due.with_for_update(skip_locked=True))


next_release_at = earliest(enrollment.c.release_at, _THERE)
"""When a lesson may next be due."""


next_reminder_at = earliest(enrollment.c.remind_at, _RUNNING)
"""When a lesson may next have been open for too long."""


# ── groups ────────────────────────────────────────────────────────────────────


def add_rule(
    conn: Connection, community_id: int, course_id: int, kind: str, value: str, now: datetime, made_by: int
) -> EnrollmentRule:
    """Add the rule that a group takes a course; the same rule again changes nothing."""
    row = {
        "community_id": community_id, "course_id": course_id, "kind": kind, "value": value, "created_at": now,
        "made_by": made_by,
    }  # fmt: skip
    conn.execute(insert(enrollment_rule).values(row).on_conflict_do_nothing())
    same = (
        (enrollment_rule.c.course_id == course_id)
        & (enrollment_rule.c.kind == kind)
        & (enrollment_rule.c.value == value)
    )
    return EnrollmentRule(*conn.execute(select(enrollment_rule).where(same)).one())


def end_rule(conn: Connection, community_id: int, rule_id: int) -> None:
    """End a rule; whom it enrolled stays enrolled, as if they had joined themselves."""
    ours = (enrollment.c.community_id == community_id) & (enrollment.c.source == f"rule:{rule_id}")
    conn.execute(update(enrollment).where(ours).values(source=SELF))
    conn.execute(
        delete(enrollment_rule).where(
            enrollment_rule.c.community_id == community_id, enrollment_rule.c.id == rule_id
        )
    )


def enrollment_rules(conn: Connection, community_id: int | None = None) -> list[EnrollmentRule]:
    """The rules of a community, or of all."""
    query = select(enrollment_rule).order_by(enrollment_rule.c.id)
    if community_id is not None:
        query = query.where(enrollment_rule.c.community_id == community_id)
    return [EnrollmentRule(*row) for row in conn.execute(query)]


def enrollments_by_member(
    conn: Connection, one: EnrollmentRule, among: Collection[int] | None = None
) -> dict[int, Enrollment]:
    """Every enrollment (of these members, or of all) in the course of a rule by member id, also those that were left."""
    query = select(enrollment).where(enrollment.c.course_id == one.course_id)
    if among is not None:
        query = query.where(enrollment.c.member_id.in_(among))
    return {found.member_id: found for found in _rows(conn, query)}


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Forget that a member took courses, and that they enrolled others."""
    made = (enrollment_rule.c.community_id == community_id) & (enrollment_rule.c.made_by == member_id)
    conn.execute(update(enrollment_rule).where(made).values(made_by=None))
    conn.execute(
        delete(enrollment).where(
            enrollment.c.community_id == community_id, enrollment.c.member_id == member_id
        )
    )
