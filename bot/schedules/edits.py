"""What moderators do to schedules: start, change, pause and cancel them, skip or hurry one occurrence.

Whatever is already going out stays as it is and is returned, so that the moderator can be told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypedDict, Unpack

from sqlalchemy import Connection, and_, bindparam, case, delete, null, or_, select, update

from bot.schedules.model import (
    BREAK,
    BY_HAND,
    BY_MODERATOR,
    FOREVER,
    OUTDATED,
    PAUSED,
    RUNNING,
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
from bot.schedules.tables import in_state, lock_schedule, named, occurrence, schedule, set_places
from bot.store.compiled import CompiledStatement
from bot.store.types import UtcDateTime


class PostColumns(TypedDict, total=False):
    """What a schedule says of its posts, beside when they come."""

    direct: bool
    open_minutes: int | None
    headsup_minutes: int | None
    approver: Approver | None
    unapproved: Unapproved
    instead_of: int | None
    instead_key: str | None
    details: Mapping[str, Any]


class TimeColumns(TypedDict, total=False):
    """What a schedule is called, when it comes, and what happens when it cannot."""

    title: str
    rule: str
    zone: str
    anchor: date
    catch_up: CatchUp
    grace_minutes: int
    break_policy: BreakPolicy
    paused_until: date | None


class Changes(PostColumns, TimeColumns):
    """Everything that can be changed about a schedule, but its state and its places."""


def add_schedule(
    conn: Connection,
    community_id: int,
    *,
    kind: str,
    now: datetime,
    letter: str = "",
    places: Sequence[SchedulePlace] = (),
    **values: Unpack[Changes],
) -> int:
    """Remember a schedule that runs and return its id; the next tick makes its first occurrences, all after `now`.

    `letter` begins the name that people call it by; without one it has none.
    """
    values = {
        "catch_up": CatchUp.LATEST,
        "grace_minutes": 48 * 60,
        "break_policy": BreakPolicy.SKIP,
        **values,
    }
    row: dict[str, Any] = {"direct": False, "unapproved": Unapproved.WAIT, "details": {}, **values}
    row.update(
        community_id=community_id, kind=kind, version=1, cursor=now, created_at=now, plan_at=now,
        state=ScheduleState.ACTIVE, name=_next_name(conn, community_id, letter) if letter else None,
    )  # fmt: skip
    made = int(conn.execute(schedule.insert().values(row).returning(schedule.c.id)).scalar_one())
    set_places(conn, community_id, made, places)
    return made


def add_draft(
    conn: Connection,
    community_id: int,
    *,
    kind: str,
    now: datetime,
    places: Sequence[SchedulePlace] = (),
    **values: Unpack[Changes],
) -> int:
    """Remember a schedule that nobody confirmed yet and return its id; it has no name and no occurrences."""
    made = add_schedule(conn, community_id, kind=kind, now=now, places=places, **values)
    idle = {"state": ScheduleState.DRAFT, "plan_at": None}
    conn.execute(update(schedule).where(schedule.c.id == made).values(idle))
    return made


def confirm_draft(conn: Connection, community_id: int, schedule_id: int, letter: str, now: datetime) -> None:
    """Let a draft run from now on, under the next free name of its letter; one that runs already stays as it is."""
    row = lock_schedule(conn, community_id, schedule_id)
    if row.state is not ScheduleState.DRAFT:
        return
    values: dict[str, Any] = {"version": row.version + 1, "cursor": now, "plan_at": now}
    values |= {"state": ScheduleState.ACTIVE, "name": _next_name(conn, community_id, letter)}
    conn.execute(update(schedule).where(schedule.c.id == schedule_id).values(values))


def _next_name(conn: Connection, community_id: int, letter: str) -> str:
    """The first name of a letter that was never given; cancelled schedules keep theirs."""
    c = schedule.c
    given = conn.execute(
        select(c.name).where(c.community_id == community_id, c.name.startswith(letter))
    ).scalars()
    return f"{letter}{max((int(name[len(letter) :]) for name in given), default=0) + 1}"


def change_schedule(
    conn: Connection,
    community_id: int,
    schedule_id: int,
    now: datetime,
    places: Sequence[SchedulePlace] | None = None,
    **changes: Unpack[Changes],
) -> list[Occurrence]:
    """Change a schedule: what is still planned is planned again, what is already queued stays and is returned.

    The moderator is told about the returned ones ("already going out"). An occurrence whose time has come but
    which no tick has taken yet goes out with the new text. Raises `LookupError` when there is no such schedule.
    """
    row = lock_schedule(conn, community_id, schedule_id)
    new = row.version + 1
    if places is not None:
        set_places(conn, community_id, schedule_id, places)
    conn.execute(update(schedule).where(schedule.c.id == schedule_id).values(**changes, version=new))
    _plan_again(conn, [row], now)
    ours = and_(occurrence.c.schedule_id == schedule_id, in_state(OccurrenceState.PLANNED))
    conn.execute(update(occurrence).where(ours).values(version=new))
    return _going_out(conn, schedule_id)


def pause(
    conn: Connection, community_id: int, schedule_id: int, now: datetime, until: date | None = None
) -> list[Occurrence]:
    """Pause it until a local date, the first on which it posts again, or until `resume`; as `change_schedule`."""
    return _rest(conn, community_id, schedule_id, now, ScheduleState.PAUSED, until)


def suspend(conn: Connection, community_id: int, schedule_id: int, now: datetime) -> None:
    """Stop it until a moderator resumes it, because none of its places takes a post."""
    _rest(conn, community_id, schedule_id, now, ScheduleState.SUSPENDED, None)


def resume(conn: Connection, community_id: int, schedule_id: int, now: datetime) -> None:
    """End a pause or a suspension, or bring back what was cancelled; what it missed meanwhile stays missed."""
    row = lock_schedule(conn, community_id, schedule_id)
    _set_state(conn, row, ScheduleState.ACTIVE, now, {"paused_until": None})


def cancel_schedule(conn: Connection, community_id: int, schedule_id: int, now: datetime) -> list[Occurrence]:
    """Switch it off, keeping what it has done and how long it was paused; as `change_schedule`."""
    row = lock_schedule(conn, community_id, schedule_id)
    _set_state(conn, row, ScheduleState.CANCELLED, now, {"version": row.version + 1})
    return _going_out(conn, schedule_id)


def restore_schedule(conn: Connection, community_id: int, schedule_id: int, now: datetime) -> None:
    """Bring a cancelled schedule back as it was: active, paused or suspended."""
    row = lock_schedule(conn, community_id, schedule_id)
    state = ScheduleState.ACTIVE
    if row.places and not row.open_places:
        state = ScheduleState.SUSPENDED
    elif row.paused_until is not None:
        state = ScheduleState.PAUSED
    _set_state(conn, row, state, now, {"version": row.version + 1})


def _rest(
    conn: Connection, community_id: int, schedule_id: int, now: datetime, state: ScheduleState, until: date | None
) -> list[Occurrence]:  # fmt: skip
    row = lock_schedule(conn, community_id, schedule_id)
    _set_state(conn, row, state, now, {"paused_until": until or FOREVER})
    return _going_out(conn, schedule_id)


def _set_state(
    conn: Connection, row: Schedule, state: ScheduleState, now: datetime, more: Mapping[str, Any]
) -> None:
    values = {"state": state, **more}
    conn.execute(update(schedule).where(schedule.c.id == row.id).values(values))
    _plan_again(conn, [row], now)


def remove_schedule(conn: Connection, community_id: int, schedule_id: int) -> None:
    """Take away a schedule that never ran, and whatever was planned of it."""
    ours = and_(schedule.c.id == schedule_id, schedule.c.community_id == community_id)
    conn.execute(delete(schedule).where(ours))


def plan_again(conn: Connection, community_id: int, now: datetime) -> None:
    """Let the next tick plan everything of a community anew, because its calendar changed."""
    c = schedule.c  # no more of them than is needed: there may be hundreds
    ours = select(c.id, c.state, c.plan_at, c.cursor).where(c.community_id == community_id).order_by(c.id)
    _plan_again(conn, conn.execute(ours.with_for_update()).all(), now)


def repair(conn: Connection, rows: Sequence[Schedule], now: datetime) -> None:
    """Plan claimed schedules anew that have an occurrence of an older version."""
    _plan_again(conn, rows, now)


def skip_occurrence(
    conn: Connection, community_id: int, occurrence_id: int, reason: str = BY_MODERATOR
) -> bool:
    """Leave one out; False when it is already going out, or was not planned."""
    ours = named(community_id, occurrence_id, OccurrenceState.PLANNED, OccurrenceState.ASKED)
    values = {"state": OccurrenceState.SKIPPED, "reason": reason}
    return conn.execute(update(occurrence).where(ours).values(values)).rowcount == 1


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


_SUPERSEDED = update(occurrence).where(
    occurrence.c.schedule_id == bindparam("of_schedule"), in_state(OccurrenceState.ASKED), occurrence.c.id != bindparam("newer")
).values(state=OccurrenceState.SKIPPED, reason=OUTDATED)  # fmt: skip


def supersede(conn: Connection, schedule_id: int, newer: int) -> None:
    """One of a schedule goes out: older ones that still wait for a moderator's word no longer do."""
    conn.execute(_SUPERSEDED, {"of_schedule": schedule_id, "newer": newer})


