"""Tables of check-ins: what is asked about on which day, who is asked, and what they said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    Row,
    Select,
    Table,
    Text,
    UniqueConstraint,
    func,
    select,
    update,
)

from bot.people.tables import community
from bot.reminders.tables import reminder
from bot.store.dialect import insert
from bot.store.next_due import earliest, soonest
from bot.store.schema import metadata
from bot.store.types import EnumText, Json, UtcDateTime
from bot.team_plans.model import CheckState, PlanReport

KEPT = timedelta(days=400)
"""How long check-ins are kept, as long as what stood in a plan before."""

plan_check = Table(
    "plan_check",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("team_id", ForeignKey("team.id"), nullable=False),
    Column("entry_id", ForeignKey("plan_entry.id"), nullable=False),
    Column("weeks", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("due_at", UtcDateTime, index=True),
    Column("asked_at", UtcDateTime),
    Column("made_at", UtcDateTime, nullable=False, index=True),
    UniqueConstraint("entry_id", "weeks", "day"),
    Index("ix_plan_check_team", "team_id"),
    sqlite_autoincrement=True,
)
"""An entry of a plan is asked about for a `day`: whoever does it, or, after so many `weeks`, the team for its look.

`due_at`: when that is; null: it was asked, or there is nothing to ask any more."""

plan_question = Table(
    "plan_question",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("team_id", ForeignKey("team.id"), nullable=False),
    Column("check_id", ForeignKey("plan_check.id"), nullable=False),
    Column("entry_id", ForeignKey("plan_entry.id"), nullable=False),
    Column("member_id", ForeignKey("member.id"), index=True),
    Column("again_at", UtcDateTime, index=True),
    Column("reminder_id", Integer),
    Column("state", EnumText(CheckState)),
    Column("words", Json, nullable=False),
    Column("shown", Boolean, nullable=False, default=False),
    Column("said_at", UtcDateTime),
    UniqueConstraint("check_id", "member_id"),
    Index("ix_plan_question_team", "team_id"),
    sqlite_autoincrement=True,
)
"""A check that is put to a member, with what they said: `state`, the line in `words`, and whether it is `shown` in the plan.

`again_at`: when to ask, or to look whether it was asked; null: nothing is left to do. `reminder_id`: the reminder that
asks. No member: whoever said it was erased."""

_k, _q = plan_check.c, plan_question.c


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """What is asked about on a day; the columns are explained at the table."""

    id: int
    community_id: int
    team_id: int
    entry_id: int
    weeks: str
    day: date
    due_at: datetime | None
    asked_at: datetime | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """A check that is put to a member; the columns are explained at the table."""

    id: int
    community_id: int
    team_id: int
    check_id: int
    entry_id: int
    member_id: int | None
    reminder_id: int | None
    state: CheckState | None
    words: Mapping[str, str]
    shown: bool

    @property
    def line(self) -> str:
        """The line that belongs to what was said, or ""."""
        return self.words.get("line", "")

    @property
    def is_told(self) -> bool:
        """Whether they are stuck, and others may know."""
        return self.shown and self.state is CheckState.STUCK


@dataclass(frozen=True, slots=True)
class AskingReminder:
    """A reminder that asked: its series, when, and whether it was taken back before it was said."""

    series: str
    at: datetime
    withdrawn: bool


def _checks(conn: Connection, query: Select[Any]) -> list[PlanCheck]:
    return [PlanCheck(*(getattr(row, name) for name in PlanCheck.__slots__)) for row in conn.execute(query)]


def _question(row: Row[Any]) -> PlanQuestion:
    return PlanQuestion(*(getattr(row, name) for name in PlanQuestion.__slots__))


# ── checks ────────────────────────────────────────────────────────────────────


def checks_of(conn: Connection, team_id: int) -> list[PlanCheck]:
    """Everything that a team's plan was or will be asked about."""
    return _checks(conn, select(plan_check).where(_k.team_id == team_id).order_by(_k.id))


def find_check(conn: Connection, check_id: int) -> PlanCheck | None:
    """One check."""
    return next(iter(_checks(conn, select(plan_check).where(_k.id == check_id))), None)


def due_checks(conn: Connection, now: datetime, limit: int) -> list[PlanCheck]:
    """Checks whose time has come, the oldest first."""
    due = select(plan_check).where(_k.due_at <= now).order_by(_k.due_at, _k.id)
    return _checks(conn, due.limit(limit))


