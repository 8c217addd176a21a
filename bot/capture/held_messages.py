"""Held messages: words of a direct message that are no answer yet, or no longer one, until their author says what they are.

They are kept for a short time, so that a button can save them: what somebody is asked about for a day, what was taken
back as long as that can be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    and_,
    delete,
    select,
    tuple_,
)

from bot.chat.models import Message, Place
from bot.store.dialect import insert
from bot.store.journal import empty_log_after
from bot.store.next_due import earliest
from bot.store.retention import Retention, old_rows
from bot.store.schema import metadata
from bot.store.types import Json, UtcDateTime

ASKED = timedelta(days=1)
"""How long words are held that somebody is asked about."""

held_message = Table(
    "held_message",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("space", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread", Text),
    Column("message", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("value", Json),
    Column("said_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Index("uq_held_message", "space", "channel", "message", unique=True),
    Index("ix_held_message_until", "until"),
)
"""One row for each message that is held, with its words as they stand now. `value` is what was picked with them."""


@dataclass(frozen=True, slots=True)
class HeldMessage:
    """A message that is held, as it was said."""

    id: int
    place: Place
    message: str
    text: str
    value: Any
    said_at: datetime

    @property
    def source(self) -> str:
        """Its identity, as the source of what is made of it."""
        return f"{self.place.space}/{self.place.channel}/{self.message}"


_NEW = insert(held_message)


def hold_message(
    conn: Connection, community_id: int, message: Message, person: str, text: str, until: datetime, value: object = None
) -> int:  # fmt: skip
    """Hold the words of a message until then; its id. A newer version takes the place of an older one."""
    place = message.place
    row = {
        "community_id": community_id, "space": place.space, "channel": place.channel, "thread": place.thread,
        "message": message.id, "person": person, "private": place.private, "text": text, "value": value,
        "said_at": message.at, "until": until,
    }  # fmt: skip
    latest = _NEW.on_conflict_do_update(
        index_elements=["space", "channel", "message"],
        set_={name: _NEW.excluded[name] for name in ("text", "value", "until")},
    )
    held: int = conn.execute(latest.values(row).returning(held_message.c.id)).scalar_one()
    return held


def find_held(
    conn: Connection, community_id: int, person: tuple[str, str], held_id: int, now: datetime
) -> HeldMessage | None:
    """A message of this (space, person) account that is still held; anybody else's is as good as not there."""
    c = held_message.c
    row = conn.execute(
        select(held_message).where(
            c.id == held_id,
            c.community_id == community_id,
            c.space == person[0],
            c.person == person[1],
            c.until > now,
        )
    ).one_or_none()
    if row is None:
        return None
    place = Place(row.space, row.channel, row.thread, private=row.private)
    return HeldMessage(row.id, place, row.message, row.text, row.value, row.said_at)


def release_held(conn: Connection, held_id: int) -> None:
    """Hold a message no longer."""
    conn.execute(delete(held_message).where(held_message.c.id == held_id))


def release_message(conn: Connection, message: Message) -> None:
    """Hold nothing of a message any longer: it was deleted, or its words are saved."""
    c = held_message.c
    ours = and_(c.space == message.place.space, c.channel == message.place.channel, c.message == message.id)
    if conn.execute(delete(held_message).where(ours)).rowcount:
        empty_log_after(conn)


def retention() -> Retention:
    """Held messages, which are removed as soon as their time is over."""
    until = held_message.c.until
    return old_rows(
        "held messages", timedelta(0), held_message, lambda before: until <= before, next_due=earliest(until)
    )


def forget(conn: Connection, community_id: int, accounts: Sequence[tuple[str, str]]) -> None:
    """Hold nothing of these (space, person) accounts any longer."""
    conn.execute(delete(held_message).where(_of(community_id, accounts)))


def forget_space(conn: Connection, space: str) -> None:
    """Hold nothing any longer that was said in a space."""
    conn.execute(delete(held_message).where(held_message.c.space == space))


def hand_over(
    conn: Connection, community_id: int, accounts: Sequence[tuple[str, str]]
) -> list[dict[str, object]]:
    """What is held of these accounts."""
    rows = conn.execute(select(held_message).where(_of(community_id, accounts)).order_by(held_message.c.id))
    return [
        {"text": row.text, "said at": row.said_at.isoformat(), "until": row.until.isoformat()} for row in rows
    ]


def _of(community_id: int, accounts: Sequence[tuple[str, str]]) -> ColumnElement[bool]:
    theirs = tuple_(held_message.c.space, held_message.c.person).in_(list(accounts))
    return and_(held_message.c.community_id == community_id, theirs)
