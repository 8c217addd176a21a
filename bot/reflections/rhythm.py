"""The rhythm of a prompt: drawn and asked when it is due, closed with a digest, and the digest kept true."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.capture import records as capture
from bot.chat.cards import Card
from bot.chat.rhythms import parse_rule
from bot.chat.words import Place
from bot.delivery import outbox
from bot.delivery.facts import Draft, Failed, Sent, Stuck, Verb
from bot.people import accounts
from bot.people import records as people
from bot.reflections import asked, bank, cards, records
from bot.reflections.answers import AT_EASE, SUBJECT, UNDO, Answers, Changed, help_for
from bot.reflections.asked import Asked
from bot.store.store import Store
from bot.timing import plans
from bot.timing.calendar import deadline
from bot.timing.clock import Clock
from bot.timing.planner import Due
from bot.timing.recurrence import instants, local_to_utc

log = logging.getLogger(__name__)

KIND = "prompt"
EARLIEST = "Pacific/Kiritimati"
"""Schedules of direct messages fire in the zone where each day begins first; each message then waits for its
reader's own local hour."""
PATIENCE = timedelta(minutes=30)
"""How long a digest waits for conversations that cannot be re-read before it goes without them."""


class Rhythm:
    """The planner's kind `prompt`, and what follows from a prompt that was asked."""

    def __init__(self, store: Store, clock: Clock, answers: Answers) -> None:
        self._store = store
        self._clock = clock
        self._answers = answers

    # ── asking ────────────────────────────────────────────────────────────────

    def due(self, conn: Connection, due: Due) -> None:
        """Ask the next prompt of the deck: one occurrence, one post in each place, in one transaction."""
        now = self._clock.now()
        deck = str(due.details["deck"])
        drawn = bank.draw(conn, due.community_id, due.schedule_id, due.id, deck, now)
        if drawn is None:
            plans.mark(conn, due.id, plans.State.SKIPPED, f"the deck {deck} has no prompts")
            return
        home = people.community_by_id(conn, due.community_id)
        direct = due.details.get("to") == "direct"
        asked.open_asking(
            conn,
            occurrence_id=due.id,
            community_id=due.community_id,
            schedule_id=due.schedule_id,
            prompt_id=drawn.id,
            prompt=drawn.prompt,
            direct=direct,
            opened_at=now,
            closes_at=deadline(
                conn, home.id, self._closes(due, home.zone, now), ZoneInfo(home.zone), due.break_policy
            ),
        )
        here = asked.find(conn, due.community_id, due.id)
        if here is None:
            raise LookupError(f"occurrence {due.id} was asked and is not there")
        for spot in due.details["places"]:
            place = Place(spot["space"], spot["channel"])
            asked.expect_post(conn, here.community_id, here.id, place)
            if direct:
                self._ask_directly(conn, due, here, place, home.zone)
            else:
                self._ask_in_channel(conn, due, here, place, home.zone)
                self._expect_directs(conn, here, place.space)

    def ask(self, conn: Connection, due: Due) -> None:  # noqa: ARG002 - a kind's verbs all get the connection
        """A prompt came due long ago and its schedule says to ask first: it waits in the queue for a moderator."""
        log.info("occurrence %s waits for a moderator", due.id)

    @staticmethod
    def _closes(due: Due, zone: str, now: datetime) -> datetime:
        """When a prompt closes: counted from its time in the community's zone, also when it comes late.

        However late it comes, people have half of the usual time.
        """
        open_for = timedelta(minutes=int(due.details["open_minutes"]))
        if _by_hand(due, now):
            return now + open_for
        opens = local_to_utc(datetime.fromisoformat(due.wall), ZoneInfo(zone))[0]
        return max(opens + open_for, now + open_for / 2)

    @staticmethod
    def _ask_in_channel(conn: Connection, due: Due, here: Asked, place: Place, zone: str) -> None:
        key = f"prompt:{due.schedule_id}:{due.key}:{place.space}:{place.channel}"
        now = here.opened_at
        card = cards.prompt_card(here.id, here.prompt, here.closes_at, zone)
        # A late prompt is looked for before it is said: another process, or this one before a crash, may have said it.
        owed = None if _by_hand(due, now) else due.due_at
        post = Draft(
            community_id=here.community_id, space=place.space, channel=place.channel, key=key, kind="prompt",
            card=card, not_before=owed, ref=str(here.id),
        )  # fmt: skip
        thread = Draft(
            community_id=here.community_id, space=place.space, channel=place.channel, key=f"{key}:thread",
            kind="prompt-thread", verb=Verb.THREAD, after=key, name=here.prompt.title, ref=str(here.id),
        )  # fmt: skip
        outbox.queue(conn, post, now)
        outbox.queue(conn, thread, now)

    def _expect_directs(self, conn: Connection, here: Asked, space: str) -> None:
        """Answers may come by direct message too: listen where people have written before, so that what they
        write while we are down is found."""
        until = here.closes_at + self._answers.late
        for person, channel in accounts.directs(conn, here.community_id, space):
            place = Place(space, channel, private=True)
            at = here.opened_at
            capture.watch(conn, here.community_id, place, SUBJECT, here.id, until, at, person, at + AT_EASE)

    def _ask_directly(self, conn: Connection, due: Due, here: Asked, place: Place, zone: str) -> None:
        wall = datetime.fromisoformat(due.wall)
        at_once = _by_hand(due, here.opened_at)
        for member_id, person, own_zone in accounts.in_channel(
            conn, here.community_id, place.space, place.channel
        ):
            size = help_for(conn, here.community_id, member_id, people.help_of(conn, member_id))
            outbox.queue(
                conn,
                Draft(
                    community_id=here.community_id, space=place.space, verb=Verb.DIRECT, person=person,
                    key=f"prompt:{due.schedule_id}:{due.key}:{place.space}:@{person}", kind="prompt-direct",
                    card=cards.direct_card(here.id, here.prompt, here.closes_at, own_zone or zone, size),
                    not_before=None if at_once else local_to_utc(wall, ZoneInfo(own_zone or zone))[0],
                    expires_at=here.closes_at,
                    ref=f"{here.id}/{person}",
                ),
                here.opened_at,
            )  # fmt: skip

    # ── what became of it ─────────────────────────────────────────────────────

    def sent(self, conn: Connection, fact: Sent) -> None:
        """A post arrived: listen to its thread, or to the direct message."""
        if fact.kind == "prompt":
            asked.posted(conn, int(fact.ref), fact.place, message=fact.message)
            plans.mark(conn, int(fact.ref), plans.State.DONE)
        elif fact.kind == "prompt-thread":
            asked.posted(conn, int(fact.ref), fact.place.root, thread=fact.place.thread)
            self._watch(conn, fact, int(fact.ref), None)
        elif fact.kind == "prompt-direct":
            occurrence, person = fact.ref.split("/", 1)
            self._watch(conn, fact, int(occurrence), person)
            plans.mark(conn, int(occurrence), plans.State.DONE)
        elif fact.kind == "digest":
            asked.posted(conn, int(fact.ref), fact.place.root, digest=fact.message)

    def _watch(self, conn: Connection, fact: Sent, occurrence_id: int, person: str | None) -> None:
        here = asked.find(conn, fact.community_id, occurrence_id)
        if here is not None:
            until = here.closes_at + self._answers.late
            capture.watch(
                conn, fact.community_id, fact.place, SUBJECT, here.id, until, here.opened_at, person
            )

    @staticmethod
    def failed(conn: Connection, fact: Failed) -> None:
        """A prompt could not be posted anywhere: its occurrence says why."""
        if fact.kind == "prompt" and not any(row.message for row in asked.posts(conn, int(fact.ref))):
            plans.mark(conn, int(fact.ref), plans.State.FAILED, fact.code)

    @staticmethod
    def stuck(_conn: Connection, fact: Stuck) -> None:
        """Whether a post is there cannot be seen: nothing is repeated until it can, and the operator is told."""
        log.warning("cannot see whether %s is in %s: %s", fact.kind, fact.place.space, fact.code)

    # ── closing ───────────────────────────────────────────────────────────────

    async def close_due(self) -> int:
        """Close prompts whose time is over: re-read their conversations first, then say the digest."""
        now = self._clock.now()
        due = await self._store.read(lambda conn: asked.to_close(conn, now))
        moved = 0
        for here, since in due:
            moved += await self._store.write(partial(self._close, here=here, since=since, now=now))
        return moved

    def _close(self, conn: Connection, here: Asked, since: datetime | None, now: datetime) -> bool:
        """One step of closing; whether anything moved."""
        if since is None:
            asked.closing(conn, here.id, now)
            capture.scan_ref(conn, SUBJECT, here.id, now)
            return True
        return self._finish(conn, here, since, now)

    def _finish(self, conn: Connection, here: Asked, since: datetime, now: datetime) -> bool:
        blind = capture.unscanned(conn, SUBJECT, here.id, since)
        if blind and now - since < PATIENCE:
            return False
        asked.close(conn, here.id, now)
        for row in asked.posts(conn, here.id):
            card = self._digest(conn, here)
            outbox.queue(
                conn,
                Draft(
                    community_id=here.community_id, space=row.space, channel=row.channel,
                    key=f"digest:{here.id}:{row.space}:{row.channel}", kind="digest", card=card,
                    ref=str(here.id),
                ),
                now,
            )  # fmt: skip
        return True

    @staticmethod
    def _digest(conn: Connection, here: Asked) -> Card:
        home = people.community_by_id(conn, here.community_id)
        schedule = plans.find_schedule(conn, here.community_id, here.schedule_id)
        upcoming = []
        if schedule is not None and schedule.enabled:
            upcoming = next_dates(as_people_see_it(schedule, home.zone), here.closes_at, 1)
        return cards.digest_card(
            here.prompt,
            records.answers_to(conn, here.id),
            upcoming[0] if upcoming else None,
            home.zone,
            in_thread=not here.direct,
        )

    def changed(self, conn: Connection, fact: Changed) -> None:
        """An answer changed after the digest was said: say it again with what is true now."""
        here = asked.find(conn, fact.community_id, fact.occurrence_id)
        if here is None or not here.closed:
            return
        now = self._clock.now()
        card = self._digest(conn, here)
        for row in asked.posts(conn, here.id):
            key = f"digest:{here.id}:{row.space}:{row.channel}"
            if row.digest is None and outbox.replace_card(conn, key, card):
                continue
            turn = asked.next_turn(conn, here.id, row.space, row.channel)
            outbox.cancel(conn, f"{key}:again:{turn - 1}")
            outbox.queue(
                conn,
                Draft(
                    community_id=here.community_id, space=row.space, verb=Verb.UPDATE, channel=row.channel,
                    message=row.digest, after=key if row.digest is None else None, key=f"{key}:again:{turn}",
                    kind="digest-again",
                    card=card, ref=str(here.id),
                ),
                now,
            )  # fmt: skip

    async def purge(self) -> int:
        """Remove the text of answers that were deleted and can no longer be brought back."""
        before = self._clock.now() - UNDO
        return await self._store.write(lambda conn: records.purge_withdrawn(conn, before))


def _by_hand(due: Due, now: datetime) -> bool:
    """A moderator sent it before its time, so nobody's local hour is waited for."""
    return due.due_at > now


def as_people_see_it(schedule: plans.Schedule, zone: str) -> plans.Schedule:
    """A schedule of direct messages in the community's zone; it is planned where the day begins first."""
    return replace(schedule, zone=zone) if schedule.details.get("to") == "direct" else schedule


def next_dates(schedule: plans.Schedule, after: datetime, count: int) -> list[datetime]:
    """The next instants of a schedule's rule (aware UTC), whatever the calendar says."""
    rule, _ = parse_rule(schedule.rule)
    return [one.at for one in islice(instants(rule, ZoneInfo(schedule.zone), schedule.anchor, after), count)]
