"""What the planner's tick asks and writes, over all communities: what it claims, makes, settles and moves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Select, and_, bindparam, func, or_, select, tuple_, update

from bot.schedules.breaks import BreakVerdict
from bot.schedules.model import FURTHEST, RUNNING, Occurrence, OccurrenceState, Schedule
from bot.schedules.tables import in_state, occurrence, places_of, schedule
from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert
from bot.store.next_due import earliest, soonest
from bot.store.types import UtcDateTime

# Each slice of a tick says these again: they are compiled once.
_NOW, _LIMIT = bindparam("now", type_=UtcDateTime()), bindparam("slice", type_=Integer())
_TO_PLAN = CompiledStatement(
    select(schedule)
    .where(schedule.c.plan_at <= _NOW)
    .order_by(schedule.c.plan_at)
    .limit(_LIMIT)
    .with_for_update(skip_locked=True),
    "now",
    "slice",
)


def schedules_to_plan(conn: Connection, now: datetime, limit: int) -> list[Schedule]:
    """Claim schedules whose next row must be made; what another process has claimed is left to it."""
    return [Schedule(*row) for row in _TO_PLAN.rows(conn, {"now": now, "slice": limit})]


_PAIRS = (
    select(*occurrence.c, *(one.label(f"schedule_{one.name}") for one in schedule.c if one.name != "id"))
    .join_from(occurrence, schedule, occurrence.c.schedule_id == schedule.c.id)
    .where(
        occurrence.c.state == OccurrenceState.PLANNED,
        occurrence.c.fire_at <= _NOW,
        or_(schedule.c.plan_at.is_(None), schedule.c.plan_at > _NOW),
    )
    .order_by(occurrence.c.fire_at, occurrence.c.schedule_id)
    .limit(_LIMIT)
)
_DUE = CompiledStatement(_PAIRS.with_for_update(skip_locked=True, of=[occurrence, schedule]), "now", "slice")


def due(conn: Connection, now: datetime, limit: int) -> list[tuple[Occurrence, Schedule]]:
    """Claim what is to be queued now, and its schedule with it, so that no edit falls in between.

    What waits for its schedule to be planned is left out: only then is it known whether it is the newest.
    """
    rows, split = _DUE.rows(conn, {"now": now, "slice": limit}), len(occurrence.c)
    places = places_of(conn, {row.schedule_id for row in rows})
    found = []
    for row in rows:
        whose: list[Any] = [row.schedule_id, *row[split:], places.get(row.schedule_id, ())]
        found.append((Occurrence(*row[:split]), Schedule(*whose)))
    return found


_ahead = and_(
    occurrence.c.due_at > bindparam("now"),
    occurrence.c.due_at <= bindparam("until"),
    occurrence.c.fire_at == occurrence.c.due_at,
)
_DIRECT = (
    select(occurrence, schedule)
    .join_from(occurrence, schedule, occurrence.c.schedule_id == schedule.c.id)
    .where(
        occurrence.c.state == OccurrenceState.PLANNED,
        _ahead,
        schedule.c.direct,
        schedule.c.state.in_(RUNNING),
    )
    .order_by(occurrence.c.fire_at, occurrence.c.schedule_id)
)


def direct_posts(conn: Connection, now: datetime) -> list[tuple[Occurrence, Schedule]]:
    """Direct posts that are planned at their schedule's own hour and may be due earlier elsewhere, with their places."""
    pairs = _pairs(conn, _DIRECT, {"now": now, "until": now + FURTHEST})
    places = places_of(conn, {row.id for _, row in pairs})
    return [(one, replace(row, places=places.get(row.id, ()))) for one, row in pairs]


def bring_forward(conn: Connection, occurrence_id: int, at: datetime) -> bool:
    """Let a planned occurrence go out earlier; its own hour stays. False when it is planned no more."""
    ours = and_(occurrence.c.id == occurrence_id, in_state(OccurrenceState.PLANNED))
    return conn.execute(update(occurrence).where(ours).values(fire_at=at)).rowcount == 1


PlannedPlace = tuple[datetime, int, int]
"""Where an occurrence stands in the order of `planned_after`."""


