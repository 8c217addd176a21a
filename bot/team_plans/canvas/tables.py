"""Canvases of plans: what is known of each, without any of its words, and when it is looked at next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    Row,
    Table,
    Text,
    delete,
    select,
    update,
)

from bot.chat.models import Place
from bot.store.dialect import insert
from bot.store.next_due import earliest
from bot.store.schema import metadata
from bot.store.types import Json, UtcDateTime
from bot.team_plans.canvas.alignment import Known, KnownLine

plan_canvas = Table(
    "plan_canvas",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("team_id", ForeignKey("team.id"), nullable=False, index=True),
    Column("space", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("canvas", Text),
    Column("lines", Json, nullable=False),
    Column("sign", Text, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("going_on", Boolean, nullable=False),
    Column("leaving", Boolean, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("asking", Boolean, nullable=False),
    Column("look_at", UtcDateTime, index=True),
)
"""The canvas on which the page `ref` stands (see `PlanPlace`). `lines`: a `KnownLine` each, signs and no words; `sign`: of
all of it, when nothing was left to do; `turn`: how many rows of the outbox it had; `tries`: changes since nothing was left to
do; `going_on`: a change was sent, and another look follows; `leaving`: the plan is taken off it; `asked`: how often its place
was told that answers are needed, and `asking` that it is told so now; `look_at`: when it is looked at again."""
_c = plan_canvas.c


@dataclass(frozen=True, slots=True)
class PlanCanvas:
    """A canvas; the columns are explained at the table."""

    ref: str
    community_id: int
    team_id: int
    place: Place
    canvas: str | None
    known: Known
    sign: str
    turn: int
    tries: int
    going_on: bool
    leaving: bool
    asked: int
    asking: bool

    @property
    def unread(self) -> tuple[str, ...]:
        """The keys of lines that cannot be read as what they stand for."""
        return tuple(key for key, one in self.known.items() if one.unread)


def find_canvas(conn: Connection, ref: str) -> PlanCanvas | None:
    """One canvas."""
    row = conn.execute(select(plan_canvas).where(_c.ref == ref)).one_or_none()
    return None if row is None else _read(row)


def canvas_of(conn: Connection, team_id: int) -> PlanCanvas | None:
    """The canvas of a team's plan, where the plan is on one now."""
    mine = (_c.team_id == team_id) & ~_c.leaving & _c.canvas.is_not(None)
    row = conn.execute(select(plan_canvas).where(mine).limit(1)).first()
    return None if row is None else _read(row)


def others_on(conn: Connection, there: PlanCanvas, canvas: str) -> Sequence[str]:
    """The pages that are still to leave a canvas on which a plan was opened anew meanwhile."""
    same = (_c.space == there.place.space) & (_c.canvas == canvas) & (_c.ref != there.ref)
    return conn.execute(select(_c.ref).where(same)).scalars().all()


def add_canvas(conn: Connection, ref: str, community_id: int, team_id: int, place: Place) -> PlanCanvas:
    """Begin to know a canvas, or go on with it."""
    row: dict[str, Any] = {
        "ref": ref, "community_id": community_id, "team_id": team_id, "space": place.space, "channel": place.channel,
        "canvas": None, "lines": [], "sign": "", "turn": 0, "tries": 0, "going_on": False, "leaving": False, "asked": 0,
        "asking": False, "look_at": None,
    }  # fmt: skip
    conn.execute(insert(plan_canvas).values(row).on_conflict_do_nothing(index_elements=["ref"]))
    found = find_canvas(conn, ref)
    assert found is not None  # noqa: S101 - it was written in this transaction
    return found


def change_canvas(conn: Connection, ref: str, **values: object) -> None:
    """Note something about a canvas."""
    conn.execute(update(plan_canvas).where(_c.ref == ref).values(values))


def store_lines(conn: Connection, ref: str, known: Known) -> None:
    """Note what is known of the lines of a canvas."""
    lines = [
        [one.key, one.entry_id, one.version, list(one.ours), one.kept, one.unread, one.echoes]
        for one in known.values()
    ]
    change_canvas(conn, ref, lines=lines)


def settle_line(conn: Connection, team_id: int, key: str) -> None:
    """What waited on a line is answered: what stands there now is no news any more, and the plan's words take its place."""
    there = canvas_of(conn, team_id)
    one = there.known.get(key) if there is not None else None
    if there is not None and one is not None and one.kept:
        settled = replace(one, ours=(*one.ours, one.kept), kept="", unread=False)
        store_lines(conn, there.ref, {**there.known, key: settled})


def drop_canvas(conn: Connection, ref: str) -> None:
    """A canvas is no longer ours to look after."""
    conn.execute(delete(plan_canvas).where(_c.ref == ref))


def list_due(conn: Connection, now: datetime, limit: int) -> Sequence[PlanCanvas]:
    """Canvases that are looked at now."""
    due = select(plan_canvas).where(_c.look_at <= now).order_by(_c.look_at).limit(limit)
    return [_read(row) for row in conn.execute(due)]


next_look = earliest(_c.look_at)
"""When a canvas is looked at next."""


def _read(row: Row[Any]) -> PlanCanvas:
    known = {
        key: KnownLine(key, entry_id, version, tuple(ours), *rest)
        for key, entry_id, version, ours, *rest in row.lines
    }
    return PlanCanvas(
        row.ref, row.community_id, row.team_id, Place(row.space, row.channel), row.canvas, known, row.sign, row.turn,
        row.tries, row.going_on, row.leaving, row.asked, row.asking,
    )  # fmt: skip
