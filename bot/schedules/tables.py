"""The tables of schedules, of the places they post in, and of their dated occurrences.

A schedule is a rule in local time. Its occurrences are rows, made about two days ahead so that moderators see
what is next; `unique (schedule, key)` is what makes each of them happen once. Nothing here reads a rule: that
is `recurrence.py`; nothing here decides: that is `planner.py`. What moderators change is in `edits.py`, what
the planner's tick asks over all communities in `planner_queries.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
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

from bot.chat.models import Place, Role
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


class ScheduleState(StrEnum):
    """How far a schedule has come; `state_on` says when a pause has ended by itself."""

    DRAFT = "draft"
    """Shown to a moderator and never confirmed."""
    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    """None of its places takes a post, so it rests until a moderator resumes it."""
    CANCELLED = "cancelled"


class Approver(StrEnum):
    """Whose approval a post needs before it goes out."""

    MODERATOR = "moderator"
    ADMIN = "admin"

    @property
    def role(self) -> Role:
        """The role that may approve; higher roles may, too."""
        return Role[self.name]

    @property
    def one(self) -> str:
        """Somebody with that role, in a sentence."""
        return f"{'an' if self.value[0] in 'aeiou' else 'a'} {self.value}"


class Unapproved(StrEnum):
    """What becomes of a post that nobody approved in time."""

    WAIT = "wait"
    SKIP = "skip"
    POST = "post"


RUNNING = (ScheduleState.ACTIVE, ScheduleState.PAUSED, ScheduleState.SUSPENDED)
"""The states of a schedule that was confirmed and not cancelled."""
NOTICE = timedelta(hours=24)
"""How long before a post moderators see it, where it needs approval and the schedule does not say."""

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
    Column("name", Text),
    Column("state", EnumText(ScheduleState), nullable=False),
    Column("title", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("anchor", Date, nullable=False),
    Column("paused_until", Date),
    Column("version", Integer, nullable=False),
    Column("catch_up", EnumText(CatchUp), nullable=False),
    Column("grace_minutes", Integer, nullable=False),
    Column("break_policy", EnumText(BreakPolicy), nullable=False),
    Column("direct", Boolean, nullable=False),
    Column("open_minutes", Integer),
    Column("headsup_minutes", Integer),
    Column("approver", EnumText(Approver)),
    Column("unapproved", EnumText(Unapproved), nullable=False),
    Column("instead_of", Integer),
    Column("instead_key", Text),
    Column("details", Json, nullable=False),
    Column("cursor", UtcDateTime, nullable=False),
    Column("plan_at", UtcDateTime, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Index("uq_schedule_community_id_name", "community_id", "name", unique=True),
)
"""`name` is what people call it (`s3`, `d4`); a draft has none. `cursor`: every instant up to here has its row.
`plan_at`: when the next row must be made; null when nothing more will come. `paused_until` is the first local day on
which it posts: the end of a pause, or a first date further ahead. `direct`: readers get it each at their own hour.
`open_minutes`: null means until the next one. `instead_of` and `instead_key` name the one date of another schedule
that this one stands for. `details` belong to the feature of its kind, and nobody else reads them."""

schedule_place = Table(
    "schedule_place",
    metadata,
    Column("schedule_id", ForeignKey("schedule.id", ondelete="CASCADE"), primary_key=True),
    Column("space", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("pings", Text, nullable=False),
    Column("suspended", Text, nullable=False),
)
"""Where a schedule posts, in order. `pings` is the role or group an admin lets it call there; `suspended` is the
platform's word for why nothing is posted there, or empty."""

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
class SchedulePlace:
    """A place of a schedule; the columns of `schedule_place` are explained there."""

    space: str
    channel: str
    pings: str = ""
    suspended: str = ""

    @property
    def place(self) -> Place:
        """The channel."""
        return Place(self.space, self.channel)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rule in local wall time and zone, with what every kind of scheduled post has; see the table."""

    id: int
    community_id: int
    kind: str
    name: str | None
    state: ScheduleState
    title: str
    rule: str
    zone: str
    anchor: date
    paused_until: date | None
    version: int
    catch_up: CatchUp
    grace_minutes: int
    break_policy: BreakPolicy
    direct: bool
    open_minutes: int | None
    headsup_minutes: int | None
    approver: Approver | None
    unapproved: Unapproved
    instead_of: int | None
    instead_key: str | None
    details: Mapping[str, Any]
    cursor: datetime
    plan_at: datetime | None
    created_at: datetime
    places: tuple[SchedulePlace, ...] = ()
    """Empty where only its time matters: the planner reads them of what is due."""

    @property
    def running(self) -> bool:
        """Whether it was confirmed and not cancelled."""
        return self.state in RUNNING

    @property
    def open_for(self) -> timedelta | None:
        """How long a post stays open; None: until the next one."""
        return None if self.open_minutes is None else timedelta(minutes=self.open_minutes)

    @property
    def headsup(self) -> timedelta | None:
        """How long before a post moderators see it; None: not at all."""
        if self.headsup_minutes is None:
            return NOTICE if self.approver is not None else None
        return timedelta(minutes=self.headsup_minutes)

    @property
    def open_places(self) -> tuple[SchedulePlace, ...]:
        """The places that are not suspended."""
        return tuple(one for one in self.places if not one.suspended)

    def state_on(self, day: date) -> ScheduleState:
        """Its state on a local day: a pause with an end is over by itself."""
        over = self.paused_until is None or self.paused_until <= day
        return ScheduleState.ACTIVE if self.state is ScheduleState.PAUSED and over else self.state


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


def by_name(conn: Connection, community_id: int, name: str) -> Schedule | None:
    """The schedule that people call by this name, such as `s3`."""
    query = select(schedule).where(schedule.c.community_id == community_id, schedule.c.name == name)
    return next(iter(_schedules(conn, query)), None)


def drafts_before(conn: Connection, before: datetime) -> list[Schedule]:
    """Drafts of every community that were made until then and never confirmed."""
    old = and_(schedule.c.state == ScheduleState.DRAFT, schedule.c.created_at <= before)
    return _schedules(conn, select(schedule).where(old))


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


def places_of(conn: Connection, schedule_ids: Collection[int]) -> dict[int, tuple[SchedulePlace, ...]]:
    """The places of schedules, in their order."""
    c = schedule_place.c
    found: dict[int, tuple[SchedulePlace, ...]] = {}
    if schedule_ids:
        query = select(c.schedule_id, c.space, c.channel, c.pings, c.suspended)
        ours = query.where(c.schedule_id.in_(schedule_ids)).order_by(c.schedule_id, c.position)
        for row in conn.execute(ours):
            found[row.schedule_id] = (*found.get(row.schedule_id, ()), SchedulePlace(*row[1:]))
    return found


def _schedules(conn: Connection, query: Select[Any]) -> list[Schedule]:
    rows = conn.execute(query).all()
    places = places_of(conn, [row.id for row in rows])
    return [replace(Schedule(*row), places=places.get(row.id, ())) for row in rows]


def _occurrences(conn: Connection, query: Select[Any]) -> list[Occurrence]:
    return [Occurrence(*row) for row in conn.execute(query)]
