"""Tables of watched conversations, and of the messages heard in them.

No text is kept here. A message's identity is (space, channel, message id); what we know of it is ordered by the
platform's own version, so telling the same thing twice, late or in another order changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
    and_,
    delete,
    func,
    select,
    update,
)

from bot.chat.models import Message, Place
from bot.intents.intent import NOTHING_INVITED, Invited
from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert
from bot.store.foresight import LaterWork, do_later
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

watched = Table(
    "watched",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("space", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("subject", Text, nullable=False),
    Column("ref", Integer, nullable=False),
    Column("person", Text),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("scan_at", UtcDateTime),
    Column("scanned_at", UtcDateTime),
    Column("invited", Integer, nullable=False, default=0),
    Index("uq_watched_place", "space", "channel", "thread", "subject", "ref", unique=True),
    Index("ix_watched_scan_at", "scan_at"),
    Index("ix_watched_until", "until"),
)
_theirs = watched.c.person.is_not(None)
Index("ix_watched_person", watched.c.space, watched.c.person, sqlite_where=_theirs, postgresql_where=_theirs)
"""A thread or direct message we listen to. `thread` is "" for a direct message; `ref` is the occurrence; `invited`: what can
be an answer there though it looks like a wish, as `bot.intents.intent.Invited` numbers it."""

heard = Table(
    "heard",
    metadata,
    Column("space", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("message", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("watched_id", ForeignKey("watched.id", ondelete="CASCADE"), nullable=False),
    Column("person", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("version", UtcDateTime, nullable=False),
    Column("deleted_at", UtcDateTime),
    Column("missing_at", UtcDateTime),
    Column("counts", Boolean, nullable=False, default=True),
    Column("chosen_at", UtcDateTime),
    Index("ix_heard_thread", "watched_id", "person", "at"),
    Index("ix_heard_person", "space", "person"),
)
"""A message we know of, without its text. `counts` is false for talk that is no answer by its own shape; `chosen_at` is when
its author marked it as an answer by a reaction, whatever its shape."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A conversation we listen to: for whom (`subject`, `ref`), from when and until when (aware UTC).

    `scanned_at` is known only to whoever is about to re-read it.
    """

    id: int
    community_id: int
    place: Place
    subject: str
    ref: int
    since: datetime
    until: datetime
    scan_at: datetime | None
    scanned_at: datetime | None = None
    invited: Invited = NOTHING_INVITED


@dataclass(frozen=True, slots=True)
class Known:
    """A message of a conversation as we last heard of it."""

    message: str
    person: str
    at: datetime
    version: datetime
    deleted: bool
    missing_at: datetime | None
    chosen_at: datetime | None = None


WATCH = insert(watched)


def watch_place(
    conn: Connection,
    community_id: int,
    place: Place,
    subject: str,
    ref: int,
    until: datetime,
    now: datetime,
    person: str | None = None,
    scan_at: datetime | None = None,
    *,
    invited: Invited = NOTHING_INVITED,
) -> None:
    """Listen to a thread or direct message until then; the first scan is due at once, or at `scan_at`.

    `invited`: what is asked for there that would be a wish elsewhere.
    """
    conn.execute(
        WATCH.values(
            community_id=community_id,
            space=place.space,
            channel=place.channel,
            thread=place.thread or "",
            private=place.private,
            subject=subject,
            ref=ref,
            person=person,
            since=now,
            until=until,
            scan_at=scan_at or now,
            invited=int(invited),
        ).on_conflict_do_nothing(index_elements=["space", "channel", "thread", "subject", "ref"])
    )
    if place.private:
        # One direct message may be watched for many prompts; on the beat, reading it for the newest is enough.
        older = and_(watched.c.space == place.space, watched.c.channel == place.channel, watched.c.ref < ref)
        conn.execute(update(watched).where(older, watched.c.scan_at > now).values(scan_at=None))


def watch_from(row: Any) -> Watch:
    """The conversation in a row that has the columns of `watched`."""
    place = Place(row.space, row.channel, row.thread or None, row.private)
    return Watch(
        row.id, row.community_id, place, row.subject, row.ref, row.since, row.until, row.scan_at, invited=Invited(row.invited)
    )  # fmt: skip


def known_from(row: Any) -> Known:
    """The message in a row that has the columns of `heard`."""
    return Known(
        row.message,
        row.person,
        row.at,
        row.version,
        row.deleted_at is not None,
        row.missing_at,
        row.chosen_at,
    )


NEVER = datetime(1970, 1, 2, tzinfo=UTC)
"""The version of a message that must be read again."""
SOON = timedelta(seconds=1)
"""How soon a conversation is read again when a message asks for it; not at once, for it may be being read."""

_HEARD = insert(heard).inline()
_KEPT = CompiledStatement(
    _HEARD.values(missing_at=None, chosen_at=None).on_conflict_do_update(
        index_elements=["space", "channel", "message"],
        set_={name: _HEARD.excluded[name] for name in ("version", "deleted_at", "missing_at", "counts")},
    ),
    *("space", "channel", "message", "community_id", "watched_id", "person", "at", "version", "deleted_at", "counts"),
)  # fmt: skip


_HEARD_LATER = LaterWork(1, _KEPT.run_all)


def store_heard(conn: Connection, here: Watch, message: Message, person: str, counts: bool) -> None:
    """Remember that this version of a message was heard."""
    do_later(
        conn,
        _HEARD_LATER,
        {
            "space": message.place.space,
            "channel": message.place.channel,
            "message": message.id,
            "community_id": here.community_id,
            "watched_id": here.id,
            "person": person,
            "at": message.at,
            "version": message.version,
            "deleted_at": message.version if message.deleted else None,
            "counts": counts,
        },
    )


def first_counting(conn: Connection, watch_id: int, person: str) -> datetime | None:
    """When a person first said something that can be an answer in this conversation, deleted or not."""
    first: datetime | None = conn.execute(
        select(func.min(heard.c.at)).where(
            heard.c.watched_id == watch_id, heard.c.person == person, heard.c.counts
        )
    ).scalar_one()
    return first


def counting_after(conn: Connection, watch_id: int, person: str, after: datetime) -> Sequence[str]:
    """Ids of a person's messages in a conversation later than `after`, but for those they chose themselves."""
    return tuple(
        conn.execute(
            select(heard.c.message).where(
                heard.c.watched_id == watch_id,
                heard.c.person == person,
                heard.c.at > after,
                heard.c.chosen_at.is_(None),
            )
        ).scalars()
    )


