"""Tables of team plans: what stands in each, and what stood there before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    Row,
    Table,
    Text,
    UniqueConstraint,
    delete,
    select,
    type_coerce,
    update,
)

from bot.chat.language import N_
from bot.chat.models import Sharing
from bot.courses.teams.tables import team
from bot.store.dialect import insert
from bot.store.retention import Retention, old_rows
from bot.store.schema import metadata
from bot.store.types import EnumText, Json, UtcDateTime
from bot.team_plans.check_ins import tables as check_ins
from bot.team_plans.model import DEPENDENT, PlanEntry, PlanPart, PlanSheet, TeamPlan

HISTORY_KEPT = timedelta(days=400)
"""How long it is known who changed what."""

plan_entry = Table(
    "plan_entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("team_id", ForeignKey("team.id"), nullable=False),
    Column("part", EnumText(PlanPart), nullable=False),
    Column("version", Integer, nullable=False),
    Column("about_id", Integer),
    Column("words", Json, nullable=False),
    Column("owner_id", ForeignKey("member.id"), index=True),
    Column("day", Date),
    Column("author_id", ForeignKey("member.id"), index=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Column("gone_at", UtcDateTime),
    Index("ix_plan_entry_team", "team_id", "part"),
    Index("ix_plan_entry_day", "day"),
    sqlite_autoincrement=True,
)
"""One thing that stands in a plan; see `PlanEntry`. `gone_at`: somebody removed it then, and can bring it back."""

plan_revision = Table(
    "plan_revision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("team_id", ForeignKey("team.id"), nullable=False),
    Column("entry_id", ForeignKey("plan_entry.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("sheet", EnumText(PlanSheet), nullable=False),
    Column("member_id", ForeignKey("member.id"), index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("words", Json),
    Column("owner_id", ForeignKey("member.id"), index=True),
    Column("day", Date),
    Column("done_at", UtcDateTime),
    Column("gone_at", UtcDateTime),
    Column("on_canvas", Boolean, nullable=False),
    UniqueConstraint("entry_id", "version"),
    Index("ix_plan_revision_team", "team_id", "id"),
    Index("ix_plan_revision_at", "at"),
    sqlite_autoincrement=True,
)
"""A change: `member_id` made `version` of an entry, which held the other columns before; no `words`: it was new.
`on_canvas`: people made it on the canvas of the place, which does not say who."""

plan_share = Table(
    "plan_share",
    metadata,
    Column("team_id", ForeignKey("team.id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("member_id", ForeignKey("member.id"), index=True),
    Column("at", UtcDateTime, nullable=False),
)
"""A plan that the community may read: `member_id` shared it. Without a row only its team may."""

_e, _r = plan_entry.c, plan_revision.c
_PLAIN = re.compile("[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class EntryState:
    """What an entry holds: what an edit changes, and what Undo brings back."""

    words: Mapping[str, str]
    owner_id: int | None = None
    day: date | None = None
    done_at: datetime | None = None
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry with its plan and whether somebody removed it."""

    community_id: int
    team_id: int
    entry: PlanEntry
    gone_at: datetime | None

    @property
    def state(self) -> EntryState:
        """What it holds."""
        one = self.entry
        return EntryState(one.words, one.owner_id, one.day, one.done_at, self.gone_at)


@dataclass(frozen=True, slots=True)
class PlanRevision:
    """A change of an entry; `before` is None where the entry was new."""

    id: int
    entry_id: int
    version: int
    sheet: PlanSheet
    member_id: int | None
    at: datetime
    before: EntryState | None
    on_canvas: bool = False


# ── the plan ──────────────────────────────────────────────────────────────────


def load_plan(conn: Connection, team_id: int) -> TeamPlan:
    """The plan of a team, as it stands; a team that wrote nothing yet has an empty one.

    The choice of a cause and the look at a change are out of sight as long as what they are about is removed.
    """
    home, name = conn.execute(select(team.c.community_id, team.c.name).where(team.c.id == team_id)).one()
    share = plan_share.c
    shared = conn.execute(select(share.at, share.member_id).where(share.team_id == team_id)).first()
    here = (_e.team_id == team_id) & _e.gone_at.is_(None)
    found = [_entry(row) for row in conn.execute(select(plan_entry).where(here).order_by(_e.id))]
    ids = {one.id for one in found}
    seen = tuple(one for one in found if one.part not in DEPENDENT or one.about_id in ids)
    sharing = Sharing.TEAM if shared is None else Sharing.EVERYONE
    by = shared.member_id if shared is not None else None
    return TeamPlan(home, team_id, name, sharing, seen, by, check_ins.said_in(conn, team_id))


def find_entry(conn: Connection, team_id: int, entry_id: int) -> StoredEntry | None:
    """One entry of a team's plan, also one that was removed."""
    ours = (_e.id == entry_id) & (_e.team_id == team_id)
    row = conn.execute(select(plan_entry).where(ours)).one_or_none()
    return None if row is None else StoredEntry(row.community_id, row.team_id, _entry(row), row.gone_at)


