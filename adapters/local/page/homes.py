"""The bot's own page for each person who looks at it, opened again when something has changed."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from time import monotonic

from adapters.local.adapter import LocalAdapter
from adapters.local.model import LocalMessage

FRESH = 15.0
"""Seconds after which a page is opened again although nothing was seen to change: a day may have begun."""


class HomeCache:
    """Asks the bot once for each change and person, however many tabs look and however often."""

    def __init__(self, adapter: LocalAdapter) -> None:
        self._adapter = adapter
        self._asked: dict[str, float] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def stir(self) -> None:
        """Something changed: what anybody has on their page may be old."""
        self._asked.clear()

    async def look(self, person: str) -> LocalMessage | None:
        """The page of this person as it is now; None where the bot has none for them."""
        async with self._turns[person]:
            if monotonic() - self._asked.get(person, -FRESH) >= FRESH:
                # Noted before asking: what changes meanwhile makes it old again.
                self._asked[person] = monotonic()
                await self._adapter.open_home(person)
        return self._adapter.homes.get(person)
