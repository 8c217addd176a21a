"""The cards of prompts that stand in channels: while open they say how many answered, and closed they lead to the digest.

What changes marks a card, and one edit says all that changed until its time comes. An edit because of an answer waits
for a while, so that nobody who sees it can tell whose answer it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, Text, and_, or_, select, update

from bot.chat.cards import Card
from bot.chat.models import Place
from bot.delivery import outbox
from bot.delivery.facts import Draft, OutboxState, Verb
from bot.facts import Answered
from bot.feature import PeriodicJob
from bot.people import tables as people
from bot.reflections.answers.told_counts import find_told
from bot.reflections.answers.turnout import tell_count
from bot.reflections.schedule import asked_prompts, posts
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.runtime.clock import Clock
from bot.store.dialect import insert
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
    Column("message", Text, nullable=False),
    Column("shown", Text, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("due_at", UtcDateTime, index=True),
)
"""The message that is a prompt's card in a channel, what it says now, how often it was edited, and when it is looked at
again."""
_c = standing_card.c


def put_up_card(conn: Connection, here: AskedPrompt, place: Place, message: str) -> None:
    """A prompt's card stands there now."""
    row = insert(standing_card).values(
        occurrence_id=here.id, space=place.space, channel=place.channel, community_id=here.community_id,
        message=message, shown=_state(conn, here, None), turn=0,
    )  # fmt: skip
    keys = ["occurrence_id", "space", "channel"]
    conn.execute(row.on_conflict_do_update(index_elements=keys, set_={"message": message}))


def mark_cards(conn: Connection, occurrence_id: int, due: datetime) -> None:
    """Look at a prompt's cards again then, or earlier where that was meant already."""
    later = or_(_c.due_at.is_(None), _c.due_at > due)
    conn.execute(update(standing_card).where(_c.occurrence_id == occurrence_id, later).values(due_at=due))


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
            mark_cards(conn, fact.occurrence_id, self._clock.now() + WAIT)

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
        if not here.closed:
            tell_count(conn, here)
        state = _state(conn, here, posts.find_digest(conn, here, Place(row.space, row.channel)))
        if state == row.shown:
            return
        waiting = outbox.find_by_key(conn, _key(row, row.turn))
        turn = row.turn + (waiting is None or waiting.state is not OutboxState.PENDING)
        conn.execute(update(standing_card).where(mine).values(shown=state, turn=turn))
        outbox.queue_draft(
            conn,
            Draft(
                community_id=row.community_id, space=row.space, verb=Verb.UPDATE, channel=row.channel,
                message=row.message, drawn=True, key=_key(row, turn), kind=KIND, priority=4,
                ref=f"{row.occurrence_id}/{row.space}/{row.channel}",
            ),
            now,
        )  # fmt: skip


def draw_standing_card(conn: Connection, community_id: int, ref: str) -> Card | None:
    """The card of a prompt in one channel as it is true now."""
    occurrence, _, place = ref.partition("/")
    space, _, channel = place.rpartition("/")
    here = asked_prompts.find_asked_prompt(conn, community_id, int(occurrence))
    if here is None:
        return None
    return posts.channel_card(conn, here, space, channel, people.community_by_id(conn, community_id).zone)


def _list_due(conn: Connection, now: datetime) -> Sequence[Any]:
    return conn.execute(select(standing_card).where(_c.due_at <= now).order_by(_c.due_at).limit(50)).all()


def _state(conn: Connection, here: AskedPrompt, digest: str | None) -> str:
    """What a card says that can change: the same words again need no edit."""
    if here.closed:
        return f"closed:{digest or ''}"
    told = find_told(conn, here.id)
    return f"open:{told.answered if told is not None else ''}"


def _key(row: Any, turn: int) -> str:
    return f"{KIND}:{row.occurrence_id}:{row.space}:{row.channel}:{turn}"