def add_entry(
    conn: Connection, community_id: int, team_id: int, part: PlanPart, about_id: int | None, state: EntryState,
    author_id: int | None, now: datetime,
) -> int:  # fmt: skip
    """Store a new entry; its id."""
    row = {
        "community_id": community_id, "team_id": team_id, "part": part, "version": 1, "about_id": about_id,
        "author_id": author_id, "made_at": now, **_columns(state),
    }  # fmt: skip
    made: int = conn.execute(insert(plan_entry).values(row).returning(_e.id)).scalar_one()
    return made


def change_entry(conn: Connection, entry_id: int, version: int, state: EntryState) -> None:
    """Let an entry hold something else, as this version."""
    conn.execute(update(plan_entry).where(_e.id == entry_id).values(version=version, **_columns(state)))


def _columns(state: EntryState) -> dict[str, Any]:
    return {
        "words": dict(state.words), "owner_id": state.owner_id, "day": state.day, "done_at": state.done_at,
        "gone_at": state.gone_at,
    }  # fmt: skip


def _entry(row: Row[Any]) -> PlanEntry:
    return PlanEntry(
        row.id, row.part, row.version, row.words, row.about_id, row.owner_id, row.day, row.done_at, row.author_id
    )  # fmt: skip


# ── history ───────────────────────────────────────────────────────────────────


def note_revision(
    conn: Connection, stored: StoredEntry, sheet: PlanSheet, member_id: int | None, now: datetime,
    before: EntryState | None,
) -> None:  # fmt: skip
    """Store who made this version of an entry, and what it held before; nobody: it was made on the canvas."""
    row: dict[str, Any] = {
        "community_id": stored.community_id, "team_id": stored.team_id, "entry_id": stored.entry.id,
        "version": stored.entry.version, "sheet": sheet, "member_id": member_id, "at": now,
        "on_canvas": member_id is None,
    }  # fmt: skip
    if before is not None:
        row |= _columns(before)
    conn.execute(insert(plan_revision).values(row))


def find_revision(conn: Connection, team_id: int, entry_id: int, version: int) -> PlanRevision | None:
    """The change that made a version of an entry."""
    ours = (_r.team_id == team_id) & (_r.entry_id == entry_id) & (_r.version == version)
    row = conn.execute(select(plan_revision).where(ours)).one_or_none()
    return None if row is None else _revision(row)


def list_revisions(
    conn: Connection, team_id: int, limit: int, before: int | None = None
) -> list[PlanRevision]:
    """The changes of a plan, the newest first, from before one of them."""
    query = select(plan_revision).where(_r.team_id == team_id).order_by(_r.id.desc()).limit(limit)
    return [_revision(row) for row in conn.execute(query if before is None else query.where(_r.id < before))]


def _revision(row: Row[Any]) -> PlanRevision:
    before = EntryState(row.words, row.owner_id, row.day, row.done_at, row.gone_at)
    return PlanRevision(
        row.id, row.entry_id, row.version, row.sheet, row.member_id, row.at, None if row.words is None else before,
        row.on_canvas,
    )  # fmt: skip


# ── who may read it ───────────────────────────────────────────────────────────


def share_plan(conn: Connection, community_id: int, team_id: int, member_id: int, now: datetime) -> None:
    """Let the community read a plan."""
    row = {"team_id": team_id, "community_id": community_id, "member_id": member_id, "at": now}
    conn.execute(insert(plan_share).values(row).on_conflict_do_nothing(index_elements=["team_id"]))


def unshare_plan(conn: Connection, team_id: int) -> None:
    """Let only its team read a plan."""
    conn.execute(delete(plan_share).where(plan_share.c.team_id == team_id))


def shared_teams(conn: Connection, community_id: int) -> Sequence[tuple[int, str]]:
    """(id, name) of the teams whose plans the community may read."""
    query = (
        select(team.c.id, team.c.name)
        .join(plan_share, plan_share.c.team_id == team.c.id)
        .where(plan_share.c.community_id == community_id)
        .order_by(team.c.folded)
    )
    return [(row[0], row[1]) for row in conn.execute(query)]


def touched_teams(conn: Connection, community_id: int, member_id: int) -> set[int]:
    """The teams in whose plans a member wrote, or does something."""
    queries = (
        select(_e.team_id).where(_e.community_id == community_id, (_e.author_id == member_id) | (_e.owner_id == member_id)),
        select(_r.team_id).where(_r.community_id == community_id, (_r.member_id == member_id) | (_r.owner_id == member_id)),
    )  # fmt: skip
    return {team_id for query in queries for team_id in conn.execute(query).scalars()}


def rows_naming(conn: Connection, table: Table, community_id: int, name: str) -> Sequence[Any]:
    """(id, team_id, words) of the rows of a table of plans in which a name may stand, by the letters it begins with."""
    there = (table.c.community_id == community_id) & table.c.words.is_not(None)
    query = select(table.c.id, table.c.team_id, table.c.words).where(there)
    # Words are stored as JSON, which escapes every letter beyond ASCII.
    plain = max(_PLAIN.findall(name.split()[0]), key=len, default="")
    if len(plain) > 1:
        query = query.where(type_coerce(table.c.words, Text).icontains(plain))
    return conn.execute(query).all()


def retention() -> tuple[Retention, ...]:
    """What stood in plans before, which goes with time; what stands there stays."""
    return (
        old_rows(
            "plan history",
            HISTORY_KEPT,
            plan_revision,
            lambda before: _r.at < before,
            words=N_("what you change in your team’s plan"),
        ),
    )
