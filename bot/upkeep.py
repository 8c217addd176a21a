"""The upkeep of what is stored: what is forgotten after a while, and what has to outlive a restored backup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.account.erasure import MemberErasure
from bot.delivery import outbox, pacing
from bot.delivery.restore_guard import RestoreGuard
from bot.runtime.clock import Clock
from bot.store.scrub import want_rewrite
from bot.store.store import Store

KEPT = timedelta(days=30)
"""How long the outbox remembers that something was said."""
LEFT = timedelta(days=30)
"""How long what belongs to a space is kept after the bot was removed from it."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Looks after the store, a little every few minutes and more once a day."""

    store: Store
    clock: Clock
    erasure: MemberErasure
    restore_guard: RestoreGuard

    async def tidy(self) -> None:
        """Forget what was said long ago (the platform has it, and the marker is no longer looked for), and spaces that
        were left long ago."""
        now = self.clock.now()
        while await self.store.write(lambda conn: outbox.purge_done(conn, now - KEPT)):
            pass
        await self.store.write(lambda conn: pacing.purge_buckets(conn, now - KEPT))
        await self.store.write(lambda conn: self.erasure.erase_left_spaces(conn, now - LEFT, now))
        await self.store.write(lambda conn: want_rewrite(conn, now))

    async def renew(self) -> int:
        """Renew what lies outside the database: the epoch, and the list of those whom any process erased."""
        await self.restore_guard.renew(self.store, self.clock.now())
        return await self.store.read(self.erasure.erasures.share)
