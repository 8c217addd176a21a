"""The upkeep of what is stored: what is too old is removed, and some things have to outlive a restored backup."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot.account.erasure import MemberErasure
from bot.delivery.restore_guard import RestoreGuard
from bot.feature import PeriodicJob
from bot.runtime.clock import Clock
from bot.store.backup import COPIES, delete_old_copies
from bot.store.next_due import soonest
from bot.store.retention import DAY, Retention
from bot.store.scrub import empty_log, want_rewrite
from bot.store.store import Store

log = logging.getLogger(__name__)

SLICE = 0.01
"""Seconds for which one slice may hold the writer; one that is larger than the one before holds it for twice that at most."""
FIRST, MOST = 100, 1000
"""How many things the first slice removes, and the largest."""


@dataclass(slots=True)
class Upkeep:
    """Looks after the store: the one job that removes what is too old, and what outlives a backup."""

    store: Store
    clock: Clock
    erasure: MemberErasure
    restore_guard: RestoreGuard
    kinds: tuple[Retention, ...]
    folder: Path | None = None
    """The data folder."""
    seconds: Callable[[], float] = time.perf_counter
    _looked_at: datetime | None = None

    def job(self) -> PeriodicJob:
        """What removes what is too old."""
        brief = soonest(*(one.next_due for one in self.kinds if one.next_due is not None))
        return PeriodicJob("removing what is too old", 60, self.tidy, brief)

    async def tidy(self) -> int:
        """Remove what is too old; how much. What is kept for days is looked at once a day, and at the start."""
        now, total = self.clock.now(), 0
        daily = self._looked_at is None or now - self._looked_at >= DAY
        for kind in self.kinds:
            if kind.kept is not None and (daily or kind.brief):
                total += await self._remove(kind, now - kind.kept)
        if total:
            await empty_log(self.store)
        if daily:
            await self._delete_copies()
            await self.store.write(lambda conn: want_rewrite(conn, now))
            self._looked_at = now
        return total

    async def _delete_copies(self) -> None:
        """Delete old copies of the whole database, as every start does: a bot may run for months."""
        if self.folder is None:
            return
        try:
            await asyncio.to_thread(delete_old_copies, self.store.url, self.folder, COPIES)
        except OSError as error:  # everything else that is too old goes all the same
            log.warning("old copies of the database could not be deleted: %s", error.strerror)

    async def _remove(self, kind: Retention, before: datetime) -> int:
        """Remove one kind slice by slice, each as large as the writer can take; how much."""
        limit, total = FIRST, 0
        while found := await self.store.read(partial(kind.find, before=before, limit=limit)):
            gone, took = await self.store.write(partial(self._slice, kind=kind, found=found, before=before))
            total += gone
            if kind.finish is not None:
                await kind.finish()
            if not gone:  # nothing of it can be removed now, and it would be found again
                break
            limit = (
                max(1, limit // 2) if took > SLICE else min(MOST, limit * 2) if took < SLICE / 4 else limit
            )
        return total

    def _slice(
        self, conn: Connection, *, kind: Retention, found: Sequence[Any], before: datetime
    ) -> tuple[int, float]:
        """Remove what was found; how much it was, and how many seconds that took."""
        began = self.seconds()
        gone = kind.remove(conn, found, before)
        return gone, self.seconds() - began

    async def renew(self) -> int:
        """Renew what lies outside the database: the epoch, and the list of those whom any process erased."""
        await self.restore_guard.renew(self.store, self.clock.now())
        return await self.store.read(self.erasure.erasures.share)
