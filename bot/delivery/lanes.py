"""Lanes: which row of each is next and since when it may be said, so that nobody searches through all that waits.

A lane has a row here while something in it could be said or will be soon. It is written only by whoever claims, who
holds the platform's lock. Everybody else notes in `lane_change`, in the transaction of the change itself, that a lane
has to be looked at again: notes are only added, so no two of them ever wait for each other. What takes a row away
without freeing its lane needs no note: a claimer sees that the row it was led to does not wait any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    null,
    or_,
    select,
    tuple_,
    update,
)

from bot.delivery.facts import SPEAKING, OutboxState
from bot.delivery.pacing import circuit, pace
from bot.delivery.tables import DOUBT, IS_PENDING, IS_TRIED, SIGHTED, OutboxRow, is_any, outbox
from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert, upsert
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

lane = Table(
    "lane",
    metadata,
    Column("space", Text, primary_key=True),
    Column("lane", Text, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("head", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("ready_at", UtcDateTime),
)
"""`head` is the id of the lane's next row in the outbox, with that row's `priority` and `due_at`, by which lanes take
turns. `ready_at` is when it may be said (what was put off, the lane's bucket, a channel that refuses); null: now."""

lane_change = Table(
    "lane_change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("space", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("key", Text),
    Index("ix_lane_change_platform", "platform", "id"),
)
"""Lanes to look at again. What comes after the row with this `key` is looked at, too."""

_c, _l, _n = outbox.c, lane.c, lane_change.c
IS_READY, IS_LATER = _l.ready_at.is_(None), _l.ready_at.is_not(None)
_TURNS = (_l.platform, _l.space, _l.priority, _l.due_at, _l.head)
Index("ix_lane_ready", *_TURNS, sqlite_where=IS_READY, postgresql_where=IS_READY)
Index("ix_lane_later", _l.platform, _l.ready_at, sqlite_where=IS_LATER, postgresql_where=IS_LATER)

SPEAKS = is_any(_c.verb, *sorted(SPEAKING))
MODERATORS = 1
"""Up to this priority a row is tried although its channel refuses us."""

_parent, _child = outbox.alias("parent"), outbox.alias("child")
IS_SAID = exists().where(_parent.c.key == _c.after, is_any(_parent.c.state, OutboxState.SENT))
IS_LOST = exists().where(
    _parent.c.key == _c.after, is_any(_parent.c.state, OutboxState.FAILED, OutboxState.DROPPED)
)
IS_FREE = or_(_c.after.is_(None), IS_SAID)
IN_BUCKET = and_(pace.c.space == _c.space, pace.c.lane == _c.lane, SPEAKS)
IS_HELD = and_(circuit.c.space == _c.space, circuit.c.lane == _c.lane, SPEAKS, _c.priority > MODERATORS)
MATTERS = or_(
    SIGHTED, IS_TRIED, exists().where(_child.c.after == _c.key, is_any(_child.c.state, OutboxState.PENDING))
)
"""Somebody has seen it due, or something comes after it: taking it back may free what waits behind it."""

# ── notes, by whoever changes something ───────────────────────────────────────

_NOTED = ("platform", "space", "lane", "key")
_NOTE = CompiledStatement(insert(lane_change).inline(), *_NOTED)
_PLACES = (_c.platform, _c.space, _c.lane)


def note_lanes(conn: Connection, lanes: Iterable[tuple[str, str, str, str | None]]) -> None:
    """Have these lanes looked at again: (platform, space, lane, key of a row that others may come after)."""
    _NOTE.run_all(conn, [dict(zip(_NOTED, one, strict=True)) for one in lanes])


def note_rows(conn: Connection, changed: Iterable[OutboxRow]) -> None:
    """Have the lanes of these rows looked at again, and of what comes after them."""
    note_lanes(conn, [(row.platform, row.space, row.lane, row.key) for row in changed])


def note_where(conn: Connection, which: ColumnElement[bool], *, by_key: bool = True) -> None:
    """Do the same for the rows of a question; without the keys where those must not be kept."""
    found = select(*_PLACES, _c.key if by_key else null()).where(which)
    conn.execute(lane_change.insert().from_select(["platform", "space", "lane", "key"], found))


def note_all(conn: Connection) -> None:
    """Have every lane looked at again in which somebody waits for an instant, or that nobody would look at.

    For a sender's start, and when instants were changed: a database that was filled by hand, or from a file, has rows
    and no lanes.
    """
    waiting = select(_l.platform, _l.space, _l.lane).where(IS_LATER)
    unnoticed = select(*_PLACES).where(_c.id.in_(unnoticed_rows())).distinct()
    for found in (waiting, unnoticed):
        conn.execute(lane_change.insert().from_select(["platform", "space", "lane"], found))


def forget_people(conn: Connection, accounts: Sequence[tuple[str, str]]) -> None:
    """Forget the lanes of these (space, person) accounts."""
    theirs = [(space, f"@{person}") for space, person in accounts]
    for table in (lane, lane_change):
        conn.execute(delete(table).where(tuple_(table.c.space, table.c.lane).in_(theirs)))


def forget_space(conn: Connection, space: str) -> None:
    """Forget every lane of a space."""
    for table in (lane, lane_change):
        conn.execute(delete(table).where(table.c.space == space))


# ── looking, by whoever claims ────────────────────────────────────────────────

_NOW = bindparam("now", type_=UtcDateTime())
_ONE: BindParameter[int] = bindparam("one", type_=Integer())
_GIVEN: BindParameter[Any] = bindparam("given", expanding=True)


def _looking(which: ColumnElement[bool]) -> Select[Any]:
    """What is in the lanes of some notes: whether they are known, in doubt or put off, and the id of their next row."""
    noted = select(_n.space, _n.lane).where(which).distinct().subquery()
    inside = and_(_c.space == noted.c.space, _c.lane == noted.c.lane)

    def first(*of: ColumnElement[bool]) -> ColumnElement[Any]:
        found = select(_c.id).where(inside, IS_PENDING, IS_FREE, *of).order_by(_c.priority, _c.id).limit(1)
        return found.correlate(noted).scalar_subquery()

    # What has been tried is finished before anything else of its lane begins: order, and Retry-After, hold.
    put_off = select(func.max(_c.not_before)).where(inside, IS_PENDING, IS_TRIED).correlate(noted)
    in_doubt = exists().where(inside, DOUBT).correlate(noted)
    seen = and_(SIGHTED, ~IS_TRIED)
    known = exists().where(_l.space == noted.c.space, _l.lane == noted.c.lane).correlate(noted)
    head = func.coalesce(first(IS_TRIED), first(seen, _c.not_before <= _NOW), first(seen))
    return select(
        noted.c.space, noted.c.lane, known.label("known"), in_doubt.label("in_doubt"),
        put_off.scalar_subquery().label("put_off"), head.label("head"),
    )  # fmt: skip


# One note at a time is the rule while a queue is said, so that is compiled once.
_LOOK, _LOOK_AT_ONE = _looking(_n.id.in_(_GIVEN)), CompiledStatement(_looking(_n.id == _ONE), "one", "now")
_HEADS = (
    select(_c.id, *_PLACES, _c.priority, _c.due_at, _c.not_before, pace.c.ready_at, circuit.c.open_until)
    .select_from(outbox.outerjoin(pace, IN_BUCKET).outerjoin(circuit, IS_HELD))
    .where(_c.id.in_(_GIVEN))
)
_KEPT = ("space", "lane", "platform", "head", "priority", "due_at", "ready_at")
_KEEP = CompiledStatement(upsert(lane, by=_KEPT[:2], change=_KEPT[2:]), *_KEPT)
_DROP = CompiledStatement(
    delete(lane).where(_l.space == bindparam("there"), _l.lane == bindparam("line")), "there", "line"
)
_LOOKED = CompiledStatement(delete(lane_change).where(_n.id == _ONE), "one")


def look_again(conn: Connection, noted: Sequence[int], now: datetime) -> None:
    """Find out which row is next in the lanes of these notes, and since when it may be said."""
    if not noted:
        return
    empty: list[tuple[str, str]] = []
    heads: dict[int, datetime | None] = {}
    for space, line, known, doubtful, put_off, head in _look_at(conn, noted, now):
        if head is not None and not doubtful:
            heads[head] = put_off
        elif known:
            empty.append((space, line))
    close_lanes(conn, empty)
    if heads:
        found = conn.execute(_HEADS, {"given": list(heads)}).all()
        _KEEP.run_all(conn, [_kept(row, heads[row.id], now) for row in found])
    _LOOKED.run_all(conn, [{"one": one} for one in noted])


def _look_at(conn: Connection, noted: Sequence[int], now: datetime) -> Sequence[Any]:
    if len(noted) == 1:
        return _LOOK_AT_ONE.rows(conn, {"one": noted[0], "now": now})
    return conn.execute(_LOOK, {"given": noted, "now": now}).all()


def _kept(head: Any, put_off: datetime | None, now: datetime) -> Mapping[str, Any]:
    gates = (head.not_before, put_off, head.ready_at, head.open_until)
    ready = max(at for at in gates if at is not None)
    return {
        "space": head.space, "lane": head.lane, "platform": head.platform, "head": head.id, "priority": head.priority,
        "due_at": head.due_at, "ready_at": ready if ready > now else None,
    }  # fmt: skip


def close_lanes(conn: Connection, lanes: Iterable[tuple[str, str]]) -> None:
    """In these (space, lane) nothing may be said until something changes: then they are noted."""
    if gone := [{"there": space, "line": line} for space, line in lanes]:
        _DROP.run_all(conn, gone)


_PLATFORM, _SLICE = bindparam("p_platform", type_=Text()), bindparam("slice", type_=Integer())
_RIPE = select(_l.space, _l.lane).where(_l.platform == _PLATFORM, _l.ready_at <= _NOW, IS_LATER)
_OPEN = (
    update(lane)
    .where(tuple_(_l.space, _l.lane).in_(_RIPE.order_by(_l.ready_at).limit(_SLICE)))
    .values(ready_at=None)
)


def open_lanes(conn: Connection, platform: str, now: datetime, some: int) -> int:
    """Have up to `some` lanes take turns whose instant has come; how many."""
    return conn.execute(_OPEN, {"p_platform": platform, "now": now, "slice": some}).rowcount


def _ready_spaces() -> Select[Any]:
    """One step of an index for each space, however many lanes it has."""
    ready = and_(_l.platform == _PLATFORM, IS_READY)
    first = select(func.min(_l.space).label("space")).where(ready).cte("ready_space", recursive=True)
    later = select(func.min(_l.space)).where(ready, _l.space > first.c.space).correlate(first)
    every = first.union_all(select(later.scalar_subquery()).where(first.c.space.is_not(None)))
    return select(every.c.space).where(every.c.space.is_not(None))


_SPACES = CompiledStatement(_ready_spaces(), "p_platform")


def ready_spaces(conn: Connection, platform: str) -> list[str]:
    """Spaces in which a lane is ready, in order."""
    return [one.space for one in _SPACES.rows(conn, {"p_platform": platform})]


def unnoticed_rows() -> Select[Any]:
    """Rows that could be said, in lanes that nobody would ever look at again."""
    doubt = outbox.alias("doubt")
    doubtful = is_any(doubt.c.state, OutboxState.SENDING, OutboxState.UNKNOWN)
    in_doubt = exists().where(doubt.c.space == _c.space, doubt.c.lane == _c.lane, doubtful)
    known = exists().where(_l.space == _c.space, _l.lane == _c.lane)
    noted = exists().where(or_(and_(_n.space == _c.space, _n.lane == _c.lane), _n.key == _c.after))
    return select(_c.id).where(IS_PENDING, SIGHTED, IS_FREE, ~in_doubt, ~known, ~noted)
