"""The outbox: one row for each thing the bot is about to say or has said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)

from bot.chat import cards
from bot.chat.cards import Card
from bot.chat.models import Place, platform_of
from bot.delivery import lanes
from bot.delivery.facts import (
    CANCELLED,
    LEFT_BEHIND,
    LOCKING,
    ORPHANED,
    SPEAKING,
    Draft,
    Failed,
    OutboxState,
    Sent,
    Stuck,
    Verb,
    marker_of,
)
from bot.delivery.tables import COLUMNS, DOUBT, EPOCH, IS_PENDING, REFUSED, OutboxRow, is_any, outbox, rows
from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert

__all__ = ["Draft", "Failed", "OutboxRow", "OutboxState", "Sent", "Stuck", "Verb", "outbox"]

_c = outbox.c
_OPEN = (OutboxState.PENDING, OutboxState.SENDING, OutboxState.UNKNOWN)
_REVIVED = (
    "community_id", "platform", "space", "lane", "verb", "channel", "thread", "private", "person", "message", "card", "name",
    "kind", "priority", "ref", "after", "state", "look", "due_at", "not_before", "expires_at", "error",
)  # fmt: skip
_NEW = insert(outbox)
# What was taken back may be asked for again under the same key: a schedule that is changed, then planned anew.
# Its attempts are kept: they fence, and they know that an earlier call was certainly not carried out.
_QUEUE = CompiledStatement(
    _NEW.on_conflict_do_update(
        index_elements=["key"],
        set_={name: _NEW.excluded[name] for name in _REVIVED},
        where=and_(_c.state == OutboxState.DROPPED, or_(_c.error == CANCELLED, _c.error == ORPHANED)),
    ).returning(_c.id),
    *(name for name in _REVIVED if name != "error"), "key", "marker", "part", "created_at",
    "attempt", "strikes", "looks", "extras",
)  # fmt: skip


def queue_draft(conn: Connection, draft: Draft, now: datetime) -> bool:
    """Put a draft into the outbox; false when its key is there already, which changes nothing."""
    if draft.verb in LOCKING:
        _supersede_lock(conn, draft)
    due = draft.not_before or now
    values = {name: getattr(draft, name) for name in _REVIVED if hasattr(draft, name)} | {
        "platform": platform_of(draft.space),
        "lane": draft.lane,
        "private": draft.private or draft.person is not None,
        "card": None if draft.card is None else cards.dump_card(draft.card),
        "key": draft.key,
        "marker": marker_of(draft.key),
        "part": draft.part,
        "look": REFUSED if draft.refused else None,
        "state": OutboxState.PENDING,
        "due_at": due,
        "not_before": due,
        "created_at": now,
    }
    values |= {"attempt": 0, "strikes": 0, "looks": 0, "extras": 0}
    if _QUEUE.row(conn, values) is None:
        return False
    if draft.after is not None:  # which may be settled already
        lanes.note_lanes(conn, [(values["platform"], draft.space, draft.lane, draft.after)])
    return True


def _supersede_lock(conn: Connection, draft: Draft) -> None:
    """Of what waits to lock or unlock a thread, the last that was asked for holds, however urgent the others are.

    What was tried already is finished before anything newer of its lane, so it may stay.
    """
    here = and_(_c.space == draft.space, _c.channel == draft.channel, _c.thread == draft.thread)
    waiting = and_(here, _c.verb.in_(tuple(LOCKING)), IS_PENDING, _c.attempt == 0, _c.key != draft.key)
    superseded = update(outbox).where(waiting).values(state=OutboxState.DROPPED, error=CANCELLED)
    if gone := conn.execute(superseded.returning(_c.id)).scalars().all():
        lanes.note_where(conn, and_(_c.id.in_(gone), lanes.MATTERS))


def queue_parts(
    conn: Connection, row: OutboxRow, place: Place, message: str, parts: int, now: datetime
) -> None:
    """The first message of a card is there: queue the others of it, into its thread; their lane keeps the order.

    Each is a row of its own, so that none is lost or said twice whatever happens between them. Where somebody else has
    said the first one, the others may be there too, and are looked for.
    """
    if row.part or row.verb not in SPEAKING:
        return
    card = None if row.card is None else cards.load_card(row.card)
    thread = place.thread or (None if place.private else message)
    for part in range(1, parts):
        key = f"{row.key}:part:{part}"
        draft = Draft(
            community_id=row.community_id, space=row.space, key=key, kind=row.kind, verb=row.verb, channel=place.channel,
            thread=thread, private=place.private, person=row.person, card=card, drawn=card is None,
            priority=row.priority, after=row.key, ref=row.ref, part=part,
        )  # fmt: skip
        queue_draft(conn, draft, now)
    if not row.attempt:
        theirs = update(outbox).where(_c.key.startswith(f"{row.key}:part:", autoescape=True), IS_PENDING)
        conn.execute(theirs.values(look=EPOCH))


def cancel_draft(conn: Connection, key: str) -> bool:
    """Take back what has certainly not been said; false when it is too late for that, or there is no such key."""
    unsaid = or_(IS_PENDING, and_(_c.state == OutboxState.UNKNOWN, _c.attempt == 0))
    values = {"state": OutboxState.DROPPED, "error": CANCELLED, "card": None}
    if not conn.execute(update(outbox).where(_c.key == key, unsaid).values(values)).rowcount:
        return False
    lanes.note_where(conn, and_(_c.key == key, lanes.MATTERS))
    return True


def replace_card(conn: Connection, key: str, card: Card) -> bool:
    """Say something else instead, while nobody has begun to say it; false when it is too late.

    Then queue an `update` with `after=key`: it reaches the message as soon as there is one.
    """
    unsaid = update(outbox).where(_c.key == key, IS_PENDING, _c.card.is_not(None))
    return bool(conn.execute(unsaid.values(card=cards.dump_card(card))).rowcount)


_BY_KEY = select(*COLUMNS).where(_c.key == bindparam("wanted"))


def find_by_key(conn: Connection, key: str) -> OutboxRow | None:
    """The row with this key."""
    return next(iter(rows(conn, _BY_KEY, wanted=key)), None)


def find_by_message(conn: Connection, place: Place, message: str) -> list[OutboxRow]:
    """Every row that has to do with this message, in the order of their making."""
    mine = and_(_c.space == place.space, _c.channel == place.channel)
    about = or_(_c.external_id == message, _c.message == message)
    return rows(conn, select(*COLUMNS).where(mine, about).order_by(_c.id))


def release_stuck(conn: Connection, key: str, now: datetime) -> bool:
    """Say it (again): a moderator looked where the bot may not, and it is not there. False when not in doubt."""
    doubtful = update(outbox).where(_c.key == key, _c.state == OutboxState.UNKNOWN)
    values = {"state": OutboxState.PENDING, "look": "no", "not_before": now, "lease_owner": None}
    if not conn.execute(doubtful.values(values)).rowcount:
        return False
    lanes.note_where(conn, _c.key == key)
    return True


# ── what people are owed ──────────────────────────────────────────────────────


def forget_people(conn: Connection, community_id: int, accounts: Iterable[tuple[str, str]]) -> None:
    """Say nothing more to these (space, person) accounts privately, and keep no trace of what was said, nor to whom.

    What is on its way cannot be called back; it is not repeated, and nobody looks for it.
    """
    pairs = list(accounts)
    if not pairs:
        return
    theirs = and_(_c.community_id == community_id, tuple_(_c.space, _c.person).in_(pairs))
    dropped = {"state": OutboxState.DROPPED, "error": CANCELLED, "lease_owner": None, "lease_until": None}
    lanes.note_where(conn, and_(theirs, _c.state.in_(_OPEN)), by_key=False)
    lanes.forget_people(conn, pairs)
    conn.execute(update(outbox).where(theirs, _c.state.in_(_OPEN)).values(dropped))
    gone = {
        "card": None, "name": None, "person": None, "lane": "", "channel": None, "thread": None, "message": None, "ref": "",
        "after": None, "sweep_at": None, "marker": "", "key": "forgotten:" + cast(_c.id, Text),
    }  # fmt: skip
    conn.execute(update(outbox).where(theirs).values(gone))


def naming(conn: Connection, community_id: int, kind: str, part: str) -> list[str]:
    """Keys of the rows of one kind whose `ref` has this part and whose card is still kept."""
    found = and_(_c.community_id == community_id, _c.kind == kind, _c.ref.contains(part, autoescape=True))
    return list(conn.execute(select(_c.key).where(found, _c.card.is_not(None)).order_by(_c.id)).scalars())


def hand_over(
    conn: Connection, community_id: int, accounts: Iterable[tuple[str, str]]
) -> list[dict[str, object]]:
    """When the bot told these (space, person) accounts something privately; what it said is not kept."""
    theirs = and_(_c.community_id == community_id, tuple_(_c.space, _c.person).in_(list(accounts)))
    wanted = select(_c.sent_at, _c.kind).where(theirs, _c.state == OutboxState.SENT).order_by(_c.id)
    return [{"at": at.isoformat(), "kind": kind} for at, kind in conn.execute(wanted)]


def abandon_space(conn: Connection, space: str, before: datetime | None = None) -> int:
    """Say nothing more in a space the bot was removed from: what was due before then, or everything; how many."""
    due = IS_PENDING if before is None else and_(IS_PENDING, _c.due_at <= before)
    values = {"state": OutboxState.DROPPED, "error": LEFT_BEHIND, "card": None}
    lanes.note_where(conn, and_(_c.space == space, due, lanes.MATTERS))
    return conn.execute(update(outbox).where(_c.space == space, due).values(values)).rowcount


def forget_space(conn: Connection, space: str) -> None:
    """Remove everything that was said, or was to be said, in a space."""
    conn.execute(delete(outbox).where(_c.space == space))
    lanes.forget_space(conn, space)


def done_before(before: datetime) -> ColumnElement[bool]:
    """Rows that were done with before this instant, and that no other row waits for."""
    child, doubtful = outbox.alias(), outbox.alias()
    # Asked apart, so that each is found by its own index: there are few in doubt, and many rows that are done.
    waiting = exists().where(
        child.c.after == _c.key, child.c.after.is_not(None), is_any(child.c.state, OutboxState.PENDING)
    )
    tried = exists().where(
        doubtful.c.after == _c.key, is_any(doubtful.c.state, OutboxState.SENDING, OutboxState.UNKNOWN)
    )
    finished = func.coalesce(_c.sent_at, _c.not_before) < before
    return and_(_c.state.not_in(_OPEN), finished, _c.sweep_at.is_(None), ~waiting, ~tried)


# ── what operators see ────────────────────────────────────────────────────────


def count_states(conn: Connection) -> Mapping[str, int]:
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
        ("I12 what may be said is in a lane that somebody looks at", lanes.unnoticed_rows()),
    )  # fmt: skip
