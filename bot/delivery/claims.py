"""Claims: which rows may be sent now, each handed to one sender under a lease."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Text,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.delivery import lanes, pacing, turns
from bot.delivery.facts import LOCKING, SPEAKING, OutboxState, Verb
from bot.delivery.lanes import IS_FREE, MODERATORS, SPEAKS, lane
from bot.delivery.outbox import find_by_key
from bot.delivery.pacing import WHOLE, Bucket, circuit, pace
from bot.delivery.tables import COLUMNS, EPOCH, IS_PENDING, LATE, SIGHTED, OutboxRow, is_any, is_tried, outbox
from bot.delivery.terms import Claimer, LeaseTerms
from bot.delivery.turns import BATCH, DUE, NOW, PLATFORM, at_param
from bot.store.compiled import CompiledStatement

__all__ = ["Claimed", "Claimer", "LeaseTerms", "claim_rows"]

_c = outbox.c


@dataclass(frozen=True, slots=True)
class Claimed:
    """`rows` are this sender's to say; `others` were settled or sent to recovery without a call."""

    rows: tuple[OutboxRow, ...] = ()
    others: int = 0


# Statements are built once: building one costs several times what running it does.
SPACE, _ROOM = bindparam("p_space", type_=Text()), bindparam("room", type_=Integer())
_other = outbox.alias("other")
_same = and_(_other.c.space == _c.space, _other.c.lane == _c.lane)
_in_doubt = exists().where(_same, is_any(_other.c.state, OutboxState.SENDING, OutboxState.UNKNOWN))
_put_off = exists().where(
    _same, is_any(_other.c.state, OutboxState.PENDING), is_tried(_other), _other.c.not_before > NOW
)
_bucket = select(pace.c.ready_at).where(pace.c.space == _c.space, pace.c.lane == _c.lane).scalar_subquery()
_held = exists().where(circuit.c.space == _c.space, circuit.c.lane == _c.lane, circuit.c.open_until > NOW)
# Its lane's bucket has a call left, and the lane does not refuse us (moderators may try all the same).
_full = func.coalesce(_bucket > NOW, _c.id < 0)
_lane_open = and_(or_(~SPEAKS, ~_full), or_(~SPEAKS, _c.priority <= MODERATORS, ~_held))
_fits = and_(DUE, SIGHTED, IS_FREE, ~_in_doubt, ~_put_off, _lane_open)
_heads = (
    select(*COLUMNS, _bucket.label("bucket"), _fits.label("fits"))
    .select_from(lane.join(outbox, _c.id == lane.c.head))
    .where(lane.c.platform == PLATFORM, lane.c.space == SPACE, lanes.IS_READY)
    .order_by(lane.c.priority, lane.c.due_at, lane.c.head)
    .limit(_ROOM)
    .with_for_update(of=outbox, skip_locked=True)
)
_HEADS = CompiledStatement(_heads, "p_platform", "p_space", "now", "room")
CALLING = select(_c.send_started_at).where(
    is_any(_c.state, OutboxState.SENDING), _c.platform == PLATFORM, _c.space == SPACE,
    _c.send_started_at > at_param("since"),
)  # fmt: skip
_gates = select(
    select(circuit.c.open_until).where(circuit.c.space == SPACE, circuit.c.lane == WHOLE).scalar_subquery().label("until"),
    select(pace.c.ready_at).where(pace.c.space == SPACE, pace.c.lane == WHOLE).scalar_subquery().label("in_space"),
    select(pace.c.ready_at).where(pace.c.space == PLATFORM, pace.c.lane == WHOLE).scalar_subquery().label("overall"),
    select(func.count()).select_from(CALLING.subquery()).scalar_subquery().label("calling"),
)  # fmt: skip
_GATES = CompiledStatement(_gates, "p_platform", "p_space", "since")


@dataclass(frozen=True, slots=True)
class Gates:
    """What bounds the calls of one space: its credentials, its bucket and the platform's, calls under way."""

    space: str
    until: datetime | None
    in_space: datetime | None
    overall: datetime | None
    calling: int


@dataclass(frozen=True, slots=True)
class Head:
    """A row that is next in its lane, and when its lane's bucket has its next call."""

    row: OutboxRow
    bucket: datetime | None


