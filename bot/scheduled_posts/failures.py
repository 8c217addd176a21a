"""Failures: when a post cannot be posted, moderators are told once, it is tried twice more, then its place is suspended."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.alerts.cards import cannot_post, other_channel_button, place_key
from bot.chat.cards import Button, Words
from bot.chat.language import _
from bot.delivery.facts import Failed
from bot.people import audit
from bot.people.languages import speaking_to_all
from bot.scheduled_posts.cards import suspended_card, suspended_key
from bot.scheduled_posts.model import PostKind
from bot.scheduled_posts.options import length_words
from bot.schedules import edits
from bot.schedules.model import Schedule

RETRIES = (timedelta(minutes=10), timedelta(hours=1))
"""How long after each refusal a post is tried again; after the last its place is suspended."""


class PostFailures:
    """What becomes of posts of one kind that a place refused."""

    def __init__(self, kind: PostKind, alerts: Alerts) -> None:
        self._kind, self._alerts = kind, alerts

    def refuse(
        self, conn: Connection, schedule: Schedule, fact: Failed, title: str, tries: int, until: datetime | None,
        now: datetime,
    ) -> datetime | None:  # fmt: skip
        """The post `title` was refused for the `tries`-th time; when it is to be tried again, or None: its place is suspended.

        `until` is when it is no longer worth posting. What was cancelled is neither tried again nor told.
        """
        if not schedule.running:
            return None
        with speaking_to_all(conn, schedule.community_id):
            return self._refuse(conn, schedule, fact, title, tries, until, now)

    def _refuse(
        self, conn: Connection, schedule: Schedule, fact: Failed, title: str, tries: int, until: datetime | None,
        now: datetime,
    ) -> datetime | None:  # fmt: skip
        if tries <= len(RETRIES) and (until is None or now + RETRIES[tries - 1] < until):
            wait = RETRIES[tries - 1]
            again = Button(_("Try now"), does=f"{self._kind.noun}.again", value=schedule.name or "")
            other = other_channel_button(self._kind.noun, schedule.name or "", fact.place)
            then = _("I try again in {time}.", time=length_words(wait))
            lead = self._kind.not_posted(title, schedule, fact.place)
            self.tell(conn, fact, lead, now, then, again, other)
            return now + wait
        self._suspend(conn, schedule, fact, now)
        return None

    def tell(
        self, conn: Connection, fact: Failed, lead: Words, now: datetime, then: str = "", *buttons: Button
    ) -> None:
        """Tell moderators what could not be posted; `lead` is the sentence that says so."""
        card = cannot_post(lead, fact.code, then, buttons)
        self._alerts.alert(conn, fact.community_id, place_key(fact.place), card, now)

    def _suspend(self, conn: Connection, schedule: Schedule, fact: Failed, now: datetime) -> None:
        spot = next((one for one in schedule.open_places if one.place == fact.place.root), None)
        if spot is None:
            return
        refused = replace(spot, suspended=fact.code)
        places = tuple(refused if one == spot else one for one in schedule.places)
        edits.change_schedule(conn, schedule.community_id, schedule.id, now, places=places)
        whole = all(one.suspended for one in places)
        if whole:
            edits.suspend(conn, schedule.community_id, schedule.id, now)
        why = {"place": spot.channel, "why": fact.code}
        audit.record_change(
            conn, schedule.community_id, None, None, "suspended", schedule.name or "", None, why, now
        )
        key, card = suspended_key(schedule.id), suspended_card(self._kind, schedule, refused, whole=whole)
        if not self._alerts.alert(conn, schedule.community_id, key, card, now):
            self._alerts.renew(conn, schedule.community_id, key, card, now)
