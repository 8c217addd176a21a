"""The lookup of the watched conversation that a message belongs to, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, bindparam, func, or_, select

from bot.capture.tables import Known, Watch, heard, known_from, watch_from, watched
from bot.chat.models import Message
from bot.store.compiled import CompiledStatement
from bot.store.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class WatchMatch:
    """The conversation a message belongs to, and what was known before it was told: of itself, and when its author
    first said something there that can be an answer, deleted or not."""

    watch: Watch
    known: Known | None
    first: datetime | None


def _concerned() -> Select[Any]:
    """The conversation a message was heard in, else the newest that we listen to at its place and time."""

    def this(table: FromClause) -> ColumnElement[bool]:
        return and_(*(table.c[name] == bindparam(name) for name in ("space", "channel", "message")))

    before, over, others = heard.alias("before"), watched.alias("over"), heard.alias("others")
    at = bindparam("at", type_=UtcDateTime())
    newest = (
        select(over.c.id)
        .where(
            over.c.space == bindparam("space"),
            over.c.channel == bindparam("channel"),
            over.c.thread == bindparam("thread"),
            # A thread hangs from our post, so all of it came after that: no clock need agree with any other.
            or_(~over.c.private, over.c.since <= at),
            over.c.until > at,
        )
        .order_by(over.c.ref.desc())
        .limit(1)
    )
    first = select(func.min(others.c.at)).where(
        others.c.watched_id == watched.c.id,
        others.c.person == func.coalesce(heard.c.person, bindparam("person")),
        others.c.counts,
    )
    ours = [column for column in watched.c if column.name != "person"]
    told = ("message", "person", "at", "version", "deleted_at", "missing_at", "chosen_at")
    return (
        select(*ours, *(heard.c[name] for name in told), first.scalar_subquery().label("first"))
        .select_from(watched.outerjoin(heard, this(heard)))
        .where(
            watched.c.id
            == func.coalesce(
                select(before.c.watched_id).where(this(before)).scalar_subquery(), newest.scalar_subquery()
            )
        )
    )


_CONCERNED = CompiledStatement(_concerned(), "space", "channel", "message", "thread", "at", "person")


def match_watch(conn: Connection, message: Message) -> WatchMatch | None:
    """The conversation a message belongs to, with what is known; None when we listen to none there."""
    place = message.place
    row = _CONCERNED.row(
        conn,
        {
            "space": place.space,
            "channel": place.channel,
            "message": message.id,
            "thread": place.thread or "",
            "at": message.at,
            "person": message.author.id if message.author is not None else "",
        },
    )
    if row is None:
        return None
    return WatchMatch(watch_from(row), None if row.message is None else known_from(row), row.first)
