"""What Tilth remembers of what it told moderators: one row for each trouble, open until it is resolved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    and_,
    bindparam,
    select,
    update,
)

from bot.delivery import tables as delivery_tables
from bot.delivery.tables import OutboxRow
from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert
from bot.store.retention import Ages, Retention, old_rows
from bot.store.schema import metadata
from bot.store.types import Json, UtcDateTime

alert = Table(
    "alert",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("told", Json, nullable=False),
    Column("turn", Integer, nullable=False, default=0, server_default="0"),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("resolved_at", UtcDateTime),
)
"""`told` holds the keys of the outbox rows that told it; `turn` counts how often it was told anew."""

_OPEN = alert.c.resolved_at.is_(None)
Index(
    "uq_alert_open",
    alert.c.community_id,
    alert.c.key,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)

_NEW = (
    insert(alert)
    .on_conflict_do_nothing(index_elements=["community_id", "key"], index_where=_OPEN)
    .returning(alert.c.id)
)


def begin_alert(conn: Connection, community_id: int, key: str, now: datetime) -> int | None:
    """Open an alert; its id, or None when it is open and was told already."""
    new: int | None = conn.execute(
        _NEW.values(community_id=community_id, key=key, told=[], opened_at=now)
    ).scalar_one_or_none()
    if new is not None:
        return new
    row = open_alert(conn, community_id, key)
    return int(row.id) if row is not None and not row.told else None


_OPEN_WITH_KEY = CompiledStatement(
    select(alert).where(
        alert.c.community_id == bindparam("community"), alert.c.key == bindparam("wanted"), _OPEN
    ),
    "community",
    "wanted",
)


def open_alert(conn: Connection, community_id: int, key: str) -> Any | None:
    """The row of the open alert with this key."""
    return _OPEN_WITH_KEY.row(conn, {"community": community_id, "wanted": key})


def open_alerts(conn: Connection) -> Sequence[Any]:
    """Every alert that is open, of all communities."""
    return conn.execute(select(alert).where(_OPEN).order_by(alert.c.id)).all()


def record_told(conn: Connection, alert_id: int, keys: list[str]) -> None:
    """These outbox rows tell it."""
    conn.execute(update(alert).where(alert.c.id == alert_id).values(told=keys))


def next_turn(conn: Connection, alert_id: int) -> int:
    """Count another telling anew; which one it is."""
    anew = update(alert).where(alert.c.id == alert_id).values(turn=alert.c.turn + 1).returning(alert.c.turn)
    return int(conn.execute(anew).scalar_one())


def by_id(conn: Connection, alert_id: int) -> Any | None:
    return conn.execute(select(alert).where(alert.c.id == alert_id)).one_or_none()


def close_alert(conn: Connection, alert_id: int, now: datetime) -> None:
    conn.execute(update(alert).where(alert.c.id == alert_id).values(resolved_at=now))


def forget(conn: Connection, community_id: int, accounts: Sequence[tuple[str, str]]) -> None:
    """Forget that these (space, person) accounts were told anything."""
    names = tuple(f":{space}:@{person}" for space, person in accounts)
    for row in conn.execute(
        select(alert.c.id, alert.c.told).where(alert.c.community_id == community_id)
    ).all():
        left = [key for key in row.told if not key.endswith(names)]
        if left != row.told:
            record_told(conn, row.id, left)


def retention(ages: Ages) -> Retention:
    """Troubles that were over long ago."""
    return old_rows("alerts", ages["alerts"], alert, lambda before: alert.c.resolved_at < before)


def said(conn: Connection, community_id: int, number: int) -> OutboxRow | None:
    """The outbox row with this id, where it belongs to the community."""
    table = delivery_tables.outbox
    ours = and_(table.c.id == number, table.c.community_id == community_id)
    return next(iter(delivery_tables.rows(conn, select(*delivery_tables.COLUMNS).where(ours))), None)
