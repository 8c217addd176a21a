"""Recovery: looks for what may have been said before anybody says it again."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, and_, select, update

from bot.chat.models import platform_of
from bot.delivery import pacing
from bot.delivery import results as delivery_results
from bot.delivery.claims import LeaseTerms
from bot.delivery.facts import SPEAKING, UNSEEN, OutboxState, Tell
from bot.delivery.marker_search import BATCH, MarkerFound, MarkerHidden, MarkerSearch, PlaceGone
from bot.delivery.outcomes import CallSucceeded, Outcome, backoff_delay, retry_delay
from bot.delivery.pacing import WHOLE, Pace
from bot.delivery.tables import COLUMNS, DOUBT, EPOCH, OutboxRow, is_any, outbox, rows
from bot.delivery.tasks import gather_all
from bot.runtime.clock import Clock
from bot.store.store import Store

_c = outbox.c
SOON, SELDOM = timedelta(seconds=60), timedelta(seconds=300)
"""How often a hidden history is tried again: while moderators have not been told, and from then on."""


WatchCall = Callable[[OutboxRow, Outcome], None]
"""Is told how a call ended, once that is committed; what was found later ended well."""


class Recovery:
    """Settles doubts by looking."""

    def __init__(
        self, store: Store, clock: Clock, tell: Tell, owner: str, *,
        search: MarkerSearch, count_parts: Callable[[OutboxRow], Awaitable[int]], paces: Mapping[str, Pace], terms: LeaseTerms, at: Callable[[str], None],
        chance: Callable[[], float] = random.random, watch: WatchCall = lambda _row, _outcome: None,
    ) -> None:  # fmt: skip
        self._store, self._clock, self._search = store, clock, search
        self._count_parts = count_parts
        self._tell, self._owner = tell, owner
        self._paces, self._terms = paces, terms
        self._at, self._chance, self._watch = at, chance, watch

    async def recover(self) -> int:
        """Look for every row whose doubt has settled or whose sender has vanished; how many were looked for."""
        moved = 0
        while True:
            lapsed, found = await self._store.write(self._take)
            await gather_all(*map(self._settle, found))
            moved += lapsed + len(found)
            if not lapsed and not found:
                return moved

    # ── taking ────────────────────────────────────────────────────────────────

    def _take(self, conn: Connection) -> tuple[int, list[OutboxRow]]:
        now = self._clock.now()
        lapsed = self._lapse(conn, now)
        found: list[OutboxRow] = []
        for platform, pace in self._paces.items():
            doubtful = and_(
                is_any(_c.state, OutboxState.UNKNOWN), DOUBT, _c.not_before <= now, _c.platform == platform
            )
            for row in self._search.affordable_rows(conn, doubtful, _c.not_before, pace, now):
                values: dict[str, Any] = {
                    "lease_owner": self._owner,
                    "looks": row.looks + 1,
                    "not_before": now + timedelta(seconds=self._terms.lease),
                }
                conn.execute(update(outbox).where(_c.id == row.id).values(values))
                found.append(replace(row, **values))
        if found:
            self._at("recovery claim written")
        return lapsed, found

    def _lapse(self, conn: Connection, now: datetime) -> int:
        """A sender vanished in the middle of a call: from here on its row is in doubt."""
        gone = and_(
            is_any(_c.state, OutboxState.SENDING),
            DOUBT,
            _c.lease_until <= now,
            _c.platform.in_(list(self._paces)),
        )
        found = rows(conn, select(*COLUMNS).where(gone).limit(BATCH).with_for_update(skip_locked=True))
        for row in found:
            if row.verb in SPEAKING:
                delivery_results.mark_unknown(conn, row, None, now, "vanished")
            elif row.strikes >= self._terms.strikes:
                delivery_results.mark_failed(conn, row, "vanished", self._tell)
            else:
                delivery_results.postpone(conn, row, now, "vanished", counts=True)
        return len(found)

    # ── looking ───────────────────────────────────────────────────────────────

    async def _settle(self, row: OutboxRow) -> None:
        self._at("recovery claimed")
        seen = await self._search.look_for(row)
        self._at("recovery looked")
        parts = await self._count_parts(row) if isinstance(seen, MarkerFound) and seen.ids else 1
        await self._store.write(partial(self._conclude, row=row, seen=seen, parts=parts))
        if isinstance(seen, MarkerFound) and seen.ids:
            self._watch(row, CallSucceeded(seen.place, seen.ids[0], parts))
        self._at("recovery finished")

    def _conclude(
        self, conn: Connection, row: OutboxRow, seen: MarkerFound | MarkerHidden | PlaceGone, parts: int
    ) -> None:
        now, terms = self._clock.now(), self._terms
        if isinstance(seen, MarkerFound):
            pacing.close_circuit(conn, row.space, (WHOLE,))
        if isinstance(seen, MarkerHidden):
            self._stay(conn, row, seen, now)
        elif isinstance(seen, PlaceGone):
            delivery_results.mark_failed(conn, row, seen.code, self._tell)
        elif seen.ids:
            copies = len(seen.ids) > 1 or row.strikes > 1
            delivery_results.mark_sent(
                conn,
                row,
                seen.place,
                seen.ids[0],
                now,
                copies=copies,
                parts=parts,
                terms=terms,
                tell=self._tell,
            )
        elif row.strikes >= terms.strikes:
            delivery_results.mark_failed(conn, row, row.error or UNSEEN, self._tell)
        else:
            wait = backoff_delay(row.strikes, self._chance()) if row.strikes > 1 else timedelta()
            delivery_results.mark_absent(conn, row, now + wait)
        self._at("recovery written")

    def _stay(self, conn: Connection, row: OutboxRow, hidden: MarkerHidden, now: datetime) -> None:
        """A hidden history leaves the doubt as it is.

        Two doubts are not worth keeping. A row no call of ours can have said, in time, after the epoch changed:
        it is most likely new, and a bot that may not read history could never speak. And a row that would not be
        said again even if it were absent (expired), or that nobody has said for a day: it must not hold up its
        lane, so it is given up and moderators are told.
        """
        if hidden.locked:
            pacing.open_circuit(conn, row.space, WHOLE, now + self._probe(row.space), hidden.code)
        untried = row.attempt == 0
        if row.strikes == 0 and row.look == EPOCH and not hidden.locked and hidden.seconds is None:
            delivery_results.mark_absent(conn, row, now)
            return
        old = untried and now - (row.unclear_at or now) >= timedelta(seconds=self._terms.patience)
        if old or (row.expires_at is not None and row.expires_at <= now):
            delivery_results.mark_failed(conn, row, UNSEEN, self._tell)
            return
        wait = SOON if row.alerted_at is None else SELDOM
        if hidden.seconds is not None:
            wait = retry_delay(hidden.seconds, self._chance())
        delivery_results.mark_unseen(conn, row, now + wait, hidden.code, now, self._terms, self._tell)

    def _probe(self, space: str) -> timedelta:
        return retry_delay(self._paces[platform_of(space)].probe, self._chance())
