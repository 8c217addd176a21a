"""The posts of the monthly card: said when one is due, and kept true to what people still share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, and_, exists, or_, select

from bot.chat.cards import Card
from bot.delivery import standing_posts
from bot.delivery.facts import QUIET, Failed, Sent
from bot.delivery.standing_posts import StandingPost
from bot.facts import TriedThingChanged
from bot.feature import PeriodicJob
from bot.people.hours import community_hours
from bot.people.tables import Community, community_by_id
from bot.reflections.answers.intake import AnswerChanged
from bot.reflections.answers.tables import answer
from bot.reports.monthly_card import cards, tables
from bot.reports.monthly_card.months import PATIENCE, due_months, last_month, next_due, next_slot, slot_of
from bot.reports.monthly_card.tables import (
    MonthlyCard,
    MonthState,
    monthly_card,
    monthly_choice,
    monthly_thing,
)
from bot.reports.monthly_card.tried_things import TriedItem, list_tried, read_tried
from bot.runtime.clock import Clock
from bot.store.next_due import only_where
from bot.store.retention import Ages, Retention
from bot.store.store import Store
from bot.strategies.try_tables import ANSWER

KIND = "monthly-card"
"""The kind of its posts in the outbox, which stores no words of them."""


@dataclass(frozen=True, slots=True)
class DueMonth:
    """A community whose months up to `last` are due: of which of them its card is, with what; no `items`: there is none."""

    home: Community
    last: date
    month: date
    items: Sequence[TriedItem]
    state: MonthState


class MonthlyPosts:
    """Says the cards, and follows what becomes of the things on them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def job(self) -> PeriodicJob:
        """The job that says them."""
        return PeriodicJob("the monthly card", 60, self.post_due, only_where(monthly_choice, next_due))

    async def post_due(self) -> int:
        """Say every card that is due: what is on it is read first, and only the saying is written; how many were due."""
        now = self._clock.now()
        due = await self._store.read(partial(_list_due, now=now))
        for one in due:
            await self._store.write(partial(_post, one=one, now=now))
        return len(due)

    def draw(self, conn: Connection, community_id: int, ref: str) -> Card | None:
        """A card as it is true now, as long as anything stands on it."""
        ours = (monthly_card.c.id == int(ref), monthly_card.c.community_id == community_id)
        found = tables.list_cards(conn, *ours, monthly_card.c.key.is_not(None))
        items = _standing(conn, found[0]) if found else []
        return cards.month_card(found[0].month, items) if items else None

    def sent(self, conn: Connection, fact: Sent) -> None:
        """Note where a card stands."""
        if fact.kind == KIND:
            tables.note_message(conn, fact.key, fact.message)

    def failed(self, conn: Connection, fact: Failed) -> None:
        """It is shown nowhere; `/strategy monthly` says so, and moderators are told as of every post that failed."""
        if fact.kind != KIND:
            return
        tables.end_card(conn, int(fact.ref))
        choice = tables.find_choice(conn, fact.community_id)
        if choice is not None and fact.code not in QUIET:
            tables.note_month(conn, fact.community_id, choice.told, MonthState.FAILED)

    def answer_changed(self, conn: Connection, fact: AnswerChanged) -> None:
        """An answer changed: the card that shows it follows."""
        self._follow(conn, tables.cards_showing(conn, monthly_thing.c.occurrence_id == fact.occurrence_id))

    def thing_changed(self, conn: Connection, fact: TriedThingChanged) -> None:
        """A strategy changed, or fewer people tried something: the card that shows it follows."""
        thing = and_(monthly_thing.c.kind == fact.kind, monthly_thing.c.ref == fact.ref)
        self._follow(conn, tables.cards_showing(conn, thing))

    def _follow(self, conn: Connection, shown: Sequence[MonthlyCard]) -> None:
        """Draw cards anew; one on which nothing is left is removed."""
        now = self._clock.now()
        for one in shown:
            if not _standing(conn, one):
                _take_down(conn, one, now)
            elif (post := _post_of(one)) is not None:
                standing_posts.redraw_post(conn, replace(post, turn=tables.next_turn(conn, one.id)), now)

    def retention(self, ages: Ages) -> Retention:
        """Cards that are too old, whose posts go first, and cards with an answer that was removed by its age."""
        gone = exists().where(
            monthly_thing.c.card_id == monthly_card.c.id, monthly_thing.c.kind == ANSWER,
            ~exists().where(answer.c.id == monthly_thing.c.ref),
        )  # fmt: skip

        def find(conn: Connection, before: datetime, limit: int) -> Sequence[Any]:
            return tables.list_cards(conn, or_(monthly_card.c.posted_at < before, gone), limit=limit)

        def remove(conn: Connection, found: Sequence[Any], before: datetime) -> int:
            old = select(monthly_card.c.id).where(monthly_card.c.posted_at < before)
            past = set(conn.execute(old.where(monthly_card.c.id.in_([one.id for one in found]))).scalars())
            for one in found:
                if one.id in past:
                    _take_down(conn, one, self._clock.now())
                else:
                    self._follow(conn, [one])
                    tables.drop_gone(conn, one.id)
            return tables.drop_cards(conn, sorted(past)) + len(found) - len(past)

        return Retention("monthly cards", ages["answers"], find, remove, tables=(monthly_card, monthly_thing))


def _list_due(conn: Connection, now: datetime) -> list[DueMonth]:
    found = []
    for choice in tables.list_choices(conn):
        home = community_by_id(conn, choice.community_id)
        if next_slot(conn, home, choice) > now:
            continue
        last, state = last_month(conn, home, now), MonthState.NONE
        for month in due_months(conn, home, choice, now):
            state = MonthState.SILENT
            if items := list_tried(conn, home, month):
                found.append(DueMonth(home, last, month, items, MonthState.SAID))
                break
        else:
            found.append(DueMonth(home, last, last, (), state))
    return found


def _post(conn: Connection, one: DueMonth, now: datetime) -> None:
    """Say a card where it is wanted now, and put on record that its months are done; twice is as good as once."""
    choice = tables.find_choice(conn, one.home.id)
    if choice is None or choice.told >= one.last:
        return
    tables.note_month(conn, one.home.id, one.last, one.state)
    key = f"{KIND}:{one.home.id}:{one.month:%Y-%m}"
    things = [(item.thing, item.occurrence_id) for item in one.items]
    if not things:
        return
    made = tables.add_card(conn, one.home.id, one.month, key, choice.place, things, now)
    if made is not None:
        post = StandingPost(one.home.id, KIND, str(made), key, choice.place)
        free, until = (
            community_hours(conn, one.home.id, now).free_from(now),
            slot_of(conn, one.home, one.month) + PATIENCE,
        )
        standing_posts.queue_post(conn, post, now, not_before=free, expires_at=until)


def _standing(conn: Connection, one: MonthlyCard) -> list[TriedItem]:
    """What everybody may still read of a card."""
    return read_tried(conn, community_by_id(conn, one.community_id), one.month, one.things)


def _post_of(one: MonthlyCard) -> StandingPost | None:
    if one.key is None:
        return None
    return StandingPost(one.community_id, KIND, str(one.id), one.key, one.place, one.message, one.turn)


def _take_down(conn: Connection, one: MonthlyCard, now: datetime) -> None:
    """Show a card no longer."""
    post = _post_of(one)
    if post is not None:
        standing_posts.remove_post(conn, post, now)
        tables.end_card(conn, one.id)
