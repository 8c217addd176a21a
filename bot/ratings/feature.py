"""The feature of ratings, put together: the taps, and the job that counts them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.language import N_
from bot.chat.models import StaleValue
from bot.chat.parsing.button_values import read_member
from bot.feature import ButtonHandler, DataSubject, Feature, PeriodicJob, Request, Writes
from bot.ratings import cards, tables
from bot.ratings.cards import CHANGE, GIVE, TAKE_BACK
from bot.ratings.tables import Rating, rating
from bot.runtime.clock import Clock
from bot.store.retention import old_rows
from bot.store.store import Store

SLICE = 20
"""Things that are counted in one transaction."""
KEPT = timedelta(days=400)
"""How long is remembered that somebody tapped."""
HasDone = Callable[[Connection, int, str], bool]
"""Whether a member has answered or finished a thing: for (member, thing)."""


def feature(store: Store, clock: Clock, has_done: HasDone) -> Feature:
    """Ratings of prompts and lessons."""
    taps = RatingButtons(has_done)

    async def count() -> int:
        return await store.write(partial(tables.count_due, now=clock.now(), limit=SLICE))

    return Feature(
        name="ratings",
        forget=(forget,),
        hand_over=hand_over,
        buttons=taps.buttons(),
        jobs=(PeriodicJob("counting ratings", 60, count, tables.next_due),),
        retention=(
            old_rows(
                "ratings", KEPT, rating, lambda before: rating.c.at < before,
                words=N_("whether you found prompts and lessons worth your time"),
            ),
        ),
        invariants=tables.invariants(),
        examples=cards.examples,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RatingButtons:
    """What the taps do. On a receipt they answer with a card of their own, on that card in its place."""

    has_done: HasDone

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The taps of the question, of the card that thanks, and taking back."""
        return (
            ButtonHandler(GIVE, Writes(self.give)),
            ButtonHandler(CHANGE, Writes(self.change)),
            ButtonHandler(TAKE_BACK, Writes(self.take_back)),
        )

    def give(self, conn: Connection, request: Request) -> Card:
        """Keep what somebody taps."""
        name, _slash, said = request.value.rpartition("/")
        choice, thing = read_member(Rating, said), self._thing(conn, request, name)
        if not tables.give_rating(conn, request.community.id, thing, request.member.id, choice, request.now):
            return cards.counted_card()
        return cards.thanks_card(thing, choice)

    def change(self, conn: Connection, request: Request) -> Card:
        """Keep something else in its place."""
        return replace(self.give(conn, request), replaces=True)

    def take_back(self, conn: Connection, request: Request) -> Card:
        """Forget it, as long as it is not counted."""
        thing = self._thing(conn, request, request.value)
        home, me = request.community.id, request.member.id
        tables.take_back_rating(conn, home, thing, me)
        counted = tables.is_counted(conn, home, thing, me)
        return replace(cards.counted_card() if counted else cards.taken_back_card(thing), replaces=True)

    def _thing(self, conn: Connection, request: Request, name: str) -> str:
        if not self.has_done(conn, request.member.id, name):
            raise StaleValue
        return name


def forget(conn: Connection, whose: DataSubject) -> None:
    """Remove what a member tapped."""
    tables.forget_ratings(conn, whose.community.id, whose.member_id)


def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """What a member tapped."""
    return {"worth your time": tables.list_ratings(conn, whose.community.id, whose.member_id)}
