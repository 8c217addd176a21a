"""The sender: claims rows, makes one call for each, and records what became of it.

    claim   pending → sending, under a lease; committed before anything is said
    guard   give the row back when the lease is nearly over: this process was paused
    call    once, no library retry, with the marker that recovery will look for
    finish  only as the one who claimed it: sent | pending again | unknown | failed

An end we did not see is never repeated: `recovery` looks first.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from bot.chat.models import Place
from bot.chat.port import Adapter
from bot.delivery import next_due, pacing, results
from bot.delivery.call import MayReach, check_recipient, count_parts, find_card, make_call, reach_anybody
from bot.delivery.canvas_call import bring_canvas
from bot.delivery.claims import Claimed, Claimer, LeaseTerms, claim_rows
from bot.delivery.facts import HOOKS, ORPHANED, OURS, SPEAKING, CanvasKeeper, Draw, Tell, Verb
from bot.delivery.hook_call import NO_HOOKS, HookCaller, call_hook
from bot.delivery.marker_search import MarkerSearch
from bot.delivery.outcomes import (
    CallDelayed,
    CallLockedOut,
    CallLost,
    CallRejected,
    CallSkipped,
    CallSucceeded,
    Outcome,
    classify_error,
    classify_unsent,
    retry_delay,
)
from bot.delivery.pacing import WHOLE, Pace
from bot.delivery.recovery import Recovery, WatchCall
from bot.delivery.sweep import Sweep, TakeIn, take_nothing_in
from bot.delivery.tables import OutboxRow
from bot.delivery.tasks import gather_all
from bot.runtime.clock import Clock
from bot.store import StoreUnavailable, WriteUnclear
from bot.store.store import Store

log = logging.getLogger(__name__)

T = TypeVar("T")
TOGETHER = 16
PASS = 15.0
GLANCE = 0.25
JUMP = timedelta(seconds=60)
AGAIN = (0.1, 0.4, 1.5, 4.0)


def no_crash(_name: str) -> None:
    """The crash points of production: none."""


class Sender:
    """Speaks for every feature. Any number of senders may share a database; each has an `owner` of its own.

    `tell` is given each fact in the transaction in which it becomes true; `draws` makes the cards of kinds that store
    none, `canvases` know what is on them, `hooks` tells other services. Until `wary_until`, rows are searched for before they are said: the database may be a backup, or new (see
    `restore_guard`). `at` is called with the name of each point at which a test may kill the process; `chance` is a
    number from 0 to 1 for jitter. To whom `may_reach` says no, nothing is said. While this machine's clock is not `steady`, nothing is begun. `take_in` keeps what
    people wrote under a copy before it is removed. `watch` counts calls.
    """

    def __init__(
        self, store: Store, clock: Clock, adapters: Mapping[str, Adapter], tell: Tell, owner: str, *,
        draws: Mapping[str, Draw] | None = None, canvases: Mapping[str, CanvasKeeper] | None = None,
        paces: Mapping[str, Pace] | None = None,
        terms: LeaseTerms | None = None, wary_until: datetime | None = None,
        at: Callable[[str], None] = no_crash, chance: Callable[[], float] = random.random,
        steady: Callable[[], bool] = lambda: True, take_in: TakeIn = take_nothing_in,
        may_reach: MayReach = reach_anybody, watch: WatchCall = lambda _row, _outcome: None, hooks: HookCaller = NO_HOOKS,
    ) -> None:  # fmt: skip
        self._store, self._clock, self._adapters, self._hooks = store, clock, adapters, hooks
        self.owner, self._at, self._chance, self._watch = owner, at, chance, watch
        self._tell, self._draws, self._may_reach = tell, draws or {}, may_reach
        self._canvases = canvases or {}
        self._terms = terms or LeaseTerms()
        self._paces = {name: (paces or {}).get(name, adapter.pace) for name, adapter in adapters.items()}
        if hooks is not NO_HOOKS:
            self._paces[HOOKS] = hooks.pace
        self._wary_until, self._steady = wary_until, steady
        self._turn = asyncio.Lock()
        self._stopping = False
        self._last: datetime | None = None
        search = MarkerSearch(adapters, self._terms)
        self.recovery = Recovery(
            store, clock, tell, owner, search=search, paces=self._paces, terms=self._terms, at=at, chance=chance,
            count_parts=partial(count_parts, store, adapters, self._draws), watch=watch,
        )  # fmt: skip
        self.sweep = Sweep(
            store, clock, adapters, tell, search, paces=self._paces, terms=self._terms, at=at, take_in=take_in
        )

    async def beat(self) -> int:
        """Do everything that can be done now: look for what is in doubt, sweep, say what is due; how many rows moved.

        It returns 0 when there is nothing left to do before `next_due`. What was begun is finished before it
        returns, also when it is cancelled.
        """
        loop = asyncio.get_running_loop()
        moved = 0
        async with self._turn:
            until = loop.time() + PASS
            await self._straighten()
            while not self._stopping and self._steady():
                due = await self._store.read(self.next_due)
                if due is None or due > self._clock.now():
                    break
                # Side by side: a history that answers slowly must not keep anybody from speaking.
                some = sum(await gather_all(self.recovery.recover(), self.sweep.sweep(), self._say(until)))
                moved += some
                if not some or loop.time() > until:
                    break
        return moved

    def be_wary(self, until: datetime) -> None:
        """Look for each row before it is said, until then: the database may be a backup, or new."""
        self._wary_until = until

    async def _straighten(self) -> None:
        """At the start, and whenever the clock has gone back."""
        now, last = self._clock.now(), self._last
        self._last = now
        if last is None or now < last - JUMP:
            await self._store.write(lambda conn: next_due.correct_future_instants(conn, now, self._terms))

    async def stop(self) -> None:
        """Begin nothing more, and wait for what has begun: at most the length of a call and its finish."""
        self._stopping = True
        async with self._turn:
            pass

    def next_due(self, conn: Connection) -> datetime | None:
        """The earliest instant at which a beat will have something to do; None when there is nothing at all."""
        return next_due.next_due(conn, self._clock.now(), self._paces, self._terms)

    # ── all that is due ───────────────────────────────────────────────────────

    async def _say(self, until: float) -> int:
        """Say what may be said, in up to 16 lanes at once, until nothing is left or the pass is over."""
        loop, moved = asyncio.get_running_loop(), 0
        calls: set[asyncio.Task[None]] = set()
        try:
            while True:
                if len(calls) < TOGETHER and loop.time() < until and not self._stopping:
                    found = await self._claim(TOGETHER - len(calls))
                    moved += found.others
                    calls |= {
                        asyncio.create_task(self._send(row), name=f"send {row.id}") for row in found.rows
                    }
                if not calls:
                    return moved
                # A slow platform must not silence the others: look for more while waiting.
                done, calls = await asyncio.wait(calls, timeout=GLANCE, return_when=asyncio.FIRST_COMPLETED)
                await gather_all(*done)
                moved += len(done)
        finally:
            await gather_all(*calls)

    async def _claim(self, room: int) -> Claimed:
        now = self._clock.now()
        wary = self._wary_until is not None and now < self._wary_until

        def take(conn: Connection) -> Claimed:
            self._at("claiming")
            taken: tuple[OutboxRow, ...] = ()
            others = 0
            for platform, pace in self._paces.items():
                there = self._adapters[platform].platform_time() if platform in self._adapters else None
                request = Claimer(
                    self.owner, now, room - len(taken), pace, self._terms, wary, self._tell, there
                )
                found = claim_rows(conn, platform, request)
                taken, others = taken + found.rows, others + found.others
            if taken:
                self._at("claim written")
            return Claimed(taken, others)

        return await self._store.write(take)

    # ── one row ───────────────────────────────────────────────────────────────

    async def _send(self, row: OutboxRow) -> None:
        self._at("claimed")
        outcome = await self._call(row)
        if not isinstance(outcome, CallSucceeded):
            log.warning("row %s attempt %s: %s %s", row.id, row.attempt, type(outcome).__name__, outcome.code)
        self._at("before finish")
        await self._keep(partial(self._finish, row=row, outcome=outcome))
        self._watch(row, outcome)
        self._at("finished")

    async def _call(self, row: OutboxRow) -> Outcome:
        """Make the one call of this attempt."""
        if row.verb is Verb.HOOK:
            return await call_hook(self._hooks, row, self._terms.timeout)
        adapter = self._adapters[row.platform]
        try:
            await check_recipient(self._store, row, self._may_reach)
            card = await find_card(self._store, row, self._draws)
        except Exception as error:  # noqa: BLE001 - nothing was said yet, whatever it is
            return classify_unsent(error)
        place = row.place
        if place is None:
            if row.person is None:
                return CallRejected(ORPHANED)
            try:
                async with asyncio.timeout(self._terms.timeout):
                    place = await adapter.direct(row.space, row.person)
            except Exception as error:  # noqa: BLE001 - the port names its errors; anything else is no better
                return classify_unsent(error)
        self._at("opened")
        if self._is_paused(row):
            return CallSkipped()
        self._at("guarded")
        try:
            async with asyncio.timeout(self._terms.timeout):
                self._at("calling")
                if row.verb is Verb.CANVAS:
                    done = await bring_canvas(self._store, adapter, row, place, self._canvases)
                else:
                    done = await make_call(adapter, row, place, card)
        except Exception as error:  # noqa: BLE001 - likewise: what we do not know may have been said
            return classify_error(error, place)
        self._at("called")
        return done

    def _is_paused(self, row: OutboxRow) -> bool:
        """Whether so much of the lease is gone that somebody may take over while a call of ours is under way."""
        last = (row.lease_until or self._clock.now()) - timedelta(seconds=self._terms.timeout)
        return self._clock.now() > last

    async def _keep(self, work: Callable[[Connection], T]) -> T:
        """Commit what became of a call; once more when the database was away, since nobody else knows it."""
        for pause in AGAIN:
            try:
                return await self._store.write(work)
            except (StoreUnavailable, WriteUnclear):  # a finish may run twice: it is fenced
                await asyncio.sleep(pause)
        return await self._store.write(work)

    def _finish(self, conn: Connection, row: OutboxRow, outcome: Outcome) -> None:
        """Write down what became of a call, if it is still ours to say."""
        now, terms = self._clock.now(), self._terms
        pace = self._paces[row.platform]
        match outcome:
            case CallSucceeded(place, message, parts):
                copies = row.strikes > 1 and row.verb in SPEAKING
                results.mark_sent(
                    conn, row, place, message, now, copies=copies, parts=parts, terms=terms, tell=self._tell
                )
            case CallDelayed():
                results.put_off(conn, row, outcome, now, terms, self._chance(), self._tell)
            case CallSkipped(code):
                results.postpone(conn, row, now, code, counts=False)
            case CallLockedOut(code):
                self._lock_out(conn, row, code, pace, now)
            case CallRejected(code):
                self._give_up(conn, row, code, now + timedelta(seconds=pace.hold))
            case CallLost(code, place):
                self._lose(conn, row, code, place, now + timedelta(seconds=pace.settle))
        self._at("finish written")

    def _give_up(self, conn: Connection, row: OutboxRow, code: str, until: datetime) -> None:
        """What a channel refuses once it will refuse again: one request an hour finds out when that changes."""
        if not results.mark_failed(conn, row, code, self._tell) or code in OURS:
            return
        pacing.close_circuit(conn, row.space, (WHOLE,))  # a refusal is an answer: the credentials are good
        if row.verb in SPEAKING:
            pacing.open_circuit(conn, row.space, row.lane, until, code)

    def _lock_out(self, conn: Connection, row: OutboxRow, code: str, pace: Pace, now: datetime) -> None:
        """The space refuses our credentials: nothing of it is tried until a probe succeeds, and nothing is lost."""
        pacing.open_circuit(conn, row.space, WHOLE, now + retry_delay(pace.probe, self._chance()), code)
        results.postpone(conn, row, now, code, counts=False)

    def _lose(
        self, conn: Connection, row: OutboxRow, code: str, place: Place | None, settled: datetime
    ) -> None:
        if row.verb in SPEAKING:
            results.mark_unknown(conn, row, place, settled, code)
        elif row.strikes >= self._terms.strikes:
            results.mark_failed(conn, row, code, self._tell)
        else:  # repeating it is harmless, but not before the first call can no longer overtake a later one
            results.postpone(conn, row, settled, code, counts=True)
