"""Requests for contact: somebody who wrote of danger asks a moderator to get in touch, where their community lets them.

Moderators are told who asks, and nothing of what was written, which I do not have. The request is an alert that is open
until a moderator takes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.alerts.tables import open_alert
from bot.chat.cards import Card
from bot.chat.language import _
from bot.chat.models import Refusal, Role
from bot.chat.parsing.button_values import read_number
from bot.danger.cards import CONTACT
from bot.feature import ButtonHandler, Request, Writes, note_change
from bot.people.languages import speaking_to_all
from bot.safety import cards

TAKE = "danger.take"


def contact_key(member_id: int) -> str:
    """The key of the alert that a member asks to be contacted."""
    return f"contact:{member_id}"


@dataclass(frozen=True, slots=True)
class ContactRequests:
    """Tells moderators who asks for contact. `chosen` says which communities, by slug, let members ask."""

    alerts: Alerts
    chosen: Mapping[str, bool]

    def ask_for_contact(self, conn: Connection, request: Request) -> Card:
        """Tell moderators that this member asks to be contacted, once until one of them takes it."""
        if not self.chosen.get(request.community.slug, False):
            raise Refusal(
                _("This community does not pass this on to moderators."), _("Please call one of the numbers.")
            )
        home, key = request.community.id, contact_key(request.member.id)
        with speaking_to_all(conn, home):
            card = cards.request_card(request.person, request.member)
        if self.alerts.alert(conn, home, key, card, request.now):
            note_change(conn, request, "asked a moderator for contact", "")
            return cards.asked_card()
        row = open_alert(conn, home, key)
        return cards.asked_card(again=True) if row is not None and row.told else cards.nobody_card()

    def take_request(self, conn: Connection, request: Request) -> Card:
        """A moderator gets in touch: the others see that, and the member may ask anew."""
        home, key = request.community.id, contact_key(read_number(request.value))
        with speaking_to_all(conn, home):
            taken = cards.taken_card(request.member.name)
        if not self.alerts.resolve(conn, home, key, request.now, taken):
            return replace(cards.settled_card(), replaces=True)
        note_change(conn, request, "took a request for contact", "")
        return replace(cards.taken_card(request.member.name), replaces=True)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The button of whoever asks, and that of moderators."""
        return (
            ButtonHandler(CONTACT, Writes(self.ask_for_contact)),
            ButtonHandler(TAKE, Writes(self.take_request), Role.MODERATOR),
        )
