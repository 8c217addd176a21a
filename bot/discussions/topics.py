"""The queue of topics of a row of discussions: what `{topic}` will be, and what happens when there is none left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Index, Integer, Select, Table, Text, select, update

from bot.discussions.settings import Dry
from bot.people.tables import member
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

LONGEST = 80
"""Characters of a topic: it stands in a title of at most a hundred."""
MOST = 200
"""Topics that wait in one queue."""

topic = Table(
    "topic",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("schedule_id", ForeignKey("schedule.id", ondelete="CASCADE"), nullable=False),
    Column("text", Text, nullable=False),
    Column("added_by", ForeignKey("member.id")),
    Column("added_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("dropped_at", UtcDateTime),
    Index("ix_topic_schedule_id", "schedule_id"),
    # Moderators name topics by number (`t3`): SQLite would give a dropped one's number to the next.
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic that waits. People write it as `t<id>`."""

    id: int
    text: str


def add_topics(
    conn: Connection, community_id: int, schedule_id: int, texts: Sequence[str], by: int | None, now: datetime
) -> None:
    """Put topics at the end of a queue."""
    rows = [
        {
            "community_id": community_id,
            "schedule_id": schedule_id,
            "text": text,
            "added_by": by,
            "added_at": now,
        }
        for text in texts
    ]
    conn.execute(topic.insert(), rows)


def waiting_topics(conn: Connection, schedule_id: int) -> list[Topic]:
    """The topics that were not used yet, in their order."""
    c = topic.c
    query = select(c.id, c.text).where(
        c.schedule_id == schedule_id, c.used_at.is_(None), c.dropped_at.is_(None)
    )
    return [Topic(*row) for row in conn.execute(query.order_by(c.id))]


def used_topics(conn: Connection, schedule_id: int) -> list[Topic]:
    """The topics that were used, the one longest ago first."""
    c = topic.c
    query = select(c.id, c.text).where(
        c.schedule_id == schedule_id, c.used_at.is_not(None), c.dropped_at.is_(None)
    )
    return [Topic(*row) for row in conn.execute(query.order_by(c.used_at, c.id))]


def by_id(conn: Connection, topic_id: int) -> Topic | None:
    """One topic."""
    row = conn.execute(select(topic.c.id, topic.c.text).where(topic.c.id == topic_id)).one_or_none()
    return None if row is None else Topic(*row)


def drop_topic(
    conn: Connection, community_id: int, schedule_id: int, topic_id: int, at: datetime | None
) -> bool:
    """Take a topic out of its queue, or with None put it back; False when there is no such topic."""
    c = topic.c
    ours = (c.community_id == community_id) & (c.schedule_id == schedule_id) & (c.id == topic_id)
    return conn.execute(update(topic).where(ours).values(dropped_at=at)).rowcount == 1


def use_topic(conn: Connection, topic_id: int, at: datetime | None) -> None:
    """A topic was used, or with None is free again."""
    conn.execute(update(topic).where(topic.c.id == topic_id).values(used_at=at))


def line_up(waiting: Sequence[Topic], used: Sequence[Topic], dry: Dry, count: int) -> list[Topic | None]:
    """The topics of the next `count` discussions; None where the queue is empty and does not start over."""
    found: list[Topic | None] = list(waiting[:count])
    again = [*used, *waiting] if dry is Dry.AGAIN else []
    while len(found) < count:
        found.append(again[(len(found) - len(waiting)) % len(again)] if again else None)
    return found


def hand_over(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """The topics a member put into queues."""
    c = topic.c
    mine = (c.community_id == community_id) & (c.added_by == member_id)
    return [
        {"topic": row.text, "added at": row.added_at.isoformat()}
        for row in conn.execute(select(topic).where(mine).order_by(c.id))
    ]


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Keep the topics as the community's plan, and no longer whose they were."""
    mine = (topic.c.community_id == community_id) & (topic.c.added_by == member_id)
    conn.execute(update(topic).where(mine).values(added_by=None))


def invariants() -> tuple[tuple[str, Select[Any]], ...]:
    """Rows that must not exist."""
    erased = (
        select(topic.c.id)
        .join(member, member.c.id == topic.c.added_by)
        .where(member.c.erased_at.is_not(None))
    )
    return (("no topic names an erased member", erased),)
