"""The cards of prompts where they stand: while open, a channel's says how many answered, and a member's own that they did.

What changes marks a card, and one edit says all that changed until its time comes. In a channel, an edit because of an
answer waits for a while, so that nobody who sees it can tell whose answer it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    or_,
    select,
    tuple_,
    update,
)

from bot.chat.cards import Card
from bot.chat.models import Place
from bot.delivery import outbox
from bot.delivery.facts import Draft, OutboxState, Verb
from bot.facts import Answered
from bot.feature import DataSubject, PeriodicJob
from bot.people import accounts
from bot.people import tables as people
from bot.people.accounts import account
from bot.reflections.answers import direct_cards
from bot.reflections.answers.told_counts import find_told
from bot.reflections.answers.turnout import tell_count
from bot.reflections.schedule import asked_prompts, posts
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.runtime.clock import Clock
from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert
from bot.store.foresight import LaterWork, do_later
from bot.store.next_due import earliest
from bot.store.schema import metadata
from bot.store.store import Store
from bot.store.types import UtcDateTime

KIND = "prompt-card"
"""The kind of its edits in the outbox."""
WAIT = timedelta(minutes=10)
"""How long an answer waits before a card counts it."""
DEBOUNCE = 5
"""Seconds between two looks at what has to be said anew."""

standing_card = Table(
    "standing_card",
    metadata,
    Column("occurrence_id", ForeignKey("asking.occurrence_id"), primary_key=True),
    Column("space", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("person", Text),
    Column("message", Text, nullable=False),
    Column("shown", Text, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("due_at", UtcDateTime, index=True),
)
"""The message that is a prompt's card in a channel, or in the direct message with a `person`; what it says now, how often
it was edited, and when it is looked at again."""
_c = standing_card.c
_theirs = _c.person.is_not(None)
Index("ix_standing_card_person", _c.space, _c.person, sqlite_where=_theirs, postgresql_where=_theirs)


def put_up_card(conn: Connection, here: AskedPrompt, place: Place, message: str) -> None:
    """A prompt's card stands there now."""
    row = insert(standing_card).values(
        occurrence_id=here.id, space=place.space, channel=place.channel, community_id=here.community_id,
        message=message, shown=_state(conn, here, None), turn=0,
    )  # fmt: skip
    keys = ["occurrence_id", "space", "channel"]
    conn.execute(row.on_conflict_do_update(index_elements=keys, set_={"message": message}))


def put_up_own_card(
    conn: Connection, here: AskedPrompt, place: Place, message: str, person: str, member_id: int
) -> None:
    """A prompt's card stands in a direct message now; whoever did something about it before is told so at once."""
    done = direct_cards.find_own_state(conn, here, member_id) != direct_cards.OPEN
    row = insert(standing_card).values(
        occurrence_id=here.id, space=place.space, channel=place.channel, community_id=here.community_id, person=person,
        message=message, shown=direct_cards.OPEN, turn=0, due_at=here.opened_at if done else None,
    )  # fmt: skip
    keys = ["occurrence_id", "space", "channel"]
    conn.execute(row.on_conflict_do_update(index_elements=keys, set_={"message": message}))


def _marking(due: BindParameter[Any], *which: ColumnElement[bool]) -> Update:
    later = or_(_c.due_at.is_(None), _c.due_at > due)
    return update(standing_card).where(_c.occurrence_id == bindparam("of"), later, *which).values(due_at=due)


_DUE: BindParameter[Any] = bindparam("due", type_=UtcDateTime())
_MARKED = CompiledStatement(_marking(_DUE, _c.person.is_(None)), "of", "due")
_ALL_MARKED = CompiledStatement(_marking(_DUE), "of", "due")


def mark_cards(conn: Connection, occurrence_id: int, due: datetime, *, own: bool = False) -> None:
    """Look at a prompt's cards in channels again then, or earlier where that was meant already; with members' `own`."""
    (_ALL_MARKED if own else _MARKED).run(conn, {"of": occurrence_id, "due": due})


def _mark_together(conn: Connection, answered: Sequence[tuple[int, datetime]]) -> None:
    # The first of each asks for the earliest look.
    earliest_due = dict(reversed(answered))
    _MARKED.run_all(conn, [{"of": occurrence_id, "due": due} for occurrence_id, due in earliest_due.items()])


_MARKED_LATER = LaterWork(7, _mark_together)


