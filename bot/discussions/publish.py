"""The publisher of discussions: opens one when it is due, pins it in place of the last, tries again what was refused."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.language import N_
from bot.chat.models import Place
from bot.chat.time.rules import Once
from bot.delivery import outbox
from bot.delivery.facts import QUIET, Draft, Failed, OutboxState, Sent, Verb
from bot.discussions import cards, tables, topics
from bot.discussions.closing import DiscussionCloser
from bot.discussions.left_out import NO_STARTER, NO_TOPIC, lacks_starter, leave_out, warn_of_last_topic
from bot.discussions.settings import DiscussionSettings, Dry, settings_of
from bot.discussions.tables import Discussion
from bot.discussions.wording import (
    Lessons,
    Words,
    meeting_times,
    next_topic,
    put_into_words,
    templates,
    uses_topics,
)
from bot.people import tables as people
from bot.people.languages import speaking_to_all
from bot.runtime.clock import Clock
from bot.scheduled_posts import headsups
from bot.scheduled_posts.approval import PostApproval
from bot.scheduled_posts.failures import PostFailures
from bot.scheduled_posts.options import ONCE_OPEN
from bot.schedules import tables as schedules_tables
from bot.schedules.breaks import breaks, deadline, rule_of
from bot.schedules.model import OccurrenceState, Schedule
from bot.schedules.planner import DueOccurrence
from bot.schedules.recurrence import local_to_utc

log = logging.getLogger(__name__)

PUT_AWAY = timedelta(hours=20)
"""How often an open thread is opened again, because platforms put quiet threads away (Discord: after a day)."""

CLOSED: dict[str, datetime | None] = {"opened_at": None, "closes_at": None, "reopen_at": None}
"""The times of a discussion that was not opened after all."""


class DiscussionPublisher:
    """The planner's kind `discussion`, and what follows from one that was opened."""

    noun = "discuss"

    def __init__(
        self, clock: Clock, alerts: Alerts, closing: DiscussionCloser, lessons: Lessons | None, approval: PostApproval,
        failures: PostFailures,
    ) -> None:  # fmt: skip
        self._clock, self._alerts, self._closing, self._lessons = clock, alerts, closing, lessons
        self._approval, self._failures = approval, failures

    # ── opening ───────────────────────────────────────────────────────────────

    def due(self, conn: Connection, due: DueOccurrence) -> None:
        """Open the discussion: its message, thread and pin in one transaction; or say why not."""
        with speaking_to_all(conn, due.community_id):
            self._publish(conn, due)

    def _publish(self, conn: Connection, due: DueOccurrence) -> None:
        now, plan = self._clock.now(), settings_of(due.schedule)
        if self._approval.hold_back(conn, due, now):
            return
        own = tables.draft_discussion(conn, due.community_id, due.schedule.id, due.key)
        tables.change_discussion(conn, own.id, occurrence_id=due.id)
        words = self._words(conn, due, plan, own)
        if isinstance(words, str):
            leave_out(conn, self._alerts, self._approval, due, words, now)
            return
        if words.topic is not None:
            topics.use_topic(conn, words.topic.id, now)
            warn_of_last_topic(conn, self._alerts, due, plan.dry, now)
        self._open(conn, due, plan, own, words, now)
        self._approval.settle(conn, due.schedule, due.key, now, N_("It has gone out."))

    def ask(self, conn: Connection, due: DueOccurrence) -> None:
        """It came due while the bot was away: a moderator says whether it still goes out."""
        with speaking_to_all(conn, due.community_id):
            self._approval.ask_late(conn, due)

    def _words(
        self, conn: Connection, due: DueOccurrence, plan: DiscussionSettings, own: Discussion
    ) -> Words | str:
        """What it says, or why it is left out."""
        topic = None
        if uses_topics(plan, own):
            topic = next_topic(conn, due.schedule.id, plan)
            if topic is None and plan.dry is Dry.SKIP:
                return NO_TOPIC
        number = tables.count(conn, due.schedule.id) + 1
        lesson = self._lessons(conn, due.community_id, self._clock.now()) if self._lessons else None
        if lacks_starter(conn, own.schedule_id, *templates(plan, own), lesson):
            return NO_STARTER
        return put_into_words(plan, own, date.fromisoformat(due.wall[:10]), number, topic, lesson)

    def _open(
        self,
        conn: Connection,
        due: DueOccurrence,
        plan: DiscussionSettings,
        own: Discussion,
        words: Words,
        now: datetime,
    ) -> None:
        meets, ends, place = None, None, due.schedule.places[0]
        if plan.meeting is not None:
            opens = min(due.due_at, now)
            meets, ends = meeting_times(plan.meeting, opens, ZoneInfo(due.schedule.zone))
        tables.change_discussion(
            conn, own.id,
            number=words.number, name=words.title, text=words.text,
            topic_id=words.topic.id if words.topic else None,
            space=place.space, channel=place.channel, post=post_key(own),
            opened_at=now, closes_at=self._closes(due, now), reopen_at=now + PUT_AWAY,
            meets_at=meets, ends_at=ends,
            seats=plan.meeting.seats if plan.meeting else None,
            where=plan.meeting.where if plan.meeting else None,
        )  # fmt: skip
        # A late one is looked for before it is said: another process, or this one before a crash, may have said it.
        # Not one that a moderator just let go: nobody can have said that before.
        shown = headsups.find_headsup(conn, due.schedule.id, due.key)
        approved_at = shown.approved_at if shown is not None else None
        by_hand = due.due_at > now or (approved_at is not None and approved_at > due.due_at)
        row = tables.by_key(conn, due.schedule.id, due.key)
        if row is not None:
            self._say(conn, row, plan, None if by_hand else due.due_at, now)

    @staticmethod
    def _closes(due: DueOccurrence, now: datetime) -> datetime | None:
        """When it closes: counted from its own time, also when it comes late; None: when the next one comes."""
        schedule, length = due.schedule, _length(due.schedule)
        if length is None:
            return None
        zone, at = ZoneInfo(schedule.zone), now + length
        if due.due_at <= now:
            opens, _ = local_to_utc(datetime.fromisoformat(due.wall), zone)
            at = max(opens + length, now + length / 2)
        return deadline(due.breaks, at, zone, schedule.break_policy)

    def _say(
        self, conn: Connection, row: Discussion, plan: DiscussionSettings, owed: datetime | None, now: datetime,
        priority: int = 2,
    ) -> None:  # fmt: skip
        """Queue the message, its thread and its pin."""
        home = people.community_by_id(conn, row.community_id)
        with speaking_to_all(conn, row.community_id):
            key, card = post_key(row), cards.discussion_card(row, plan, {}, home.zone)
        post = Draft(
            community_id=row.community_id, space=row.space or "", channel=row.channel, ref=str(row.id),
            key=key, kind="discussion", card=card, not_before=owed, priority=priority, refused=row.tries > 0,
        )  # fmt: skip
        hung = partial(replace, post, card=None, not_before=None, after=key, refused=False)
        drafts = (
            post,
            hung(key=f"{key}:thread", kind="discussion-thread", verb=Verb.THREAD, name=row.name),
            hung(key=f"{key}:pin", kind="discussion-pin", verb=Verb.PIN),
        )
        for one in drafts:
            outbox.queue_draft(conn, one, now)

    # ── what became of it ─────────────────────────────────────────────────────

    def sent(self, conn: Connection, fact: Sent) -> None:
        """Its message is there: it takes the place of the last one."""
        if not fact.kind.startswith("discussion"):
            return
        row = tables.find_discussion(conn, fact.community_id, int(fact.ref))
        if row is None:
            return
        if fact.kind in cards.DEEDS:
            key = f"{fact.kind}:{fact.place.space}:{fact.place.channel}"
            self._alerts.resolve(conn, row.community_id, key, fact.at)
        if fact.kind == "discussion-thread":
            tables.change_discussion(conn, row.id, thread=fact.place.thread)
        elif fact.kind == "discussion":
            wanted = row.list_wanted + 1 if row.meets_at is not None else row.list_wanted
            self._closing.unpin(conn, tables.pinned_of(conn, row.schedule_id), fact.at)
            tables.change_discussion(conn, row.id, message=fact.message, pinned=True, list_wanted=wanted)
            if row.occurrence_id is not None:
                schedules_tables.mark(conn, row.occurrence_id, OccurrenceState.DONE)
            for last in tables.open_of(conn, row.schedule_id):
                if last.id != row.id and last.closes_at is None:
                    tables.change_discussion(conn, last.id, closes_at=fact.at)

    def failed(self, conn: Connection, fact: Failed) -> None:
        """It could not be posted: tried again, until its place is suspended."""
        if fact.code in QUIET or not fact.kind.startswith("discussion"):
            return
        row, now = tables.find_discussion(conn, fact.community_id, int(fact.ref)), self._clock.now()
        if row is None:
            return
        if fact.kind == "discussion-pin":
            tables.change_discussion(conn, row.id, pinned=False)
        if fact.kind == "discussion-thanks":
            self._closing.lock(conn, row, now)
        if fact.kind == "discussion":
            self._refused(conn, row, fact, now)
        else:
            self._tell_shortcoming(conn, row, fact, now)

    def _refused(self, conn: Connection, row: Discussion, fact: Failed, now: datetime) -> None:
        schedule = schedules_tables.find_schedule(conn, row.community_id, row.schedule_id)
        if row.occurrence_id is not None:
            schedules_tables.mark(conn, row.occurrence_id, OccurrenceState.FAILED, fact.code)
        tries = row.tries + 1
        tables.change_discussion(conn, row.id, **CLOSED, tries=tries)
        if schedule is None:
            return
        again = self._failures.refuse(conn, schedule, fact, row.name or schedule.label, tries, None, now)
        if again is not None:
            self._post_again(conn, schedule, row.id, again, now)

    def _tell_shortcoming(self, conn: Connection, row: Discussion, fact: Failed, now: datetime) -> None:
        """It is there, but something about it could not be done, most likely for want of a permission."""
        log.warning("%s of discussion %s failed: %s", fact.kind, row.id, fact.code)
        if fact.kind in cards.DEEDS:
            key = f"{fact.kind}:{fact.place.space}:{fact.place.channel}"
            with speaking_to_all(conn, row.community_id):
                card = cards.shortcoming_card(row, fact)
            self._alerts.alert(conn, row.community_id, key, card, now)

    def retry(self, conn: Connection, schedule: Schedule, now: datetime, moved: object = None) -> int:  # noqa: ARG002
        """Post at once what could not be posted, in the place its schedule has now; how many."""
        count = 0
        for row in tables.refused_of(conn, schedule.id):
            said = outbox.find_by_key(conn, row.post) if row.post is not None else None
            over = said is None or said.state in (OutboxState.FAILED, OutboxState.DROPPED)
            if said is not None and not over and not outbox.cancel_draft(conn, said.key):
                continue  # it is being said
            tables.change_discussion(conn, row.id, tries=row.tries + 1)
            self._post_again(conn, schedule, row.id, now, now)
            count += 1
        return count

    def withdraw(self, conn: Connection, schedule: Schedule, _now: datetime) -> set[Place]:
        """Take back what waits to be tried again; the places that refused something."""
        found = set()
        for row in tables.refused_of(conn, schedule.id):
            found.add(row.place.root)
            if row.post is not None and outbox.cancel_draft(conn, row.post):
                tables.change_discussion(conn, row.id, **CLOSED)
                if row.occurrence_id is not None:
                    schedules_tables.mark(conn, row.occurrence_id, OccurrenceState.FAILED)
        return found

    def _post_again(
        self, conn: Connection, schedule: Schedule, discussion_id: int, at: datetime, now: datetime
    ) -> None:
        """Queue what could not be posted, under a new key: the old one certainly never arrived."""
        row = tables.find_discussion(conn, schedule.community_id, discussion_id)
        if row is None:
            return
        length, place, closes = _length(schedule), schedule.places[0], None
        if length is not None:
            zone = ZoneInfo(schedule.zone)
            away = breaks(conn, row.community_id)
            closes = deadline(away, at + length, zone, schedule.break_policy)
        tables.change_discussion(
            conn, row.id,
            opened_at=at, closes_at=closes, reopen_at=at + PUT_AWAY,
            space=place.space, channel=place.channel, post=post_key(row),
        )  # fmt: skip
        fresh = tables.find_discussion(conn, row.community_id, row.id)
        if fresh is not None:
            # As a moderator's action, so that it is tried although the place refused it.
            self._say(conn, fresh, settings_of(schedule), at if at > now else None, now, priority=1)
            if fresh.occurrence_id is not None:
                schedules_tables.mark(conn, fresh.occurrence_id, OccurrenceState.QUEUED)


def _length(schedule: Schedule) -> timedelta | None:
    """How long one stays open; None: until the next one."""
    return schedule.open_for or (ONCE_OPEN if isinstance(rule_of(schedule.rule), Once) else None)


def post_key(row: Discussion) -> str:
    """The outbox key of its message; a new one for each time it was refused."""
    key = f"discussion:{row.schedule_id}:{row.key}"
    return f"{key}:{row.tries}" if row.tries else key
