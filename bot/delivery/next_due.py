"""The next instant at which there is something to send or to look for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, or_, select, update

from bot.delivery import lanes, pacing
from bot.delivery.claims import CALLING, LeaseTerms
from bot.delivery.facts import OutboxState
from bot.delivery.lanes import lane
from bot.delivery.pacing import LEFT, WHOLE, Pace, circuit, pace
from bot.delivery.tables import DOUBT, IS_PENDING, is_any, outbox
from bot.delivery.turns import CHANGED, HERE, NOW, PLATFORM, UNSEEN

_c = outbox.c
_there = _c.platform == PLATFORM
_IN_DOUBT = and_(is_any(_c.state, OutboxState.UNKNOWN), DOUBT, _there)
_SWEPT = and_(_c.sweep_at.is_not(None), _there)
_SIMPLE = select(
    UNSEEN.label("unseen"),
    CHANGED.label("changed"),
    or_(exists().where(_IN_DOUBT), exists().where(_SWEPT)).label("read"),
    select(func.min(_c.not_before)).where(HERE, _c.not_before > NOW).scalar_subquery(),
    select(func.min(_c.expires_at)).where(HERE).scalar_subquery(),
    select(func.min(_c.lease_until)).where(is_any(_c.state, OutboxState.SENDING), _there).scalar_subquery(),
    select(func.min(lane.c.ready_at)).where(lane.c.platform == PLATFORM, lanes.IS_LATER).scalar_subquery(),
)
_READINGS = (
    select(_c.space, func.min(_c.not_before)).where(_IN_DOUBT).group_by(_c.space),
    select(_c.space, func.min(_c.sweep_at)).where(_SWEPT).group_by(_c.space),
)


def next_due(
    conn: Connection, now: datetime, paces: Mapping[str, Pace], terms: LeaseTerms
) -> datetime | None:
    """The earliest instant at which some row can be taken up; not after `now` when one can be already.

    Never later than the truth. After a beat that moved nothing it is always later than `now`, so a clock that
    somebody steps from one such instant to the next gets everywhere.
    """
    found: list[datetime] = []
    for platform, own in paces.items():
        unseen, changed, read, *instants = conn.execute(_SIMPLE, {"p_platform": platform, "now": now}).one()
        found += [now] if unseen or changed else [at for at in instants if at is not None]
        found += [
            _gate(conn, platform, space, terms, now, own) for space in lanes.ready_spaces(conn, platform)
        ]
        found += _readings(conn, platform, own) if read else []
    return min(found, default=None)


def _gate(
    conn: Connection, platform: str, space: str, terms: LeaseTerms, now: datetime, own: Pace
) -> datetime:
    """When a space may make its next call."""
    until = pacing.open_until(conn, space)
    buckets = (pacing.next_call_at(conn, space, WHOLE), pacing.next_call_at(conn, platform, WHOLE), until)
    call = timedelta(seconds=terms.timeout)
    calling = sorted(
        conn.execute(CALLING, {"p_platform": platform, "p_space": space, "since": now - call}).scalars()
    )
    allowed = own.together if until is None else 1
    ends = [calling[len(calling) - allowed] + call] if len(calling) >= allowed else []
    instants: list[datetime] = [now, *ends, *(at for at in buckets if at is not None)]
    return max(instants)


def _readings(conn: Connection, platform: str, own: Pace) -> Iterable[datetime]:
    """When the history may next be searched for a doubt or a sweep."""
    for question in _READINGS:
        for space, at in conn.execute(question, {"p_platform": platform}).all():
            gate = pacing.next_read_at(conn, space, own)
            yield at if gate is None else max(at, gate)


def correct_future_instants(conn: Connection, now: datetime, terms: LeaseTerms) -> None:
    """Bring back instants that lie further ahead than any we would choose: the clock was wrong, and was put right.

    Otherwise a clock that ran three days ahead for a minute would keep the bot silent for three days.
    """
    ahead = now + timedelta(seconds=2 * terms.lease)
    leased = update(outbox).where(is_any(_c.state, OutboxState.SENDING), _c.lease_until > ahead)
    conn.execute(leased.values(lease_until=now + timedelta(seconds=terms.lease), send_started_at=now))
    hour = now + timedelta(hours=1, minutes=10)
    looked = update(outbox).where(is_any(_c.state, OutboxState.UNKNOWN), _c.not_before > hour)
    conn.execute(looked.values(not_before=now))
    retried = and_(_c.attempt > 0, _c.not_before > now + timedelta(days=1))
    at_once = and_(_c.created_at > hour, _c.not_before <= _c.created_at)
    conn.execute(update(outbox).where(IS_PENDING, or_(retried, at_once)).values(not_before=now))
    conn.execute(update(outbox).where(_c.sweep_at > hour).values(sweep_at=now))
    conn.execute(update(pace).where(pace.c.ready_at > hour).values(ready_at=now))
    tripped = and_(circuit.c.open_until > hour, circuit.c.code != LEFT)
    conn.execute(update(circuit).where(tripped).values(open_until=now))
    lanes.note_all(conn)


def overdue_rows(now: datetime, grace: timedelta) -> Select[Any]:
    """I12 against the clock: rows whose turn to be taken up again was more than `grace` ago, and nobody did.

    Where a space refuses our credentials everything waits, and nothing is stuck.
    """
    waiting = select(circuit.c.space).where(circuit.c.lane == WHOLE)
    lapsed = and_(_c.state == OutboxState.SENDING, _c.lease_until < now - grace)
    unlooked = and_(_c.state == OutboxState.UNKNOWN, _c.not_before < now - grace, _c.space.not_in(waiting))
    return select(_c.id).where(or_(lapsed, unlooked))
