"""The directory of a workspace, told to the core: everybody once, later only what changed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from adapters.slack.workspace_parts import WorkspaceParts
from bot.chat.events import PersonUpdated
from bot.chat.port import NotStored, PlatformError

log = logging.getLogger(__name__)

SELDOM = 1800.0
"""Seconds between two roll calls: a socket is renewed every few hours, and connects again when it was lost."""
TOGETHER = 20


class SlackDirectory:
    """Remembers what was told, so that telling again costs nothing."""

    def __init__(self, team: WorkspaceParts, tick: Callable[[], float] = time.monotonic) -> None:
        self._team, self._tick = team, tick
        self._told: set[int] = set()
        """A digest of everybody as they were told last: there may be more people than are remembered."""
        self._in: dict[str, frozenset[str]] = {}
        self._last: float | None = None
        self._turn = asyncio.Lock()

    async def tell(self) -> None:
        """Tell who is there, unless that was done lately. What Slack does not say is left out."""
        async with self._turn:
            if self._last is not None and self._tick() - self._last < SELDOM:
                return
            try:
                await self._everyone()
                await self._channels()
                self._last = self._tick()
            except (PlatformError, NotStored) as error:
                log.warning("not everybody could be introduced: %s", getattr(error, "code", "not kept"))

    async def _everyone(self) -> None:
        some: list[PersonUpdated] = []
        before, self._told = self._told, set()
        async for person, gone in self._team.people.everyone():
            if person.id == self._team.here.user:
                continue
            digest = hash((person, gone))
            self._told.add(digest)
            if digest in before:
                continue
            some.append(PersonUpdated(person, left=gone))
            if len(some) >= TOGETHER:
                await self._hear(some)
        await self._hear(some)

    async def _channels(self) -> None:
        async for channel in self._team.people.our_channels():
            now = frozenset([id async for id in self._team.people.members_of(channel)]) - {
                self._team.here.user
            }
            before = self._in.get(channel, frozenset())
            some = [(id, False) for id in now - before] + [(id, True) for id in before - now]
            for at in range(0, len(some), TOGETHER):
                await self._hear(await self._met(channel, some[at : at + TOGETHER]))
            self._in[channel] = now

    async def _met(self, channel: str, some: list[tuple[str, bool]]) -> list[PersonUpdated]:
        """The news of a few people of a channel: met and told at once, for not everybody is remembered."""
        await self._team.people.meet(id for id, left in some if not left)
        return [
            PersonUpdated(person, channel, left)
            for id, left in some
            if (person := self._team.people.who(id)) is not None and not person.bot
        ]

    async def _hear(self, events: list[PersonUpdated]) -> None:
        await asyncio.gather(*map(self._team.core.hear, events))
        events.clear()
