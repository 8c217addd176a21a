"""What Tilth remembers about rhythms: schedules, their dated occurrences, and one function for each question.

A schedule is a rule in local time. Its occurrences are rows, made about two days ahead so that moderators see
what is next; `unique (schedule, key)` is what makes each of them happen once. Nothing here reads a rule: that
is `recurrence.py`; nothing here decides: that is `planner.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypedDict, Unpack

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
    case,
    delete,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)

from bot.store.dialect import insert
from bot.store.schema import metadata
from bot.store.types import Json, Moment, Word


class State(StrEnum):
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
    Column("catch_up", Word(CatchUp), nullable=False),
    Column("grace_minutes", Integer, nullable=False),
    Column("break_policy", Word(BreakPolicy), nullable=False),
    Column("details", Json, nullable=False),
    Column("cursor", Moment, nullable=False),
    Column("plan_at", Moment, index=True),
    Column("created_at", Moment, nullable=False),
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
    Column("due_at", Moment, nullable=False),
    Column("owed_at", Moment, nullable=False),
    Column("fire_at", Moment, nullable=False),
    Column("wall", Text, nullable=False),
    Column("note", Text),
    Column("state", Word(State), nullable=False),
    Column("reason", Text),
    Column("version", Integer, nullable=False),
    Column("queued_at", Moment),
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
    state: State
    reason: str | None
    version: int
    queued_at: datetime | None


class Changes(TypedDict, total=False):
    """What can be changed about a schedule."""

    title: str
    rule: str
    zone: str
    anchor: date
    catch_up: CatchUp
    grace_minutes: int
    break_policy: BreakPolicy
    details: Mapping[str, Any]


# ── what moderators do ────────────────────────────────────────────────────────


def add_schedule(
    conn: Connection,
    community_id: int,
    *,
    kind: str,
    title: str,
    rule: str,
    zone: str,
    anchor: date,
    now: datetime,
    catch_up: CatchUp = CatchUp.LATEST,
    grace: timedelta = timedelta(hours=48),
    break_policy: BreakPolicy = BreakPolicy.SKIP,
    details: Mapping[str, Any] | None = None,
) -> int:
    """Remember a schedule and return its id; the next tick makes its first occurrences, all after `now`."""
    row = {
        "community_id": community_id, "kind": kind, "title": title, "rule": rule, "zone": zone, "anchor": anchor,
        "enabled": True, "version": 1, "catch_up": catch_up, "grace_minutes": grace // timedelta(minutes=1),
        "break_policy": break_policy, "details": dict(details or {}), "cursor": now, "plan_at": now,
        "created_at": now,
    }  # fmt: skip
    return int(conn.execute(schedule.insert().values(row).returning(schedule.c.id)).scalar_one())


def change_schedule(
    conn: Connection, community_id: int, schedule_id: int, now: datetime, **changes: Unpack[Changes]
) -> list[Occurrence]:
    """Change a schedule: what is still planned is planned again, what is already queued stays and is returned.

    The moderator is told about the returned ones ("already going out"). An occurrence whose time has come but
    which no tick has taken yet goes out with the new text. Raises `LookupError` when there is no such schedule.
    """
    row = lock_schedule(conn, community_id, schedule_id)
    new = row.version + 1
    conn.execute(update(schedule).where(schedule.c.id == schedule_id).values(**changes, version=new))
    _plan_again(conn, [row], now)
    ours = and_(occurrence.c.schedule_id == schedule_id, _is(State.PLANNED))
    conn.execute(update(occurrence).where(ours).values(version=new))
    return _going_out(conn, schedule_id)


def pause(
    conn: Connection, community_id: int, schedule_id: int, now: datetime, until: date | None = None
) -> list[Occurrence]:
    """Let it rest until a local date, the first on which it posts again, or until `resume`; as `change_schedule`."""
    row = lock_schedule(conn, community_id, schedule_id)
    values = {"paused_until": until or FOREVER}
    conn.execute(update(schedule).where(schedule.c.id == schedule_id).values(values))
    _plan_again(conn, [row], now)
    return _going_out(conn, schedule_id)


def resume(conn: Connection, community_id: int, schedule_id: int, now: datetime) -> None:
    """End a pause, or enable what was disabled; what it missed meanwhile stays missed."""
    row = lock_schedule(conn, community_id, schedule_id)
    values = {"paused_until": None, "enabled": True}
    conn.execute(update(schedule).where(schedule.c.id == schedule_id).values(values))
    _plan_again(conn, [row], now)


def disable(conn: Connection, community_id: int, schedule_id: int, now: datetime) -> list[Occurrence]:
    """Switch it off, keeping what it has done; as `change_schedule`."""
    row = lock_schedule(conn, community_id, schedule_id)
    _plan_again(conn, [row], now)
    values = {"enabled": False, "plan_at": None, "version": row.version + 1}
    conn.execute(update(schedule).where(schedule.c.id == schedule_id).values(values))
    return _going_out(conn, schedule_id)


def remove_schedule(conn: Connection, community_id: int, schedule_id: int) -> None:
    """Take away a schedule that never ran, and whatever was planned of it."""
    ours = and_(schedule.c.id == schedule_id, schedule.c.community_id == community_id)
    conn.execute(delete(schedule).where(ours))


def plan_again(conn: Connection, community_id: int, now: datetime) -> None:
    """Let the next tick plan everything of a community anew, because its calendar changed."""
    query = select(schedule).where(schedule.c.community_id == community_id).order_by(schedule.c.id)
    _plan_again(conn, _schedules(conn, query.with_for_update()), now)


def repair(conn: Connection, rows: Sequence[Schedule], now: datetime) -> None:
    """Plan claimed schedules anew that have an occurrence of an older version."""
    _plan_again(conn, rows, now)


def skip_occurrence(
    conn: Connection, community_id: int, occurrence_id: int, reason: str = BY_MODERATOR
) -> bool:
    """Leave one out; False when it is already going out, or was not planned."""
    ours = _named(community_id, occurrence_id, State.PLANNED, State.ASKED)
    return (
        conn.execute(update(occurrence).where(ours).values(state=State.SKIPPED, reason=reason)).rowcount == 1
    )


def unskip(conn: Connection, community_id: int, occurrence_id: int, now: datetime) -> bool:
    """Take back a skip; False when its time has passed."""
    ours = and_(_named(community_id, occurrence_id, State.SKIPPED), occurrence.c.due_at > now)
    values = {
        "state": State.PLANNED,
        "reason": None,
        "fire_at": occurrence.c.due_at,
        "owed_at": occurrence.c.due_at,
    }
    return conn.execute(update(occurrence).where(ours).values(values)).rowcount == 1


def post_now(conn: Connection, community_id: int, occurrence_id: int, now: datetime) -> bool:
    """Let the next tick queue it whatever the calendar says; False when it is already going out or done."""
    ours = _named(community_id, occurrence_id, State.PLANNED, State.ASKED, State.SKIPPED)
    values = {"state": State.PLANNED, "reason": BY_HAND, "fire_at": now, "owed_at": now}
    return conn.execute(update(occurrence).where(ours).values(values)).rowcount == 1


def mark(conn: Connection, occurrence_id: int, state: State, reason: str | None = None) -> None:
    """Record what became of an occurrence; without a reason the one that is there stays."""
    values: dict[str, Any] = {"state": state} if reason is None else {"state": state, "reason": reason}
    conn.execute(update(occurrence).where(occurrence.c.id == occurrence_id).values(values))


# ── what moderators see ───────────────────────────────────────────────────────


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
    query = select(occurrence).where(_named(community_id, occurrence_id))
    return next(iter(_occurrences(conn, query)), None)


def upcoming(conn: Connection, community_id: int, now: datetime, until: datetime) -> list[Occurrence]:
    """What is next, soonest first: planned, waiting for a moderator's word, or to be skipped."""
    o = occurrence.c
    open_ = or_(o.state.in_((State.PLANNED, State.ASKED)), and_(o.state == State.SKIPPED, o.fire_at > now))
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


