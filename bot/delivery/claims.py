"""Claims: which rows may be sent now, each handed to one sender under a lease."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)  # fmt: skip

from bot.delivery import pacing
from bot.delivery.facts import EXPIRED, LOCKING, ORPHANED, SPEAKING, Failed, OutboxState, Tell, Verb
from bot.delivery.outbox import find_by_key
from bot.delivery.pacing import WHOLE, Pace, circuit, pace
from bot.delivery.tables import COLUMNS, DOUBT, EPOCH, LATE, NO, UNSIGHTED, OutboxRow, is_any, outbox, rows
from bot.store.types import UtcDateTime

_c = outbox.c
PENDING = is_any(_c.state, OutboxState.PENDING)
SPEAKS = _c.verb.in_(tuple(SPEAKING))

BATCH = 200
MODERATORS = 1


@dataclass(frozen=True, slots=True)
class LeaseTerms:
    """The numbers of the protocol, in seconds where nothing else is said.

    A call takes at most `timeout`; a lease holds for `lease`. What `strikes` calls could not settle is given up,
    and so is what was put off for `patience`. What is `late` when first seen is searched for. A search begins `margin`
    before the first call, for the clocks of a platform's own machines, and `lookback` before a row of unknown past.
    A doubt older than `alert` is told: searches come a minute apart, so this is within five minutes.
    """

    timeout: float = 15.0
    lease: float = 60.0
    strikes: int = 8
    late: float = 120.0
    margin: float = 120.0
    lookback: float = 86_400.0
    patience: float = 86_400.0
    alert: float = 240.0
    sweep_after: float = 600.0


@dataclass(frozen=True, slots=True)
class Claimed:
    """`rows` are this sender's to say; `others` were settled or sent to recovery without a call."""

    rows: tuple[OutboxRow, ...] = ()
    others: int = 0


@dataclass(frozen=True, slots=True)
class Claimer:
    """A sender's question: who asks, when, for how many rows, on which terms. `wary` while the past is unknown.

    `there` is what time it is for the platform, where it has said so.
    """

    owner: str
    now: datetime
    room: int
    pace: Pace
    terms: LeaseTerms
    wary: bool
    tell: Tell
    there: datetime | None


def at_param(name: str) -> BindParameter[datetime]:
    """An instant that is given when the statement runs."""
    return bindparam(name, type_=UtcDateTime())


# Statements are built once: building one costs several times what running it does.
NOW = at_param("now")
PLATFORM, SPACE = bindparam("p_platform", type_=Text()), bindparam("p_space", type_=Text())
_ROOM = bindparam("room", type_=Integer())
HERE = and_(PENDING, _c.platform == PLATFORM)
DUE = and_(HERE, _c.not_before <= NOW)

_other, _parent = outbox.alias("other"), outbox.alias("parent")
_same = and_(_other.c.space == _c.space, _other.c.lane == _c.lane)
_in_doubt = exists().where(_same, is_any(_other.c.state, OutboxState.SENDING, OutboxState.UNKNOWN))
# What has been tried is finished before anything else of its lane begins: order, and Retry-After, hold.
_put_off = exists().where(
    _same, is_any(_other.c.state, OutboxState.PENDING), _other.c.attempt > 0, _other.c.not_before > NOW
)
_said = exists().where(_parent.c.key == _c.after, is_any(_parent.c.state, OutboxState.SENT))
_lost = exists().where(
    _parent.c.key == _c.after, is_any(_parent.c.state, OutboxState.FAILED, OutboxState.DROPPED)
)
ORPHANS = and_(HERE, _c.after.is_not(None), _lost)

_order = (case((_c.attempt > 0, 0), else_=1), _c.priority, _c.id)
_turn = func.row_number().over(partition_by=(_c.space, _c.lane), order_by=_order).label("turn")
_lines = select(_c.id, _turn).where(DUE, or_(_c.after.is_(None), _said), ~_in_doubt, ~_put_off)
_ahead, _ahead_here = _lines.subquery(), _lines.where(_c.space == SPACE).subquery()
FIRST_OF_LANES = select(_ahead.c.id).where(_ahead.c.turn == 1)
"""Ids of the rows that are first in their lanes: due, nothing of the lane in doubt, what they come after said."""

