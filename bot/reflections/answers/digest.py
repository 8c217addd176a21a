"""The end of a prompt: its conversations re-read, the digest said in each place, and the digest kept true."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.capture import scan_queue
from bot.chat.cards import Card
from bot.delivery import outbox
from bot.delivery.facts import Draft, OutboxState, Verb
from bot.feature import DataSubject, PeriodicJob
from bot.people import tables as people
from bot.people.languages import speaking_to_all
from bot.reflections.anonymous import cards as anonymous_cards
from bot.reflections.anonymous.publication import AnonymousPublisher, read_published
from bot.reflections.answers import digest_cards, removal, silence, stale_digests, standing_cards
from bot.reflections.answers.intake import SUBJECT, AnswerChanged
from bot.reflections.answers.turnout import count_answered, read_turnout
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.taps import cards as tap_cards
from bot.reflections.taps.tally import count_picks, list_tallies
from bot.runtime.clock import Clock
from bot.scheduled_posts.due_list import next_date
from bot.schedules import tables as schedules_tables
from bot.store.store import Store

PATIENCE = timedelta(minutes=30)
"""How long a digest waits for conversations that cannot be re-read before it goes without them."""
OPENS = timedelta(days=7)
"""How long after closing a prompt that had nothing to show gets its digest, when somebody shares an answer."""
DEBOUNCE = 5
"""Seconds within which all changes of answers are one edit of the digest that shows them."""
BEGUN = (OutboxState.SENDING, OutboxState.UNKNOWN, OutboxState.SENT)
"""The states of a post that was said, or may have been."""
DIGEST, AGAIN = "digest", "digest-again"
"""The kinds of its posts and edits in the outbox, which stores no words of them."""


class PromptCloser:
    """Closes prompts whose time is over. One occurrence has one set of answers, however many places it was asked in."""

    def __init__(self, store: Store, clock: Clock, anonymous: AnonymousPublisher, alerts: Alerts) -> None:
        self._store, self._clock, self._anonymous, self._alerts = store, clock, anonymous, alerts

    def jobs(self) -> tuple[PeriodicJob, ...]:
        """What it looks after: prompts whose time is over, and digests that are out."""
        return (
            PeriodicJob("closing prompts", 5, self.close_due, asked_prompts.next_close),
            PeriodicJob("keeping digests true", DEBOUNCE, self.say_stale, stale_digests.next_stale),
        )

    async def close_due(self) -> int:
        """Close prompts whose time is over: re-read their conversations first, then say the digest."""
        now = self._clock.now()
        due = await self._store.read(lambda conn: asked_prompts.to_close(conn, now))
        moved = 0
        for here, since in due:
            moved += await self._store.write(partial(self._close, here=here, since=since, now=now))
        return moved

    def _close(self, conn: Connection, here: AskedPrompt, since: datetime | None, now: datetime) -> bool:
        """One step of closing; whether anything moved."""
        if since is None:
            asked_prompts.begin_closing(conn, here.id, now)
            scan_queue.scan_ref(conn, SUBJECT, here.id, now)
            return True
        return self._finish(conn, here, since, now)

    def _finish(self, conn: Connection, here: AskedPrompt, since: datetime, now: datetime) -> bool:
        blind = scan_queue.count_unscanned(conn, SUBJECT, here.id, since)
        locked = not self._anonymous.can_publish(conn, here)  # another process may have the key
        if (blind or locked) and now - since < PATIENCE:
            return False
        self._anonymous.publish(conn, here)
        asked_prompts.close_prompt(conn, here.id, now, count_answered(conn, here), count_picks(conn, here))
        standing_cards.mark_cards(conn, here.id, now, own=True)
        if silence.has_answers_to_show(conn, here.community_id, here.id):
            self._queue_digests(conn, here, now)
        elif here.direct or any(row.message is not None for row in asked_prompts.list_posts(conn, here.id)):
            silence.tell_moderators(
                conn, self._alerts, here, now
            )  # of one that was posted nowhere they know already
        return True

    def _queue_digests(self, conn: Connection, here: AskedPrompt, now: datetime) -> None:
        silence.settle(conn, self._alerts, here, now)
        with speaking_to_all(conn, here.community_id, here.prompt.language):
            name = digest_cards.digest_title(here.prompt)
        for row in asked_prompts.list_posts(conn, here.id):
            if row.message is None and not here.direct:
                continue  # it was never posted there
            outbox.queue_draft(
                conn,
                Draft(
                    community_id=here.community_id, space=row.space, channel=row.channel, drawn=True,
                    key=_key(here.id, row), kind=DIGEST, name=name,
                    ref=str(here.id),
                ),
                now,
            )  # fmt: skip

    # ── kept true ─────────────────────────────────────────────────────────────

    def changed(self, conn: Connection, fact: AnswerChanged) -> None:
        """An answer changed: what the digest says is no longer true, if it is out."""
        stale_digests.mark_digest_stale(conn, fact.occurrence_id, self._clock.now())

    async def say_stale(self) -> int:
        """Say every digest anew that is no longer true; how many there were."""
        stale = await self._store.read(stale_digests.list_stale_digests)
        for community_id, occurrence_id in stale:
            await self._store.write(partial(self._say_anew, community_id, occurrence_id))
        return len(stale)

    def _say_anew(self, community_id: int, occurrence_id: int, conn: Connection) -> None:
        stale_digests.clear_stale(conn, occurrence_id)
        here, now = asked_prompts.find_asked_prompt(conn, community_id, occurrence_id), self._clock.now()
        if here is None:
            return
        rows = asked_prompts.list_posts(conn, occurrence_id)
        if all(row.digest is None and _state(conn, _key(occurrence_id, row)) is None for row in rows):
            if now < here.closes_at + OPENS and silence.has_answers_to_show(
                conn, community_id, occurrence_id
            ):
                self._queue_digests(conn, here, now)  # somebody shared after it had closed in silence
            return
        for row in rows:
            key, again = _key(occurrence_id, row), _key(occurrence_id, row, row.turn)
            if _state(conn, key) not in BEGUN or _state(conn, again) is OutboxState.PENDING:
                continue  # what waits for its turn is drawn when that comes
            turn = asked_prompts.next_turn(conn, occurrence_id, row.space, row.channel)
            outbox.queue_draft(
                conn,
                Draft(
                    community_id=community_id, space=row.space, verb=Verb.UPDATE, channel=row.channel,
                    message=row.digest, after=key if row.digest is None else None, drawn=True,
                    key=_key(occurrence_id, row, turn), kind=AGAIN, ref=str(occurrence_id),
                ),
                now,
            )  # fmt: skip

    def forget_member(self, conn: Connection, whose: DataSubject) -> bool:
        """Remove some of what a member answered, and say the digests that showed it again; whether there is more."""
        touched = removal.forget(conn, whose.community.id, whose.member_id)
        stale_digests.mark_digests_stale(conn, touched, self._clock.now())
        return len(touched) == removal.AT_ONCE


def draw_digest(conn: Connection, community_id: int, ref: str) -> Card | None:
    """The digest of an occurrence as it is true now; it reads no more answers than it quotes."""
    here = asked_prompts.find_asked_prompt(conn, community_id, int(ref))
    if here is None:
        return None
    home = people.community_by_id(conn, community_id)
    schedule = schedules_tables.find_schedule(conn, community_id, here.schedule_id)
    upcoming = None
    if schedule is not None and schedule.running:
        upcoming = next_date(conn, schedule, here.closes_at)
    turnout = read_turnout(conn, here)
    counted, published = list_tallies(conn, here), read_published(conn, here) if here.anonymous else None
    with speaking_to_all(conn, community_id, here.prompt.language):
        blocks = () if published is None else anonymous_cards.digest_blocks(here, published)
        return digest_cards.digest_card(
            here.prompt, turnout, upcoming, home.zone, in_thread=not here.direct,
            anonymous=(*tap_cards.tally_blocks(here.prompt, counted), *blocks),
            unnamed=bool(counted) or (published is not None and bool(published.shown)),
        )  # fmt: skip


def _key(occurrence_id: int, row: Any, turn: int | None = None) -> str:
    """The outbox key of a digest in one place, or of the `turn`th time it is said anew."""
    again = "" if turn is None else f":again:{turn}"
    return f"digest:{occurrence_id}:{row.space}:{row.channel}{again}"


def _state(conn: Connection, key: str) -> OutboxState | None:
    row = outbox.find_by_key(conn, key)
    return None if row is None else row.state