# ── what the tick does, over all communities ──────────────────────────────────


def schedules_to_plan(conn: Connection, now: datetime, limit: int) -> list[Schedule]:
    """Claim schedules whose next row must be made; what another process has claimed is left to it."""
    query = select(schedule).where(schedule.c.plan_at <= now).order_by(schedule.c.plan_at).limit(limit)
    return _schedules(conn, query.with_for_update(skip_locked=True))


def due(conn: Connection, now: datetime, limit: int) -> list[tuple[Occurrence, Schedule]]:
    """Claim what is to be queued now, and its schedule with it, so that no edit falls in between.

    What waits for its schedule to be planned is left out: only then is it known whether it is the newest.
    """
    o, s = occurrence.c, schedule.c
    planned = or_(s.plan_at.is_(None), s.plan_at > now)
    query = (
        select(occurrence, schedule)
        .join_from(occurrence, schedule, o.schedule_id == s.id)
        .where(o.state == State.PLANNED, o.fire_at <= now, planned)
        .order_by(o.fire_at, o.schedule_id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=[occurrence, schedule])
    )
    return _pairs(conn, query)


def planned_after(
    conn: Connection, now: datetime, last: tuple[datetime, int, int], limit: int
) -> list[tuple[Occurrence, Schedule]]:
    """Claim what is planned and not yet due, to compute it again; `last` is the `place_of` the one before.

    By the index of what is planned, not by id: what is long done must cost nothing.
    """
    o, s = occurrence.c, schedule.c
    query = (
        select(occurrence, schedule)
        .join_from(occurrence, schedule, o.schedule_id == s.id)
        .where(o.state == State.PLANNED, tuple_(o.fire_at, o.schedule_id, o.id) > last, o.due_at > now)
        .order_by(o.fire_at, o.schedule_id, o.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=[occurrence, schedule])
    )
    return _pairs(conn, query)


def place_of(o: Occurrence) -> tuple[datetime, int, int]:
    """Where it stands in the order of `planned_after`."""
    return o.fire_at, o.schedule_id, o.id


