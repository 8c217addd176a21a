"""The welcome: whoever takes part for the first time is told once, in private, what this is and what is stored.

It comes with the first answer, whichever way it came, or when somebody presses Join. Whoever only reads hears nothing,
and an anonymous answer brings none: its time would say who gave it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.chat import welcome_cards
from bot.chat.cards import Card
from bot.delivery import outbox
from bot.delivery.facts import Draft, Failed, Verb
from bot.facts import Answered
from bot.people import tables as people
from bot.people import welcome_marks
from bot.people.languages import speaking_to
from bot.people.reach import writable_account
from bot.runtime.clock import Clock
from bot.store.foresight import LaterWork, do_later

KIND = "welcome"


@dataclass(frozen=True, slots=True)
class Welcomes:
    """Welcomes members, each once. `answers` is how long answers are stored, `per_week` the most reminders in a week."""

    clock: Clock
    answers: timedelta | None
    per_week: int

    def answered(self, conn: Connection, fact: Answered) -> None:
        """Welcome whoever answered for the first time, where they can be written to."""
        do_later(conn, _WELCOMED_LATER, (self, fact))

    def welcome(self, conn: Connection, home: int, member_id: int, now: datetime) -> None:
        """Welcome a member whose welcome is claimed; where they cannot be written to, the next occasion does."""
        to = writable_account(conn, home, member_id)
        if to is None:
            welcome_marks.release_welcome(conn, member_id)
            return
        with speaking_to(conn, member_id):
            card = self.card(conn, home, to[0])
        draft = Draft(
            community_id=home, space=to[0], person=to[1], verb=Verb.DIRECT, kind=KIND, priority=0, card=card,
            key=f"{KIND}:{member_id}:{now:%Y%m%d%H%M%S}", ref=str(member_id),
        )  # fmt: skip
        outbox.queue_draft(conn, draft, now)

    def card(self, conn: Connection, community_id: int, space: str) -> Card:
        """The welcome to somebody of a space."""
        community, heard = (
            people.community_by_id(conn, community_id),
            people.visibility_of(conn, space).replies,
        )
        days = None if self.answers is None else self.answers.days
        return welcome_cards.member_card(community.name, days, self.per_week, replies=heard)

    @staticmethod
    def failed(conn: Connection, fact: Failed) -> None:
        """A welcome did not arrive: the next occasion brings it."""
        if fact.kind == KIND:
            welcome_marks.release_welcome(conn, int(fact.ref))


def _welcome_together(conn: Connection, answered: Sequence[tuple[Welcomes, Answered]]) -> None:
    """Welcome those who answered for the first time."""
    now = answered[0][0].clock.now()
    # Asked first, and of all at once: it is all that an answer of somebody known costs.
    new = welcome_marks.claim_welcomes(conn, {fact.member_id for _by, fact in answered}, now)
    for by, fact in {fact.member_id: (by, fact) for by, fact in answered}.values():
        if fact.member_id in new:
            by.welcome(conn, fact.community_id, fact.member_id, now)


_WELCOMED_LATER = LaterWork(8, _welcome_together)