_full = exists().where(pace.c.space == _c.space, pace.c.lane == _c.lane, pace.c.ready_at > NOW)
_held = exists().where(circuit.c.space == _c.space, circuit.c.lane == _c.lane, circuit.c.open_until > NOW)
# Its lane's bucket has a call left, and the lane does not refuse us (moderators may try all the same).
_lane_open = and_(or_(~SPEAKS, ~_full), or_(~SPEAKS, _c.priority <= MODERATORS, ~_held))
_HEADS = (
    select(*COLUMNS)
    .where(_c.id.in_(select(_ahead_here.c.id).where(_ahead_here.c.turn == 1)), PENDING, _lane_open)
    .order_by(_c.priority, _c.due_at, _c.id)
    .limit(_ROOM)
    .with_for_update(skip_locked=True)
)
_ANYTHING = select(_c.id).where(or_(DUE, and_(HERE, _c.expires_at <= NOW))).limit(1)
_SPACES = select(_c.space).where(DUE).distinct()
_GONE = select(*COLUMNS).limit(BATCH).with_for_update(skip_locked=True)
_EXPIRED, _ORPHANED = _GONE.where(HERE, _c.expires_at <= NOW), _GONE.where(ORPHANS)
CALLING = select(_c.send_started_at).where(
    is_any(_c.state, OutboxState.SENDING), DOUBT, _c.space == SPACE, _c.send_started_at > at_param("since")
)
_OVERDUE, _ELSE = at_param("overdue"), bindparam("otherwise", type_=Text())
_FORGOTTEN = and_(_c.attempt == 0, _c.look.is_(None), _c.not_before < _OVERDUE)
_LOOK = case((~SPEAKS, NO), (_FORGOTTEN, LATE), else_=_ELSE)
_SIGHT = update(outbox).where(DUE, UNSIGHTED).values(look=_LOOK)


def claim_rows(conn: Connection, platform: str, request: Claimer) -> Claimed:
    """Take up to `room` rows of a platform whose turn it is, each the first of its lane."""
    here = {"p_platform": platform, "now": request.now}
    if conn.execute(_ANYTHING, here).first() is None or not pacing.lock_platform(conn, platform, request.now):
        return Claimed()
    others = _drop(conn, _EXPIRED, here, EXPIRED, request.tell) + _drop(
        conn, _ORPHANED, here, ORPHANED, request.tell
    )
    _sight(conn, here, request)
    taken: list[OutboxRow] = []
    for space in sorted(conn.execute(_SPACES, here).scalars()):
        room = min(request.room - len(taken), _room(conn, platform, space, request))
        found = rows(conn, _HEADS, **here, p_space=space, room=room) if room > 0 else []
        doubtful = [row for row in found if row.look in (LATE, EPOCH)]
        mine = [_start(conn, row, request) for row in found if row not in doubtful]
        for row in doubtful:
            _doubt(conn, row, request.now)
        if mine:
            _spend(conn, platform, space, mine, request)
            pacing.start_probe(conn, space, request.now + timedelta(seconds=request.terms.lease))
        taken += mine
        others += len(doubtful)
    return Claimed(tuple(taken), others)


def _drop(conn: Connection, which: Select[Any], here: Mapping[str, Any], code: str, tell: Tell) -> int:
    """Give up what nobody wants any more, and what hangs on something that was never said."""
    gone = rows(conn, which, **here)
    if gone:
        dropped = update(outbox).where(_c.id.in_([row.id for row in gone]))
        conn.execute(dropped.values(state=OutboxState.DROPPED, error=code, card=None))
    for row in gone:
        tell(conn, Failed(row.key, row.fact_kind, row.ref, row.community_id, row.spot, code))
    return len(gone)


