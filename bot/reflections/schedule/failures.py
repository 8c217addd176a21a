"""When a prompt cannot be posted: moderators are told once, it is tried again twice, then the place is suspended."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.alerts import cards as alerts_cards
from bot.alerts.alerts import Alerts
from bot.chat.cards import Button
from bot.chat.models import Place
from bot.delivery.facts import QUIET, Failed
from bot.people import audit
from bot.people import tables as people
from bot.reflections.schedule import asked_prompts, notices, posts
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.schedule.settings import length, terms_of
from bot.runtime.clock import Clock
from bot.schedules import edits, tables
from bot.schedules.model import OccurrenceState, Schedule, SchedulePlace

log = logging.getLogger(__name__)

RETRIES = (timedelta(minutes=10), timedelta(hours=1))
"""How long after each refusal a prompt is tried again; after the last it is suspended."""


class Trouble:
    """What becomes of a prompt that a place refused."""

    def __init__(self, clock: Clock, alerts: Alerts) -> None:
        self._clock, self._alerts = clock, alerts

    def failed(self, conn: Connection, fact: Failed) -> None:
        """A prompt, its thread or its digest could not be posted."""
        if fact.code in QUIET:
            return
        if fact.kind == "prompt":
            self._refused(conn, fact)
        elif fact.kind in ("prompt-thread", "digest"):
            what = "The thread of a prompt" if fact.kind == "prompt-thread" else "The digest of a prompt"
            self._tell(conn, fact, what, "")

    def _refused(self, conn: Connection, fact: Failed) -> None:
        here = asked_prompts.find(conn, fact.community_id, int(fact.ref))
        schedule = None if here is None else tables.find_schedule(conn, fact.community_id, here.schedule_id)
        if here is None or schedule is None:
            return
        if not any(row.message for row in asked_prompts.posts(conn, here.id)):
            tables.mark(conn, here.id, OccurrenceState.FAILED, fact.code)
        now = self._clock.now()
        tries = asked_prompts.refused(conn, here.id, fact.place)
        what = f"The prompt *{here.prompt.title}* (s{schedule.id})"
        if tries <= len(RETRIES) and now + RETRIES[tries - 1] < here.closes_at:
            wait = RETRIES[tries - 1]
            self._try_again(conn, here, fact.place, now + wait, tries)
            again = (Button("Try now", does="prompt.again", value=f"o{here.id}"),)
            self._tell(conn, fact, what, f"I try again in {length(wait)}.", again)
        else:
            self._suspend(conn, schedule, fact.place, fact.code, now)

    def _tell(
        self, conn: Connection, fact: Failed, what: str, then: str, buttons: tuple[Button, ...] = ()
    ) -> None:
        card = alerts_cards.cannot_post(fact.place, what, fact.code, then, buttons)
        key = alerts_cards.place_key(fact.place)
        self._alerts.alert(conn, fact.community_id, key, card, self._clock.now())

    def _try_again(
        self, conn: Connection, here: AskedPrompt, place: Place, at: datetime, attempt: int
    ) -> None:
        """Queue it once more. As a moderator's action, so that it is tried although the place refused us."""
        one = tables.find_occurrence(conn, here.community_id, here.id)
        schedule = tables.find_schedule(conn, here.community_id, here.schedule_id)
        if one is None or schedule is None:
            return
        spots = [spot for spot in terms_of(schedule).places if spot.place == place]
        zone = people.community_by_id(conn, here.community_id).zone
        for spot in spots or [SchedulePlace(place.space, place.channel)]:
            posts.in_channel(
                conn, here, spot, one.key, zone, self._clock.now(), owed=at, attempt=attempt, priority=1
            )

    def _suspend(self, conn: Connection, schedule: Schedule, place: Place, code: str, now: datetime) -> None:
        terms = terms_of(schedule)
        spot = next((one for one in terms.places if one.place == place), None)
        if spot is None or spot.suspended:
            return
        terms = terms.with_spot(replace(spot, suspended=code))
        whole = all(one.suspended for one in terms.places)
        edits.change_schedule(conn, schedule.community_id, schedule.id, now, places=terms.places)
        if whole:
            edits.suspend(conn, schedule.community_id, schedule.id, now)
        audit.note(
            conn, schedule.community_id, None, None, "suspended", f"s{schedule.id}",
            None, {"place": place.channel, "why": code}, now,
        )  # fmt: skip
        key = notices.suspended_key(schedule.id)
        card = notices.suspended_card(schedule.id, schedule.title, spot, code, whole=whole)
        if not self._alerts.alert(conn, schedule.community_id, key, card, now):
            self._alerts.renew(conn, schedule.community_id, key, card, now)

    # ── what moderators do about it ───────────────────────────────────────────

    def try_now(self, conn: Connection, here: AskedPrompt, now: datetime) -> int:
        """Try a prompt again in every place that has not got it; how many those are."""
        one = tables.find_occurrence(conn, here.community_id, here.id)
        if here.closes_at <= now or here.direct or one is None:
            return 0
        count = 0
        for row in asked_prompts.posts(conn, here.id):
            place = Place(row.space, row.channel)
            if row.message is None and posts.take_back(conn, here, one.key, place):
                attempt = asked_prompts.refused(conn, here.id, place) + len(RETRIES)
                self._try_again(conn, here, place, now, attempt)
                count += 1
        return count

    def lift(self, conn: Connection, schedule: Schedule, now: datetime) -> int:
        """Post in every place of a schedule again, and what is still open at once; how many posts that queues."""
        terms = terms_of(schedule)
        if any(spot.suspended for spot in terms.places):
            free = tuple(replace(spot, suspended="") for spot in terms.places)
            edits.change_schedule(conn, schedule.community_id, schedule.id, now, places=free)
        refused = {row.occurrence_id for row in asked_prompts.unposted(conn, schedule.id, now) if row.tries}
        found = (asked_prompts.find(conn, schedule.community_id, number) for number in sorted(refused))
        return sum(self.try_now(conn, here, now) for here in found if here is not None)
