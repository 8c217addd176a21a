"""The table of the outbox, its indexes, and a row of it as a value."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    Select,
    Table,
    Text,
    and_,
    literal_column,
    or_,
)

from bot.chat.models import Place
from bot.delivery.facts import (
    PART,
    OutboxState,
    Verb,
)
from bot.store.schema import metadata
from bot.store.types import EnumText, UtcDateTime

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("platform", Text, nullable=False),
    Column("space", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("verb", EnumText(Verb), nullable=False),
    Column("channel", Text),
    Column("thread", Text),
    Column("private", Boolean, nullable=False),
    Column("person", Text),
    Column("message", Text),
    Column("card", Text),
    Column("name", Text),
    Column("key", Text, nullable=False, unique=True),
    Column("marker", Text, nullable=False),
    Column("part", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("ref", Text, nullable=False),
    Column("after", Text),
    Column("state", EnumText(OutboxState), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("strikes", Integer, nullable=False),
    Column("look", Text),
    Column("looks", Integer, nullable=False),
    Column("lease_owner", Text),
    Column("lease_until", UtcDateTime),
    Column("due_at", UtcDateTime, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("send_started_at", UtcDateTime),
    Column("first_sent_at", UtcDateTime),
    Column("called_after", UtcDateTime),
    Column("unclear_at", UtcDateTime),
    Column("alerted_at", UtcDateTime),
    Column("external_id", Text),
    Column("sent_at", UtcDateTime),
    Column("error", Text),
    Column("sweep_at", UtcDateTime),
    Column("swept_at", UtcDateTime),
    Column("extras", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
"""`attempt` counts claims and fences every finish: it only grows. `strikes` counts the claims that may have
reached the platform. `look` is null until a sender has seen the row due, then `no`, or why the channel has to be
searched before anything is said (`late`, `epoch`); `refused` is what the platform refused under another key, which
being late does not make doubtful. `looks` counts searches and fences their results.
`called_after` is the platform's own time before the first call, from which a search begins: our clock may be wrong.
`extras` are copies of our own that the sweep removed. `card` is there only until the row is settled: what was said, or
will not be said, leaves no copy here."""

_c = outbox.c


def is_any(state: ColumnElement[Any], *wanted: OutboxState | Verb) -> ColumnElement[bool]:
    """In one of these states, or one of these verbs. Written out and not bound: a planner must see it to choose a partial index."""
    words: list[ColumnElement[Any]] = [literal_column(f"'{one.value}'") for one in wanted]
    return state == words[0] if len(words) == 1 else state.in_(words)


DOUBT = is_any(_c.state, OutboxState.SENDING, OutboxState.UNKNOWN)
IS_PENDING = is_any(_c.state, OutboxState.PENDING)
IS_POST = _c.verb == literal_column(f"'{Verb.POST.value}'")
"""Posts in channels. Written out, for a planner to see it."""
NO, LATE, EPOCH, REFUSED = "no", "late", "epoch", "refused"
"""Whether the channel is searched before the first call: no; yes, it is overdue; yes, this database may be old; and not
for being overdue, since the platform has refused it."""
UNSIGHTED = or_(_c.look.is_(None), _c.look == literal_column(f"'{REFUSED}'"))
"""No sender has seen the row due yet. The word is written out, for a planner to see it."""
SIGHTED = _c.look != literal_column(f"'{REFUSED}'")
"""A sender has seen the row due, and whether its channel is searched first is known."""


def is_tried(table: FromClause) -> ColumnElement[bool]:
    """It was claimed before. Written out: SQLite plans anew at each run what compares a value with a partial index."""
    claims: ColumnElement[int] = table.c.attempt
    return claims > literal_column("0")


IS_TRIED = is_tried(outbox)


def _partial(name: str, *columns: Any, where: Any, unique: bool = False) -> None:
    Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


# At most one row of a lane may be in doubt, whatever the senders do.
_partial("uq_outbox_doubt", _c.space, _c.lane, where=DOUBT, unique=True)
_partial("ix_outbox_pending", _c.platform, _c.not_before, where=IS_PENDING)
_partial("ix_outbox_lane", _c.space, _c.lane, _c.priority, _c.id, where=and_(IS_PENDING, SIGHTED))
_partial("ix_outbox_tried", _c.space, _c.lane, _c.priority, _c.id, where=and_(IS_PENDING, IS_TRIED))
_partial("ix_outbox_sending", _c.platform, _c.space, where=is_any(_c.state, OutboxState.SENDING))
_partial("ix_outbox_expires", _c.platform, _c.expires_at, where=IS_PENDING)
_partial("ix_outbox_unseen", _c.platform, _c.priority, _c.not_before, where=and_(IS_PENDING, UNSIGHTED))
_partial("ix_outbox_after", _c.after, where=and_(IS_PENDING, _c.after.is_not(None)))
_partial("ix_outbox_sweep", _c.platform, _c.sweep_at, where=_c.sweep_at.is_not(None))
Index("ix_outbox_person", _c.space, _c.person)
_partial("ix_outbox_kind", _c.kind, where=_c.card.is_not(None))
_partial("ix_outbox_spoken", _c.space, _c.not_before, where=IS_POST)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One row of the outbox; the columns are explained there and in `Draft`. Times are aware UTC."""

    id: int
    community_id: int
    platform: str
    space: str
    lane: str
    verb: Verb
    channel: str | None
    thread: str | None
    private: bool
    person: str | None
    message: str | None
    card: str | None
    name: str | None
    key: str
    marker: str
    part: int
    kind: str
    priority: int
    ref: str
    after: str | None
    state: OutboxState
    attempt: int
    strikes: int
    look: str | None
    looks: int
    lease_owner: str | None
    lease_until: datetime | None
    due_at: datetime
    not_before: datetime
    expires_at: datetime | None
    send_started_at: datetime | None
    first_sent_at: datetime | None
    called_after: datetime | None
    unclear_at: datetime | None
    alerted_at: datetime | None
    external_id: str | None
    sent_at: datetime | None
    error: str | None
    sweep_at: datetime | None
    swept_at: datetime | None
    extras: int
    created_at: datetime

    @property
    def place(self) -> Place | None:
        """Where it is or will be said; None for a direct message that has not been opened."""
        if self.channel is None:
            return None
        return Place(self.space, self.channel, self.thread, self.private)

    @property
    def fact_kind(self) -> str:
        """Under which kind facts are told of it: no feature takes a further part of a card for the whole."""
        return PART if self.part else self.kind

    @property
    def spot(self) -> Place:
        """`place`, or for a direct message never opened its lane, for facts and logs."""
        return self.place or Place(self.space, self.lane, None, private=True)


COLUMNS = tuple(_c[one.name] for one in fields(OutboxRow))


def rows(conn: Connection, question: Select[Any], **given: Any) -> list[OutboxRow]:
    """The rows a `select(*COLUMNS)` finds, with values for its parameters."""
    return [OutboxRow(*found) for found in conn.execute(question, given)]
