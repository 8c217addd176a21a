"""The table of calendar feeds: whose each is, and the salt of its address."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    Table,
    Text,
    and_,
    delete,
    exists,
    select,
    update,
)

from bot.people.accounts import account
from bot.people.tables import space
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

SALT = 16
"""Bytes of a salt, which stands in the address."""

calendar_feed = Table(
    "calendar_feed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False, index=True),
    Column("member_id", ForeignKey("member.id"), index=True),
    Column("space", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("salt", Text, nullable=False, unique=True),
    Column("made_at", UtcDateTime, nullable=False),
)
"""A feed that somebody can subscribe to: with a member, of their own lessons; else of what is due in a `channel` of a `space`, or
in the whole community where both are "". Its address is `salt` with a seal that only the secret of the database can make. One
row at most for each, and none for what was turned off: a former address is like one that never was."""

_c = calendar_feed.c


@dataclass(frozen=True, slots=True)
class FeedSubject:
    """What a feed is of: a member's own lessons, or what is due in a channel, or (all "") in the community."""

    community_id: int
    member_id: int | None = None
    space: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class CalendarFeed:
    """A feed that is turned on."""

    id: int
    subject: FeedSubject
    salt: str
    made_at: datetime


def _is(subject: FeedSubject) -> ColumnElement[bool]:
    owner = _c.member_id.is_(None) if subject.member_id is None else _c.member_id == subject.member_id
    place = and_(_c.space == subject.space, _c.channel == subject.channel)
    return and_(_c.community_id == subject.community_id, owner, place)


def _find(conn: Connection, which: ColumnElement[bool]) -> CalendarFeed | None:
    row = conn.execute(select(calendar_feed).where(which).order_by(_c.id).limit(1)).one_or_none()
    if row is None:
        return None
    subject = FeedSubject(row.community_id, row.member_id, row.space, row.channel)
    return CalendarFeed(row.id, subject, row.salt, row.made_at)


def find_feed(conn: Connection, subject: FeedSubject) -> CalendarFeed | None:
    """The feed of this, if it is turned on."""
    return _find(conn, _is(subject))


def feed_by_salt(conn: Connection, salt: str) -> CalendarFeed | None:
    """The feed with this salt, while whoever it is of is still there."""
    found = _find(conn, _c.salt == salt)
    return found if found is not None and _is_served(conn, found.subject) else None


def _is_served(conn: Connection, subject: FeedSubject) -> bool:
    """Whether the member, the channel's space, or any space of the community is still there."""
    here = and_(space.c.community_id == subject.community_id, space.c.left_at.is_(None))
    if subject.member_id is not None:
        mine = and_(
            account.c.member_id == subject.member_id,
            account.c.left_at.is_(None),
            account.c.stranger.is_(False),
        )
        there = exists().where(mine, space.c.key == account.c.space, here)
    elif subject.space:
        there = exists().where(here, space.c.key == subject.space)
    else:
        there = exists().where(here)
    return conn.execute(select(there)).scalar_one()


def turn_on(conn: Connection, subject: FeedSubject, now: datetime) -> CalendarFeed:
    """The feed of this, turned on if it was not."""
    found = find_feed(conn, subject)
    if found is not None:
        return found
    values = {
        "community_id": subject.community_id, "member_id": subject.member_id, "space": subject.space,
        "channel": subject.channel, "salt": secrets.token_hex(SALT), "made_at": now,
    }  # fmt: skip
    conn.execute(calendar_feed.insert().values(values))
    return turn_on(conn, subject, now)


def change_address(conn: Connection, feed_id: int, salt: str) -> bool:
    """Give a feed a new address in place of that with this salt; false when it has another one already."""
    mine = update(calendar_feed).where(_c.id == feed_id, _c.salt == salt)
    return bool(conn.execute(mine.values(salt=secrets.token_hex(SALT))).rowcount)


def turn_off(conn: Connection, subject: FeedSubject) -> bool:
    """Serve it no more; false when it was not served."""
    return bool(conn.execute(delete(calendar_feed).where(_is(subject))).rowcount)


def forget_member(conn: Connection, community_id: int, member_id: int) -> None:
    """Serve nothing of a member any more."""
    conn.execute(delete(calendar_feed).where(_c.community_id == community_id, _c.member_id == member_id))
