"""The tables of the monthly card: where a community wants it, the cards that were posted, and what is on each.

They have no words: what is on a card is read from its strategy or answer each time the card is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    delete,
    exists,
    select,
    update,
)

from bot.chat.models import Place
from bot.reflections.answers.tables import answer
from bot.store.dialect import insert, upsert
from bot.store.schema import metadata
from bot.store.types import EnumText, UtcDateTime
from bot.strategies.try_tables import ANSWER, TriedThing


class MonthState(StrEnum):
    """What became of the card of a month."""

    NONE = "none"
    """There was none to say: it is older than the wish for it, or came too late."""
    SAID = "said"
    SILENT = "silent"
    """Nobody had tried anything."""
    FAILED = "failed"


monthly_choice = Table(
    "monthly_choice",
    metadata,
    Column("community_id", ForeignKey("community.id"), primary_key=True),
    Column("space", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("told", Date, nullable=False),
    Column("state", EnumText(MonthState), nullable=False),
)
"""A community that wants the card, and where. `told` is the first day of the last month that is done, `state` how."""

monthly_card = Table(
    "monthly_card",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("month", Date, nullable=False),
    Column("posted_at", UtcDateTime, nullable=False, index=True),
    Column("key", Text, index=True),
    Column("space", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("message", Text),
    Column("turn", Integer, nullable=False, default=0),
    UniqueConstraint("community_id", "month"),
    sqlite_autoincrement=True,
)
"""A card: the first day of its month, and where it is shown. `key` is the row of the outbox that says it (null: it is shown
no more), `message` what stands there, `turn` the number of its latest edit."""

monthly_thing = Table(
    "monthly_thing",
    metadata,
    Column("card_id", ForeignKey("monthly_card.id", ondelete="CASCADE"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("place", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("ref", Integer, nullable=False),
    Column("occurrence_id", Integer, index=True),
    Index("ix_monthly_thing_ref", "kind", "ref"),
)
"""What is on a card, in order: a strategy, or an answer to the prompt of `occurrence_id`. It names what may be gone by now."""

_CHOOSE = upsert(monthly_choice, by=("community_id",), change=("space", "channel", "told", "state"))


@dataclass(frozen=True, slots=True)
class MonthlyChoice:
    """That a community wants the card, and in which channel; the columns are explained at the table."""

    community_id: int
    place: Place
    told: date
    state: MonthState


@dataclass(frozen=True, slots=True)
class MonthlyCard:
    """A card that was queued; the columns are explained at the table."""

    id: int
    community_id: int
    month: date
    key: str | None
    place: Place
    message: str | None
    turn: int
    things: tuple[TriedThing, ...]


# ── where it is wanted ────────────────────────────────────────────────────────


def list_choices(conn: Connection, *conditions: ColumnElement[bool]) -> list[MonthlyChoice]:
    """The communities that want it."""
    rows = conn.execute(select(monthly_choice).where(*conditions).order_by(monthly_choice.c.community_id))
    return [
        MonthlyChoice(row.community_id, Place(row.space, row.channel), row.told, row.state) for row in rows
    ]


def find_choice(conn: Connection, community_id: int) -> MonthlyChoice | None:
    """Where a community wants it; None: it does not."""
    return next(iter(list_choices(conn, monthly_choice.c.community_id == community_id)), None)


def store_choice(conn: Connection, choice: MonthlyChoice) -> None:
    """Want it there."""
    conn.execute(
        _CHOOSE,
        {
            "community_id": choice.community_id, "space": choice.place.space, "channel": choice.place.channel,
            "told": choice.told, "state": choice.state,
        },
    )  # fmt: skip


def drop_choice(conn: Connection, community_id: int) -> None:
    """Want it no longer."""
    conn.execute(delete(monthly_choice).where(monthly_choice.c.community_id == community_id))


def note_month(conn: Connection, community_id: int, month: date, state: MonthState) -> None:
    """A month is done, and how."""
    ours = monthly_choice.c.community_id == community_id
    conn.execute(update(monthly_choice).where(ours).values(told=month, state=state))


# ── the cards ─────────────────────────────────────────────────────────────────


def add_card(
    conn: Connection, community_id: int, month: date, key: str, place: Place,
    things: Sequence[tuple[TriedThing, int | None]], now: datetime,
) -> int | None:  # fmt: skip
    """A card with these things, each with the prompt that was answered; its id, or None where that month has one."""
    row = {
        "community_id": community_id, "month": month, "posted_at": now, "key": key, "space": place.space,
        "channel": place.channel, "turn": 0,
    }  # fmt: skip
    new = insert(monthly_card).values(row).on_conflict_do_nothing(index_elements=["community_id", "month"])
    made: int | None = conn.execute(new.returning(monthly_card.c.id)).scalar_one_or_none()
    if made is None:
        return None
    rows = [
        {
            "card_id": made, "community_id": community_id, "place": at, "kind": thing.kind, "ref": thing.ref,
            "occurrence_id": asked,
        }
        for at, (thing, asked) in enumerate(things, 1)
    ]  # fmt: skip
    conn.execute(insert(monthly_thing), rows)
    return made


def list_cards(
    conn: Connection, *conditions: ColumnElement[bool], limit: int | None = None
) -> list[MonthlyCard]:
    """Cards for which these conditions hold, the oldest first."""
    rows = conn.execute(
        select(monthly_card).where(*conditions).order_by(monthly_card.c.id).limit(limit)
    ).all()
    t = monthly_thing.c
    on = conn.execute(
        select(t.card_id, t.kind, t.ref).where(t.card_id.in_([row.id for row in rows])).order_by(t.card_id, t.place)
    ).all()  # fmt: skip
    return [
        MonthlyCard(
            row.id, row.community_id, row.month, row.key, Place(row.space, row.channel), row.message, row.turn,
            tuple(TriedThing(one.kind, one.ref) for one in on if one.card_id == row.id),
        )
        for row in rows
    ]  # fmt: skip


def cards_showing(conn: Connection, *which: ColumnElement[bool]) -> list[MonthlyCard]:
    """The cards that are shown and have a thing for which conditions on `monthly_thing` hold."""
    ids = conn.execute(select(monthly_thing.c.card_id).where(*which).distinct()).scalars().all()
    return list_cards(conn, monthly_card.c.id.in_(ids), monthly_card.c.key.is_not(None)) if ids else []


def note_message(conn: Connection, key: str, message: str) -> None:
    """A card stands there now."""
    conn.execute(update(monthly_card).where(monthly_card.c.key == key).values(message=message))


def next_turn(conn: Connection, number: int) -> int:
    """Count another edit of a card; which one it is."""
    change = update(monthly_card).where(monthly_card.c.id == number).values(turn=monthly_card.c.turn + 1)
    return int(conn.execute(change.returning(monthly_card.c.turn)).scalar_one())


def end_card(conn: Connection, number: int) -> None:
    """A card is shown no more."""
    conn.execute(update(monthly_card).where(monthly_card.c.id == number).values(key=None, message=None))


def drop_gone(conn: Connection, number: int) -> None:
    """Drop the answers on a card that are there no more."""
    t = monthly_thing.c
    gone = (t.kind == ANSWER) & ~exists().where(answer.c.id == t.ref)
    conn.execute(delete(monthly_thing).where(t.card_id == number, gone))


def drop_cards(conn: Connection, ids: Sequence[int]) -> int:
    """Remove cards; how many."""
    return conn.execute(delete(monthly_card).where(monthly_card.c.id.in_(ids))).rowcount
