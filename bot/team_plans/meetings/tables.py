"""The table of team meetings: when and where, how far each one is, and what it ended with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    select,
    update,
)

from bot.store.dialect import insert
from bot.store.next_due import earliest, soonest
from bot.store.retention import Retention, old_rows
from bot.store.schema import metadata
from bot.store.types import Json, UtcDateTime
from bot.team_plans.meetings.agenda import Agenda
from bot.team_plans.tables import HISTORY_KEPT, plan_revision

QUIET = timedelta(hours=4)
"""How long nobody may press anything before a meeting that runs ends by itself."""
UNUSED = timedelta(hours=12)
"""How long after its time a meeting can still be started."""

LATE = timedelta(hours=1)
"""How long after its time a meeting that nobody began counts as the next one."""

team_meeting = Table(
    "team_meeting",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("team_id", ForeignKey("team.id"), nullable=False, index=True),
    Column("member_id", ForeignKey("member.id"), index=True),
    Column("space", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread", Text),
    Column("meets_at", UtcDateTime, nullable=False),
    Column("lesson", Text, nullable=False),
    Column("online", Boolean, nullable=False),
    Column("tells", Boolean, nullable=False),
    Column("agenda", Json, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("message", Text),
    Column("bell", Text),
    Column("step", Integer, nullable=False),
    Column("part", Integer, nullable=False),
    Column("runs_in", Text),
    Column("started_at", UtcDateTime),
    Column("moved_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("summary", Text),
    Column("called_off_at", UtcDateTime),
    Index("ix_team_meeting_open", "ended_at", "called_off_at"),
    sqlite_autoincrement=True,
)
"""A meeting that `member_id` planned. `lesson` (`c1.2`) is whose protocol it follows, "" for a plain agenda; `tells`: what
was written is posted at its end. `revision` counts what was said anew about it. `message` is what announces it, `bell` the
outbox key of what is posted at its time. It is at `part`, which the card of `step` shows (0: not begun), in the thread
`runs_in` ("": in the channel, where no thread could be opened). `moved_at` is when somebody last pressed something. `summary` is the message that it ended with."""

_c = team_meeting.c
_OPEN = _c.ended_at.is_(None) & _c.called_off_at.is_(None)


@dataclass(frozen=True, slots=True)
class TeamMeeting:
    """A meeting; the columns are explained at the table."""

    id: int
    community_id: int
    team_id: int
    member_id: int | None
    space: str
    channel: str
    thread: str | None
    meets_at: datetime
    lesson: str
    online: bool
    tells: bool
    agenda: Agenda
    made_at: datetime
    revision: int = 0
    message: str | None = None
    bell: str | None = None
    step: int = 0
    part: int = 0
    runs_in: str | None = None
    started_at: datetime | None = None
    moved_at: datetime | None = None
    ended_at: datetime | None = None
    summary: str | None = None
    called_off_at: datetime | None = None

    @property
    def key(self) -> str:
        """What the outbox keys of everything that is said of it begin with."""
        return f"meeting:{self.id}"

    @property
    def at_close(self) -> bool:
        """Whether every part is over, and only the next steps are left."""
        return self.part >= len(self.agenda.parts)

    @property
    def goes_on_in(self) -> str | None:
        """The thread of its cards; None: the channel itself, or one that is not open yet."""
        return self.runs_in or None

    @property
    def runs(self) -> bool:
        """Whether it began and is not over."""
        return self.started_at is not None and self.ended_at is None


def add_meeting(conn: Connection, values: Mapping[str, Any]) -> int:
    """Store a new meeting; its id."""
    row = {**values, "revision": 0, "step": 0, "part": 0}
    made: int = conn.execute(insert(team_meeting).values(row).returning(_c.id)).scalar_one()
    return made


def find_meeting(conn: Connection, community_id: int, meeting_id: int) -> TeamMeeting | None:
    """One meeting of a community."""
    ours = (_c.id == meeting_id) & (_c.community_id == community_id)
    row = conn.execute(select(team_meeting).where(ours)).one_or_none()
    return None if row is None else _meeting(row)


def read_meeting(conn: Connection, meeting_id: int) -> TeamMeeting:
    """A meeting that is known to be there, as it is now."""
    return _meeting(conn.execute(select(team_meeting).where(_c.id == meeting_id)).one())


def change_meeting(conn: Connection, meeting_id: int, **values: Any) -> TeamMeeting:
    """Change some columns of a meeting; the meeting as it is then."""
    conn.execute(update(team_meeting).where(_c.id == meeting_id).values(values))
    return read_meeting(conn, meeting_id)


def advance(conn: Connection, meeting_id: int, step: int, part: int, now: datetime, **also: Any) -> bool:
    """Go to another part, from the card of `step`; False where somebody went on from there before, or it is over."""
    here = (_c.id == meeting_id) & (_c.step == step) & _OPEN
    values = {"step": step + 1, "part": part, "moved_at": now, **also}
    return conn.execute(update(team_meeting).where(here).values(values)).rowcount > 0


def end_meeting(conn: Connection, meeting_id: int, step: int, now: datetime) -> bool:
    """Let a meeting be over; False where it is at another card now, or over already."""
    here = (_c.id == meeting_id) & (_c.step == step) & _OPEN
    return conn.execute(update(team_meeting).where(here).values(ended_at=now)).rowcount > 0


def open_meetings(conn: Connection, team_id: int) -> list[TeamMeeting]:
    """The meetings of a team that run or are still to come, the next one first."""
    query = select(team_meeting).where(_c.team_id == team_id, _OPEN).order_by(_c.meets_at, _c.id)
    return [_meeting(row) for row in conn.execute(query)]


def called_off_meetings(conn: Connection, team_id: int, at: datetime) -> list[TeamMeeting]:
    """The meetings of a team that were called off at this instant: those that went with its archiving."""
    query = select(team_meeting).where(_c.team_id == team_id, _c.called_off_at == at, _c.ended_at.is_(None))
    return [_meeting(row) for row in conn.execute(query.order_by(_c.meets_at, _c.id))]


def next_meeting(conn: Connection, team_id: int, now: datetime) -> TeamMeeting | None:
    """The meeting of a team that runs, or comes next; one whose time is long over was not held."""
    coming = (one for one in open_meetings(conn, team_id) if one.runs or one.meets_at > now - LATE)
    return next(coming, None)


def lapsed_meetings(conn: Connection, now: datetime) -> list[TeamMeeting]:
    """The meetings that nobody went on with, and those that nobody began."""
    stale = (_c.started_at.is_not(None) & (_c.moved_at <= now - QUIET)) | (
        _c.started_at.is_(None) & (_c.meets_at <= now - UNUSED)
    )
    return [_meeting(row) for row in conn.execute(select(team_meeting).where(_OPEN, stale).order_by(_c.id))]


next_lapse = soonest(
    earliest(_c.moved_at, _OPEN, _c.started_at.is_not(None), plus=QUIET),
    earliest(_c.meets_at, _OPEN, _c.started_at.is_(None), plus=UNUSED),
)
"""When the first of them ends by itself."""


def told_meetings(
    conn: Connection, team_ids: Collection[int], since: datetime | None = None
) -> list[TeamMeeting]:
    """The meetings of these teams whose end stands in a thread; `since`: those that ended from then on."""
    told = _c.team_id.in_(team_ids) & _c.summary.is_not(None)
    if since is not None:
        told &= _c.ended_at > since
    return [_meeting(row) for row in conn.execute(select(team_meeting).where(told).order_by(_c.id))]


def planned_by(conn: Connection, community_id: int, member_id: int) -> Sequence[TeamMeeting]:
    """The meetings that a member planned."""
    mine = (_c.community_id == community_id) & (_c.member_id == member_id)
    return [_meeting(row) for row in conn.execute(select(team_meeting).where(mine).order_by(_c.id))]


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Forget who planned a meeting, which is the team's."""
    mine = (_c.community_id == community_id) & (_c.member_id == member_id)
    conn.execute(update(team_meeting).where(mine).values(member_id=None))


def written_entries(conn: Connection, team_id: int, since: datetime, until: datetime) -> set[int]:
    """The entries of a plan that were written or changed between two instants."""
    r = plan_revision.c
    query = select(r.entry_id).where(r.team_id == team_id, r.at >= since, r.at <= until)
    return set(conn.execute(query.distinct()).scalars())


def retention() -> tuple[Retention, ...]:
    """Meetings that are long over."""
    return (old_rows("team meetings", HISTORY_KEPT, team_meeting, lambda before: _c.meets_at < before),)


def _meeting(row: Any) -> TeamMeeting:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    return TeamMeeting(**values | {"agenda": Agenda.from_json(values["agenda"])})
