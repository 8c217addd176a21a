"""The scope of an export: which prompts, asked from when to when, and in which format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from bot.chat.models import Role
from bot.people.audience import Reader
from bot.people.tables import Community
from bot.reflections.answers.tables import IS_GIVEN, SHARED, Answer, answer, load_answers
from bot.reflections.schedule.asked_prompts import WHOLE, AskedPrompt, asked_from, asking
from bot.schedules.recurrence import find_day_start

CSV, JSON = "csv", "json"
FORMATS = (CSV, JSON)
TOGETHER = 400
"""Occurrences named in one query: databases limit how many values one may have."""


@dataclass(frozen=True, slots=True)
class ExportScope:
    """What somebody wants exported. `lesson` is `course/lesson`, or `course/` for a whole course; dates are included."""

    prompts: tuple[int, ...] = ()
    lesson: str = ""
    since: date | None = None
    until: date | None = None
    format: str = CSV

    def to_json(self) -> dict[str, Any]:
        """All of it as plain values, for a database column; `from_json` gives it back."""
        return {
            "prompts": list(self.prompts), "lesson": self.lesson, "format": self.format,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> ExportScope:
        """The scope that `to_json` stored."""
        since, until = (date.fromisoformat(one) if (one := stored[n]) else None for n in ("since", "until"))
        return cls(tuple(stored["prompts"]), stored["lesson"], since, until, stored["format"])

    @property
    def brief(self) -> str:
        """It in a few signs, for the audit log: `p12 p15 2026-10-01.. csv`."""
        days = f"{self.since or ''}..{self.until or ''}" if self.since or self.until else ""
        parts = (*(f"p{one}" for one in self.prompts), self.lesson, days, self.format)
        return " ".join(one for one in parts if one)


def list_asked(conn: Connection, home: Community, scope: ExportScope) -> list[AskedPrompt]:
    """The prompts of a scope as they were asked, oldest first."""
    zone, c = ZoneInfo(home.zone), asking.c
    conditions: list[ColumnElement[bool]] = [c.community_id == home.id]
    if scope.prompts:
        conditions.append(c.prompt_id.in_(scope.prompts))
    if scope.since is not None:
        conditions.append(c.opened_at >= find_day_start(scope.since, zone))
    if scope.until is not None:
        conditions.append(c.opened_at < find_day_start(scope.until + timedelta(days=1), zone))
    query = select(*WHOLE).where(*conditions).order_by(c.opened_at, c.occurrence_id)
    found = [asked_from(row) for row in conn.execute(query)]
    return [one for one in found if _is_of_lesson(one, scope.lesson)]


def _is_of_lesson(one: AskedPrompt, lesson: str) -> bool:
    own = one.prompt.lesson or ""
    return not lesson or own == lesson or (lesson.endswith("/") and own.startswith(lesson))


def readable(community_id: int) -> ColumnElement[bool]:
    """The condition of what every moderator may read: nobody's own, and nothing shared with a team alone.

    So an export does not depend on which moderator asks for it.
    """
    circles = Reader(community_id, None, Role.MODERATOR).circles(SHARED)
    return and_(IS_GIVEN, or_(*circles))


def count_readable(
    conn: Connection, community_id: int, asked: Sequence[int], most: int | None = None
) -> tuple[int, int]:
    """How many answers to these occurrences moderators may read, and the sum of their ids; with ids up to `most`.

    When an answer is taken back, hidden or shared with fewer, both change.
    """  # fmt: skip
    count = total = 0
    upto = () if most is None else (answer.c.id <= most,)
    for ids in chunks(asked):
        query = select(func.count(), func.coalesce(func.sum(answer.c.id), 0)).where(
            answer.c.occurrence_id.in_(ids), readable(community_id), *upto
        )
        row = conn.execute(query).one()
        count, total = count + row[0], total + int(row[1])
    return count, total


def read_slice(
    conn: Connection, community_id: int, asked: Sequence[int], after: tuple[int, int], limit: int
) -> list[Answer]:
    """The next answers that moderators may read, by occurrence and id, after one of them."""
    occurrence, number = answer.c.occurrence_id, answer.c.id
    later = or_(occurrence > after[0], and_(occurrence == after[0], number > after[1]))
    for ids in chunks(sorted(one for one in asked if one >= after[0])):
        query = select(number).where(occurrence.in_(ids), later, readable(community_id))
        found = conn.execute(query.order_by(occurrence, number).limit(limit)).scalars().all()
        if found:
            rows = load_answers(conn, number.in_(found))
            return sorted(rows, key=lambda one: (one.occurrence_id, one.id))
    return []


def chunks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """Some at a time."""
    for at in range(0, len(numbers), TOGETHER):
        yield numbers[at : at + TOGETHER]
