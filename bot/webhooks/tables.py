"""The table of webhooks: where each goes, what it is told of, and whether it is paused."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, Text, delete, func, select, update

from bot.delivery.facts import HOOKS
from bot.delivery.tables import IS_PENDING, outbox
from bot.store.schema import metadata
from bot.store.types import Json, UtcDateTime

MOST = 5
"""Webhooks of one community."""
SALT = 16
"""Bytes from which, with the secret of the database, the secret of a webhook is made."""

webhook = Table(
    "webhook",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("events", Json, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("paused_at", UtcDateTime),
    Column("paused_for", Text),
    Column("answered_at", UtcDateTime),
    # Rows of the outbox name a webhook by its number: the next one must not get the deliveries of a removed one.
    sqlite_autoincrement=True,
)
"""A service that is told what happens. Its secret is not here: it is made of `salt` and the secret of the database.
`paused_for` is why it is paused: "" by an admin, else what it answered for too long. `answered_at`: when it last took something."""

_c, _o = webhook.c, outbox.c


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook; people write it as `h<id>`. The columns are explained at the table."""

    id: int
    community_id: int
    url: str
    salt: str
    events: tuple[str, ...]
    made_at: datetime
    paused_at: datetime | None
    paused_for: str | None
    answered_at: datetime | None

    @property
    def host(self) -> str:
        """What is shown of its address, the rest of which may be a secret."""
        return urlsplit(self.url).hostname or "?"

    @property
    def lane(self) -> str:
        """What its rows in the outbox stand in."""
        return f"h{self.id}"


def space_of(community_id: int) -> str:
    """The space key of the webhooks of a community in the outbox."""
    return f"{HOOKS}:{community_id}"


def _rows(conn: Connection, *which: object) -> list[Webhook]:
    query = select(webhook).where(*which).order_by(_c.id)  # type: ignore[arg-type]
    return [
        Webhook(
            row.id, row.community_id, row.url, row.salt, tuple(row.events), row.made_at, row.paused_at, row.paused_for, row.answered_at
        )
        for row in conn.execute(query)
    ]  # fmt: skip


def list_webhooks(conn: Connection, community_id: int) -> list[Webhook]:
    """The webhooks of a community, the oldest first."""
    return _rows(conn, _c.community_id == community_id)


def list_listening(conn: Connection, community_id: int, event: str) -> list[Webhook]:
    """Those that are told of an event now."""
    return [
        one
        for one in _rows(conn, _c.community_id == community_id, _c.paused_at.is_(None))
        if event in one.events
    ]


def find_webhook(conn: Connection, community_id: int, webhook_id: int) -> Webhook | None:
    """A webhook of a community."""
    found = _rows(conn, _c.community_id == community_id, _c.id == webhook_id)
    return found[0] if found else None


def add_webhook(
    conn: Connection, community_id: int, url: str, events: Sequence[str], now: datetime
) -> Webhook | None:
    """Add a webhook with a secret of its own; None where a community has as many as it may have."""
    count = select(func.count()).select_from(webhook).where(_c.community_id == community_id)
    if conn.execute(count).scalar_one() >= MOST:
        return None
    values = {
        "community_id": community_id, "url": url, "salt": secrets.token_hex(SALT), "events": list(events), "made_at": now,
    }  # fmt: skip
    made = conn.execute(webhook.insert().values(values).returning(_c.id)).scalar_one()
    return find_webhook(conn, community_id, made)


def pause_webhook(conn: Connection, webhook_id: int, now: datetime, why: str) -> bool:
    """Tell it nothing from now on; false when it is paused already, or gone."""
    running = update(webhook).where(_c.id == webhook_id, _c.paused_at.is_(None))
    return bool(conn.execute(running.values(paused_at=now, paused_for=why)).rowcount)


def resume_webhook(conn: Connection, webhook_id: int) -> bool:
    """Tell it what happens from now on; false when it was not paused."""
    paused = update(webhook).where(_c.id == webhook_id, _c.paused_at.is_not(None))
    return bool(conn.execute(paused.values(paused_at=None, paused_for=None)).rowcount)


def note_answer(conn: Connection, webhook_id: int, now: datetime) -> None:
    """It took something."""
    conn.execute(update(webhook).where(_c.id == webhook_id).values(answered_at=now))


def remove_webhook(conn: Connection, webhook_id: int) -> None:
    """Remove it with its address and secret."""
    conn.execute(delete(webhook).where(_c.id == webhook_id))


def list_waiting(conn: Connection, one: Webhook) -> list[tuple[str, str | None]]:
    """(key, the last error or None) of what waits to be told to it, in order."""
    here = (_o.space == space_of(one.community_id), _o.lane == one.lane, IS_PENDING)
    return [
        (row.key, row.error) for row in conn.execute(select(_o.key, _o.error).where(*here).order_by(_o.id))
    ]
