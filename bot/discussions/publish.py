"""The rhythm of discussions: opened when it is due, pinned in place of the last, told of trouble, tried again."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.time.rule_parser import parse_rule
from bot.chat.time.rules import Once
from bot.delivery import outbox
from bot.delivery.facts import QUIET, Draft, Failed, Sent, Verb
from bot.discussions import cards, tables, topics
from bot.discussions.closing import DiscussionCloser
from bot.discussions.settings import ONCE_OPEN, DiscussionSettings, Dry, read
from bot.discussions.tables import Discussion
from bot.discussions.wording import (
    NO_TOPIC,
    Lessons,
    Words,
    meeting_times,
    next_topic,
    put_into_words,
    uses_topics,
)
from bot.people import audit
from bot.people import tables as people
from bot.runtime.clock import Clock
from bot.schedules import edits
from bot.schedules import tables as schedules_tables
from bot.schedules.breaks import deadline
from bot.schedules.model import OccurrenceState
from bot.schedules.planner import DueOccurrence
from bot.schedules.recurrence import local_to_utc
from bot.store.store import Store

log = logging.getLogger(__name__)

WAITING = "waits for approval"
RETRY = timedelta(hours=1)
"""How long after a refusal it is tried again, once; then the schedule rests until a moderator says otherwise."""
PUT_AWAY = timedelta(hours=20)
"""How often an open thread is opened again, because platforms put quiet threads away (Discord: after a day)."""


class DiscussionPublisher:
    """The planner's kind `discussion`, and what follows from one that was opened."""

    def __init__(
        self, store: Store, clock: Clock, alerts: Alerts, closing: DiscussionCloser, lessons: Lessons | None
    ) -> None:
        self._store, self._clock, self._alerts = store, clock, alerts
        self._closing, self._lessons = closing, lessons

    # ── opening ───────────────────────────────────────────────────────────────

    def due(self, conn: Connection, due: DueOccurrence) -> None:
        """Open the discussion: its message, thread and pin in one transaction; or say why not."""
        now, plan = self._clock.now(), read(due.schedule)
        own = tables.draft_of(conn, due.community_id, due.schedule.id, due.key)
        tables.change(conn, own.id, occurrence_id=due.id)
        if plan.approve is not None and own.approved_at is None:
            schedules_tables.mark(conn, due.id, OccurrenceState.ASKED, WAITING)
            return
        words = self._words(conn, due, plan, own)
        if words is None:
            schedules_tables.mark(conn, due.id, OccurrenceState.SKIPPED, NO_TOPIC)
            card = cards.dry_card(due.schedule.id, due.schedule.title)
            self._alerts.alert(conn, due.community_id, f"dry:{due.schedule.id}:{due.key}", card, now)
            return
        if words.topic is not None:
            topics.use(conn, words.topic.id, now)
        self._warn_of_dryness(conn, due, plan, words)
        self._open(conn, due, plan, own, words, now)

    def ask(self, conn: Connection, due: DueOccurrence) -> None:
        """It came due while the bot was away: a moderator says whether it still goes out."""
        own = tables.draft_of(conn, due.community_id, due.schedule.id, due.key)
        tables.change(conn, own.id, occurrence_id=due.id)
        home = people.community_by_id(conn, due.community_id)
        card = cards.missed_card(due.schedule.id, due.schedule.title, due.id, due.due_at, home.zone)
        self._alerts.alert(conn, due.community_id, f"missed:{due.id}", card, self._clock.now())

    def _words(
        self, conn: Connection, due: DueOccurrence, plan: DiscussionSettings, own: Discussion
    ) -> Words | None:
        topic = None
        if uses_topics(plan, own):
            topic = next_topic(conn, due.schedule.id, plan)
            if topic is None and plan.dry is Dry.SKIP:
                return None
        number = tables.count(conn, due.schedule.id) + 1
        lesson = self._lessons(conn, due.community_id, self._clock.now()) if self._lessons else None
        return put_into_words(plan, own, date.fromisoformat(due.wall[:10]), number, topic, lesson)

    def _warn_of_dryness(
        self, conn: Connection, due: DueOccurrence, plan: DiscussionSettings, words: Words
    ) -> None:
        """The last topic was just used: say so now, while there is time to think of more."""
        if (
            words.topic is not None
            and plan.dry is not Dry.AGAIN
            and not topics.waiting(conn, due.schedule.id)
        ):
            card = cards.last_topic_card(due.schedule.id, due.schedule.title, plan.dry)
            key = f"dry:{due.schedule.id}:{due.key}"
            self._alerts.alert(conn, due.community_id, key, card, self._clock.now())

    def _open(
        self,
        conn: Connection,
        due: DueOccurrence,
        plan: DiscussionSettings,
        own: Discussion,
        words: Words,
        now: datetime,
    ) -> None:
        meets, ends = None, None
        if plan.meeting is not None:
            opens = min(due.due_at, now)
            meets, ends = meeting_times(plan.meeting, opens, ZoneInfo(due.schedule.zone))
        tables.change(
            conn, own.id,
            number=words.number, name=words.title, text=words.text,
            topic_id=words.topic.id if words.topic else None,
            space=plan.place.space, channel=plan.place.channel, post=post_key(own),
            opened_at=now, closes_at=self._closes(conn, due, plan, now), reopen_at=now + PUT_AWAY,
            meets_at=meets, ends_at=ends,
            seats=plan.meeting.seats if plan.meeting else None,
            where=plan.meeting.where if plan.meeting else None,
        )  # fmt: skip
        # A late one is looked for before it is said: another process, or this one before a crash, may have said it.
        # Not one that a moderator just let go: nobody can have said that before.
        by_hand = due.due_at > now or (own.approved_at is not None and own.approved_at > due.due_at)
        row = tables.by_key(conn, due.schedule.id, due.key)
        if row is not None:
            self._say(conn, row, plan, None if by_hand else due.due_at, now)

    @staticmethod
    def _closes(
        conn: Connection, due: DueOccurrence, plan: DiscussionSettings, now: datetime
    ) -> datetime | None:
        """When it closes: counted from its own time, also when it comes late; None: when the next one comes."""
        schedule = schedules_tables.find_schedule(conn, due.community_id, due.schedule.id)
        once = schedule is None or isinstance(parse_rule(schedule.rule)[0], Once)
        length = plan.close or (ONCE_OPEN if once else None)
        if length is None:
            return None
        zone = ZoneInfo(due.schedule.zone)
        at = now + length
        if due.due_at <= now:
            opens, _ = local_to_utc(datetime.fromisoformat(due.wall), zone)
            at = max(opens + length, now + length / 2)
        return deadline(conn, due.community_id, at, zone, due.schedule.break_policy)

    def _say(
        self,
        conn: Connection,
        row: Discussion,
        plan: DiscussionSettings,
        owed: datetime | None,
        now: datetime,
    ) -> None:
        """Queue the message, its thread and its pin."""
        home = people.community_by_id(conn, row.community_id)
        key, card = post_key(row), cards.discussion_card(row, plan, {}, home.zone)
        post = Draft(
            community_id=row.community_id, space=row.space or "", channel=row.channel, ref=str(row.id),
            key=key, kind="discussion", card=card, not_before=owed,
        )  # fmt: skip
        hung = partial(replace, post, card=None, not_before=None, after=key)
        drafts = (
            post,
            hung(key=f"{key}:thread", kind="discussion-thread", verb=Verb.THREAD, name=row.name),
            hung(key=f"{key}:pin", kind="discussion-pin", verb=Verb.PIN),
        )
        for one in drafts:
            outbox.queue(conn, one, now)

    # ── what became of it ─────────────────────────────────────────────────────

    def sent(self, conn: Connection, fact: Sent) -> None:
        """Its message is there: it takes the place of the last one."""
        if not fact.kind.startswith("discussion"):
            return
        row = tables.find(conn, fact.community_id, int(fact.ref))
        if row is None:
            return
        if fact.kind in cards.DEEDS:
            key = f"{fact.kind}:{fact.place.space}:{fact.place.channel}"
            self._alerts.resolve(conn, row.community_id, key, fact.at)
        if fact.kind == "discussion-thread":
            tables.change(conn, row.id, thread=fact.place.thread)
        elif fact.kind == "discussion":
            wanted = row.list_wanted + 1 if row.meets_at is not None else row.list_wanted
            self._closing.unpin(conn, tables.pinned_of(conn, row.schedule_id), fact.at)
            tables.change(conn, row.id, message=fact.message, pinned=True, list_wanted=wanted, retry_at=None)
            if row.occurrence_id is not None:
                schedules_tables.mark(conn, row.occurrence_id, OccurrenceState.DONE)
            for last in tables.open_of(conn, row.schedule_id):
                if last.id != row.id and last.closes_at is None:
                    tables.change(conn, last.id, closes_at=fact.at)
            self._alerts.resolve(
                conn, row.community_id, trouble_key(row.schedule_id), fact.at, cards.posted_after_all(row)
            )

    def failed(self, conn: Connection, fact: Failed) -> None:
        """It could not be posted: tried again once, then its schedule rests until a moderator resumes it."""
        if fact.code in QUIET or not fact.kind.startswith("discussion"):
            return
        row, now = tables.find(conn, fact.community_id, int(fact.ref)), self._clock.now()
        if row is None:
            return
        if fact.kind == "discussion-pin":
            tables.change(conn, row.id, pinned=False)
        if fact.kind == "discussion-thanks":
            self._closing.lock(conn, row, now)
        if fact.kind != "discussion":
            self._tell_shortcoming(conn, row, fact, now)
            return
        if row.occurrence_id is not None:
            schedules_tables.mark(conn, row.occurrence_id, OccurrenceState.FAILED, fact.code)
        again = row.tries == 0
        tables.change(
            conn, row.id,
            opened_at=None, closes_at=None, reopen_at=None, tries=row.tries + 1,
            retry_at=now + RETRY if again else None,
        )  # fmt: skip
        self._tell_trouble(conn, row, fact, again, now)

    def _tell_shortcoming(self, conn: Connection, row: Discussion, fact: Failed, now: datetime) -> None:
        """It is there, but something about it could not be done, most likely for want of a permission."""
        log.warning("%s of discussion %s failed: %s", fact.kind, row.id, fact.code)
        if fact.kind in cards.DEEDS:
            key = f"{fact.kind}:{fact.place.space}:{fact.place.channel}"
            self._alerts.alert(conn, row.community_id, key, cards.shortcoming_card(row, fact), now)

    def _tell_trouble(
        self, conn: Connection, row: Discussion, fact: Failed, again: bool, now: datetime
    ) -> None:
        if not again:
            self._alerts.resolve(conn, row.community_id, trouble_key(row.schedule_id), now)
            self._suspend(conn, row, fact.code, now)
        card = cards.trouble_card(row, fact.place, fact.code, again)
        self._alerts.alert(conn, row.community_id, trouble_key(row.schedule_id), card, now)

    @staticmethod
    def _suspend(conn: Connection, row: Discussion, code: str, now: datetime) -> None:
        schedule = schedules_tables.find_schedule(conn, row.community_id, row.schedule_id)
        if schedule is None:
            return
        places = replace(read(schedule), suspended=code).places
        edits.change_schedule(conn, row.community_id, schedule.id, now, places)
        edits.suspend(conn, row.community_id, schedule.id, now)
        audit.note(
            conn, row.community_id, None, None, "suspended", f"d{schedule.id}", None, {"reason": code}, now
        )

    async def retry_due(self) -> int:
        """Try again what was refused an hour ago."""
        now = self._clock.now()
        due = await self._store.read(lambda conn: tables.to_retry(conn, now))
        for one in due:
            await self._store.write(partial(self._retry, row=one, now=now))
        return len(due)

    def _retry(self, conn: Connection, row: Discussion, now: datetime) -> None:
        fresh = tables.find(conn, row.community_id, row.id)
        if fresh is not None and fresh.retry_at is not None and fresh.retry_at <= now:
            self.again(conn, fresh, now)

    def again(self, conn: Connection, row: Discussion, now: datetime) -> None:
        """Post what could not be posted, under a new key: the old one certainly never arrived."""
        schedule = schedules_tables.find_schedule(conn, row.community_id, row.schedule_id)
        if schedule is None or row.opened_at is not None:
            return
        plan = read(schedule)
        length = plan.close or (ONCE_OPEN if isinstance(parse_rule(schedule.rule)[0], Once) else None)
        closes = None
        if length is not None:
            zone, policy = ZoneInfo(schedule.zone), schedule.break_policy
            closes = deadline(conn, row.community_id, now + length, zone, policy)
        tables.change(
            conn, row.id,
            opened_at=now, closes_at=closes, reopen_at=now + PUT_AWAY, retry_at=None,
            space=plan.place.space, channel=plan.place.channel, post=post_key(row),
        )  # fmt: skip
        fresh = tables.find(conn, row.community_id, row.id)
        if fresh is not None:
            self._say(conn, fresh, plan, None, now)
            if fresh.occurrence_id is not None:
                schedules_tables.mark(conn, fresh.occurrence_id, OccurrenceState.QUEUED)


def post_key(row: Discussion) -> str:
    """The outbox key of its message; a new one for each time it was refused."""
    key = f"discussion:{row.schedule_id}:{row.key}"
    return f"{key}:{row.tries}" if row.tries else key


def trouble_key(schedule_id: int) -> str:
    """The alert about a schedule whose place refuses it."""
    return f"discussion:{schedule_id}"
