"""Pauses: until when what somebody writes is not looked through for danger, because they said that nobody is in any."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, ForeignKey, Table, Text, and_, delete, select, tuple_

from bot.store.dialect import insert
from bot.store.next_due import earliest
from bot.store.retention import Retention, old_rows
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

danger_pause = Table(
    "danger_pause",
    metadata,
    Column("space", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)
"""One row for an account, with nothing of what was written."""

_NEW = insert(danger_pause)
_LATEST = _NEW.on_conflict_do_update(
    index_elements=["space", "person"],
    set_={"until": _NEW.excluded.until, "community_id": _NEW.excluded.community_id},
)


def pause_until(conn: Connection, community_id: int, space: str, person: str, until: datetime) -> None:
    """Look through nothing that this account writes before `until`."""
    conn.execute(_LATEST.values(space=space, person=person, community_id=community_id, until=until))


def paused_until(conn: Connection, space: str, person: str) -> datetime | None:
    """Until when nothing that this account writes is looked through; None where it never asked."""
    ours = and_(danger_pause.c.space == space, danger_pause.c.person == person)
    return conn.execute(select(danger_pause.c.until).where(ours)).scalar_one_or_none()


def forget_pauses(conn: Connection, community_id: int, accounts: Sequence[tuple[str, str]]) -> None:
    """Remove the pauses of these (space, person) accounts."""
    theirs = tuple_(danger_pause.c.space, danger_pause.c.person).in_(list(accounts))
    conn.execute(delete(danger_pause).where(danger_pause.c.community_id == community_id, theirs))


def retention() -> Retention:
    """Pauses, which are removed as soon as they are over."""
    end = danger_pause.c.until
    return old_rows(
        "pauses", timedelta(0), danger_pause, lambda before: end <= before, next_due=earliest(end)
    )


def hand_over(conn: Connection, accounts: Sequence[tuple[str, str]]) -> list[dict[str, object]]:
    """Until when nothing of these accounts is looked through."""
    theirs = tuple_(danger_pause.c.space, danger_pause.c.person).in_(list(accounts))
    rows = conn.execute(select(danger_pause.c.until).where(theirs))
    return [{"until": row.until.isoformat()} for row in rows]
