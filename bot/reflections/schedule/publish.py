"""The publisher of prompts: draws one when it is due, and asks it in each of its places, once."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.capture import tables as capture
from bot.chat.language import N_
from bot.delivery import outbox
from bot.delivery.facts import Doubled, Draft, Sent
from bot.people import accounts
from bot.people import tables as people
from bot.people.languages import speaking_to_all
from bot.reflections import cards
from bot.reflections.answers import standing_cards
from bot.reflections.answers.intake import SUBJECT, AnswerIntake
from bot.reflections.prompts import selection
from bot.reflections.prompts.bank import BankedPrompt
from bot.reflections.prompts.low_stock import Supplies
from bot.reflections.prompts.model import Prompt
from bot.reflections.schedule import asked_prompts, card_notes, posts
from bot.reflections.schedule.anonymity import takes_anonymous
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.schedule.direct_watches import DirectWatches
from bot.reflections.schedule.posts import DirectHour
from bot.reflections.schedule.settings import OPEN_FOR, settings_of, source_of
from bot.runtime.clock import Clock
from bot.scheduled_posts import headsups
from bot.scheduled_posts.approval import PostApproval
from bot.schedules import edits, tables
from bot.schedules.breaks import AWAY, deadline
from bot.schedules.model import OccurrenceState
from bot.schedules.planner import DueOccurrence
from bot.schedules.reasons import EMPTY_DECK
from bot.schedules.recurrence import local_to_utc

log = logging.getLogger(__name__)


class PromptPublisher:
    """The planner's kind `prompt`, and what follows from a prompt that was asked."""

    noun = "prompt"

    def __init__(
        self, clock: Clock, answers: AnswerIntake, approval: PostApproval, supplies: Supplies, directs: DirectWatches
    ) -> None:  # fmt: skip
        self._clock, self._answers, self._directs = clock, answers, directs
        self._approval, self._supplies = approval, supplies

    # ── asking ────────────────────────────────────────────────────────────────

    def due(self, conn: Connection, due: DueOccurrence) -> None:
        """Ask the next prompt of the decks: one occurrence, one post in each place, in one transaction."""
        with speaking_to_all(conn, due.community_id):
            self._publish(conn, due)

    def _publish(self, conn: Connection, due: DueOccurrence) -> None:
        now, schedule = self._clock.now(), due.schedule
        if self._approval.hold_back(conn, due, now):
            return
        hour = self._direct_hour(due, now)
        if hour is not None and not posts.is_in_time(conn, due.community_id, schedule, hour, now):
            tables.mark(conn, due.id, OccurrenceState.SKIPPED, AWAY)
            self._approval.settle(conn, schedule, due.key, now, N_("It was too late for everybody."))
            return
        shown = headsups.find_headsup(conn, schedule.id, due.key)
        kept = settings_of(schedule).kept if shown is None or shown.choice is None else shown.choice
        source = source_of(schedule)
        drawn = selection.draw_prompt(conn, due.community_id, source, due.id, now, kept)
        if drawn.prompt is not None:
            self._ask(conn, due, drawn.prompt, hour, now)
        said = N_("It has gone out.")
        if drawn.prompt is None:
            tables.mark(conn, due.id, OccurrenceState.SKIPPED, EMPTY_DECK.format(name=source.decks[0]))
            said = N_("There was no prompt to ask.")
        self._approval.settle(conn, schedule, due.key, now, said)
        if schedule.id == source.series:
            self._supplies.check(conn, due.community_id, now, only=schedule, left=drawn.left)
        else:
            self._supplies.check(conn, due.community_id, now, only=source.series)

    def ask(self, conn: Connection, due: DueOccurrence) -> None:
        """A prompt came due long ago and its schedule says to ask moderators first."""
        with speaking_to_all(conn, due.community_id):
            self._approval.ask_late(conn, due)

    @staticmethod
    def _direct_hour(due: DueOccurrence, now: datetime) -> DirectHour | None:
        """The hour of a direct post; None where it goes to channels."""
        if not due.schedule.direct:
            return None
        if _at_once(due, now):
            return DirectHour(due.schedule, None)
        wall = datetime.fromisoformat(due.wall)
        if due.owed_at != due.due_at and not due.by_hand:  # it was held until the return from a break
            wall = due.owed_at.astimezone(ZoneInfo(due.schedule.zone)).replace(tzinfo=None)
        return DirectHour(due.schedule, wall, due.by_hand)

    def _ask(
        self,
        conn: Connection,
        due: DueOccurrence,
        drawn: BankedPrompt,
        hour: DirectHour | None,
        now: datetime,
    ) -> None:
        schedule, home = due.schedule, people.community_by_id(conn, due.community_id)
        closes_at = self._closes(due, home.zone, now)
        asked_prompts.open_asking(
            conn, occurrence_id=due.id, community_id=home.id, schedule_id=schedule.id, prompt_id=drawn.id,
            prompt=drawn.prompt, direct=schedule.direct,
            # Not when we get to it: after a restore it has been out, and answered, since its time.
            opened_at=min(now, due.due_at),
            closes_at=deadline(due.breaks, closes_at, ZoneInfo(home.zone), schedule.break_policy),
            anonymous=takes_anonymous(conn, schedule, drawn),
        )  # fmt: skip
        here = asked_prompts.find_asked_prompt(conn, home.id, due.id)
        if here is None:
            raise LookupError(f"occurrence {due.id} was asked and is not there")
        told: set[int] = set()
        heard: set[str] = set()
        for spot in schedule.open_places:
            asked_prompts.expect_post(conn, home.id, here.id, spot.place)
            if hour is not None:
                posts.queue_direct_messages(conn, here, spot.place, due.key, hour, told, now)
            else:
                owed = None if _at_once(due, now) else due.due_at
                posts.queue_in_channel(conn, here, schedule, spot, due.key, home.zone, now, owed=owed)
                if spot.space not in heard:
                    self._directs.listen(conn, here, spot.space, spot.channel)
                heard.add(spot.space)
        edits.supersede(conn, schedule.id, due.id)

    @staticmethod
    def _closes(due: DueOccurrence, zone: str, now: datetime) -> datetime:
        """When a prompt closes: counted from its time in the community's zone, also when it comes late.

        However late it comes, people have half of the usual time.
        """
        open_for = due.schedule.open_for or OPEN_FOR
        if _at_once(due, now):
            return now + open_for
        opens = local_to_utc(datetime.fromisoformat(due.wall), ZoneInfo(zone))[0]
        return max(opens + open_for, now + open_for / 2)

    @staticmethod
    def reword(conn: Connection, here: AskedPrompt, prompt: Prompt) -> bool:
        """Let what is going out say something else; False when somebody may have read it."""
        return posts.reword(conn, here, prompt)

    # ── what became of it ─────────────────────────────────────────────────────

    def sent(self, conn: Connection, fact: Sent) -> None:
        """A post arrived: listen to its thread, or to the direct message."""
        if fact.kind == "prompt":
            asked_prompts.record_post(conn, int(fact.ref), fact.place, message=fact.message)
            self._put_up(conn, fact)
            tables.mark(conn, int(fact.ref), OccurrenceState.DONE)
        elif fact.kind == "prompt-thread":
            asked_prompts.record_post(conn, int(fact.ref), fact.place.root, thread=fact.place.thread)
            self._watch(conn, fact, int(fact.ref), None)
        elif fact.kind == "prompt-direct":
            occurrence, person = fact.ref.split("/", 1)
            self._note_direct(conn, fact, self._watch(conn, fact, int(occurrence), person), person)
            tables.mark(conn, int(occurrence), OccurrenceState.DONE)
        elif fact.kind == "digest":
            asked_prompts.record_post(conn, int(fact.ref), fact.place.root, digest=fact.message)
            standing_cards.mark_cards(conn, int(fact.ref), self._clock.now())

    @staticmethod
    def _put_up(conn: Connection, fact: Sent) -> None:
        here = asked_prompts.find_asked_prompt(conn, fact.community_id, int(fact.ref))
        if here is not None:
            standing_cards.put_up_card(conn, here, fact.place, fact.message)

    @staticmethod
    def _note_direct(conn: Connection, fact: Sent, here: AskedPrompt | None, person: str) -> None:
        known = accounts.member_at(conn, fact.community_id, fact.place.space, person)
        if here is not None and known is not None:
            card_notes.note_direct_seen(conn, here, known[0])
            standing_cards.put_up_own_card(conn, here, fact.place, fact.message, person, known[0])

    def doubled(self, conn: Connection, fact: Doubled) -> None:
        """A prompt stands there twice: answers under the copy count too, and whoever wrote there is told so."""
        if fact.kind != "prompt":
            return
        self._watch(conn, replace(fact, place=fact.thread), int(fact.ref), None)
        if fact.gone:
            with speaking_to_all(conn, fact.community_id):
                card = cards.copy_removed_card()
            note = Draft(
                community_id=fact.community_id, space=fact.thread.space, channel=fact.thread.channel,
                thread=fact.thread.thread, key=f"{fact.key}:copy:{fact.message}", kind="prompt-copy",
                card=card, ref=fact.ref, priority=4,
            )  # fmt: skip
            outbox.queue_draft(conn, note, self._clock.now())

    def _watch(
        self, conn: Connection, fact: Sent | Doubled, occurrence_id: int, person: str | None
    ) -> AskedPrompt | None:
        """Listen at a place for a prompt; which one that is."""
        here = asked_prompts.find_asked_prompt(conn, fact.community_id, occurrence_id)
        if here is not None:
            until = here.closes_at + self._answers.late
            capture.watch_place(
                conn, fact.community_id, fact.place, SUBJECT, here.id, until, here.opened_at, person, invited=here.invited
            )  # fmt: skip
        return here


def _at_once(due: DueOccurrence, now: datetime) -> bool:
    """A moderator sent it before its time, so nobody's local hour is waited for."""
    return due.by_hand and due.due_at > now
