"""What Tilth remembers of discussions: each dated one, from what was changed about it to its closing.

Nothing that anybody says in a thread is kept: at closing, the number of people, and only that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
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
    Select,
    Table,
    Text,
    and_,
    func,
    or_,
    select,
    update,
)

from bot.chat.models import Place
from bot.store.dialect import insert
from bot.store.next_due import Soonest, earliest, soonest
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

discussion = Table(
    "discussion",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("schedule_id", ForeignKey("schedule.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    # what was changed about this one
    Column("title", Text),
    Column("text", Text),
    # from when it is opened
    Column("occurrence_id", Integer),
    Column("number", Integer),
    Column("name", Text),
    Column("topic_id", Integer),
    Column("space", Text),
    Column("channel", Text),
    Column("message", Text),
    Column("thread", Text),
    Column("post", Text),
    Column("tries", Integer, nullable=False, default=0),
    Column("said_again", Integer, nullable=False, default=0),
    Column("opened_at", UtcDateTime),
    Column("closes_at", UtcDateTime),
    Column("reopen_at", UtcDateTime),
    Column("closing_since", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("people", Integer),
    Column("pinned", Boolean, nullable=False, default=False),
    # a meeting that belongs to it
    Column("meets_at", UtcDateTime),
    Column("ends_at", UtcDateTime),
    Column("seats", Integer),
    Column("where", Text),
    Column("listed", Text),
    Column("list_wanted", Integer, nullable=False, default=0),
    Column("list_done", Integer, nullable=False, default=0),
    Column("list_tried_at", UtcDateTime),
    Column("called_off_at", UtcDateTime),
    Column("reminded", Integer, nullable=False, default=0),
    Index("uq_discussion_schedule_id_key", "schedule_id", "key", unique=True),
    Index("ix_discussion_community_id_opened_at", "community_id", "opened_at"),
    Index("ix_discussion_closes_at", "closed_at", "closes_at"),
    Index("ix_discussion_meets_at", "meets_at"),
)
"""One dated discussion of a schedule. `name` is its title as it was said, `post` the outbox key of its message,
`said_again` how often that was changed. `listed` is its id on the platform's list of events: it must be told there
again while `list_wanted` is ahead of `list_done`. `reminded` counts the reminders that went out."""


@dataclass(frozen=True, slots=True)
class Discussion:
    """One dated discussion; the columns are explained there."""

    id: int
    community_id: int
    schedule_id: int
    key: str
    title: str | None
    text: str | None
    occurrence_id: int | None
    number: int | None
    name: str | None
    topic_id: int | None
    space: str | None
    channel: str | None
    message: str | None
    thread: str | None
    post: str | None
    tries: int
    said_again: int
    opened_at: datetime | None
    closes_at: datetime | None
    reopen_at: datetime | None
    closing_since: datetime | None
    closed_at: datetime | None
    people: int | None
    pinned: bool
    meets_at: datetime | None
    ends_at: datetime | None
    seats: int | None
    where: str | None
    listed: str | None
    list_wanted: int
    list_done: int
    list_tried_at: datetime | None
    called_off_at: datetime | None
    reminded: int

    @property
    def place(self) -> Place:
        """The channel it was opened in, with its thread as soon as there is one."""
        if self.space is None or self.channel is None:
            raise LookupError(f"discussion {self.id} was never opened")
        return Place(self.space, self.channel, self.thread)


def imagined_discussion(title: str, text: str) -> Discussion:
    """A discussion that is in no table, to show what one will look like."""
    empty: dict[str, Any] = {one.name: None for one in fields(Discussion)}
    numbers = dict.fromkeys(("id", "community_id", "schedule_id", "tries", "said_again", "reminded"), 0)
    known = {"key": "", "name": title, "text": text, "pinned": False, "list_wanted": 0, "list_done": 0}
    return Discussion(**empty | numbers | known)


_c = discussion.c
_COLUMNS = tuple(_c[one.name] for one in fields(Discussion))
_NEW = insert(discussion).on_conflict_do_nothing(index_elements=["schedule_id", "key"])


def _find(conn: Connection, *where: ColumnElement[bool]) -> list[Discussion]:
    return [Discussion(*row) for row in conn.execute(select(*_COLUMNS).where(*where).order_by(_c.id))]


def draft_discussion(conn: Connection, community_id: int, schedule_id: int, key: str) -> Discussion:
    """The row of one dated discussion, made if need be."""
    conn.execute(_NEW.values(community_id=community_id, schedule_id=schedule_id, key=key))
    return _find(conn, _c.schedule_id == schedule_id, _c.key == key)[0]


def find_discussion(
    conn: Connection, community_id: int, discussion_id: int, *, hold: bool = False
) -> Discussion | None:
    """One dated discussion of a community. `hold` keeps it until the transaction ends, so that two take turns."""
    query = select(*_COLUMNS).where(_c.community_id == community_id, _c.id == discussion_id)
    row = conn.execute(query.with_for_update() if hold else query).one_or_none()
    return None if row is None else Discussion(*row)


def by_key(conn: Connection, schedule_id: int, key: str) -> Discussion | None:
    """What is known of one dated discussion of a schedule."""
    return next(iter(_find(conn, _c.schedule_id == schedule_id, _c.key == key)), None)


def drafts(conn: Connection, schedule_id: int) -> dict[str, Discussion]:
    """What is known of the dated discussions of a schedule that were not opened yet, by key."""
    return {one.key: one for one in _find(conn, _c.schedule_id == schedule_id, _c.opened_at.is_(None))}


def change_discussion(conn: Connection, discussion_id: int, **values: Any) -> None:
    """Change columns of one dated discussion."""
    conn.execute(update(discussion).where(_c.id == discussion_id).values(**values))


def count(conn: Connection, schedule_id: int) -> int:
    """How many of a schedule have been opened."""
    query = select(func.count()).where(_c.schedule_id == schedule_id, _c.opened_at.is_not(None))
    return conn.execute(query).scalar_one()


def open_of(conn: Connection, schedule_id: int) -> list[Discussion]:
    """The discussions of a schedule that are open, oldest first."""
    return _find(conn, _c.schedule_id == schedule_id, _c.opened_at.is_not(None), _c.closed_at.is_(None))


def open_now(conn: Connection, community_id: int) -> list[Discussion]:
    """The discussions of a community that are open."""
    return _find(conn, _c.community_id == community_id, _c.opened_at.is_not(None), _c.closed_at.is_(None))


def pinned_of(conn: Connection, schedule_id: int) -> list[Discussion]:
    """The discussions of a schedule whose message is pinned."""
    return _find(conn, _c.schedule_id == schedule_id, _c.pinned)


def to_close(conn: Connection, now: datetime, limit: int = 20) -> list[Discussion]:
    """Discussions whose time is over."""
    query = select(*_COLUMNS).where(_c.closed_at.is_(None), _c.opened_at.is_not(None), _c.closes_at <= now)
    return [Discussion(*row) for row in conn.execute(query.order_by(_c.closes_at).limit(limit))]


def next_close(patience: timedelta) -> Soonest:
    """When the next discussion closes; one whose thread could not be read waits for so long."""
    is_open = (_c.closed_at.is_(None), _c.opened_at.is_not(None))
    fresh = earliest(_c.closes_at, *is_open, _c.closing_since.is_(None))
    return soonest(fresh, earliest(_c.closing_since, *is_open, plus=patience))


def refused_of(conn: Connection, schedule_id: int) -> list[Discussion]:
    """The discussions of a schedule that their place refused and that are not there yet."""
    return _find(
        conn, _c.schedule_id == schedule_id, _c.tries > 0, _c.message.is_(None), _c.closed_at.is_(None)
    )


def to_reopen(conn: Connection, now: datetime) -> list[Discussion]:
    """Open discussions whose thread the platform may have put away meanwhile, held until the transaction ends."""
    due = select(*_COLUMNS).where(_c.closed_at.is_(None), _c.reopen_at <= now, _c.thread.is_not(None))
    return [Discussion(*row) for row in conn.execute(due.order_by(_c.id).with_for_update())]


next_reopen = earliest(_c.reopen_at, _c.closed_at.is_(None), _c.thread.is_not(None))
"""When that is next so."""


def meetings(conn: Connection, after: datetime) -> list[Discussion]:
    """Discussions with a meeting that begins after an instant and was not called off."""
    return _find(conn, _c.meets_at > after, _c.called_off_at.is_(None), _c.opened_at.is_not(None))


def to_list(conn: Connection) -> list[Discussion]:
    """Discussions that must be told to the platform's list of events."""
    return _find(conn, _c.list_wanted > _c.list_done)


