"""The sweep: removes what was said twice, after what people wrote under the copy was taken in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection, and_, update

from bot.chat.models import Place
from bot.chat.port import Adapter, HistoryUnavailable
from bot.delivery.claims import LeaseTerms
from bot.delivery.facts import Doubled, OutboxState, Tell
from bot.delivery.marker_search import MarkerFound, MarkerSearch
from bot.delivery.outcomes import code_of
from bot.delivery.pacing import Pace
from bot.delivery.tables import OutboxRow, is_any, outbox
from bot.delivery.tasks import gather_all
from bot.runtime.clock import Clock
from bot.store.store import Store

_c = outbox.c
SELDOM = timedelta(seconds=300)
"""How often a sweep that could not look or remove is tried again."""

TakeIn = Callable[[Place], Awaitable[bool]]
"""Takes in what people wrote in a thread that somebody listens to; false when it could not be read."""


async def take_nothing_in(_thread: Place) -> bool:
    """For a sender whose features listen to nobody."""
    return True


class Sweep:
    """Looks once more for rows that took several attempts, and leaves one message of each."""

    def __init__(
        self, store: Store, clock: Clock, adapters: Mapping[str, Adapter], tell: Tell, search: MarkerSearch, *,
        paces: Mapping[str, Pace], terms: LeaseTerms, at: Callable[[str], None], take_in: TakeIn,
    ) -> None:  # fmt: skip
        self._store, self._clock, self._adapters, self._tell = store, clock, adapters, tell
        self._search, self._paces, self._terms = search, paces, terms
        self._at, self._take_in = at, take_in

    async def sweep(self) -> int:
        """Look once more for rows that took several attempts, and remove every copy but the one we know."""
        moved = 0
        while found := await self._store.write(self._take_sweeps):
            await gather_all(*map(self._clear, found))
            moved += len(found)
        return moved

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
            for row in self._search.affordable_rows(conn, due, _c.sweep_at, pace, now):
                conn.execute(update(outbox).where(_c.id == row.id).values(sweep_at=again))
                found.append(replace(row, sweep_at=again))
        return found

    async def _clear(self, row: OutboxRow) -> None:
        self._at("sweep claimed")
        seen = await self._search.look_for(row)
        self._at("sweep looked")
        clear, gone = False, 0
        if isinstance(seen, MarkerFound):
            removed = [await self._remove(row, seen.place, id) for id in await self._extras(row, seen)]
            clear, gone = all(removed), sum(removed)
        self._at("sweep removed")
        await self._store.write(partial(self._swept, row=row, gone=gone, clear=clear))
        self._at("sweep written")

    async def _extras(self, row: OutboxRow, seen: MarkerFound) -> tuple[str, ...]:
        """Every copy but the one we know; where somebody has removed that one by hand, every copy but the first."""
        if row.external_id in seen.ids or not seen.ids:
            return tuple(id for id in seen.ids if id != row.external_id)
        kept, *extras = seen.ids
        await self._tell_doubled(row, seen.place, kept, gone=False)
        return tuple(extras)

    async def _remove(self, row: OutboxRow, place: Place, message: str) -> bool:
        adapter = self._adapters[row.platform]
        try:
            async with asyncio.timeout(self._terms.timeout):
                if not await self._take_answers_in(row, place, message):
                    return False
                await adapter.delete(place, message)
        except Exception as error:  # noqa: BLE001 - the next sweep tries again
            code_of(error)
            return False
        return True

    async def _take_answers_in(self, row: OutboxRow, place: Place, message: str) -> bool:
        """Keep what people wrote under a copy; false while that cannot be read, and then the copy stays."""
        if place.private or place.thread is not None:
            return True  # no thread hangs from it
        thread = Place(place.space, place.channel, message)
        found = await self._adapters[row.platform].history(thread, None)
        if isinstance(found, HistoryUnavailable):
            return found.absent
        if all(one.own for one in found.messages):
            return True
        await self._tell_doubled(row, place, message, gone=True)
        return await self._take_in(thread)

    async def _tell_doubled(self, row: OutboxRow, place: Place, message: str, *, gone: bool) -> None:
        thread = Place(place.space, place.channel, message)
        fact = Doubled(row.key, row.kind, row.ref, row.community_id, place, message, thread, gone)
        await self._store.write(lambda conn: self._tell(conn, fact))

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