def _sight(conn: Connection, here: Mapping[str, Any], request: Claimer) -> None:
    """Decide for every row that has just become due whether its channel has to be searched first.

    For all of them at once and not when their turn comes: a row that waits in a long queue is not overdue. A
    sender had it in hand in time, so nobody else can have said it.
    """
    overdue = request.now - timedelta(seconds=request.terms.late)
    conn.execute(_SIGHT, {**here, "overdue": overdue, "otherwise": EPOCH if request.wary else NO})


def _room(conn: Connection, platform: str, space: str, request: Claimer) -> int:
    """How many calls may be begun in a space at this instant."""
    now, own = request.now, request.pace
    until = pacing.open_until(conn, space)
    if until is not None and until > now:
        return 0
    # A call never lasts longer than its timeout, so the rows of a sender that died do not count for long.
    since = now - timedelta(seconds=request.terms.timeout)
    calling = len(conn.execute(CALLING, {"p_space": space, "since": since}).all())
    in_space = pacing.free_calls(
        pacing.next_call_at(conn, space, WHOLE), now, own.space_rate, own.space_burst
    )
    overall = pacing.free_calls(
        pacing.next_call_at(conn, platform, WHOLE), now, own.overall_rate, own.overall_burst
    )
    return min((own.together if until is None else 1) - calling, in_space, overall)


def _doubt(conn: Connection, row: OutboxRow, now: datetime) -> None:
    """Somebody may have said it already, in a past this database does not know: recovery looks."""
    _change(conn, row, {"state": OutboxState.UNKNOWN, "not_before": now, "unclear_at": now})


_CHANGE = update(outbox).where(_c.id == bindparam("row"), PENDING)


def _change(conn: Connection, row: OutboxRow, values: Mapping[str, Any]) -> None:
    conn.execute(_CHANGE, {"row": row.id, **values})


def _start(conn: Connection, row: OutboxRow, request: Claimer) -> OutboxRow:
    """Pending becomes sending: from here on somebody else may only look."""
    values: dict[str, Any] = {
        "state": OutboxState.SENDING,
        "attempt": row.attempt + 1,
        "strikes": row.strikes + 1,
        "lease_owner": request.owner,
        "lease_until": request.now + timedelta(seconds=request.terms.lease),
        "send_started_at": request.now,
        "first_sent_at": row.first_sent_at or request.now,
        "called_after": row.called_after or request.there,
    } | _resolved(conn, row)
    _change(conn, row, values)
    return replace(row, **values)


def _resolved(conn: Connection, row: OutboxRow) -> dict[str, Any]:
    """What could not be known before the row it comes after was sent."""
    parent = find_by_key(conn, row.after) if row.after is not None else None
    if parent is None:
        return {}
    found: dict[str, Any] = {}
    if row.channel is None and row.verb is not Verb.DIRECT:
        found |= {"channel": parent.channel, "private": parent.private}
    if row.verb not in SPEAKING:
        said = parent.external_id if parent.verb in SPEAKING else parent.message
        opened = parent.external_id if parent.verb is Verb.THREAD and row.verb in LOCKING else parent.thread
        found |= {"message": row.message or said, "thread": row.thread or opened}
    elif parent.verb is Verb.THREAD and row.thread is None:
        found["thread"] = parent.external_id
    return found


def _spend(conn: Connection, platform: str, space: str, mine: Iterable[OutboxRow], request: Claimer) -> None:
    calls, own = list(mine), request.pace
    for row in calls:
        if row.verb in SPEAKING:
            pacing.spend_calls(conn, space, row.lane, request.now, own.lane_rate, own.lane_burst)
    pacing.spend_calls(conn, space, WHOLE, request.now, own.space_rate, own.space_burst, len(calls))
    pacing.spend_calls(conn, platform, WHOLE, request.now, own.overall_rate, own.overall_burst, len(calls))
