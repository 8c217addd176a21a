"""The live feed: tells every open tab that something changed, so that it fetches what it shows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web

Tell = Callable[[frozenset[str]], None]
"""Lets every open tab know that something changed, named by its keys."""
HEARTBEAT = 20.0
"""Seconds of silence after which a tab is sent a comment, so that a lost connection is noticed."""


class Feed:
    """Server-sent events: `changed`, with the keys of what changed as its data."""

    def __init__(self) -> None:
        self._tabs: set[_Tab] = set()
        self._closed = False

    def tell(self, keys: frozenset[str]) -> None:
        """Something changed; tabs that are busy get it together with the next change."""
        for tab in self._tabs:
            tab.keys |= keys
            tab.wake.set()

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        self.tell(frozenset())

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """The stream of one tab, until it goes away or the page closes. It begins with `changed`."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        tab = _Tab()
        self._tabs.add(tab)
        try:
            await response.prepare(request)
            while not self._closed:
                await response.write(f"event: changed\ndata: {' '.join(sorted(tab.take()))}\n\n".encode())
                while not await tab.woken(HEARTBEAT):
                    await response.write(b":\n\n")
        except ConnectionResetError:
            pass  # the tab was closed
        finally:
            self._tabs.discard(tab)
        return response


class _Tab:
    """What one tab has not been told yet."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.wake = asyncio.Event()

    def take(self) -> set[str]:
        keys, self.keys = self.keys, set()
        self.wake.clear()
        return keys

    async def woken(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self.wake.wait()
        except TimeoutError:
            return False
        return True
