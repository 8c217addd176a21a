"""Pacing and circuit breakers, kept in rows so that every process and restart agrees.

A bucket is one instant: when the next call may be made. With a rate of r and a burst of b it lies up to (b-1)/r
in the past, and each call moves it by 1/r (https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm). Being an
instant, it can be compared in SQL, survives a restart, and tells a paused clock where to go on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    select,
    update,
)

from bot.chat.rate_limits import Pace
from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert, upsert
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

__all__ = ["Circuit", "Pace"]

pace = Table(
    "pace",
    metadata,
    Column("space", Text, primary_key=True),
    Column("lane", Text, primary_key=True),
    Column("ready_at", UtcDateTime, nullable=False),
)
"""When the next call may be made: in a lane; in a space (lane `""`); for reading in it (lane `"?"`); on the
whole platform (the platform's name as space). The platform's row is also the lock under which senders claim."""

circuit = Table(
    "circuit",
    metadata,
    Column("space", Text, primary_key=True),
    Column("lane", Text, primary_key=True),
    Column("open_until", UtcDateTime, nullable=False),
    Column("code", Text, nullable=False),
    Column("failures", Integer, nullable=False),
)
"""Where calls are pointless: a space that refuses our credentials (lane `""`), or a lane that refuses us.

A row that is over means "try one": it goes when a call succeeds, and is renewed when that fails too.
"""

WHOLE = ""
READING = "?"
LEFT = "left"
"""The code of a circuit that only `reopen` closes again: the bot is not in the space any more."""


def free_calls(ready_at: datetime | None, now: datetime, rate: float, burst: int) -> int:
    """How many calls may be made at this instant."""
    if ready_at is None:
        return burst
    if ready_at > now:
        return 0
    return min(burst, 1 + int((now - ready_at) / timedelta(seconds=1 / rate)))


_THERE, _LINE = bindparam("there", type_=Text()), bindparam("line", type_=Text())
_READY = select(pace.c.ready_at).where(pace.c.space == _THERE, pace.c.lane == _LINE)


def next_call_at(conn: Connection, space: str, lane: str) -> datetime | None:
    """When the next call may be made; None when there has been none."""
    return conn.execute(_READY, {"there": space, "line": lane}).scalar()


@dataclass(frozen=True, slots=True)
class Bucket:
    """When the next call may be made somewhere; None: there has been none."""

    space: str
    lane: str
    ready_at: datetime | None

    def after_calls(self, now: datetime, rate: float, burst: int, calls: int = 1) -> Bucket:
        """The same bucket when so many calls are about to be made."""
        step = timedelta(seconds=1 / rate)
        full = now - (burst - 1) * step
        return replace(self, ready_at=max(self.ready_at or full, full) + calls * step)


_SPEND = CompiledStatement(
    upsert(pace, by=["space", "lane"], change=["ready_at"]), "space", "lane", "ready_at"
)


def keep_buckets(conn: Connection, buckets: Iterable[Bucket]) -> None:
    """Take note of calls that are about to be made."""
    spent = [{"space": one.space, "lane": one.lane, "ready_at": one.ready_at} for one in buckets]
    _SPEND.run_all(conn, spent)


def spend_calls(
    conn: Connection, space: str, lane: str, now: datetime, rate: float, burst: int, calls: int = 1
) -> None:
    """Take note of calls from one bucket that are about to be made."""
    if calls:
        before = Bucket(space, lane, next_call_at(conn, space, lane))
        keep_buckets(conn, [before.after_calls(now, rate, burst, calls)])


_LOCK = _READY.with_for_update(skip_locked=True)
_TAKEN = CompiledStatement(_LOCK, "there", "line")
_LOCK_ROW = insert(pace).on_conflict_do_nothing(index_elements=["space", "lane"])


def lock_platform(conn: Connection, platform: str, now: datetime) -> bool:
    """Be the only one to claim for this platform until the transaction ends; false when somebody else is."""
    return _lock_bucket(conn, platform, WHOLE, now)


def _lock_bucket(conn: Connection, space: str, lane: str, now: datetime) -> bool:
    """Be the only one to spend from a bucket until the transaction ends; false when somebody else is."""
    mine = {"there": space, "line": lane}
    if _TAKEN.row(conn, mine) is not None:
        return True
    if conn.execute(_READY, mine).first() is not None:
        return False
    conn.execute(_LOCK_ROW, {"space": space, "lane": lane, "ready_at": now - timedelta(days=1)})
    return _TAKEN.row(conn, mine) is not None


# ── reading: one bucket in each space, for recovery and re-reading together ───


def spare_reads(own: Pace) -> int:
    """Calls that re-reading leaves in the bucket: a post in doubt is looked for before any thread is re-read."""
    return own.read_burst // 2


def free_reads(conn: Connection, space: str, own: Pace, now: datetime, spare: int = 0) -> int:
    """How many calls may be made now to read in a space, leaving `spare`; none where it refuses our credentials.

    Until the transaction ends nobody else is told of them: several processes read with one bucket.
    """
    until = open_until(conn, space)
    if (until is not None and until > now) or not _lock_bucket(conn, space, READING, now):
        return 0
    some = free_calls(next_call_at(conn, space, READING), now, own.read_rate, own.read_burst) - spare
    return max(some if until is None else min(some, 1), 0)


def next_read_at(conn: Connection, space: str, own: Pace, spare: int = 0) -> datetime | None:
    """When a call to read in a space is free again while `spare` stay; None: there has been none."""
    ready_at, until = next_call_at(conn, space, READING), open_until(conn, space)
    if ready_at is not None:
        ready_at += spare * timedelta(seconds=1 / own.read_rate)
    return max((at for at in (ready_at, until) if at is not None), default=None)


def spend_reads(conn: Connection, space: str, own: Pace, now: datetime, calls: int = 1) -> None:
    """Take note of calls that read in a space: about to be made, or more than was foreseen."""
    spend_calls(conn, space, READING, now, own.read_rate, own.read_burst, calls)


def hold_reads(conn: Connection, space: str, until: datetime) -> None:
    """Read nothing in a space until an instant: the platform said so."""
    before = next_call_at(conn, space, READING)
    _SPEND.run(conn, {"space": space, "lane": READING, "ready_at": max(before or until, until)})


# ── circuits ──────────────────────────────────────────────────────────────────


def open_until(conn: Connection, space: str, lane: str = WHOLE) -> datetime | None:
    """Until when nothing may be tried there; an instant that is over allows one try; None: all is well."""
    return conn.execute(_OPEN, {"there": space, "line": lane}).scalar()


_OPEN = select(circuit.c.open_until).where(circuit.c.space == _THERE, circuit.c.lane == _LINE)


_TRIP = insert(circuit)
_TRIP = _TRIP.on_conflict_do_update(
    index_elements=["space", "lane"],
    set_={
        "open_until": _TRIP.excluded.open_until,
        "code": _TRIP.excluded.code,
        "failures": circuit.c.failures + 1,
    },
)


def open_circuit(conn: Connection, space: str, lane: str, until: datetime, code: str) -> None:
    """Try nothing there until an instant."""
    conn.execute(_TRIP, {"space": space, "lane": lane, "open_until": until, "code": code, "failures": 1})


def start_probe(conn: Connection, space: str, until: datetime) -> None:
    """A call is about to be made: where the space has refused our credentials, it is the only one until `until`."""
    conn.execute(
        update(circuit).where(circuit.c.space == space, circuit.c.lane == WHOLE).values(open_until=until)
    )


def close_circuit(conn: Connection, space: str, lanes: Iterable[str]) -> None:
    """Something succeeded there."""
    conn.execute(delete(circuit).where(circuit.c.space == space, circuit.c.lane.in_(list(lanes))))


def reconnect_space(conn: Connection, space: str, now: datetime) -> None:
    """The space has connected again (`SpaceConnected`): try one call at once instead of at the next probe."""
    due = and_(circuit.c.space == space, circuit.c.open_until > now)
    conn.execute(update(circuit).where(due, circuit.c.lane == WHOLE).values(open_until=now))


@dataclass(frozen=True, slots=True)
class Circuit:
    """A space or lane in which nothing is tried until `open_until`, the platform's code for why, and how often."""

    space: str
    lane: str
    open_until: datetime
    code: str
    failures: int


def leave_space(conn: Connection, space: str, now: datetime) -> None:
    """The bot was removed from a space: nothing is tried there until it is seen again."""
    open_circuit(conn, space, WHOLE, now + timedelta(days=36_500), LEFT)


def open_circuits(conn: Connection) -> tuple[Circuit, ...]:
    """Every place where calls are pointless at present, for `doctor` and the operators."""
    return tuple(Circuit(*row) for row in conn.execute(select(*circuit.c).order_by(*circuit.primary_key)))


def refusing_spaces(conn: Connection, now: datetime) -> tuple[Circuit, ...]:
    """Spaces that refuse our credentials at present; one that we were removed from is none."""
    return tuple(
        one for one in open_circuits(conn) if one.lane == WHOLE and one.open_until > now and one.code != LEFT
    )


def forget_people(conn: Connection, accounts: Iterable[tuple[str, str]]) -> None:
    """Forget how fast these (space, person) accounts were written to."""
    for space, person in accounts:
        for table in (pace, circuit):
            conn.execute(delete(table).where(table.c.space == space, table.c.lane == f"@{person}"))


def is_over(before: datetime) -> ColumnElement[bool]:
    """Circuits of a lane that have been over since this instant."""
    return and_(circuit.c.open_until < before, circuit.c.lane != WHOLE)
