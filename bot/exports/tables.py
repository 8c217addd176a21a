"""The tables of exports: what was asked for and how far it is, and the finished files until somebody gets them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    and_,
    delete,
    select,
    update,
)

from bot.store.dialect import insert
from bot.store.next_due import earliest, soonest
from bot.store.retention import Retention, old_rows
from bot.store.schema import metadata
from bot.store.types import EnumText, Json, UtcDateTime


class ExportState(StrEnum):
    """Where an export is."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    STOPPED = "stopped"
    """Whoever asked for it stopped it."""
    BROKEN = "broken"
    """It ended before it was done; nothing of it is left."""
    OUTDATED = "outdated"
    """Something in it was taken back after it was made, so its files are gone."""


GOING = (ExportState.WAITING, ExportState.RUNNING)
LOST = timedelta(minutes=2)
"""How long a running export may give no sign before it is taken for lost with its process."""
KEPT = timedelta(hours=12)
"""How long a finished export can be got, and is remembered."""

export_job = Table(
    "export_job",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("member_id", ForeignKey("member.id"), nullable=False, index=True),
    Column("space", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("scope", Json, nullable=False),
    Column("state", EnumText(ExportState), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("seen", Json),
    Column("owner", Text),
    Column("made_at", UtcDateTime, nullable=False, index=True),
    Column("beat_at", UtcDateTime, nullable=False),
    Index("ix_export_job_state", "state", "beat_at"),
    sqlite_autoincrement=True,
)
"""`done` of `total` answers are written. `seen`: what is in it in numbers (`SeenAnswers`), by which
is known whether all of it may still be read. `owner` is the process that makes it, `beat_at` its last sign of life."""

export_piece = Table(
    "export_piece",
    metadata,
    Column("job_id", ForeignKey("export_job.id", ondelete="CASCADE"), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("made_at", UtcDateTime, nullable=False, index=True),
)
"""The files of an export in small pieces, so that no piece of work holds the one writer for long."""

_c = export_job.c


@dataclass(frozen=True, slots=True)
class ExportJob:
    """An export that somebody asked for; the columns are explained at the table."""

    id: int
    community_id: int
    member_id: int
    space: str
    person: str
    scope: Mapping[str, Any]
    state: ExportState
    done: int
    total: int
    parts: int
    seen: Sequence[int] | None
    owner: str | None
    made_at: datetime
    beat_at: datetime

    @property
    def until(self) -> datetime:
        """Until when its files can be got."""
        return self.made_at + KEPT


def insert_job(
    conn: Connection, community_id: int, member_id: int, to: tuple[str, str], scope: Mapping[str, Any],
    total: int, now: datetime,
) -> ExportJob:  # fmt: skip
    """Ask for an export."""
    row = {
        "community_id": community_id, "member_id": member_id, "space": to[0], "person": to[1], "scope": dict(scope),
        "state": ExportState.WAITING, "done": 0, "total": total, "parts": 0, "made_at": now, "beat_at": now,
    }  # fmt: skip
    return ExportJob(*conn.execute(insert(export_job).values(row).returning(*_c)).one())


def find_job(conn: Connection, community_id: int, member_id: int, job_id: int) -> ExportJob | None:
    """An export that a member asked for; anybody else's is as good as not there."""
    mine = and_(_c.community_id == community_id, _c.member_id == member_id, _c.id == job_id)
    row = conn.execute(select(export_job).where(mine)).one_or_none()
    return None if row is None else ExportJob(*row)


def going_job(conn: Connection, community_id: int, member_id: int) -> ExportJob | None:
    """The export of a member that is not done yet."""
    mine = and_(_c.community_id == community_id, _c.member_id == member_id, _c.state.in_(GOING))
    row = conn.execute(select(export_job).where(mine).order_by(_c.id.desc()).limit(1)).one_or_none()
    return None if row is None else ExportJob(*row)


def claim_job(conn: Connection, owner: str, now: datetime) -> ExportJob | None:
    """The oldest export that waits, for this process to make."""
    waiting = (
        select(_c.id)
        .where(_c.state == ExportState.WAITING)
        .order_by(_c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = conn.execute(waiting).scalar_one_or_none()
    if found is None:
        return None
    claimed = update(export_job).where(_c.id == found, _c.state == ExportState.WAITING)
    values = {"state": ExportState.RUNNING, "owner": owner, "beat_at": now}
    row = conn.execute(claimed.values(values).returning(*_c)).one_or_none()
    return None if row is None else ExportJob(*row)


def note_progress(conn: Connection, job: ExportJob, done: int, now: datetime) -> bool:
    """Say how far an export is; false when it was stopped meanwhile."""
    return _note(conn, job, done=done, beat_at=now)


def store_piece(conn: Connection, job: ExportJob, part: int, number: int, data: bytes, now: datetime) -> bool:
    """Store a piece of a finished file; false when it was stopped meanwhile, or somebody in it was erased.

    The job's row is changed first, so that whoever ends it comes before this piece or removes it.
    """
    if not _note(conn, job, beat_at=now):
        return False
    row = {"job_id": job.id, "part": part, "number": number, "community_id": job.community_id}
    conn.execute(insert(export_piece).values(**row, data=data, made_at=now))
    return True


def finish_job(conn: Connection, job: ExportJob, parts: int, seen: Sequence[int], now: datetime) -> bool:
    """All pieces are there; false when it was stopped meanwhile."""
    return _note(conn, job, state=ExportState.READY, parts=parts, seen=list(seen), made_at=now, beat_at=now)


def _note(conn: Connection, job: ExportJob, **values: Any) -> bool:
    """Change the row of an export that this process makes; false when it was ended meanwhile."""
    running = and_(_c.id == job.id, _c.state == ExportState.RUNNING, _c.owner == job.owner)
    return conn.execute(update(export_job).where(running).values(values)).rowcount > 0


def end_job(conn: Connection, job_id: int, state: ExportState, before: Sequence[ExportState]) -> bool:
    """End an export that is in one of these states, with everything that was made of it; whether it was."""
    here = update(export_job).where(_c.id == job_id, _c.state.in_(before))
    ended = conn.execute(here.values(state=state)).rowcount > 0
    if ended:
        conn.execute(delete(export_piece).where(export_piece.c.job_id == job_id))
    return ended


def lost_jobs(conn: Connection, owner: str, now: datetime) -> list[ExportJob]:
    """Running exports of other processes that give no sign any more."""
    lost = and_(_c.state == ExportState.RUNNING, _c.owner != owner, _c.beat_at <= now - LOST)
    return [ExportJob(*row) for row in conn.execute(select(export_job).where(lost))]


def read_part(conn: Connection, job_id: int, part: int) -> bytes:
    """One file of a finished export."""
    p = export_piece.c
    pieces = select(p.data).where(p.job_id == job_id, p.part == part).order_by(p.number)
    return b"".join(conn.execute(pieces).scalars())


next_due = soonest(
    earliest(_c.beat_at, _c.state == ExportState.WAITING),
    earliest(_c.beat_at, _c.state == ExportState.RUNNING, plus=LOST),
)
"""When an export is to be made, or may be lost."""


def retention() -> tuple[Retention, ...]:
    """Exports of some hours ago, with their files."""
    return (
        old_rows(
            "exported files", KEPT, export_piece, lambda before: export_piece.c.made_at < before,
            next_due=earliest(export_piece.c.made_at, plus=KEPT),
        ),
        old_rows(
            "exports", KEPT, export_job, lambda before: and_(_c.made_at < before, _c.state.not_in(GOING)),
            next_due=earliest(_c.made_at, _c.state.not_in(GOING), plus=KEPT),
        ),
    )  # fmt: skip


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Remove what a member asked for, and every file of the community: their words may be in any.

    No piece is stored once its job is ended, so that comes first.
    """
    made = and_(_c.community_id == community_id, _c.state.in_((ExportState.RUNNING, ExportState.READY)))
    conn.execute(update(export_job).where(made).values(state=ExportState.OUTDATED))
    conn.execute(delete(export_piece).where(export_piece.c.community_id == community_id))
    conn.execute(delete(export_job).where(_c.community_id == community_id, _c.member_id == member_id))


def hand_over(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """What a moderator asked to export lately."""
    mine = and_(_c.community_id == community_id, _c.member_id == member_id)
    return [
        {"at": row.made_at.isoformat(), "what": row.scope, "state": row.state.value}
        for row in conn.execute(select(export_job).where(mine).order_by(_c.id))
    ]
