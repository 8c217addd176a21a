"""What moderators are told of posts whichever feature they belong to: in doubt, or well again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.alerts import cards, tables
from bot.alerts.alerts import Alerts
from bot.chat.cards import Card, load_card, say
from bot.chat.language import N_, _
from bot.chat.models import Role
from bot.chat.parsing.button_values import read_number
from bot.delivery import outbox
from bot.delivery.facts import Failed, Sent, Stuck
from bot.feature import ButtonHandler, Request, Writes, note_change
from bot.people.languages import speaking_to_all
from bot.runtime.clock import Clock

GOES_OUT, STAYS = N_("It goes out now."), N_("Thank you. I leave it as it is.")


@dataclass(frozen=True, slots=True)
class DoubtfulPosts:
    """Alerts moderators to posts that may not be there, and does what they decide."""

    clock: Clock
    alerts: Alerts

    def failed(self, conn: Connection, fact: Failed) -> None:
        """An alert itself could not be posted."""
        self.alerts.failed(conn, fact, self.clock.now())

    def stuck(self, conn: Connection, fact: Stuck) -> None:
        """Only a person can see whether something was posted."""
        row = outbox.find_by_key(conn, fact.key)
        if row is None or row.private:
            return
        title = row.name if row.card is None else load_card(row.card).title
        if title is None:
            return
        with speaking_to_all(conn, fact.community_id):
            card = cards.unsure(fact.place, f"*{title}*", row.id)
        self.alerts.alert(conn, fact.community_id, f"stuck:{row.id}", card, self.clock.now())

    def sent(self, conn: Connection, fact: Sent) -> None:
        """Something was posted: nothing is wrong with that place, nor with that post."""
        if not fact.place.private:
            now, key = self.clock.now(), cards.place_key(fact.place)
            row = outbox.find_by_key(conn, fact.key)
            with speaking_to_all(conn, fact.community_id):
                self.alerts.resolve(conn, fact.community_id, key, now, cards.works_again(fact.place))
                if row is not None and row.alerted_at is not None:
                    self.alerts.resolve(
                        conn, fact.community_id, f"stuck:{row.id}", now, say(_("It is there now."))
                    )

    def release_post(self, conn: Connection, request: Request) -> Card:
        """Post it: a moderator looked, and it is not there."""
        row = tables.said(conn, request.community.id, read_number(request.value))
        if row is None or not outbox.release_stuck(conn, row.key, request.now):
            return replace(say(_("That is settled already.")), replaces=True)
        note_change(conn, request, "released", row.kind)
        self._settle(conn, request, row.id, GOES_OUT)
        return replace(say(_(GOES_OUT)), replaces=True)

    def leave_post(self, conn: Connection, request: Request) -> Card:
        """Leave it: a moderator looked, and it is there."""
        self._settle(conn, request, read_number(request.value), STAYS)
        return replace(say(_(STAYS)), replaces=True)

    def _settle(self, conn: Connection, request: Request, post: int, words: str) -> None:
        with speaking_to_all(conn, request.community.id):
            told = say(_(words))
        self.alerts.resolve(conn, request.community.id, f"stuck:{post}", request.now, told)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The buttons of an alert about a post in doubt."""
        return (
            ButtonHandler("alerts.release", Writes(self.release_post), Role.MODERATOR),
            ButtonHandler("alerts.leave", Writes(self.leave_post), Role.MODERATOR),
        )
