"""The rhythm of a prompt: drawn and asked when it is due, in each of its places, once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.capture import tables as capture
from bot.chat.models import Place
from bot.delivery.facts import Sent
from bot.people import accounts
from bot.people import tables as people
from bot.reflections.answers.intake import AT_EASE, SUBJECT, AnswerIntake
from bot.reflections.prompts import selection
from bot.reflections.prompts.bank import BankedPrompt
from bot.reflections.prompts.low_stock import Supplies
from bot.reflections.prompts.model import Prompt
from bot.reflections.schedule import asked_prompts, notices, posts, settings, shown_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.schedule.notices import headsup_key, late_key
from bot.reflections.schedule.settings import PromptScheduleSettings
from bot.runtime.clock import Clock
from bot.schedules import edits, tables
from bot.schedules.breaks import deadline
from bot.schedules.model import OccurrenceState, Unapproved
from bot.schedules.planner import DueOccurrence
from bot.schedules.recurrence import local_to_utc
from bot.store.store import Store

log = logging.getLogger(__name__)

WAITS = "waits for approval"
NOBODY = "nobody approved it in time"


class PromptPublisher:
    """The planner's kind `prompt`, and what follows from a prompt that was asked."""

    def __init__(self, store: Store, clock: Clock, answers: AnswerIntake, alerts: Alerts) -> None:
        self._store = store
        self._clock = clock
        self._answers = answers
        self._alerts = alerts
        self._supplies = Supplies(alerts)

    # ── asking ────────────────────────────────────────────────────────────────

    def due(self, conn: Connection, due: DueOccurrence) -> None:
        """Ask the next prompt of the decks: one occurrence, one post in each place, in one transaction."""
        now = self._clock.now()
        wanted = settings.terms_of(due.schedule)
        shown = shown_prompts.find(conn, due.schedule.id, due.key)
        approved = shown is not None and shown.approved_at is not None
        if wanted.approver is not None and not approved and wanted.unapproved is not Unapproved.POST:
            self._hold_back(conn, due, wanted, now)
            return
        kept = wanted.kept if shown is None or shown.prompt_id is None else shown.prompt_id
        drawn = selection.draw_prompt(
            conn, due.community_id, wanted.source(due.schedule.id), due.id, now, kept
        )
        if drawn is None:
            tables.mark(conn, due.id, OccurrenceState.SKIPPED, f"the deck {wanted.decks[0]} has no prompts")
            self._settle(conn, due, now, "There was no prompt to ask.")
        else:
            self._ask(conn, due, wanted, drawn, now)
            self._settle(conn, due, now, "It has gone out.")
        self._supplies.check(conn, due.community_id, now, only=wanted.source(due.schedule.id).series)

    def _ask(
        self,
        conn: Connection,
        due: DueOccurrence,
        wanted: PromptScheduleSettings,
        drawn: BankedPrompt,
        now: datetime,
    ) -> None:
        home = people.community_by_id(conn, due.community_id)
        closes_at = self._closes(due, wanted, home.zone, now)
        asked_prompts.open_asking(
            conn,
            occurrence_id=due.id,
            community_id=due.community_id,
            schedule_id=due.schedule.id,
            prompt_id=drawn.id,
            prompt=drawn.prompt,
            direct=wanted.direct,
            opened_at=now,
            closes_at=deadline(conn, home.id, closes_at, ZoneInfo(home.zone), due.schedule.break_policy),
        )
        here = asked_prompts.find(conn, due.community_id, due.id)
        if here is None:
            raise LookupError(f"occurrence {due.id} was asked and is not there")
        wall = None if _by_hand(due, now) else datetime.fromisoformat(due.wall)
        told: set[int] = set()
        for spot in wanted.places:
            if spot.suspended:
                continue
            asked_prompts.expect_post(conn, here.community_id, here.id, spot.place)
            if wanted.direct:
                posts.directly(conn, here, spot.place, due.key, home.zone, wall, told)
            else:
                owed = None if wall is None else due.due_at
                posts.in_channel(conn, here, spot, due.key, home.zone, now, owed=owed)
                self._expect_directs(conn, here, spot.space)
        edits.supersede(conn, due.schedule.id, due.id)

    def ask(self, conn: Connection, due: DueOccurrence) -> None:
        """A prompt came due long ago and its schedule says to ask first: it waits for a moderator's word."""
        zone = people.community_by_id(conn, due.community_id).zone
        card = notices.late_card(due.schedule.id, due.schedule.title, due.id, due.due_at, zone)
        self._alerts.alert(
            conn, due.community_id, late_key(due.schedule.id, due.key), card, self._clock.now()
        )

    def _hold_back(
        self, conn: Connection, due: DueOccurrence, wanted: PromptScheduleSettings, now: datetime
    ) -> None:
        """Nobody with the right to do so approved it: as the schedule says, it waits or is left out."""
        if wanted.unapproved is Unapproved.SKIP:
            tables.mark(conn, due.id, OccurrenceState.SKIPPED, NOBODY)
            self._settle(conn, due, now, "It was left out: nobody approved it in time.")
            return
        tables.mark(conn, due.id, OccurrenceState.ASKED, WAITS)
        kept = shown_prompts.find(conn, due.schedule.id, due.key)
        coming = selection.next_prompt(
            conn,
            due.community_id,
            wanted.source(due.schedule.id),
            kept.prompt_id if kept is not None else None,
        )
        home = people.community_by_id(conn, due.community_id)
        name = f"{due.schedule.id}/{due.key}"
        card = notices.headsup_card(
            name, due.schedule.title, coming, wanted, due.due_at, home.zone, overdue=True
        )
        key = headsup_key(due.schedule.id, due.key)
        if not self._alerts.renew(conn, due.community_id, key, card, now):
            self._alerts.alert(conn, due.community_id, key, card, now)
        prompt_id = coming.id if coming is not None else None
        shown_prompts.tell(conn, due.community_id, due.schedule.id, due.key, prompt_id, now)

    def _settle(self, conn: Connection, due: DueOccurrence, now: datetime, said: str) -> None:
        """Nothing is to be decided about it any more."""
        shown_prompts.end(conn, due.schedule.id, due.key, now)
        card = notices.over_card(due.schedule.id, due.schedule.title, said)
        for key in (headsup_key(due.schedule.id, due.key), late_key(due.schedule.id, due.key)):
            self._alerts.resolve(conn, due.community_id, key, now, card)

    @staticmethod
    def _closes(due: DueOccurrence, wanted: PromptScheduleSettings, zone: str, now: datetime) -> datetime:
        """When a prompt closes: counted from its time in the community's zone, also when it comes late.

        However late it comes, people have half of the usual time.
        """
        if _by_hand(due, now):
            return now + wanted.open_for
        opens = local_to_utc(datetime.fromisoformat(due.wall), ZoneInfo(zone))[0]
        return max(opens + wanted.open_for, now + wanted.open_for / 2)

    def _expect_directs(self, conn: Connection, here: AskedPrompt, space: str) -> None:
        """Answers may come by direct message too: listen where people have written before, so that what they
        write while we are down is found."""
        until = here.closes_at + self._answers.late
        for person, channel in accounts.direct_channels(conn, here.community_id, space):
            place = Place(space, channel, private=True)
            at = here.opened_at
            capture.watch(conn, here.community_id, place, SUBJECT, here.id, until, at, person, at + AT_EASE)

    @staticmethod
    def reword(conn: Connection, here: AskedPrompt, prompt: Prompt) -> bool:
        """Let what is going out say something else; False when somebody may have read it."""
        return posts.reword(conn, here, prompt)

    # ── what became of it ─────────────────────────────────────────────────────

    def sent(self, conn: Connection, fact: Sent) -> None:
        """A post arrived: listen to its thread, or to the direct message."""
        if fact.kind == "prompt":
            asked_prompts.posted(conn, int(fact.ref), fact.place, message=fact.message)
            tables.mark(conn, int(fact.ref), OccurrenceState.DONE)
        elif fact.kind == "prompt-thread":
            asked_prompts.posted(conn, int(fact.ref), fact.place.root, thread=fact.place.thread)
            self._watch(conn, fact, int(fact.ref), None)
        elif fact.kind == "prompt-direct":
            occurrence, person = fact.ref.split("/", 1)
            self._watch(conn, fact, int(occurrence), person)
            tables.mark(conn, int(occurrence), OccurrenceState.DONE)
        elif fact.kind == "digest":
            asked_prompts.posted(conn, int(fact.ref), fact.place.root, digest=fact.message)

    def _watch(self, conn: Connection, fact: Sent, occurrence_id: int, person: str | None) -> None:
        here = asked_prompts.find(conn, fact.community_id, occurrence_id)
        if here is not None:
            until = here.closes_at + self._answers.late
            capture.watch(
                conn, fact.community_id, fact.place, SUBJECT, here.id, until, here.opened_at, person
            )


def _by_hand(due: DueOccurrence, now: datetime) -> bool:
    """A moderator sent it before its time, so nobody's local hour is waited for."""
    return due.due_at - now > timedelta()
