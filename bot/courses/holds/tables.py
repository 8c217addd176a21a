"""The table of lessons that come later than planned: not before a day, for one member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Column, Connection, Date, ForeignKey, Table, Text, delete, func, select

from bot.people.hours import Hours
from bot.schedules.recurrence import find_day_start
from bot.store.dialect import upsert
from bot.store.schema import metadata

SELF = "self"
"""The source of a hold that a member made; others are `team:<id>`, made by whoever leads that team."""

lesson_hold = Table(
    "lesson_hold",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("course_id", ForeignKey("course.id"), primary_key=True),
    Column("lesson", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("day", Date, nullable=False),
)
"""`lesson` of the course does not come to the member before `day`, in their own zone. The latest of several counts."""

_PUT = upsert(lesson_hold, by=("member_id", "course_id", "lesson", "source"), change=("day",))
_c = lesson_hold.c


@dataclass(frozen=True, slots=True)
class LessonHold:
    """A lesson that comes later to a member; the columns are explained at the table."""

    member_id: int
    course_id: int
    lesson: str
    source: str
    community_id: int
    day: date


_MOVERS = {SELF: "you", "team": "your team’s lead", "cohort": "the start of your group"}
"""Who moved a lesson, by what its source begins with."""


def put_hold(conn: Connection, hold: LessonHold) -> None:
    """Let a lesson come no earlier than a day; the same source's earlier day is replaced."""
    conn.execute(_PUT, {name: getattr(hold, name) for name in LessonHold.__slots__})


def hold_day(conn: Connection, member_id: int, course_id: int, lesson: str) -> date | None:
    """The day before which a lesson does not come to a member, if it was moved."""
    mine = (_c.member_id == member_id) & (_c.course_id == course_id) & (_c.lesson == lesson)
    day: date | None = conn.execute(select(func.max(_c.day)).where(mine)).scalar_one()
    return day


def drop_holds(
    conn: Connection, community_id: int, course_id: int, lesson: str, source: str, members: Sequence[int]
) -> int:
    """Take back what one source moved for these members; how many holds that were."""
    theirs = (_c.community_id == community_id) & (_c.course_id == course_id) & (_c.lesson == lesson)
    gone = delete(lesson_hold).where(theirs, _c.source == source, _c.member_id.in_(list(members)))
    return conn.execute(gone).rowcount


def held_until(
    conn: Connection, member_id: int, course_id: int, lesson: str | None, hours: Hours, at: datetime
) -> datetime:
    """The instant from which on a lesson may come: `at`, or the beginning of the day it was moved to."""
    day = None if lesson is None else hold_day(conn, member_id, course_id, lesson)
    return at if day is None else max(at, find_day_start(day, hours.zone))


def hand_over(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """The lessons that were moved for a member, for their own copy."""
    mine = (_c.community_id == community_id) & (_c.member_id == member_id)
    return [
        {"lesson": row.lesson, "not before": row.day.isoformat(), "moved by": _MOVERS[row.source.partition(":")[0]]}
        for row in conn.execute(select(lesson_hold).where(mine).order_by(_c.course_id, _c.day))
    ]  # fmt: skip


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Forget which lessons were moved for a member."""
    conn.execute(delete(lesson_hold).where(_c.community_id == community_id, _c.member_id == member_id))