def add_check(
    conn: Connection, home: int, team_id: int, key: tuple[int, str, date], due_at: datetime, now: datetime
) -> None:
    """Ask about something at an instant."""
    entry_id, weeks, day = key
    row = {
        "community_id": home, "team_id": team_id, "entry_id": entry_id, "weeks": weeks, "day": day, "due_at": due_at,
        "made_at": now,
    }  # fmt: skip
    conn.execute(insert(plan_check).values(row))


def set_due(conn: Connection, check_id: int, due_at: datetime | None) -> None:
    """Ask about it then, or no longer."""
    conn.execute(update(plan_check).where(_k.id == check_id).values(due_at=due_at))


def note_asked(conn: Connection, check_id: int, now: datetime) -> None:
    """It was asked, or handed to those who are asked one by one."""
    conn.execute(update(plan_check).where(_k.id == check_id).values(due_at=None, asked_at=now))


# ── questions ─────────────────────────────────────────────────────────────────


def ask_member(conn: Connection, check: PlanCheck, member_id: int, now: datetime) -> None:
    """Put a check to a member, once."""
    row = {
        "community_id": check.community_id, "team_id": check.team_id, "check_id": check.id,
        "entry_id": check.entry_id, "member_id": member_id, "again_at": now, "words": {}, "shown": False,
    }  # fmt: skip
    new = insert(plan_question).values(row)
    conn.execute(new.on_conflict_do_nothing(index_elements=["check_id", "member_id"]))


def due_members(conn: Connection, now: datetime, limit: int) -> Sequence[int]:
    """Members who are to be asked now, or looked after."""
    due = select(_q.member_id).where(_q.again_at <= now).group_by(_q.member_id)
    return list(conn.execute(due.order_by(func.min(_q.again_at)).limit(limit)).scalars())


def due_questions(conn: Connection, member_id: int, now: datetime) -> list[PlanQuestion]:
    """What a member is to be asked now."""
    mine = (_q.member_id == member_id) & (_q.again_at <= now)
    return [
        _question(row)
        for row in conn.execute(select(plan_question).where(mine).order_by(_q.id).with_for_update())
    ]


def find_question(conn: Connection, community_id: int, question_id: int) -> PlanQuestion | None:
    """One question of a community."""
    ours = (_q.id == question_id) & (_q.community_id == community_id)
    row = conn.execute(select(plan_question).where(ours)).one_or_none()
    return None if row is None else _question(row)


def postpone(
    conn: Connection, ids: Collection[int], again_at: datetime | None, reminder_id: int | None = None
) -> None:
    """Look at questions again then, or never; `reminder_id` is what asks them."""
    values: dict[str, Any] = {"again_at": again_at}
    if reminder_id is not None:
        values["reminder_id"] = reminder_id
    conn.execute(update(plan_question).where(_q.id.in_(ids)).values(values))


def close_questions(conn: Connection, check_id: int) -> None:
    """Nobody is asked about a check any more."""
    conn.execute(update(plan_question).where(_q.check_id == check_id).values(again_at=None))


def put_answer(
    conn: Connection, question_id: int, state: CheckState, line: str, now: datetime, *, shown: bool
) -> None:
    """Store what a member said."""
    words = {"line": line} if line else {}
    values = {"state": state, "words": words, "shown": shown, "said_at": now, "again_at": None}
    conn.execute(update(plan_question).where(_q.id == question_id).values(values))


def reminder_of(conn: Connection, reminder_id: int) -> AskingReminder | None:
    """The reminder that asks; None where it is no longer known."""
    found = select(reminder.c.series, reminder.c.at, reminder.c.withdrawn_at).where(
        reminder.c.id == reminder_id
    )
    row = conn.execute(found).one_or_none()
    return None if row is None else AskingReminder(row.series, row.at, row.withdrawn_at is not None)


def said_in(conn: Connection, team_id: int) -> tuple[PlanReport, ...]:
    """What stands in a plan of check-ins, the oldest first."""
    there = (_q.team_id == team_id) & _q.shown & _q.state.is_not(None)
    home = select(plan_question, community.c.zone).join(community, community.c.id == _q.community_id)
    return tuple(
        PlanReport(
            row.entry_id, row.state, row.words.get("line", ""), row.member_id,
            row.said_at.astimezone(ZoneInfo(row.zone)).date(),
        )
        for row in conn.execute(home.where(there).order_by(_q.said_at, _q.id))
    )  # fmt: skip


next_due = soonest(earliest(_k.due_at), earliest(_q.again_at))
"""When something is to be asked next."""
