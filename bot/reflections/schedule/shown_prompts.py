"""What moderators were shown before it is posted: which prompt was chosen for a date, and who approved it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, Text, and_, select, update

from bot.store.dialect import insert
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

headsup = Table(
    "headsup",
    metadata,
    Column("schedule_id", Integer, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("prompt_id", ForeignKey("prompt.id"), index=True),
    Column("told_at", UtcDateTime),
    Column("approved_at", UtcDateTime),
    Column("over_at", UtcDateTime),
)
"""Named by schedule and key and not by occurrence, because planning again gives an occurrence a new number.

`told_at`: when it was shown; null where it was only approved. `over_at`: when it went out or was left out."""

_c = headsup.c
_NEW = insert(headsup).on_conflict_do_nothing(index_elements=["schedule_id", "key"])


def find(conn: Connection, schedule_id: int, key: str) -> Any | None:
    """The row of one date of a schedule."""
    ours = and_(_c.schedule_id == schedule_id, _c.key == key)
    return conn.execute(select(headsup).where(ours)).one_or_none()


def told(conn: Connection, schedule_ids: Sequence[int]) -> set[tuple[int, str]]:
    """(schedule, key) of every date that was shown."""
    ours = and_(_c.schedule_id.in_(schedule_ids), _c.told_at.is_not(None))
    return {(row.schedule_id, row.key) for row in conn.execute(select(headsup).where(ours))}


def tell(
    conn: Connection, community_id: int, schedule_id: int, key: str, prompt_id: int | None, now: datetime
) -> None:
    """It was shown to moderators, with this prompt, which stays chosen for it."""
    _change(conn, community_id, schedule_id, key, prompt_id=prompt_id, told_at=now)


def choose(conn: Connection, community_id: int, schedule_id: int, key: str, prompt_id: int) -> None:
    """This prompt is chosen for the date; whatever was approved was another one."""
    _change(conn, community_id, schedule_id, key, prompt_id=prompt_id, approved_at=None)


def approve(conn: Connection, community_id: int, schedule_id: int, key: str, now: datetime | None) -> None:
    """It may go out; with None, not any more."""
    _change(conn, community_id, schedule_id, key, approved_at=now)


def end(conn: Connection, schedule_id: int, key: str, now: datetime) -> None:
    """It went out, or was left out: nothing is to be decided any more."""
    conn.execute(update(headsup).where(_c.schedule_id == schedule_id, _c.key == key).values(over_at=now))


def chosen(conn: Connection, schedule_id: int) -> set[int]:
    """Prompts that are chosen for dates of a schedule to come."""
    ours = and_(_c.schedule_id == schedule_id, _c.prompt_id.is_not(None), _c.over_at.is_(None))
    return set(conn.execute(select(_c.prompt_id).where(ours)).scalars())


def start_over(conn: Connection, schedule_id: int) -> list[str]:
    """Forget what was shown and approved of dates to come; their keys."""
    ours = and_(_c.schedule_id == schedule_id, _c.over_at.is_(None))
    keys = list(conn.execute(select(_c.key).where(ours)).scalars())
    conn.execute(update(headsup).where(ours).values(told_at=None, approved_at=None))
    return keys


def reopen(conn: Connection, schedule_id: int, key: str) -> None:
    """What was left out comes after all: it is shown again."""
    ours = and_(_c.schedule_id == schedule_id, _c.key == key)
    conn.execute(update(headsup).where(ours).values(told_at=None, approved_at=None, over_at=None))


def swap(conn: Connection, community_id: int, old: int, new: int) -> None:
    """Where one prompt was chosen for a date to come, another takes its place."""
    ours = and_(_c.community_id == community_id, _c.prompt_id == old, _c.over_at.is_(None))
    conn.execute(update(headsup).where(ours).values(prompt_id=new))


def waiting_with(conn: Connection, community_id: int, prompt_id: int) -> Sequence[Any]:
    """Dates to come for which this prompt is chosen."""
    ours = and_(_c.community_id == community_id, _c.prompt_id == prompt_id, _c.over_at.is_(None))
    return conn.execute(select(headsup).where(ours)).all()


def _change(conn: Connection, community_id: int, schedule_id: int, key: str, **values: Any) -> None:
    conn.execute(_NEW.values(schedule_id=schedule_id, key=key, community_id=community_id))
    conn.execute(update(headsup).where(_c.schedule_id == schedule_id, _c.key == key).values(**values))
