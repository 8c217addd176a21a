"""The outbox: one row for each thing the bot is about to say or has said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
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
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from bot.chat import cards, plain_text
from bot.chat.cards import Card
from bot.chat.models import Place
from bot.delivery.facts import (
    CANCELLED,
    LEFT_BEHIND,
    ORPHANED,
    Draft,
    Failed,
    OutboxState,
    Sent,
    Stuck,
    Verb,
    marker_of,
)
from bot.store.dialect import insert
from bot.store.schema import metadata
from bot.store.types import EnumText, UtcDateTime

__all__ = ["Draft", "Failed", "OutboxRow", "OutboxState", "Sent", "Stuck", "Verb", "outbox"]

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
searched before anything is said (`late`, `epoch`). `looks` counts searches and fences their results.
`extras` are copies of our own that the sweep removed."""

_c = outbox.c
_OPEN = (OutboxState.PENDING, OutboxState.SENDING, OutboxState.UNKNOWN)


def is_any(state: ColumnElement[Any], *wanted: OutboxState) -> ColumnElement[bool]:
    """In one of these states. Written out and not bound: a planner must see it to choose a partial index."""
    words: list[ColumnElement[Any]] = [literal_column(f"'{one.value}'") for one in wanted]
    return state == words[0] if len(words) == 1 else state.in_(words)


DOUBT = is_any(_c.state, OutboxState.SENDING, OutboxState.UNKNOWN)
_IS_PENDING = is_any(_c.state, OutboxState.PENDING)


def _partial(name: str, *columns: Any, where: Any, unique: bool = False) -> None:
    Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


# At most one row of a lane may be in doubt, whatever the senders do.
_partial("uq_outbox_doubt", _c.space, _c.lane, where=DOUBT, unique=True)
_partial("ix_outbox_pending", _c.platform, _c.not_before, where=_IS_PENDING)
_partial("ix_outbox_lane", _c.space, _c.lane, _c.priority, _c.id, where=_IS_PENDING)
_partial("ix_outbox_expires", _c.platform, _c.expires_at, where=_IS_PENDING)
_partial("ix_outbox_unseen", _c.platform, _c.not_before, where=and_(_IS_PENDING, _c.look.is_(None)))
_partial("ix_outbox_after", _c.after, where=and_(_IS_PENDING, _c.after.is_not(None)))
_partial("ix_outbox_sweep", _c.platform, _c.sweep_at, where=_c.sweep_at.is_not(None))
Index("ix_outbox_person", _c.space, _c.person)


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
    def spot(self) -> Place:
        """`place`, or for a direct message never opened its lane, for facts and logs."""
        return self.place or Place(self.space, self.lane, None, private=True)


COLUMNS = tuple(_c[one.name] for one in fields(OutboxRow))


def rows(conn: Connection, question: Select[Any], **given: Any) -> list[OutboxRow]:
    """The rows a `select(*COLUMNS)` finds, with values for its parameters."""
    return [OutboxRow(*found) for found in conn.execute(question, given)]


# ── what features do ──────────────────────────────────────────────────────────

_REVIVED = (
    "community_id", "platform", "space", "lane", "verb", "channel", "thread", "private", "person", "message", "card", "name",
    "kind", "priority", "ref", "after", "state", "look", "due_at", "not_before", "expires_at", "error",
)  # fmt: skip
_NEW = insert(outbox)
# What was taken back may be asked for again under the same key: a schedule that is changed, then planned anew.
# Its attempts are kept: they fence, and they know that an earlier call was certainly not carried out.
_QUEUE = _NEW.on_conflict_do_update(
    index_elements=["key"],
    set_={name: _NEW.excluded[name] for name in _REVIVED},
    where=and_(_c.state == OutboxState.DROPPED, _c.error.in_((CANCELLED, ORPHANED))),
).returning(_c.id)


def queue(conn: Connection, draft: Draft, now: datetime) -> bool:
    """Put a draft into the outbox; false when its key is there already, which changes nothing."""
    due = draft.not_before or now
    values = {name: getattr(draft, name) for name in _REVIVED if hasattr(draft, name)} | {
        "platform": draft.space.partition(":")[0],
        "lane": draft.lane,
        "private": draft.private or draft.person is not None,
        "card": None if draft.card is None else cards.dump(draft.card),
        "key": draft.key,
        "marker": marker_of(draft.key),
        "state": OutboxState.PENDING,
        "due_at": due,
        "not_before": due,
        "created_at": now,
    }
    values |= {"attempt": 0, "strikes": 0, "looks": 0, "extras": 0}
    return conn.execute(_QUEUE, values).first() is not None


def cancel(conn: Connection, key: str) -> bool:
    """Take back what has certainly not been said; false when it is too late for that, or there is no such key."""
    unsaid = or_(_IS_PENDING, and_(_c.state == OutboxState.UNKNOWN, _c.attempt == 0))
    values = {"state": OutboxState.DROPPED, "error": CANCELLED, "card": None}
    return bool(conn.execute(update(outbox).where(_c.key == key, unsaid).values(values)).rowcount)


def replace_card(conn: Connection, key: str, card: Card) -> bool:
    """Say something else instead, while nobody has begun to say it; false when it is too late.

    Then queue an `update` with `after=key`: it reaches the message as soon as there is one.
    """
    unsaid = update(outbox).where(_c.key == key, _IS_PENDING, _c.card.is_not(None))
    return bool(conn.execute(unsaid.values(card=cards.dump(card))).rowcount)