def hear_again(conn: Connection, watch_id: int, person: str, now: datetime) -> None:
    """Forget which versions of a person's messages were heard, and have the conversation re-read at once.

    Needed when an edit turns somebody's first reply into talk: what they said later may now be their answer,
    and its text was rightly not kept.
    """
    conn.execute(
        update(heard)
        .where(heard.c.watched_id == watch_id, heard.c.person == person, heard.c.deleted_at.is_(None))
        .values(version=NEVER)
    )
    conn.execute(update(watched).where(watched.c.id == watch_id).values(scan_at=now + SOON))


def forget_messages(conn: Connection, community_id: int, accounts: Sequence[tuple[str, str]]) -> None:
    """Remove every trace of what these (space, person) accounts said."""
    for space, person in accounts:
        conn.execute(
            delete(heard).where(
                heard.c.community_id == community_id, heard.c.space == space, heard.c.person == person
            )
        )
        conn.execute(
            delete(watched).where(
                watched.c.community_id == community_id, watched.c.space == space, watched.c.person == person
            )
        )


def forget_space(conn: Connection, space: str) -> None:
    """Stop listening in a space, and remove every trace of what was heard there."""
    conn.execute(delete(heard).where(heard.c.space == space))
    conn.execute(delete(watched).where(watched.c.space == space))


def hand_over(
    conn: Connection, community_id: int, accounts: Sequence[tuple[str, str]]
) -> list[dict[str, object]]:
    """What we know of these accounts' messages: where and when, never a text."""
    rows: list[dict[str, object]] = []
    for space, person in accounts:
        for row in conn.execute(
            select(heard.c.space, heard.c.channel, heard.c.message, heard.c.at, heard.c.deleted_at).where(
                heard.c.community_id == community_id, heard.c.space == space, heard.c.person == person
            )
        ):
            rows.append(  # noqa: PERF401 - a comprehension over two loops and a dict reads worse
                {
                    "space": row.space,
                    "channel": row.channel,
                    "message": row.message,
                    "at": row.at.isoformat(),
                    "deleted": row.deleted_at is not None,
                }
            )
    return rows
