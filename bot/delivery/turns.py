"""Turns: what has become due, or has changed, is brought into its lane before anything is claimed.

A slice at a time, so that no claim holds the writer for long however much becomes due at one instant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    exists,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from bot.delivery import lanes
from bot.delivery.facts import EXPIRED, ORPHANED, PRIORITIES, Failed, OutboxState, Tell
from bot.delivery.lanes import IS_LOST, SPEAKS, lane, lane_change
from bot.delivery.tables import COLUMNS, EPOCH, IS_PENDING, LATE, NO, UNSIGHTED, OutboxRow, outbox, rows
from bot.delivery.terms import Claimer
from bot.store.compiled import CompiledStatement
from bot.store.types import UtcDateTime

_c = outbox.c
BATCH = 200
SLICE = 300
"""How many rows that became due, or lanes whose instant came, one claim prepares; of noted lanes twice as many."""


def at_param(name: str) -> BindParameter[datetime]:
    """An instant that is given when the statement runs."""
    return bindparam(name, type_=UtcDateTime())


# Statements are built once: building one costs several times what running it does.
NOW = at_param("now")
PLATFORM = bindparam("p_platform", type_=Text())
HERE = and_(IS_PENDING, _c.platform == PLATFORM)
DUE = and_(HERE, _c.not_before <= NOW)
_GIVEN: BindParameter[Any] = bindparam("given", expanding=True)
_SLICE = bindparam("slice", type_=Integer())

_GONE = select(*COLUMNS).with_for_update(skip_locked=True)
_EXPIRED = _GONE.where(HERE, _c.expires_at <= NOW).limit(BATCH)
_ORPHANED = _GONE.where(_c.id.in_(_GIVEN), IS_PENDING)
_child = outbox.alias("child")
_AWAITED = exists().where(_child.c.after == lane_change.c.key, _child.c.state == literal_column("'pending'"))
_noted = (
    select(lane_change.c.id, lane_change.c.key, _AWAITED.label("awaited"))
    .where(lane_change.c.platform == PLATFORM)
    .order_by(lane_change.c.id)
    .limit(_SLICE)
)
_NOTED = CompiledStatement(_noted, "p_platform", "slice")
_CHILDREN = select(_c.id, and_(HERE, IS_LOST).label("lost")).where(
    IS_PENDING, _c.after.is_not(None), _c.after.in_(_GIVEN)
)
_OVERDUE, _ELSE = at_param("overdue"), bindparam("otherwise", type_=Text())
_FORGOTTEN = and_(_c.attempt == 0, _c.look.is_(None), _c.not_before < _OVERDUE)
_LOOK = case((~SPEAKS, NO), (_FORGOTTEN, LATE), else_=_ELSE)
_SIGHT = update(outbox).values(look=_LOOK).returning(_c.platform, _c.space, _c.lane)


def _unseen(priority: int) -> ColumnElement[bool]:
    """It has become due, and no sender has seen it. The number is written out: one range of an index is read."""
    return and_(DUE, UNSIGHTED, _c.priority == literal_column(str(priority)))


def _sighting(priority: int) -> ReturningUpdate[Any]:
    some = select(_c.id).where(_unseen(priority)).order_by(_c.not_before, _c.id).limit(_SLICE)
    return _SIGHT.where(_c.id.in_(some.with_for_update(skip_locked=True)))


_SIGHTINGS = tuple(_sighting(priority) for priority in PRIORITIES)
_SIGHT_THESE = _SIGHT.where(DUE, UNSIGHTED, _c.id.in_(_GIVEN))
UNSEEN = or_(*(exists().where(_unseen(priority)) for priority in PRIORITIES))
CHANGED = exists().where(lane_change.c.platform == PLATFORM)
_KINDS: dict[str, ColumnElement[Any]] = {
    "unseen": UNSEEN,
    "changed": CHANGED,
    "expired": exists().where(HERE, _c.expires_at <= NOW),
    "later": exists().where(lane.c.platform == PLATFORM, lane.c.ready_at <= NOW, lanes.IS_LATER),
    "ready": exists().where(lane.c.platform == PLATFORM, lanes.IS_READY),
}
_WORK = CompiledStatement(select(*(one.label(name) for name, one in _KINDS.items())), "p_platform", "now")


@dataclass(frozen=True, slots=True)
class Work:
    """What there is to do on a platform: rows became due, lanes changed, rows expired, lanes wait no more or are ready."""

    unseen: bool
    changed: bool
    expired: bool
    later: bool
    ready: bool


def find_work(conn: Connection, platform: str, now: datetime) -> Work | None:
    """Which kinds of work there are on a platform; None where there is none."""
    found = _WORK.row(conn, {"p_platform": platform, "now": now}) or ()
    return Work(**{name: bool(one) for name, one in zip(_KINDS, found, strict=True)}) if any(found) else None


def prepare_turns(conn: Connection, platform: str, work: Work, request: Claimer) -> int:
    """Bring into the lanes what has become due or changed; how many rows were settled, or are not done yet."""
    here = {"p_platform": platform, "now": request.now}
    done = _drop(conn, _EXPIRED, here, EXPIRED, request.tell) if work.expired else 0
    if work.unseen:
        done += _sight(conn, here, request)
    if work.unseen or work.changed or work.expired:
        done += _look_again(conn, here, request)
    if work.later:
        done += _count_full(lanes.open_lanes(conn, platform, request.now, SLICE))
    return done


def _count_full(done: int, slice: int = SLICE) -> int:
    """What has been done counts when there may be more of it: then the claimer comes again at once."""
    return done if done >= slice else 0


def mend_lanes(conn: Connection, platform: str, stale: list[OutboxRow], request: Claimer) -> None:
    """What these lanes say is no longer so: their rows were taken back, or nobody has seen them due yet."""
    here = {"p_platform": platform, "now": request.now}
    _sight_rows(conn, _SIGHT_THESE, {**here, "given": [row.id for row in stale]}, request)
    lanes.note_lanes(conn, [(row.platform, row.space, row.lane, None) for row in stale])
    _look_again(conn, here, request)


def _drop(conn: Connection, which: Select[Any], here: Mapping[str, Any], code: str, tell: Tell) -> int:
    """Give up what nobody wants any more, and what hangs on something that was never said."""
    gone = rows(conn, which, **here)
    if gone:
        dropped = update(outbox).where(_c.id.in_([row.id for row in gone]))
        conn.execute(dropped.values(state=OutboxState.DROPPED, error=code, card=None))
        lanes.note_rows(conn, gone)
    for row in gone:
        tell(conn, Failed(row.key, row.fact_kind, row.ref, row.community_id, row.spot, code))
    return len(gone)


def _sight(conn: Connection, here: Mapping[str, Any], request: Claimer) -> int:
    """Decide for the rows that have just become due whether their channels have to be searched first.

    For all of them soon and not when their turn comes: a row that waits in a long queue is not overdue. A sender had
    it in hand in time, so nobody else can have said it. The urgent ones come first.
    """
    seen = 0
    for sighting in _SIGHTINGS:
        if seen < SLICE:
            seen += _sight_rows(conn, sighting, {**here, "slice": SLICE - seen}, request)
    return _count_full(seen)


def _sight_rows(
    conn: Connection, which: ReturningUpdate[Any], given: Mapping[str, Any], request: Claimer
) -> int:
    overdue = request.now - timedelta(seconds=request.terms.late)
    found = conn.execute(
        which, {**given, "overdue": overdue, "otherwise": EPOCH if request.wary else NO}
    ).all()
    lanes.note_lanes(conn, {(*row, None) for row in found})
    return len(found)


def _look_again(conn: Connection, here: Mapping[str, Any], request: Claimer) -> int:
    """Look again at what has changed, after dropping what hangs on something that was never said."""
    gone, known = 0, set[str]()
    while True:
        noted = _NOTED.rows(conn, {"p_platform": here["p_platform"], "slice": 2 * SLICE})
        keys = {one.key for one in noted if one.awaited} - known
        if not keys:
            break
        known |= keys
        children = conn.execute(_CHILDREN, {**here, "given": list(keys)}).all()
        lost = [child.id for child in children if child.lost]
        freed = [child.id for child in children if not child.lost]
        if lost:
            gone += _drop(conn, _ORPHANED, {"given": lost}, ORPHANED, request.tell)
        if freed:
            lanes.note_where(conn, _c.id.in_(freed), by_key=False)
    lanes.look_again(conn, [one.id for one in noted], request.now)
    return gone + _count_full(len(noted), 2 * SLICE)
