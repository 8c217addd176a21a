"""What moderators do to rhythms: start, change, pause and remove schedules, skip or hurry one occurrence.

Whatever is already going out stays as it is and is returned, so that the moderator can be told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypedDict, Unpack

from sqlalchemy import Connection, and_, case, delete, literal, null, or_, select, update

from bot.schedules.tables import (
    BREAK,
    BY_HAND,
    BY_MODERATOR,
    FOREVER,
    PAUSED,
    BreakPolicy,
    CatchUp,
    Occurrence,
    OccurrenceState,
    Schedule,
    in_state,
    lock_schedule,
    named,
    occurrence,
    schedule,
)
from bot.store.types import UtcDateTime


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
    ours = and_(occurrence.c.schedule_id == schedule_id, in_state(OccurrenceState.PLANNED))
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
    _plan_again(conn, [Schedule(*row) for row in conn.execute(query.with_for_update())], now)


def repair(conn: Connection, rows: Sequence[Schedule], now: datetime) -> None:
    """Plan claimed schedules anew that have an occurrence of an older version."""
    _plan_again(conn, rows, now)


def skip_occurrence(
    conn: Connection, community_id: int, occurrence_id: int, reason: str = BY_MODERATOR
) -> bool:
    """Leave one out; False when it is already going out, or was not planned."""
    ours = named(community_id, occurrence_id, OccurrenceState.PLANNED, OccurrenceState.ASKED)
    return (
        conn.execute(
            update(occurrence).where(ours).values(state=OccurrenceState.SKIPPED, reason=reason)
        ).rowcount
        == 1
    )


def unskip(conn: Connection, community_id: int, occurrence_id: int, now: datetime) -> bool:
    """Take back a skip; False when its time has passed."""
    ours = and_(named(community_id, occurrence_id, OccurrenceState.SKIPPED), occurrence.c.due_at > now)
    values = {
        "state": OccurrenceState.PLANNED,
        "reason": None,
        "fire_at": occurrence.c.due_at,
        "owed_at": occurrence.c.due_at,
    }
    return conn.execute(update(occurrence).where(ours).values(values)).rowcount == 1


def post_now(conn: Connection, community_id: int, occurrence_id: int, now: datetime) -> bool:
    """Let the next tick queue it whatever the calendar says; False when it is already going out or done."""
    ours = named(
        community_id, occurrence_id, OccurrenceState.PLANNED, OccurrenceState.ASKED, OccurrenceState.SKIPPED
    )
    values = {"state": OccurrenceState.PLANNED, "reason": BY_HAND, "fire_at": now, "owed_at": now}
    return conn.execute(update(occurrence).where(ours).values(values)).rowcount == 1


def supersede(conn: Connection, schedule_id: int, newer: int) -> None:
    """One of a schedule goes out: older ones that still wait for a moderator's word no longer do."""
    waiting = and_(
        occurrence.c.schedule_id == schedule_id, in_state(OccurrenceState.ASKED), occurrence.c.id != newer
    )
    values = {"state": OccurrenceState.SKIPPED, "reason": "a newer one went out"}
    conn.execute(update(occurrence).where(waiting).values(values))


def _going_out(conn: Connection, schedule_id: int) -> list[Occurrence]:
    o = occurrence.c
    query = select(occurrence).where(o.schedule_id == schedule_id, in_state(OccurrenceState.QUEUED))
    return [Occurrence(*row) for row in conn.execute(query.order_by(o.due_at))]


def _plan_again(conn: Connection, rows: Sequence[Schedule], now: datetime) -> None:
    """Forget what was planned and begin again just before the earliest of it, so that nothing is lost.

    An occurrence that is already overdue would be lost if planning began at `now`: an edit in the second
    between the due time and the tick must end in the old text once or the new text once, never in neither.
    """
    o = occurrence.c
    for row in rows:
        by_rule = and_(in_state(OccurrenceState.PLANNED), or_(o.reason.is_(None), o.reason != BY_HAND))
        by_date = and_(
            in_state(OccurrenceState.SKIPPED),
            o.due_at > now,
            or_(o.reason == PAUSED, o.reason.startswith(BREAK)),
        )
        again = and_(o.schedule_id == row.id, or_(by_rule, by_date))
        gone = conn.execute(delete(occurrence).where(again).returning(o.due_at)).scalars()
        starts = [now, *(at - timedelta(microseconds=1) for at in gone)]
        if row.enabled and row.plan_at is not None and row.plan_at <= now:
            starts.append(row.cursor)  # the bot was away: what it missed has no rows yet
        cursor = min(starts)
        plan_at = case((schedule.c.enabled, literal(now, UtcDateTime)), else_=null())
        conn.execute(update(schedule).where(schedule.c.id == row.id).values(cursor=cursor, plan_at=plan_at))