_BY_KEY = select(*COLUMNS).where(_c.key == bindparam("wanted"))


def by_key(conn: Connection, key: str) -> OutboxRow | None:
    """The row with this key."""
    return next(iter(rows(conn, _BY_KEY, wanted=key)), None)


def by_message(conn: Connection, place: Place, message: str) -> list[OutboxRow]:
    """Every row that has to do with this message, in the order of their making."""
    mine = and_(_c.space == place.space, _c.channel == place.channel)
    about = or_(_c.external_id == message, _c.message == message)
    return rows(conn, select(*COLUMNS).where(mine, about).order_by(_c.id))


def release(conn: Connection, key: str, now: datetime) -> bool:
    """Say it (again): a moderator looked where the bot may not, and it is not there. False when not in doubt."""
    doubtful = update(outbox).where(_c.key == key, _c.state == OutboxState.UNKNOWN)
    values = {"state": OutboxState.PENDING, "look": "no", "not_before": now, "lease_owner": None}
    return bool(conn.execute(doubtful.values(values)).rowcount)


# ── what people are owed ──────────────────────────────────────────────────────


def forget(conn: Connection, community_id: int, accounts: Iterable[tuple[str, str]], now: datetime) -> None:
    """Say nothing more to these (space, person) accounts privately, and keep nothing of what was said."""
    pairs = list(accounts)
    if not pairs:
        return
    theirs = and_(_c.community_id == community_id, tuple_(_c.space, _c.person).in_(pairs))
    dropped = {"state": OutboxState.DROPPED, "error": CANCELLED}
    conn.execute(update(outbox).where(theirs, _IS_PENDING).values(dropped))
    # What is on its way cannot be called back; it is not repeated, and its card goes now.
    conn.execute(update(outbox).where(theirs, DOUBT).values(expires_at=now, card=None))
    gone = {"card": None, "person": None, "lane": "", "channel": None, "ref": "", "after": None}
    conn.execute(update(outbox).where(theirs, _c.state.not_in(_OPEN)).values(gone))


def hand_over(
    conn: Connection, community_id: int, accounts: Iterable[tuple[str, str]]
) -> list[dict[str, object]]:
    """What the bot told these (space, person) accounts privately, for their own copy of their data."""
    theirs = and_(_c.community_id == community_id, tuple_(_c.space, _c.person).in_(list(accounts)))
    wanted = select(_c.sent_at, _c.kind, _c.card).where(theirs, _c.state == OutboxState.SENT).order_by(_c.id)
    return [
        {"at": at.isoformat(), "kind": kind, "said": plain_text.text(cards.load(card)) if card else None}
        for at, kind, card in conn.execute(wanted)
    ]


def abandon(conn: Connection, space: str, before: datetime | None = None) -> int:
    """Say nothing more in a space the bot was removed from: what was due before then, or everything; how many."""
    due = _IS_PENDING if before is None else and_(_IS_PENDING, _c.due_at <= before)
    values = {"state": OutboxState.DROPPED, "error": LEFT_BEHIND, "card": None}
    return conn.execute(update(outbox).where(_c.space == space, due).values(values)).rowcount


def forget_space(conn: Connection, space: str) -> None:
    """Remove everything that was said, or was to be said, in a space."""
    conn.execute(delete(outbox).where(_c.space == space))


def purge(conn: Connection, before: datetime, limit: int = 500) -> int:
    """Remove up to `limit` rows that were done with before this instant; how many."""
    child = outbox.alias()
    waited_for = exists().where(child.c.after == _c.key, child.c.state.in_(_OPEN))
    finished = func.coalesce(_c.sent_at, _c.not_before) < before
    old = (
        select(_c.id).where(_c.state.not_in(_OPEN), finished, _c.sweep_at.is_(None), ~waited_for).limit(limit)
    )
    return conn.execute(delete(outbox).where(_c.id.in_(old))).rowcount


# ── what operators see ────────────────────────────────────────────────────────


def counts(conn: Connection) -> Mapping[str, int]:
    """How many rows are in each state, and how many copies the sweep has removed (`duplicates_swept`)."""
    by_state = dict.fromkeys(OutboxState, 0)
    swept = 0
    for state, number, extras in conn.execute(
        select(_c.state, func.count(), func.sum(_c.extras)).group_by(_c.state)
    ):
        by_state[state] = number
        swept += extras
    return {state.value: number for state, number in by_state.items()} | {"duplicates_swept": swept}


def invariants() -> tuple[tuple[str, Select[Any]], ...]:
    """What must never be true: each selects the rows that break it."""
    id_of = select(_c.id)
    crowded = select(_c.space, _c.lane).where(DOUBT).group_by(_c.space, _c.lane).having(func.count() > 1)
    return (
        ("I3 sent means that it has the platform's id", id_of.where((_c.state == OutboxState.SENT) != _c.external_id.is_not(None))),
        ("I5 at most one row of a lane is in doubt", crowded),
        ("I6 a row that is being sent was claimed", id_of.where(_c.state == OutboxState.SENDING, _c.attempt == 0)),
        (
            "I12 a row in a sender's hands has a lease",
            id_of.where(_c.state == OutboxState.SENDING, or_(_c.lease_until.is_(None), _c.lease_owner.is_(None))),
        ),
    )  # fmt: skip