def newest_owed(conn: Connection, schedule_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """When the newest occurrence whose time has come was due, for each of these schedules."""
    o = occurrence.c
    query = select(o.schedule_id, func.max(o.due_at)).where(o.schedule_id.in_(schedule_ids), o.owed_at <= now)
    if not schedule_ids:
        return {}
    return dict(conn.execute(query.group_by(o.schedule_id)).all())


_KEEP = insert(occurrence).on_conflict_do_nothing(index_elements=["schedule_id", "key"])


def keep_occurrences(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert occurrences; one whose (schedule, key) exists changes nothing."""
    if rows:
        conn.execute(_KEEP, rows)


_PLANNED = (
    update(schedule)
    .where(schedule.c.id == bindparam("this"))
    .values(cursor=bindparam("to"), plan_at=bindparam("again"))
)


def set_planned(conn: Connection, rows: Iterable[tuple[int, datetime, datetime | None]]) -> None:
    """Move cursor and plan_at: (schedule id, cursor, plan_at)."""
    values = [{"this": number, "to": cursor, "again": plan_at} for number, cursor, plan_at in rows]
    if values:
        conn.execute(_PLANNED, values)


def settle_occurrences(
    conn: Connection,
    occurrence_ids: Collection[int],
    state: State,
    reason: str | None,
    times: Mapping[str, datetime],
) -> None:
    """Record what was decided about planned occurrences; what a feature has marked meanwhile stays."""
    ours = and_(occurrence.c.id.in_(occurrence_ids), _is(State.PLANNED))
    conn.execute(update(occurrence).where(ours).values(state=state, reason=reason, **times))


_MOVED = (
    update(occurrence)
    .where(occurrence.c.id == bindparam("this"), occurrence.c.state == State.PLANNED)
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("due_at", "note", "fire_at", "owed_at", "state", "reason")
        }
    )
)


def move_occurrences(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Give planned occurrences the instants that were computed again: `this` is the id, `new_…` the values."""
    if rows:
        conn.execute(_MOVED, rows)


def next_due(conn: Connection) -> datetime | None:
    """When the planner next has something to do; None when never."""
    o = occurrence.c
    plan: datetime | None = conn.execute(select(func.min(schedule.c.plan_at))).scalar()
    first = select(o.fire_at).where(o.state == State.PLANNED).order_by(o.fire_at).limit(1)
    fire: datetime | None = conn.execute(first).scalar()
    return min((at for at in (plan, fire) if at is not None), default=None)


# ── inside ────────────────────────────────────────────────────────────────────


def _schedules(conn: Connection, query: Select[Any]) -> list[Schedule]:
    return [Schedule(*row) for row in conn.execute(query)]


def _occurrences(conn: Connection, query: Select[Any]) -> list[Occurrence]:
    return [Occurrence(*row) for row in conn.execute(query)]


def _pairs(conn: Connection, query: Select[Any]) -> list[tuple[Occurrence, Schedule]]:
    split = len(occurrence.c)
    return [(Occurrence(*row[:split]), Schedule(*row[split:])) for row in conn.execute(query)]


def _named(community_id: int, occurrence_id: int, *states: State) -> ColumnElement[bool]:
    o = occurrence.c
    ours = and_(o.community_id == community_id, o.id == occurrence_id)
    return and_(ours, o.state.in_(states)) if states else ours


def _is(state: State) -> ColumnElement[bool]:
    """The state, asked of a few rows that are found by something else.

    As an expression, because SQLite would otherwise like the index by state as much as the right one, and read
    everything that is planned in order to find these few.
    """
    return type_coerce(occurrence.c.state, Text).concat("") == state.value


def _going_out(conn: Connection, schedule_id: int) -> list[Occurrence]:
    o = occurrence.c
    query = select(occurrence).where(o.schedule_id == schedule_id, _is(State.QUEUED))
    return _occurrences(conn, query.order_by(o.due_at))


def _plan_again(conn: Connection, rows: Sequence[Schedule], now: datetime) -> None:
    """Forget what was planned and begin again just before the earliest of it, so that nothing is lost.

    An occurrence that is already overdue would be lost if planning began at `now`: an edit in the second
    between the due time and the tick must end in the old text once or the new text once, never in neither.
    """
    o = occurrence.c
    for row in rows:
        by_rule = and_(_is(State.PLANNED), or_(o.reason.is_(None), o.reason != BY_HAND))
        by_date = and_(
            _is(State.SKIPPED), o.due_at > now, or_(o.reason == PAUSED, o.reason.startswith(BREAK))
        )
        again = and_(o.schedule_id == row.id, or_(by_rule, by_date))
        gone = conn.execute(delete(occurrence).where(again).returning(o.due_at)).scalars()
        starts = [now, *(at - timedelta(microseconds=1) for at in gone)]
        if row.enabled and row.plan_at is not None and row.plan_at <= now:
            starts.append(row.cursor)  # the bot was away: what it missed has no rows yet
        cursor = min(starts)
        plan_at = case((schedule.c.enabled, literal(now, Moment)), else_=null())
        conn.execute(update(schedule).where(schedule.c.id == row.id).values(cursor=cursor, plan_at=plan_at))
