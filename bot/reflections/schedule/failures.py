"""What becomes of a prompt that a place refused: tried again in the same place, by a moderator or by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.chat.cards import ChannelLink, compose
from bot.chat.language import N_, _
from bot.chat.models import Place
from bot.delivery.facts import QUIET, Failed
from bot.people import tables as people
from bot.people.languages import speaking_to_all
from bot.reflections.schedule import asked_prompts, posts
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.runtime.clock import Clock
from bot.scheduled_posts.failures import RETRIES, PostFailures
from bot.schedules import tables
from bot.schedules.model import OccurrenceState, Schedule, SchedulePlace

PARTS = {
    "prompt-thread": N_("I could not open the thread of the prompt “{title}” in {channel}."),
    "digest": N_("I could not post the summary of the prompt “{title}” in {channel}."),
}
"""What is said when a part of a prompt fails, by the kind of its outbox row."""


class PromptFailures:
    """Posts of prompts that were refused."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.failures: PostFailures | None = None

    def failed(self, conn: Connection, fact: Failed) -> None:
        """A prompt, its thread or its digest could not be posted."""
        if fact.code in QUIET or self.failures is None:
            return
        if fact.kind == "prompt":
            self._refused(conn, fact, self.failures)
        elif fact.kind in PARTS:
            here = asked_prompts.find_asked_prompt(conn, fact.community_id, int(fact.ref))
            if here is not None:
                channel = ChannelLink(fact.place.channel)
                with speaking_to_all(conn, fact.community_id):
                    lead = compose(_(PARTS[fact.kind]), title=here.prompt.title, channel=channel)
                    self.failures.tell(conn, fact, lead, self._clock.now())

    def _refused(self, conn: Connection, fact: Failed, failures: PostFailures) -> None:
        here = asked_prompts.find_asked_prompt(conn, fact.community_id, int(fact.ref))
        schedule = None if here is None else tables.find_schedule(conn, fact.community_id, here.schedule_id)
        if here is None or schedule is None:
            return
        if not any(row.message for row in asked_prompts.list_posts(conn, here.id)):
            tables.mark(conn, here.id, OccurrenceState.FAILED, fact.code)
        now = self._clock.now()
        tries = asked_prompts.count_refusal(conn, here.id, fact.place)
        again = failures.refuse(conn, schedule, fact, here.prompt.title, tries, here.closes_at, now)
        if again is not None:
            self._post_again(conn, here, fact.place, again, tries)

    def _post_again(
        self, conn: Connection, here: AskedPrompt, place: Place, at: datetime, attempt: int
    ) -> None:
        """Queue it once more. As a moderator's action, so that it is tried although the place refused us."""
        one = tables.find_occurrence(conn, here.community_id, here.id)
        schedule = tables.find_schedule(conn, here.community_id, here.schedule_id)
        if one is None or schedule is None:
            return
        spots = [spot for spot in schedule.places if spot.place == place]
        zone = people.community_by_id(conn, here.community_id).zone
        for spot in spots or [SchedulePlace(place.space, place.channel)]:
            posts.queue_in_channel(
                conn,
                here,
                schedule,
                spot,
                one.key,
                zone,
                self._clock.now(),
                owed=at,
                attempt=attempt,
                priority=1,
            )

    def retry(
        self, conn: Connection, schedule: Schedule, now: datetime, moved: tuple[Place, Place] | None = None
    ) -> int:
        """Try open prompts of a schedule again in every place that refused them; how many posts that queues."""
        if moved is not None:
            self._move(conn, schedule, *moved, now)
        refused = {
            row.occurrence_id for row in asked_prompts.list_unposted(conn, schedule.id, now) if row.tries
        }
        found = (
            asked_prompts.find_asked_prompt(conn, schedule.community_id, number) for number in sorted(refused)
        )
        return sum(self._retry_prompt(conn, here, now) for here in found if here is not None)

    @staticmethod
    def _move(conn: Connection, schedule: Schedule, old: Place, new: Place, now: datetime) -> None:
        """Let open prompts that a place refused belong into another one."""
        for row in asked_prompts.list_unposted(conn, schedule.id, now):
            here = asked_prompts.find_asked_prompt(conn, schedule.community_id, row.occurrence_id)
            one = tables.find_occurrence(conn, schedule.community_id, row.occurrence_id)
            if (
                here is None
                or one is None
                or (row.space, row.channel) != (old.space, old.channel)
                or not row.tries
            ):
                continue
            if posts.take_back_post(conn, here, one.key, old):
                posts.move_unposted(conn, here.id, old, new)

    def withdraw(self, conn: Connection, schedule: Schedule, now: datetime) -> set[Place]:
        """Take back the open prompts of a schedule that wait to be tried again; the places that refused one."""
        found = set()
        for row in asked_prompts.list_unposted(conn, schedule.id, now):
            here = asked_prompts.find_asked_prompt(conn, schedule.community_id, row.occurrence_id)
            one = tables.find_occurrence(conn, schedule.community_id, row.occurrence_id)
            if row.tries and here is not None and one is not None:
                posts.take_back_post(conn, here, one.key, Place(row.space, row.channel))
                found.add(Place(row.space, row.channel))
        return found

    def _retry_prompt(self, conn: Connection, here: AskedPrompt, now: datetime) -> int:
        one = tables.find_occurrence(conn, here.community_id, here.id)
        if here.closes_at <= now or here.direct or one is None:
            return 0
        count = 0
        for row in asked_prompts.list_posts(conn, here.id):
            place = Place(row.space, row.channel)
            if row.message is None and posts.take_back_post(conn, here, one.key, place):
                attempt = asked_prompts.count_refusal(conn, here.id, place) + len(RETRIES)
                self._post_again(conn, here, place, now, attempt)
                count += 1
        return count