def planned_after(
    conn: Connection, now: datetime, last: PlannedPlace, limit: int
) -> list[tuple[Occurrence, Schedule]]:
    """Claim what is planned and not yet due, to compute it again; `last` is the `place_of` the one before.

    By the index of what is planned, not by id: what is long done must cost nothing.
    """
    o, s = occurrence.c, schedule.c
    query = (
        select(occurrence, schedule)
        .join_from(occurrence, schedule, o.schedule_id == s.id)
        .where(
            o.state == OccurrenceState.PLANNED, tuple_(o.fire_at, o.schedule_id, o.id) > last, o.due_at > now
        )
        .order_by(o.fire_at, o.schedule_id, o.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=[occurrence, schedule])
    )
    return _pairs(conn, query)


def place_of(o: Occurrence) -> PlannedPlace:
    """Where it stands in the order of `planned_after`."""
    return o.fire_at, o.schedule_id, o.id


def newest_owed(conn: Connection, schedule_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """When the newest occurrence whose time has come was due, for each of these schedules."""
    o = occurrence.c
    if not schedule_ids:
        return {}
    query = select(o.schedule_id, func.max(o.due_at)).where(o.schedule_id.in_(schedule_ids), o.owed_at <= now)
    return dict(conn.execute(query.group_by(o.schedule_id)).all())


_LAID_OUT = (
    "community_id", "schedule_id", "key", "due_at", "owed_at", "fire_at", "wall", "note", "state", "reason", "version",
)  # fmt: skip
_KEEP = CompiledStatement(
    insert(occurrence).on_conflict_do_nothing(index_elements=["schedule_id", "key"]), *_LAID_OUT
)


def keep_occurrences(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert occurrences, as `lay_out` gives them; one whose (schedule, key) exists changes nothing."""
    _KEEP.run_all(conn, rows)


_PLANNED = CompiledStatement(
    update(schedule)
    .where(schedule.c.id == bindparam("this"))
    .values(cursor=bindparam("to"), plan_at=bindparam("again")),
    "this",
    "to",
    "again",
)


def set_planned(conn: Connection, rows: Iterable[tuple[int, datetime, datetime | None]]) -> None:
    """Move cursor and plan_at: (schedule id, cursor, plan_at)."""
    values = [{"this": number, "to": cursor, "again": plan_at} for number, cursor, plan_at in rows]
    _PLANNED.run_all(conn, values)


_SETTLE = (
    update(occurrence)
    .where(occurrence.c.id == bindparam("this"), in_state(OccurrenceState.PLANNED))
    .values(state=bindparam("verdict"), reason=bindparam("why"))
)
_QUEUED = CompiledStatement(_SETTLE.values(queued_at=bindparam("queued")), "this", "verdict", "why", "queued")
_PUT_OFF = CompiledStatement(
    _SETTLE.values(fire_at=bindparam("fire"), owed_at=bindparam("owed")),
    "this",
    "verdict",
    "why",
    "fire",
    "owed",
)
_SETTLED = CompiledStatement(_SETTLE, "this", "verdict", "why")


def settle_occurrences(
    conn: Connection, decided: Iterable[tuple[Occurrence, BreakVerdict]], now: datetime
) -> None:
    """Record what was decided about planned occurrences; what a feature has marked meanwhile stays."""
    alike: dict[CompiledStatement, list[Mapping[str, Any]]] = {}
    for o, verdict in decided:
        row: dict[str, Any] = {"this": o.id, "verdict": verdict.state, "why": verdict.reason}
        how = _SETTLED
        if verdict.state is OccurrenceState.QUEUED:
            how, row = _QUEUED, row | {"queued": now}
        elif verdict.fire_at is not None:
            how, row = _PUT_OFF, row | {"fire": verdict.fire_at, "owed": verdict.owed_at or o.owed_at}
        alike.setdefault(how, []).append(row)
    for how, rows in alike.items():
        how.run_all(conn, rows)


_MOVED = (
    update(occurrence)
    .where(occurrence.c.id == bindparam("this"), occurrence.c.state == OccurrenceState.PLANNED)
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


next_due = soonest(
    earliest(schedule.c.plan_at),
    earliest(occurrence.c.fire_at, occurrence.c.state == OccurrenceState.PLANNED),
)
"""When the planner next has something to do; None when never."""


def _pairs(
    conn: Connection, query: Select[Any], values: Mapping[str, Any] | None = None
) -> list[tuple[Occurrence, Schedule]]:
    split = len(occurrence.c)
    return [(Occurrence(*row[:split]), Schedule(*row[split:])) for row in conn.execute(query, values)]
