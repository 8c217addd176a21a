"""The tables of schedules, of the places they post in, and of their dated occurrences.

A schedule is a rule in local time. Its occurrences are rows, made about two days ahead so that moderators see
what is next; `unique (schedule, key)` is what makes each of them happen once. Nothing here reads a rule: that
is `recurrence.py`; nothing here decides: that is `planner.py`. What moderators change is in `edits.py`, what
the planner's tick asks over all communities in `planner_queries.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
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
    bindparam,
    delete,
    or_,
    select,
    type_coerce,
    update,
)

from bot.schedules.model import (
    Approver,
    BreakPolicy,
    CatchUp,
    Occurrence,
    OccurrenceState,
    Schedule,
    SchedulePlace,
    ScheduleState,
    Unapproved,
)
from bot.store.schema import metadata
from bot.store.types import EnumText, Json, UtcDateTime

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
    Column("community_id", ForeignKey("community.id"), nullable=False),
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


def keys_in(conn: Connection, schedule_id: int, state: OccurrenceState) -> list[str]:
    """The keys of the dates of a schedule that are in a state."""
    ours = and_(occurrence.c.schedule_id == schedule_id, in_state(state))
    return list(conn.execute(select(occurrence.c.key).where(ours)).scalars())


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


_p = schedule_place.c
_PLACES = (
    select(_p.schedule_id, _p.space, _p.channel, _p.pings, _p.suspended)
    .where(_p.schedule_id.in_(bindparam("of", expanding=True)))
    .order_by(_p.schedule_id, _p.position)
)


def places_of(conn: Connection, schedule_ids: Collection[int]) -> dict[int, tuple[SchedulePlace, ...]]:
    """The places of schedules, in their order."""
    found: dict[int, tuple[SchedulePlace, ...]] = {}
    if schedule_ids:
        for row in conn.execute(_PLACES, {"of": list(schedule_ids)}):
            found[row.schedule_id] = (*found.get(row.schedule_id, ()), SchedulePlace(*row[1:]))
    return found


def set_places(
    conn: Connection, community_id: int, schedule_id: int, places: Sequence[SchedulePlace]
) -> None:
    """Let a schedule post in exactly these places."""
    conn.execute(delete(schedule_place).where(schedule_place.c.schedule_id == schedule_id))
    rows = [
        {
            "schedule_id": schedule_id, "community_id": community_id, "position": position, "space": one.space, "channel": one.channel,
            "pings": one.pings, "suspended": one.suspended,
        }
        for position, one in enumerate(places)
    ]  # fmt: skip
    if rows:
        conn.execute(schedule_place.insert(), rows)


def _schedules(conn: Connection, query: Select[Any]) -> list[Schedule]:
    rows = conn.execute(query).all()
    places = places_of(conn, [row.id for row in rows])
    return [replace(Schedule(*row), places=places.get(row.id, ())) for row in rows]


def _occurrences(conn: Connection, query: Select[Any]) -> list[Occurrence]:
    return [Occurrence(*row) for row in conn.execute(query)]
