"""What Tilth remembers about rhythms: schedules and their dated occurrences, and what moderators see of them.

A schedule is a rule in local time. Its occurrences are rows, made about two days ahead so that moderators see
what is next; `unique (schedule, key)` is what makes each of them happen once. Nothing here reads a rule: that
is `recurrence.py`; nothing here decides: that is `planner.py`. What moderators change is in `edits.py`, what
the planner's tick asks over all communities in `planner_queries.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    Text,
    and_,
    or_,
    select,
    type_coerce,
    update,
)

from bot.store.schema import metadata
from bot.store.types import EnumText, Json, UtcDateTime


class OccurrenceState(StrEnum):
    """How far an occurrence has come. `queued` and everything after it is no longer the planner's."""

    PLANNED = "planned"
    QUEUED = "queued"
    DONE = "done"
    SKIPPED = "skipped"
    ASKED = "asked"
    FAILED = "failed"


class CatchUp(StrEnum):
    """What happens to an occurrence whose time passed while the bot was away."""

    LATEST = "latest"
    SKIP = "skip"
    ASK = "ask"


class BreakPolicy(StrEnum):
    """What happens to an occurrence that falls into a break."""

    SKIP = "skip"
    HOLD = "hold"
    IGNORE = "ignore"


BY_HAND = "now, by a moderator"
"""The reason of an occurrence that a moderator sends at once: breaks and pauses do not hold it up."""
BY_MODERATOR = "skipped by a moderator"
PAUSED = "paused"
BREAK = "break: "
FOREVER = date.max

schedule = Table(
    "schedule",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("anchor", Date, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("paused_until", Date),
    Column("version", Integer, nullable=False),
    Column("catch_up", EnumText(CatchUp), nullable=False),
    Column("grace_minutes", Integer, nullable=False),
    Column("break_policy", EnumText(BreakPolicy), nullable=False),
    Column("details", Json, nullable=False),
    Column("cursor", UtcDateTime, nullable=False),
    Column("plan_at", UtcDateTime, index=True),
    Column("created_at", UtcDateTime, nullable=False),
)
"""`cursor`: every instant up to here has its row. `plan_at`: when the next row must be made; null when nothing
more will come. `paused_until` is the first day on which it is active again."""

occurrence = Table(
    "occurrence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("schedule_id", ForeignKey("schedule.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("owed_at", UtcDateTime, nullable=False),
    Column("fire_at", UtcDateTime, nullable=False),
    Column("wall", Text, nullable=False),
    Column("note", Text),
    Column("state", EnumText(OccurrenceState), nullable=False),
    Column("reason", Text),
    Column("version", Integer, nullable=False),
    Column("queued_at", UtcDateTime),
    Index("uq_occurrence_schedule_id_key", "schedule_id", "key", unique=True),
    Index("ix_occurrence_state_fire_at", "state", "fire_at", "schedule_id"),
    Index("ix_occurrence_community_id_fire_at", "community_id", "fire_at"),
    # Moderators name occurrences by number (`o57`): SQLite would give a deleted one's number to the next.
    sqlite_autoincrement=True,
)
"""`due_at`: when the rule says. `owed_at`: the same, or the return from a break; lateness counts from here.
`fire_at`: when it is really to be queued. `wall`: the local time as the rule means it, "2026-10-05 09:00"."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rule in local wall time and zone, whose feature is `kind` with its own settings in `details`."""

    id: int
    community_id: int
    kind: str
    title: str
    rule: str
    zone: str
    anchor: date
    enabled: bool
    paused_until: date | None
    version: int
    catch_up: CatchUp
    grace_minutes: int
    break_policy: BreakPolicy
    details: Mapping[str, Any]
    cursor: datetime
    plan_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One dated instance of a schedule; see the table for the three times."""

    id: int
    community_id: int
    schedule_id: int
    key: str
    due_at: datetime
    owed_at: datetime
    fire_at: datetime
    wall: str
    note: str | None
    state: OccurrenceState
    reason: str | None
    version: int
    queued_at: datetime | None


def schedules(conn: Connection, community_id: int) -> list[Schedule]:
    """Every schedule of a community, oldest first."""
    return _schedules(
        conn, select(schedule).where(schedule.c.community_id == community_id).order_by(schedule.c.id)
    )


def find_schedule(conn: Connection, community_id: int, schedule_id: int) -> Schedule | None:
    """One schedule of a community."""
    query = select(schedule).where(schedule.c.community_id == community_id, schedule.c.id == schedule_id)
    return next(iter(_schedules(conn, query)), None)


def find_occurrence(conn: Connection, community_id: int, occurrence_id: int) -> Occurrence | None:
    """One occurrence of a community."""
    query = select(occurrence).where(named(community_id, occurrence_id))
    return next(iter(_occurrences(conn, query)), None)


def by_key(conn: Connection, community_id: int, schedule_id: int, key: str) -> Occurrence | None:
    """One dated instance of a schedule by its key, which outlives its number when it is planned again."""
    c = occurrence.c
    ours = and_(c.community_id == community_id, c.schedule_id == schedule_id, c.key == key)
    return next(iter(_occurrences(conn, select(occurrence).where(ours))), None)


def upcoming(conn: Connection, community_id: int, now: datetime, until: datetime) -> list[Occurrence]:
    """What is next, soonest first: planned, waiting for a moderator's word, or to be skipped."""
    o = occurrence.c
    open_ = or_(
        o.state.in_((OccurrenceState.PLANNED, OccurrenceState.ASKED)),
        and_(o.state == OccurrenceState.SKIPPED, o.fire_at > now),
    )
    query = select(occurrence).where(o.community_id == community_id, o.fire_at <= until, open_)
    return _occurrences(conn, query.order_by(o.fire_at, o.schedule_id))


def lock_schedule(conn: Connection, community_id: int, schedule_id: int) -> Schedule:
    """Hold the schedule, so that no tick of another process takes one of its occurrences meanwhile."""
    s = schedule.c
    query = select(schedule).where(s.community_id == community_id, s.id == schedule_id).with_for_update()
    found = _schedules(conn, query)
    if not found:
        raise LookupError(f"community {community_id} has no schedule {schedule_id}")
    return found[0]


def mark(conn: Connection, occurrence_id: int, state: OccurrenceState, reason: str | None = None) -> None:
    """Record what became of an occurrence; without a reason the one that is there stays."""
    values: dict[str, Any] = {"state": state} if reason is None else {"state": state, "reason": reason}
    conn.execute(update(occurrence).where(occurrence.c.id == occurrence_id).values(values))


def named(community_id: int, occurrence_id: int, *states: OccurrenceState) -> ColumnElement[bool]:
    """This occurrence of this community, in one of these states if any are given."""
    o = occurrence.c
    ours = and_(o.community_id == community_id, o.id == occurrence_id)
    return and_(ours, o.state.in_(states)) if states else ours


def in_state(state: OccurrenceState) -> ColumnElement[bool]:
    """The state, asked of a few rows that are found by something else.

    As an expression, because SQLite would otherwise like the index by state as much as the right one, and read
    everything that is planned in order to find these few.
    """
    return type_coerce(occurrence.c.state, Text).concat("") == state.value


def _schedules(conn: Connection, query: Select[Any]) -> list[Schedule]:
    return [Schedule(*row) for row in conn.execute(query)]


def _occurrences(conn: Connection, query: Select[Any]) -> list[Occurrence]:
    return [Occurrence(*row) for row in conn.execute(query)]
