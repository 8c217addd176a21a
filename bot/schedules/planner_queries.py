"""What the planner's tick asks and writes, over all communities: what it claims, makes, settles and moves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select, tuple_, update

from bot.schedules.model import FURTHEST, RUNNING, Occurrence, OccurrenceState, Schedule
from bot.schedules.tables import in_state, occurrence, places_of, schedule
from bot.store.dialect import insert
from bot.store.next_due import earliest, soonest


def schedules_to_plan(conn: Connection, now: datetime, limit: int) -> list[Schedule]:
    """Claim schedules whose next row must be made; what another process has claimed is left to it."""
    query = select(schedule).where(schedule.c.plan_at <= now).order_by(schedule.c.plan_at).limit(limit)
    return [Schedule(*row) for row in conn.execute(query.with_for_update(skip_locked=True))]


_PLANNED_SCHEDULE = or_(schedule.c.plan_at.is_(None), schedule.c.plan_at > bindparam("now"))
_DUE = (
    select(occurrence, schedule)
    .join_from(occurrence, schedule, occurrence.c.schedule_id == schedule.c.id)
    .where(
        occurrence.c.state == OccurrenceState.PLANNED,
        occurrence.c.fire_at <= bindparam("now"),
        _PLANNED_SCHEDULE,
    )
    .order_by(occurrence.c.fire_at, occurrence.c.schedule_id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=[occurrence, schedule])
)


def due(conn: Connection, now: datetime, limit: int) -> list[tuple[Occurrence, Schedule]]:
    """Claim what is to be queued now, and its schedule with it, so that no edit falls in between.

    What waits for its schedule to be planned is left out: only then is it known whether it is the newest.
    """
    pairs = _pairs(conn, _DUE, {"now": now, "most": limit})
    places = places_of(conn, {s.id for _, s in pairs})
    return [(one, replace(row, places=places.get(row.id, ()))) for one, row in pairs]


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
    state: OccurrenceState,
    reason: str | None,
    times: Mapping[str, datetime],
) -> None:
    """Record what was decided about planned occurrences; what a feature has marked meanwhile stays."""
    ours = and_(occurrence.c.id.in_(occurrence_ids), in_state(OccurrenceState.PLANNED))
    conn.execute(update(occurrence).where(ours).values(state=state, reason=reason, **times))


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