def claim_rows(conn: Connection, platform: str, request: Claimer) -> Claimed:
    """Take up to `room` rows of a platform whose turn it is, each the first of its lane.

    What a claim costs depends on what it takes and on what has changed, not on how much waits.
    """
    work = turns.find_work(conn, platform, request.now)
    if work is None or not pacing.lock_platform(conn, platform, request.now):
        return Claimed()
    others = turns.prepare_turns(conn, platform, work, request)
    taken: list[OutboxRow] = []
    for space in lanes.ready_spaces(conn, platform):
        gates = _find_gates(conn, platform, space, request)
        room = min(request.room - len(taken), _room(gates, request))
        found, vain = _find_heads(conn, platform, space, room, request) if room > 0 else ([], 0)
        mine = [head for head in found if head.row.look not in (LATE, EPOCH)]
        for head in found:
            if head not in mine:
                _doubt(conn, head.row, request.now)
        if mine:
            _spend(conn, platform, gates, mine, request)
        taken += [_start(conn, head.row, request) for head in mine]
        lanes.close_lanes(conn, [(space, head.row.lane) for head in found])
        others += len(found) - len(mine) + vain
    return Claimed(tuple(taken), others)


def _find_heads(
    conn: Connection, platform: str, space: str, room: int, request: Claimer
) -> tuple[list[Head], int]:
    """The next rows of a space, and how many lanes were looked at in vain when there may be more of them."""
    here = {"p_platform": platform, "now": request.now, "p_space": space, "room": room}
    vain = 0
    while True:
        found = [(Head(OutboxRow(*row), bucket), fits) for *row, bucket, fits in _HEADS.rows(conn, here)]
        stale = [head.row for head, fits in found if not fits]
        if not stale or vain >= BATCH:
            return [head for head, fits in found if fits], vain if stale else 0
        vain += len(stale)
        turns.mend_lanes(conn, platform, stale, request)


def _find_gates(conn: Connection, platform: str, space: str, request: Claimer) -> Gates:
    # A call never lasts longer than its timeout, so the rows of a sender that died do not count for long.
    since = request.now - timedelta(seconds=request.terms.timeout)
    given = {"p_platform": platform, "p_space": space, "since": since}
    return Gates(space, *(_GATES.row(conn, given) or ()))


def _room(gates: Gates, request: Claimer) -> int:
    """How many calls may be begun in a space at this instant."""
    now, own, until = request.now, request.pace, gates.until
    if until is not None and until > now:
        return 0
    in_space = pacing.free_calls(gates.in_space, now, own.space_rate, own.space_burst)
    overall = pacing.free_calls(gates.overall, now, own.overall_rate, own.overall_burst)
    calling = gates.calling
    return min((own.together if until is None else 1) - calling, in_space, overall)


def _doubt(conn: Connection, row: OutboxRow, now: datetime) -> None:
    """Somebody may have said it already, in a past this database does not know: recovery looks."""
    _change(conn, row, {"state": OutboxState.UNKNOWN, "not_before": now, "unclear_at": now})


_CHANGE = update(outbox).where(_c.id == bindparam("row"), IS_PENDING)
_BEGUN = (
    "state", "attempt", "strikes", "lease_owner", "lease_until", "send_started_at", "first_sent_at", "called_after",
)  # fmt: skip
_BEGIN = CompiledStatement(_CHANGE, "row", *_BEGUN)


def _change(conn: Connection, row: OutboxRow, values: Mapping[str, Any]) -> None:
    conn.execute(_CHANGE, {"row": row.id, **values})


def _start(conn: Connection, row: OutboxRow, request: Claimer) -> OutboxRow:
    """Pending becomes sending: from here on somebody else may only look."""
    if resolved := _resolved(conn, row):
        _change(conn, row, resolved)
    values: dict[str, Any] = {
        "state": OutboxState.SENDING,
        "attempt": row.attempt + 1,
        "strikes": row.strikes + 1,
        "lease_owner": request.owner,
        "lease_until": request.now + timedelta(seconds=request.terms.lease),
        "send_started_at": request.now,
        "first_sent_at": row.first_sent_at or request.now,
        "called_after": row.called_after or request.there,
    }
    _BEGIN.run(conn, {"row": row.id, **values})
    return replace(row, **values, **resolved)


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


def _spend(conn: Connection, platform: str, gates: Gates, mine: list[Head], request: Claimer) -> None:
    now, own, calls = request.now, request.pace, len(mine)
    buckets = [
        Bucket(gates.space, head.row.lane, head.bucket).after_calls(now, own.lane_rate, own.lane_burst)
        for head in mine
        if head.row.verb in SPEAKING
    ]
    whole = Bucket(gates.space, WHOLE, gates.in_space)
    buckets.append(whole.after_calls(now, own.space_rate, own.space_burst, calls))
    overall = Bucket(platform, WHOLE, gates.overall)
    buckets.append(overall.after_calls(now, own.overall_rate, own.overall_burst, calls))
    pacing.keep_buckets(conn, buckets)
    if gates.until is not None:
        pacing.start_probe(conn, gates.space, now + timedelta(seconds=request.terms.lease))