def claim_listing(conn: Connection, discussion_id: int, now: datetime) -> bool:
    """Be the one who tells the platform's list; false when somebody else is at it, or has done it."""
    free = and_(_c.id == discussion_id, _c.list_wanted > _c.list_done, _c.list_tried_at.is_(None))
    return conn.execute(update(discussion).where(free).values(list_tried_at=now)).rowcount == 1


def by_message(conn: Connection, place: Place, message: str) -> Sequence[Any]:
    """Rows that are about one message, for the playground's panel."""
    return conn.execute(
        select(discussion).where(
            _c.space == place.space,
            _c.channel == place.channel,
            or_(_c.message == message, _c.thread == message),
        )
    ).all()


def invariants() -> tuple[tuple[str, Select[Any]], ...]:
    """Rows that must not exist."""
    early = select(_c.id).where(_c.closed_at < _c.closes_at)
    unsaid = select(_c.id).where(_c.opened_at.is_not(None), or_(_c.post.is_(None), _c.name.is_(None)))
    two = select(_c.schedule_id).where(_c.pinned).group_by(_c.schedule_id).having(func.count() > 1)
    return (
        ("no discussion closes before its time", early),
        ("every opened discussion has its message", unsaid),
        ("one pinned message for each row of discussions", two),
    )
