"""The courses of a community as rows with ids, kept in agreement with the content files."""

from __future__ import annotations

import json
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
    Text,
    UniqueConstraint,
    bindparam,
    select,
    update,
)

from bot.courses.lessons.model import Course
from bot.people import tables as people
from bot.store.dialect import insert
from bot.store.foresight import SetQuestion, ask_once
from bot.store.schema import metadata
from bot.store.types import Json, UtcDateTime

course = Table(
    "course",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("slug", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("content", Json, nullable=False),
    Column("retired_at", UtcDateTime),
    UniqueConstraint("community_id", "slug"),
)


@dataclass(frozen=True, slots=True)
class CatalogCourse:
    """A course of a community. `id` is what people write as `c<id>`; nobody joins a `retired` one."""

    id: int
    course: Course
    retired: bool

    @property
    def name(self) -> str:
        return f"c{self.id}"


_COURSE = insert(course)


def fill_catalog(conn: Connection, courses: Sequence[Course], now: datetime) -> None:
    """Make every community's courses agree with the content files; those that left the files are retired.

    Who is in the middle of one keeps the lessons already reached as they were: see `learner_path.py`.
    """
    for home in people.communities(conn):
        _fill(conn, home.id, courses, now)


def _fill(conn: Connection, community_id: int, courses: Sequence[Course], now: datetime) -> None:
    before = {
        row.slug: row for row in conn.execute(select(course).where(course.c.community_id == community_id))
    }
    for place, one in enumerate(courses):
        content = json.loads(json.dumps(one.to_json()))
        old = before.pop(one.slug, None)
        if old is not None and (old.content, old.place, old.retired_at) == (content, place, None):
            continue
        row = {"community_id": community_id, "slug": one.slug, "place": place, "content": content}
        change = {"place": place, "content": content, "retired_at": None}
        new = _COURSE.values(row)
        conn.execute(new.on_conflict_do_update(index_elements=["community_id", "slug"], set_=change))
    gone = [row.id for row in before.values() if row.retired_at is None]
    if gone:
        conn.execute(
            update(course)
            .where(course.c.community_id == community_id, course.c.id.in_(gone))
            .values(retired_at=now)
        )


def _listed(row: Any) -> CatalogCourse:
    return CatalogCourse(row.id, Course.from_json(row.content), row.retired_at is not None)


_BY_ID = select(course).where(
    course.c.community_id == bindparam("community"), course.c.id == bindparam("wanted")
)
_LISTED = SetQuestion.about(course)


def find_course(conn: Connection, community_id: int, course_id: int) -> CatalogCourse | None:
    """One course of a community."""

    def ask() -> CatalogCourse | None:
        row = conn.execute(_BY_ID, {"community": community_id, "wanted": course_id}).one_or_none()
        return None if row is None else _listed(row)

    return ask_once(conn, _LISTED, (community_id, course_id), ask)


def course_by_slug(conn: Connection, community_id: int, slug: str) -> CatalogCourse | None:
    """The course of this name."""
    row = conn.execute(
        select(course).where(course.c.community_id == community_id, course.c.slug == slug)
    ).one_or_none()
    return None if row is None else _listed(row)


def offered_courses(conn: Connection, community_id: int) -> list[CatalogCourse]:
    """The courses that people can join, in the order of the files."""
    rows = conn.execute(
        select(course)
        .where(course.c.community_id == community_id, course.c.retired_at.is_(None))
        .order_by(course.c.place, course.c.id)
    )
    return [_listed(row) for row in rows]


def courses_by_id(conn: Connection, community_id: int, ids: Sequence[int]) -> dict[int, CatalogCourse]:
    """These courses, retired ones too."""
    rows = conn.execute(
        select(course).where(course.c.community_id == community_id, course.c.id.in_(sorted(set(ids))))
    )
    return {row.id: _listed(row) for row in rows}
