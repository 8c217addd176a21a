"""The buttons of the card with whom to call, and what is forgotten of whoever pressed them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.danger import cards as hotline_cards
from bot.danger import tables
from bot.feature import DataSubject, Feature
from bot.people.languages import speaking_to_all
from bot.safety import cards
from bot.safety.contact_requests import ContactRequests, contact_key
from bot.safety.pauses import BUTTONS
from bot.settings.model import Settings


def feature(alerts: Alerts, settings: Settings) -> Feature:
    """Pauses, and requests for contact where a community lets its members ask."""
    requests = ContactRequests(alerts, {one.slug: one.danger_contact for one in settings.all_communities()})

    def forget(conn: Connection, subject: DataSubject) -> None:
        """Forget the pauses of a person, and take back that they asked to be contacted."""
        tables.forget_pauses(conn, subject.community.id, subject.accounts)
        key = contact_key(subject.member_id)
        with speaking_to_all(conn, subject.community.id):
            withdrawn = cards.withdrawn_card()
        alerts.resolve(conn, subject.community.id, key, subject.now, withdrawn)

    return Feature(
        name="safety",
        forget=(forget,),
        hand_over=hand_over,
        buttons=(*BUTTONS, *requests.buttons()),
        retention=(tables.retention(),),
        examples=lambda: (*hotline_cards.examples(), *cards.examples()),
    )


def hand_over(conn: Connection, subject: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """Until when nothing that a person writes is looked through for danger."""
    return {"pauses": tables.hand_over(conn, subject.accounts)}
