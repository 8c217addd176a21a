"""Heads-ups: what moderators were shown of a date to come, what is chosen for it, and whether it is approved."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, Text, and_, bindparam, select, update

from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

headsup = Table(
    "headsup",
    metadata,
    Column("schedule_id", Integer, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("choice", Integer, index=True),
    Column("told_at", UtcDateTime),
    Column("approved_at", UtcDateTime),
    Column("over_at", UtcDateTime),
)
"""Named by schedule and key and not by occurrence, because planning again gives an occurrence a new number.

`choice`: the prompt that is chosen for it. `told_at`: when it was shown; null where it was only approved. `over_at`:
when it went out or was skipped."""

_c = headsup.c
_NEW = insert(headsup).on_conflict_do_nothing(index_elements=["schedule_id", "key"])


_IS_DATE = and_(_c.schedule_id == bindparam("schedule"), _c.key == bindparam("date"))
_OF_DATE = CompiledStatement(select(headsup).where(_IS_DATE), "schedule", "date")
_ENDED = CompiledStatement(
    update(headsup).where(_IS_DATE).values(over_at=bindparam("ended")), "schedule", "date", "ended"
)


def find_headsup(conn: Connection, schedule_id: int, key: str) -> Any | None:
    """The row of one date of a schedule."""
    return _OF_DATE.row(conn, {"schedule": schedule_id, "date": key})


def is_approved(conn: Connection, schedule_id: int, key: str) -> bool:
    """Whether a date may go out."""
    row = find_headsup(conn, schedule_id, key)
    return row is not None and row.approved_at is not None


def shown_dates(conn: Connection, schedule_ids: Collection[int]) -> set[tuple[int, str]]:
    """(schedule, key) of every date that was shown."""
    ours = and_(_c.schedule_id.in_(schedule_ids), _c.told_at.is_not(None))
    return {(row.schedule_id, row.key) for row in conn.execute(select(headsup).where(ours))}


def record_shown(
    conn: Connection, community_id: int, schedule_id: int, key: str, choice: int | None, now: datetime
) -> None:
    """It was shown to moderators, with this choice, which stays."""
    _change(conn, community_id, schedule_id, key, choice=choice, told_at=now)


def choose(conn: Connection, community_id: int, schedule_id: int, key: str, choice: int) -> None:
    """This is chosen for the date; whatever was approved was another one."""
    _change(conn, community_id, schedule_id, key, choice=choice, approved_at=None)


def approve_date(
    conn: Connection, community_id: int, schedule_id: int, key: str, now: datetime | None
) -> None:
    """It may go out; with None, not any more."""
    _change(conn, community_id, schedule_id, key, approved_at=now)


def end_date(conn: Connection, schedule_id: int, key: str, now: datetime) -> None:
    """It went out, or was skipped: nothing is to be decided any more."""
    _ENDED.run(conn, {"schedule": schedule_id, "date": key, "ended": now})


def chosen(conn: Connection, schedule_id: int) -> set[int]:
    """What is chosen for dates of a schedule to come."""
    ours = and_(_c.schedule_id == schedule_id, _c.choice.is_not(None), _c.over_at.is_(None))
    return set(conn.execute(select(_c.choice).where(ours)).scalars())


def start_over(conn: Connection, schedule_id: int) -> list[str]:
    """Forget what was shown and approved of dates to come; their keys."""
    ours = and_(_c.schedule_id == schedule_id, _c.over_at.is_(None))
    keys = list(conn.execute(select(_c.key).where(ours)).scalars())
    conn.execute(update(headsup).where(ours).values(told_at=None, approved_at=None))
    return keys


def reopen_date(conn: Connection, schedule_id: int, key: str) -> None:
    """What was skipped comes after all, or says something else: it is shown again."""
    ours = and_(_c.schedule_id == schedule_id, _c.key == key)
    conn.execute(update(headsup).where(ours).values(told_at=None, approved_at=None, over_at=None))


def swap_choice(conn: Connection, community_id: int, old: int, new: int) -> None:
    """Where one was chosen for a date to come, another takes its place."""
    ours = and_(_c.community_id == community_id, _c.choice == old, _c.over_at.is_(None))
    conn.execute(update(headsup).where(ours).values(choice=new))


def dates_with(conn: Connection, community_id: int, choice: int) -> Sequence[Any]:
    """Dates to come for which this is chosen."""
    ours = and_(_c.community_id == community_id, _c.choice == choice, _c.over_at.is_(None))
    return conn.execute(select(headsup).where(ours)).all()


def _change(conn: Connection, community_id: int, schedule_id: int, key: str, **values: Any) -> None:
    conn.execute(_NEW.values(schedule_id=schedule_id, key=key, community_id=community_id))
    conn.execute(update(headsup).where(_c.schedule_id == schedule_id, _c.key == key).values(**values))
