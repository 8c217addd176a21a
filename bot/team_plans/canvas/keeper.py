"""The keeper of canvases of plans: opens them, takes in what people write there, and makes one change after another.

    a plan changes, or people write on its canvas
      └▶ a row of the outbox: read ─▶ take in (a short write) ─▶ one change ─▶ the next row, until nothing is left

Nothing tells us that people write on a canvas, so each is looked at every few minutes, and before every change of ours.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.chat.canvas import CanvasChange, CanvasLine
from bot.chat.models import platform_of
from bot.chat.port import Adapter, PlatformError, RetryLater
from bot.delivery import outbox, pacing
from bot.delivery.canvas_call import look_at
from bot.delivery.facts import Draft, OutboxState, Sent, Verb
from bot.people.languages import speaking_to_all
from bot.runtime.clock import Clock
from bot.store.store import Store
from bot.team_plans import drafts, places
from bot.team_plans import tables as plans
from bot.team_plans.canvas import ask_cards, tables
from bot.team_plans.canvas.alignment import KnownLine, clearing_change, digest_of, next_change
from bot.team_plans.canvas.intake import MISSED, CanvasIntake, CanvasReading, lines_of
from bot.team_plans.canvas.tables import PlanCanvas
from bot.team_plans.places import LOOK_MINUTES, PlanPlace

log = logging.getLogger(__name__)

CANVAS, ASK, ANSWERED = "plan-canvas", "plan-canvas-ask", "plan-canvas-answered"
"""The kinds of its rows in the outbox."""
EVERY = timedelta(minutes=LOOK_MINUTES)
APART = timedelta(seconds=1.5)
"""Between two changes of one canvas: platforms take about 50 in a minute."""
BATCH = 8
"""Canvases that are looked at in one go."""
LEASE, SOON = timedelta(minutes=3), timedelta(minutes=1)
"""How long a look takes at most, and after what time it is tried again where the space bears none now."""


class PlanCanvases:
    """Keeps the canvas of each plan true, and each plan as people changed it on its canvas."""

    def __init__(
        self, store: Store, clock: Clock, adapters: Mapping[str, Adapter], intake: CanvasIntake
    ) -> None:
        self._store, self._clock, self._adapters, self._intake = store, clock, adapters, intake

    # ── opened, brought up to date, left ──────────────────────────────────────

    def open(self, conn: Connection, where: PlanPlace, now: datetime) -> None:
        """Queue that the place carries the plan."""
        draft = Draft(
            community_id=where.community_id, space=where.place.space, channel=where.place.channel,
            thread=where.place.thread, private=where.place.private, verb=Verb.CANVAS, key=opening_key(where.ref), kind=CANVAS,
            ref=where.ref, priority=1,
        )  # fmt: skip
        outbox.queue_draft(conn, draft, now)

    def bring(self, conn: Connection, ref: str, now: datetime, wait: timedelta = timedelta()) -> None:
        """Queue that a canvas is looked at, and one change of it made."""
        there = tables.find_canvas(conn, ref)
        if there is None or there.canvas is None:
            return
        waiting = outbox.find_by_key(conn, _key(there, there.turn))
        if waiting is not None and waiting.state is OutboxState.PENDING:
            return
        tables.change_canvas(conn, ref, turn=there.turn + 1, look_at=None)
        draft = Draft(
            community_id=there.community_id, space=there.place.space, channel=there.place.channel, verb=Verb.CANVAS,
            key=_key(there, there.turn + 1), kind=CANVAS, ref=ref, message=there.canvas, priority=3, not_before=now + wait,
        )  # fmt: skip
        outbox.queue_draft(conn, draft, now)

    def leave(self, conn: Connection, ref: str, now: datetime) -> None:
        """Take a plan off its canvas: what people wrote beside it stays there."""
        if outbox.cancel_draft(conn, opening_key(ref)):
            self.drop(conn, ref, now)
            return
        tables.change_canvas(conn, ref, leaving=True, tries=0)
        self.bring(conn, ref, now)

    def drop(self, conn: Connection, ref: str, now: datetime) -> None:
        """A canvas is no longer ours to look after: what waits on it, and the question about that, go with it."""
        there = tables.find_canvas(conn, ref)
        if there is None:
            return
        tables.drop_canvas(conn, ref)
        if tables.canvas_of(conn, there.team_id) is None:
            drafts.keep_canvas_drafts(conn, there.community_id, there.team_id, (), now)
        if there.asking:
            _take_back(conn, there, now)

    # ── what the outbox asks ──────────────────────────────────────────────────

    def begin(self, conn: Connection, community_id: int, ref: str) -> tuple[CanvasLine, ...] | None:
        """The lines of a new canvas; None where the plan has moved away."""
        where = places.by_ref(conn, ref)
        if where is None:
            return None
        with speaking_to_all(conn, community_id):
            wanted = lines_of(conn, plans.load_plan(conn, where.team_id))
        there = tables.add_canvas(conn, ref, community_id, where.team_id, where.place)
        known = dict(there.known)
        for one in wanted:
            before = known[one.key].ours if one.key in known else ()
            entry_id = one.entry.id if one.entry is not None else None
            known[one.key] = KnownLine(one.key, entry_id, one.version, (*before, digest_of(one.line)))
        tables.store_lines(conn, ref, known)
        return tuple(one.line for one in wanted)

    def take(
        self, conn: Connection, community_id: int, ref: str, read: tuple[CanvasLine, ...]
    ) -> CanvasChange | None:
        """Take in what stands on a canvas; the one change that brings it nearer to the plan."""
        there, now = tables.find_canvas(conn, ref), self._clock.now()
        if there is None:
            return None
        with speaking_to_all(conn, community_id):
            here = self._intake.take_in(conn, there, read, now)
            if there.leaving:
                change, known = clearing_change(here.known, read, here.pairs), here.known
            else:
                change, known = next_change(here.known, here.wanted, read, here.pairs)
            if change is not None and there.tries > 3 * len(here.wanted) + 10:
                log.warning("the canvas of plan %s does not become what it should be", ref)
                change, known = None, here.known  # which is not sent
            if here.missed:
                known = {**known, MISSED: KnownLine(MISSED, unread=True)}
            tables.store_lines(conn, ref, known)
            self._settle(conn, there, here, now)
        tries = there.tries + 1 if change is not None else 0
        sign = sign_of(read) if change is None else ""
        tables.change_canvas(conn, ref, going_on=change is not None, tries=tries, sign=sign)
        return change

    def _settle(self, conn: Connection, there: PlanCanvas, here: CanvasReading, now: datetime) -> None:
        """Keep what waits for an answer, and tell the place when something does, and when nothing does any more."""
        asks = [] if there.leaving else here.asks
        if (
            not there.leaving or tables.canvas_of(conn, there.team_id) is None
        ):  # else they are the new canvas's
            drafts.keep_canvas_drafts(conn, there.community_id, there.team_id, asks, now)
        if bool(asks) is there.asking:
            return
        asked = there.asked + 1 if asks else there.asked
        tables.change_canvas(conn, there.ref, asked=asked, asking=bool(asks))
        if not asks:
            _take_back(conn, there, now)
            return
        said = Draft(
            community_id=there.community_id, space=there.place.space, channel=there.place.channel,
            key=f"{ASK}:{there.ref}:{asked}", kind=ASK, ref=there.ref, card=ask_cards.waiting_card(here.plan), priority=1,
        )  # fmt: skip
        outbox.queue_draft(conn, said, now)

    # ── what became of it ─────────────────────────────────────────────────────

    def sent(self, conn: Connection, fact: Sent) -> bool:
        """A canvas is there, or a change of it; False where the place carries none."""
        there, where, now = (
            tables.find_canvas(conn, fact.ref),
            places.by_ref(conn, fact.ref),
            self._clock.now(),
        )
        if there is None:
            return True
        if there.canvas is None:
            if not fact.message:
                self.drop(conn, there.ref, now)
                return False
            tables.change_canvas(conn, there.ref, canvas=fact.message, leaving=where is None)
            for late in tables.others_on(conn, there, fact.message):
                self.drop(conn, late, now)
            if where is not None:
                places.change_place(conn, where.team_id, message=fact.message, carried=True)
            self.bring(conn, there.ref, now)
        elif there.going_on:
            self.bring(conn, there.ref, now, APART)
        elif there.leaving:
            self.drop(conn, there.ref, now)
        else:
            tables.change_canvas(conn, there.ref, look_at=now + EVERY)
        return True

    def failed(self, conn: Connection, ref: str) -> None:
        """A canvas could not be looked at or changed: it is looked at again later."""
        tables.change_canvas(conn, ref, look_at=self._clock.now() + EVERY, going_on=False, sign="")

    # ── looked at every few minutes ───────────────────────────────────────────

    async def look_due(self) -> int:
        """Look at the canvases whose time has come; how many there were."""
        due = await self._store.write(self._claim)
        for one in due:
            await self._store.write(partial(self._looked, ref=one.ref, wait=await self._look(one)))
        return len(due)

    def _claim(self, conn: Connection) -> list[PlanCanvas]:
        """Canvases to look at now, as many as their spaces bear beside everything else that is read there."""
        now, taken = self._clock.now(), []
        for one in tables.list_due(conn, now, BATCH):
            adapter = self._adapters.get(platform_of(one.place.space))
            own = adapter.pace if adapter is not None else None
            free = own is None or pacing.free_reads(conn, one.place.space, own, now, pacing.spare_reads(own))
            tables.change_canvas(conn, one.ref, look_at=now + (LEASE if free else SOON))
            if own is not None and free:
                pacing.spend_reads(conn, one.place.space, own, now)
                taken.append(one)
        return taken

    async def _look(self, one: PlanCanvas) -> timedelta | None:
        """When to look again; None: there is something to take in, or to find out."""
        adapter = self._adapters.get(platform_of(one.place.space))
        if adapter is None or one.canvas is None:
            return EVERY
        try:
            read = await look_at(adapter, one.place, one.canvas)
        except RetryLater as error:
            return max(SOON, timedelta(seconds=error.seconds or 0))
        except PlatformError:
            return None
        return EVERY if sign_of(read) == one.sign else None

    def _looked(self, conn: Connection, ref: str, wait: timedelta | None) -> None:
        now = self._clock.now()
        if wait is None:
            self.bring(conn, ref, now)
        tables.change_canvas(conn, ref, look_at=None if wait is None else now + wait)


def _take_back(conn: Connection, there: PlanCanvas, now: datetime) -> None:
    """The place of a canvas need not be told any more that something waits."""
    key = f"{ASK}:{there.ref}:{there.asked}"
    if not outbox.cancel_draft(conn, key):
        gone = Draft(
            community_id=there.community_id, space=there.place.space, channel=there.place.channel, key=f"{key}:gone",
            kind=ANSWERED, ref=there.ref, verb=Verb.DELETE, after=key, priority=4,
        )  # fmt: skip
        outbox.queue_draft(conn, gone, now)


def opening_key(ref: str) -> str:
    """The key of the row that opens a canvas."""
    return f"{CANVAS}:{ref}:0"


def _key(there: PlanCanvas, turn: int) -> str:
    return f"{CANVAS}:{there.ref}:{turn}"


def sign_of(read: tuple[CanvasLine, ...]) -> str:
    """A short sign for everything that stands on a canvas."""
    return hashlib.sha256("\n".join(map(digest_of, read)).encode()).hexdigest()[:24]