def mark_own_card(conn: Connection, here: AskedPrompt, member_id: int, now: datetime) -> None:
    """Look at a member's own card again, where the prompt was sent to members: they answered, or let it pass, or undid it.

    Nothing is asked of the database for a prompt of channels, whose answers come in crowds.
    """
    if here.direct:
        whose = and_(account.c.space == _c.space, account.c.person == _c.person)
        theirs = exists().where(whose, account.c.member_id == member_id)
        conn.execute(update(standing_card).where(_c.occurrence_id == here.id, theirs).values(due_at=now))


def forget_cards(conn: Connection, whose: DataSubject) -> None:
    """Remove which direct messages hold a member's cards."""
    mine = and_(_c.community_id == whose.community.id, tuple_(_c.space, _c.person).in_(whose.accounts))
    conn.execute(delete(standing_card).where(mine, _theirs))


class StandingCards:
    """Keeps the cards of prompts true."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def jobs(self) -> tuple[PeriodicJob, ...]:
        """What it looks after: cards that no longer say what is true."""
        return (PeriodicJob("keeping prompts' cards true", DEBOUNCE, self.say_due, earliest(_c.due_at)),)

    def answered(self, conn: Connection, fact: Answered) -> None:
        """Somebody answered: the card may count it, after a while."""
        if fact.occurrence_id is not None:
            do_later(conn, _MARKED_LATER, (fact.occurrence_id, self._clock.now() + WAIT))

    async def say_due(self) -> int:
        """Edit the cards whose time has come; how many were looked at."""
        now = self._clock.now()
        due = await self._store.read(partial(_list_due, now=now))
        for row in due:
            await self._store.write(partial(self._say, row=row, now=now))
        return len(due)

    @staticmethod
    def _say(conn: Connection, row: Any, now: datetime) -> None:
        mine = and_(_c.occurrence_id == row.occurrence_id, _c.space == row.space, _c.channel == row.channel)
        conn.execute(update(standing_card).where(mine).values(due_at=None))
        here = asked_prompts.find_asked_prompt(conn, row.community_id, row.occurrence_id)
        if here is None:
            return
        state = _read_state(conn, here, row)
        if state == row.shown:
            return
        waiting = outbox.find_by_key(conn, _key(row, row.turn))
        turn = row.turn + (waiting is None or waiting.state is not OutboxState.PENDING)
        conn.execute(update(standing_card).where(mine).values(shown=state, turn=turn))
        outbox.queue_draft(
            conn,
            Draft(
                community_id=row.community_id, space=row.space, verb=Verb.UPDATE, channel=row.channel,
                private=row.person is not None, person=row.person, message=row.message, drawn=True, key=_key(row, turn), kind=KIND, priority=4,
                ref=f"{row.occurrence_id}/{row.space}/{row.channel}",
            ),
            now,
        )  # fmt: skip


def draw_standing_card(conn: Connection, community_id: int, ref: str) -> Card | None:
    """The card of a prompt in one channel or direct message as it is true now."""
    occurrence, _, place = ref.partition("/")
    space, _, channel = place.rpartition("/")
    here = asked_prompts.find_asked_prompt(conn, community_id, int(occurrence))
    if here is None:
        return None
    there = and_(_c.occurrence_id == here.id, _c.space == space, _c.channel == channel)
    person = conn.execute(select(_c.person).where(there)).scalar_one_or_none()
    if person is None:
        return posts.channel_card(conn, here, space, channel, people.community_by_id(conn, community_id).zone)
    known = accounts.member_at(conn, community_id, space, person)
    return None if known is None else direct_cards.draw_own_card(conn, here, known[0])


def _list_due(conn: Connection, now: datetime) -> Sequence[Any]:
    return conn.execute(select(standing_card).where(_c.due_at <= now).order_by(_c.due_at).limit(50)).all()


def _read_state(conn: Connection, here: AskedPrompt, row: Any) -> str:
    """What one card has to say now."""
    if row.person is not None:
        known = accounts.member_at(conn, row.community_id, row.space, row.person)
        return str(row.shown) if known is None else direct_cards.find_own_state(conn, here, known[0])
    if not here.closed:
        tell_count(conn, here)
    return _state(conn, here, posts.find_digest(conn, here, Place(row.space, row.channel)))


def _state(conn: Connection, here: AskedPrompt, digest: str | None) -> str:
    """What a card says that can change: the same words again need no edit."""
    if here.closed:
        return f"closed:{digest or ''}"
    told = find_told(conn, here.id)
    return f"open:{told.answered if told is not None else ''}"


def _key(row: Any, turn: int) -> str:
    return f"{KIND}:{row.occurrence_id}:{row.space}:{row.channel}:{turn}"
