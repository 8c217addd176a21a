"""The tables of reports: what was counted of each prompt, and of the scales in it by team, once its week was over.

They name nobody. What may not be told is not stored, so nothing can be read out of them that a report does not say.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    and_,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.reflections.schedule.asked_prompts import WHOLE, AskedPrompt, asked_from, asking
from bot.store.dialect import insert
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

report_prompt = Table(
    "report_prompt",
    metadata,
    Column("occurrence_id", ForeignKey("asking.occurrence_id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("week", Text, nullable=False),
    Column("asked", Integer),
    Column("answered", Integer),
    Column("everybody", Boolean, nullable=False),
    Column("opened", Integer),
    Column("words", Integer),
    Column("counted_at", UtcDateTime, nullable=False),
    Index("ix_report_prompt_week", "community_id", "week"),
)
"""What was counted of a prompt that closed in `week`: how many it was put to, without those who were away all the time
(`asked`), and how many answered in time (`answered`): all of them (`everybody`), or only those whose answers moderators can
read. `opened`: how many people looked at what others answered; `words`: how long the answer in the middle is, of those that
moderators can read. Null: too few to be told."""

report_scale = Table(
    "report_scale",
    metadata,
    Column("occurrence_id", ForeignKey("asking.occurrence_id"), primary_key=True),
    Column("question", Integer, primary_key=True),
    Column("team_id", ForeignKey("team.id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("people", Integer, nullable=False),
    Column("total", Integer, nullable=False),
)
"""The sum of what so many `people` of a team picked on a scale; a team with too few of them has no row."""

report_week = Table(
    "report_week",
    metadata,
    Column("community_id", ForeignKey("community.id"), primary_key=True),
    Column("week", Text, primary_key=True),
    Column("reminders", Integer),
    Column("reminded", Integer),
    Column("muted", Integer),
    Column("counted_at", UtcDateTime, nullable=False),
    Column("noted_at", UtcDateTime),
    Column("again_at", UtcDateTime),
)
"""What was counted of a week when it was over: reminders and the people who got them, and how many had turned reminders
off (`muted`; it stays as it was told until at least five differ). Null: too few. `noted_at`: when its note was made, or
was left out because there was nothing to say; `again_at`: when to look who of the moderators can be told then."""

_r = report_prompt.c
IS_UNCOUNTED = and_(
    asking.c.closed_at.is_not(None), ~exists().where(_r.occurrence_id == asking.c.occurrence_id)
)
"""Whether a prompt has closed and was not counted yet."""


@dataclass(frozen=True, slots=True)
class PromptCount:
    """What was counted of a prompt; the columns are explained at the table."""

    occurrence_id: int
    community_id: int
    week: str
    asked: int | None
    answered: int | None
    everybody: bool
    opened: int | None
    words: int | None


@dataclass(frozen=True, slots=True)
class MessageCount:
    """What was counted of a week; the columns are explained at the table."""

    community_id: int
    week: str
    reminders: int | None
    reminded: int | None
    muted: int | None


@dataclass(frozen=True, slots=True)
class ScaleCount:
    """What a team picked on a scale; the columns are explained at the table."""

    occurrence_id: int
    question: int
    team_id: int
    people: int
    total: int


_COUNT = tuple(_r[name] for name in PromptCount.__slots__)
_SCALE = tuple(report_scale.c[name] for name in ScaleCount.__slots__)


def list_uncounted(
    conn: Connection, community_id: int, before: datetime, limit: int
) -> list[tuple[AskedPrompt, datetime]]:
    """Prompts that closed before an instant and were not counted yet, oldest first, with when they closed."""
    counted = exists().where(_r.occurrence_id == asking.c.occurrence_id)
    query = (
        select(*WHOLE)
        .where(asking.c.community_id == community_id, asking.c.closed_at < before, ~counted)
        .order_by(asking.c.closed_at, asking.c.occurrence_id)
        .limit(limit)
    )
    return [(asked_from(row), row.closed_at) for row in conn.execute(query)]


def first_uncounted(conn: Connection, community_id: int) -> datetime | None:
    """When the first prompt closed that was not counted yet."""
    ours = and_(asking.c.community_id == community_id, IS_UNCOUNTED)
    at: datetime | None = conn.execute(select(func.min(asking.c.closed_at)).where(ours)).scalar_one()
    return at


def store_scales(conn: Connection, community_id: int, scales: Sequence[ScaleCount]) -> None:
    """Store what teams picked, once; before the count of the prompt, which says that it is done."""
    rows = [
        {name: getattr(one, name) for name in ScaleCount.__slots__} | {"community_id": community_id}
        for one in scales
    ]
    conn.execute(insert(report_scale).on_conflict_do_nothing(), rows)


def store_count(conn: Connection, count: PromptCount, now: datetime) -> bool:
    """Store what was counted of a prompt, once; whether it was not there already."""
    row = {name: getattr(count, name) for name in PromptCount.__slots__} | {"counted_at": now}
    new = insert(report_prompt).values(row).on_conflict_do_nothing(index_elements=["occurrence_id"])
    return conn.execute(new.returning(_r.occurrence_id)).first() is not None


def counts_of_weeks(conn: Connection, community_id: int, weeks: Collection[str]) -> list[PromptCount]:
    """What was counted of the prompts that closed in some weeks, oldest first."""
    query = select(*_COUNT).where(_r.community_id == community_id, _r.week.in_(weeks))
    return [PromptCount(*row) for row in conn.execute(query.order_by(_r.week, _r.occurrence_id))]


def first_week(conn: Connection, community_id: int) -> str | None:
    """The key of the first week in which a prompt that was counted closed."""
    first: str | None = conn.execute(
        select(func.min(_r.week)).where(_r.community_id == community_id)
    ).scalar_one()
    return first


def scales_of(conn: Connection, community_id: int, occurrence_ids: Collection[int]) -> list[ScaleCount]:
    """What teams picked on the scales of some prompts."""
    ours = and_(report_scale.c.community_id == community_id, report_scale.c.occurrence_id.in_(occurrence_ids))
    rows: Sequence[Any] = conn.execute(select(*_SCALE).where(ours).order_by(*_SCALE[:3])).all()
    return [ScaleCount(*row) for row in rows]


# ── weeks ─────────────────────────────────────────────────────────────────────

_w = report_week.c
IS_UNTOLD = or_(_w.noted_at.is_(None), _w.again_at.is_not(None))
"""Whether somebody is still to be told of a week."""
_WEEK = tuple(_w[name] for name in MessageCount.__slots__)


def store_week(conn: Connection, count: MessageCount, now: datetime) -> bool:
    """Store what was counted of a week, once; whether it was not there already."""
    row = {name: getattr(count, name) for name in MessageCount.__slots__} | {"counted_at": now}
    new = insert(report_week).values(row).on_conflict_do_nothing(index_elements=["community_id", "week"])
    return conn.execute(new.returning(_w.week)).first() is not None


def find_week(conn: Connection, community_id: int, week: str) -> MessageCount | None:
    """What was counted of a week."""
    row = conn.execute(select(*_WEEK).where(_w.community_id == community_id, _w.week == week)).one_or_none()
    return None if row is None else MessageCount(*row)


def last_counted(conn: Connection, community_id: int) -> str | None:
    """The key of the last week that was counted."""
    key: str | None = conn.execute(
        select(func.max(_w.week)).where(_w.community_id == community_id)
    ).scalar_one()
    return key


def last_muted(conn: Connection, community_id: int) -> int | None:
    """How many had turned reminders off, as it was told last."""
    told = select(_w.muted).where(_w.community_id == community_id, _w.muted.is_not(None))
    return conn.execute(told.order_by(_w.week.desc()).limit(1)).scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class NoteState:
    """How far the note of the last week that was counted has come."""

    week: str
    counted_at: datetime
    noted_at: datetime | None
    again_at: datetime | None


def note_state(conn: Connection, community_id: int) -> NoteState | None:
    """How far the note of a community has come."""
    query = select(_w.week, _w.counted_at, _w.noted_at, _w.again_at).where(_w.community_id == community_id)
    row = conn.execute(query.order_by(_w.week.desc()).limit(1)).one_or_none()
    return None if row is None else NoteState(*row)


def record_note(
    conn: Connection, community_id: int, week: str, now: datetime, again: datetime | None
) -> None:
    """The note of a week is made now; `again`: when to look who else can be told."""
    ours = and_(_w.community_id == community_id, _w.week == week)
    conn.execute(update(report_week).where(ours).values(noted_at=now, again_at=again))


def untold_week(conn: Connection, community_id: int, last: str) -> str | None:
    """The key of the newest week in which prompts closed, where it is after every week before `last` that had a note."""
    newest = select(func.max(_r.week)).where(_r.community_id == community_id, _r.week <= last)
    noted = select(func.max(_w.week)).where(
        _w.community_id == community_id, _w.noted_at.is_not(None), _w.week < last
    )
    key: str | None = conn.execute(newest).scalar_one()
    return key if key is not None and key > (conn.execute(noted).scalar_one() or "") else None
