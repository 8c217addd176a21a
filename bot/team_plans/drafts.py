"""Drafts: what somebody wrote for a plan and is asked about before it is saved, so that nothing of it is lost meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, Text, and_, delete, or_, select, update

from bot.courses.teams.tables import teammate
from bot.store.dialect import insert
from bot.store.retention import DAY, Retention, old_rows
from bot.store.schema import metadata
from bot.store.types import EnumText, Json, UtcDateTime
from bot.team_plans.model import PlanSheet

plan_draft = Table(
    "plan_draft",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("team_id", ForeignKey("team.id"), nullable=False),
    Column("member_id", ForeignKey("member.id"), index=True),
    Column("line", Text),
    Column("sheet", EnumText(PlanSheet), nullable=False),
    Column("entry_id", Integer),
    Column("about_id", Integer),
    Column("version", Integer, nullable=False),
    Column("words", Json, nullable=False),
    Column("clash", Json, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)
"""`words` are the fields of a form as they were filled in; `version` is that of the entry they are to take the place of.
`clash` names the fields that somebody else changed meanwhile. With a `line` it was written on that line of a canvas; without
a `member_id` nobody has gone on with it yet, and anybody in the team can settle it."""

_c = plan_draft.c


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A draft; the columns are explained at the table."""

    id: int
    team_id: int
    sheet: PlanSheet
    entry_id: int | None
    about_id: int | None
    version: int
    words: Mapping[str, str]
    clash: tuple[str, ...] = ()
    line: str = ""


def add_draft(
    conn: Connection, community_id: int, member_id: int | None, draft: PlanDraft, now: datetime
) -> int:
    """Store a draft; its id."""
    row = {
        "community_id": community_id, "team_id": draft.team_id, "member_id": member_id, "sheet": draft.sheet,
        "entry_id": draft.entry_id, "about_id": draft.about_id, "version": draft.version, "words": dict(draft.words),
        "clash": list(draft.clash), "at": now, "line": draft.line or None,
    }  # fmt: skip
    made: int = conn.execute(insert(plan_draft).values(row).returning(_c.id)).scalar_one()
    return made


def find_draft(conn: Connection, member_id: int, draft_id: int) -> PlanDraft | None:
    """A draft of a member, or of a canvas of their team; anybody else's is as good as not there."""
    teams = select(teammate.c.team_id).where(teammate.c.member_id == member_id, teammate.c.left_at.is_(None))
    mine = or_(_c.member_id == member_id, and_(_c.member_id.is_(None), _c.team_id.in_(teams)))
    row: Any = conn.execute(select(plan_draft).where(_c.id == draft_id, mine)).one_or_none()
    return None if row is None else _read(row)


def _read(row: Any) -> PlanDraft:
    return PlanDraft(
        row.id, row.team_id, row.sheet, row.entry_id, row.about_id, row.version, row.words, tuple(row.clash),
        row.line or "",
    )  # fmt: skip


def canvas_drafts(conn: Connection, team_id: int) -> list[PlanDraft]:
    """What people wrote on the canvas of a team's plan that waits for an answer."""
    ours = (_c.team_id == team_id) & _c.member_id.is_(None)
    return [_read(row) for row in conn.execute(select(plan_draft).where(ours).order_by(_c.id))]


def keep_canvas_drafts(
    conn: Connection, community_id: int, team_id: int, wanted: Sequence[PlanDraft], now: datetime
) -> None:
    """Let these be the drafts of a canvas: those that are asked about already keep their ids."""
    lines = {one.line: one for one in wanted}
    for one in canvas_drafts(conn, team_id):
        new = lines.pop(one.line, None)
        if new is None:
            drop_draft(conn, one.id)
            continue
        values = {
            "entry_id": new.entry_id,
            "version": new.version,
            "words": dict(new.words),
            "clash": list(new.clash),
        }
        conn.execute(update(plan_draft).where(_c.id == one.id).values(**values, at=now))
    for new in lines.values():
        add_draft(conn, community_id, None, new, now)


def drop_draft(conn: Connection, draft_id: int) -> None:
    """A draft is saved, or not wanted."""
    conn.execute(delete(plan_draft).where(_c.id == draft_id))


def forget_drafts(conn: Connection, community_id: int, member_id: int) -> None:
    """Forget the drafts of a member."""
    conn.execute(delete(plan_draft).where(_c.community_id == community_id, _c.member_id == member_id))


def drafts_of(conn: Connection, community_id: int, member_id: int) -> list[Mapping[str, str]]:
    """What a member wrote and did not save yet."""
    mine = (_c.community_id == community_id) & (_c.member_id == member_id)
    return list(conn.execute(select(_c.words).where(mine).order_by(_c.id)).scalars())


def retention() -> tuple[Retention, ...]:
    """Drafts that nobody came back to; what was written on a canvas waits as long as it stands there."""
    return (
        old_rows("plan drafts", DAY, plan_draft, lambda before: (_c.at < before) & _c.member_id.is_not(None)),
    )
