"""Recovery: looks for what may have been said before anybody says it again, and removes what was said twice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, and_, select, update

from bot.chat.models import Place
from bot.chat.port import Adapter, CredentialsRejected, HistoryUnavailable, Rejected, RetryLater
from bot.delivery import pacing
from bot.delivery import results as delivery_results
from bot.delivery.claims import EPOCH, LeaseTerms
from bot.delivery.facts import SPEAKING, UNSEEN, OutboxState, Tell
from bot.delivery.outcomes import backoff_delay, code_of, retry_delay
from bot.delivery.pacing import WHOLE, Pace
from bot.delivery.tables import COLUMNS, DOUBT, OutboxRow, is_any, outbox, rows
from bot.runtime.clock import Clock
from bot.store.store import Store

T = TypeVar("T")
_c = outbox.c
BATCH = 16
SOON, SELDOM = timedelta(seconds=60), timedelta(seconds=300)
"""How often a hidden history is tried again: while moderators have not been told, and from then on."""


@dataclass(frozen=True, slots=True)
class MarkerFound:
    """The ids that carry the marker, oldest first; everything was visible."""

    place: Place
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarkerHidden:
    """We may not look, for now: `code` says why. `seconds`: when the platform told us to come back."""

    code: str
    seconds: float | None = None
    locked: bool = False


@dataclass(frozen=True, slots=True)
class PlaceGone:
    """The place can never be reached: the direct message with this person is refused."""

    code: str


class Recovery:
    """Settles doubts by looking. `Sender.beat` runs both of its verbs."""

    def __init__(
        self, store: Store, clock: Clock, adapters: Mapping[str, Adapter], tell: Tell, owner: str, *,
        paces: Mapping[str, Pace], terms: LeaseTerms, at: Callable[[str], None],
        chance: Callable[[], float] = random.random,
    ) -> None:  # fmt: skip
        self._store, self._clock, self._adapters = store, clock, adapters
        self._tell, self._owner = tell, owner
        self._paces, self._terms = paces, terms
        self._at, self._chance = at, chance

    async def recover(self) -> int:
        """Look for every row whose doubt has settled or whose sender has vanished; how many were looked for."""
        moved = 0
        while True:
            lapsed, found = await self._store.write(self._take)
            await gather_all(*map(self._settle, found))
            moved += lapsed + len(found)
            if not lapsed and not found:
                return moved

    async def sweep(self) -> int:
        """Look once more for rows that took several attempts, and remove every copy but the one we know."""
        moved = 0
        while found := await self._store.write(self._take_sweeps):
            await gather_all(*map(self._clear, found))
            moved += len(found)
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
            for row in self._affordable(conn, doubtful, _c.not_before, pace, now):
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

    def _affordable(
        self, conn: Connection, which: object, order: object, pace: Pace, now: datetime
    ) -> Sequence[OutboxRow]:
        """Rows that may be searched for now: reading has a bucket of its own in each space, and looking comes first."""
        wanted = select(*COLUMNS).where(which).order_by(order, _c.id)  # type: ignore[arg-type]
        left: dict[str, int] = {}
        taken: list[OutboxRow] = []
        for row in rows(conn, wanted.limit(4 * BATCH).with_for_update(skip_locked=True)):
            if row.space not in left:
                left[row.space] = pacing.free_reads(conn, row.space, pace, now)
            if left[row.space] > 0 and len(taken) < BATCH:
                left[row.space] -= 1
                pacing.spend_reads(conn, row.space, pace, now)
                pacing.start_probe(conn, row.space, now + timedelta(seconds=self._terms.lease))
                taken.append(row)
        return taken

    # ── looking ───────────────────────────────────────────────────────────────

    async def _search(self, row: OutboxRow) -> MarkerFound | MarkerHidden | PlaceGone:
        """Look for the marker of a row where it would be."""
        adapter = self._adapters[row.platform]
        since = (row.first_sent_at or min(row.created_at, row.due_at)) - timedelta(seconds=self._terms.margin)
        if not row.attempt:
            since -= timedelta(seconds=self._terms.lookback)
        try:
            async with asyncio.timeout(self._terms.timeout):
                place = row.place
                if place is None:
                    try:
                        place = await adapter.direct(row.space, row.person or "")
                    except Rejected as error:
                        return PlaceGone(error.code)
                found = await adapter.find(place, row.marker, since)
        except RetryLater as error:
            return MarkerHidden(error.code, error.seconds)
        except CredentialsRejected as error:
            return MarkerHidden(error.code, locked=True)
        except Exception as error:  # noqa: BLE001 - whatever it is, we did not see
            return MarkerHidden(code_of(error))
        return (
            MarkerHidden("invisible") if isinstance(found, HistoryUnavailable) else MarkerFound(place, found)
        )

    async def _settle(self, row: OutboxRow) -> None:
        self._at("recovery claimed")
        seen = await self._search(row)
        self._at("recovery looked")
        await self._store.write(partial(self._conclude, row=row, seen=seen))
        self._at("recovery finished")

    def _conclude(
        self, conn: Connection, row: OutboxRow, seen: MarkerFound | MarkerHidden | PlaceGone
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
                conn, row, seen.place, seen.ids[0], now, copies=copies, terms=terms, tell=self._tell
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
        return retry_delay(self._paces[space.partition(":")[0]].probe, self._chance())

    # ── sweeping ──────────────────────────────────────────────────────────────

    def _take_sweeps(self, conn: Connection) -> list[OutboxRow]:
        now = self._clock.now()
        again = now + timedelta(seconds=self._terms.lease)
        found: list[OutboxRow] = []
        for platform, pace in self._paces.items():
            due = and_(
                is_any(_c.state, OutboxState.SENT),
                _c.sweep_at.is_not(None),
                _c.sweep_at <= now,
                _c.platform == platform,
            )
            for row in self._affordable(conn, due, _c.sweep_at, pace, now):
                conn.execute(update(outbox).where(_c.id == row.id).values(sweep_at=again))
                found.append(replace(row, sweep_at=again))
        return found

    async def _clear(self, row: OutboxRow) -> None:
        self._at("sweep claimed")
        seen = await self._search(row)
        self._at("sweep looked")
        extras = [id for id in seen.ids if id != row.external_id] if isinstance(seen, MarkerFound) else []
        clear = isinstance(seen, MarkerFound)
        gone = 0
        for id in extras:
            if isinstance(seen, MarkerFound) and await self._remove(row, seen.place, id):
                gone += 1
            else:
                clear = False
        self._at("sweep removed")
        await self._store.write(partial(self._swept, row=row, gone=gone, clear=clear))
        self._at("sweep written")

    async def _remove(self, row: OutboxRow, place: Place, message: str) -> bool:
        adapter = self._adapters[row.platform]
        try:
            async with asyncio.timeout(self._terms.timeout):
                await adapter.delete(place, message)
        except Exception as error:  # noqa: BLE001 - the next sweep tries again
            code_of(error)
            return False
        return True

    def _swept(self, conn: Connection, row: OutboxRow, gone: int, clear: bool) -> None:
        now = self._clock.now()
        given_up = now - (row.sent_at or now) >= timedelta(seconds=self._terms.patience)
        values = {
            "sweep_at": None if clear or given_up else now + SELDOM,
            "swept_at": now if clear else None,
            "extras": _c.extras + gone,
        }
        mine = and_(_c.id == row.id, _c.sweep_at == row.sweep_at)
        conn.execute(update(outbox).where(mine).values(values))


async def gather_all(*some: Awaitable[T]) -> list[T]:
    """The results of all of them; when one fails, the others are finished first."""
    results = await asyncio.gather(*some, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if not isinstance(result, BaseException)]