def _going_out(conn: Connection, schedule_id: int) -> list[Occurrence]:
    o = occurrence.c
    query = select(occurrence).where(o.schedule_id == schedule_id, in_state(OccurrenceState.QUEUED))
    return [Occurrence(*row) for row in conn.execute(query.order_by(o.due_at))]


def _plan_again(conn: Connection, rows: Sequence[Any], now: datetime) -> None:
    """Forget what was planned and begin again just before the earliest of it, so that nothing is lost: an edit in the second
    between the due time and the tick must end in the old text once or the new text once, never in neither.
    """
    if not rows:
        return
    o = occurrence.c
    by_rule = and_(in_state(OccurrenceState.PLANNED), or_(o.reason.is_(None), o.reason != BY_HAND))
    by_date = and_(
        in_state(OccurrenceState.SKIPPED), o.due_at > now, or_(o.reason == PAUSED, o.reason.startswith(BREAK))
    )
    again = and_(o.schedule_id.in_([row.id for row in rows]), or_(by_rule, by_date))
    earliest = {row.id: now for row in rows}
    for schedule_id, at in conn.execute(delete(occurrence).where(again).returning(o.schedule_id, o.due_at)):
        earliest[schedule_id] = min(earliest[schedule_id], at - timedelta(microseconds=1))
    for row in rows:
        if row.state in RUNNING and row.plan_at is not None and row.plan_at <= now:
            earliest[row.id] = min(earliest[row.id], row.cursor)  # what was missed has no rows yet
    _BEGUN_AGAIN.run_all(conn, [{"this": one, "to": at, "again": now} for one, at in earliest.items()])


_RUNS = or_(*(schedule.c.state == one for one in RUNNING))
_NOW, _TO = bindparam("again", type_=UtcDateTime()), bindparam("to", type_=UtcDateTime())
_BEGIN_AGAIN = update(schedule).where(schedule.c.id == bindparam("this"))
_BEGIN_AGAIN = _BEGIN_AGAIN.values(cursor=_TO, plan_at=case((_RUNS, _NOW), else_=null()))
_BEGUN_AGAIN = CompiledStatement(_BEGIN_AGAIN, "this", "to", "again")
