"""App Home: the bot's own page for each person, published when they open it or when it changed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Callable

from adapters.slack.background import BackgroundTasks
from adapters.slack.blocks import Look
from adapters.slack.errors import call_slack
from adapters.slack.people import SlackPeople
from adapters.slack.say import view_blocks
from adapters.slack.web_client import SlackWebClient
from bot.chat.cards import Card
from bot.chat.events import HomeOpened
from bot.chat.port import CorePort, NotStored, PlatformError

log = logging.getLogger(__name__)

REST = 4.0
"""Seconds in which changes for one person are gathered into one publication."""
WATCHED = 3600.0
"""Seconds for which an opened page is kept up to date: nobody looks at it for longer."""
OPEN = 500
"""Pages kept up to date at the same time."""


class HomePublisher:
    """Publishes pages of one workspace, never the same one twice."""

    def __init__(
        self, wire: SlackWebClient, core: CorePort, people: SlackPeople, background: BackgroundTasks, *, rest: float = REST,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._wire, self._core, self._people, self._background = wire, core, people, background
        self._rest, self._tick = rest, tick
        self._open: dict[str, tuple[float, str]] = {}
        """When each person opened their page, and what they saw last."""
        self._due: set[str] = set()

    async def open(self, person: str) -> None:
        """Somebody opened their page."""
        self._open[person] = (self._tick(), self._open.get(person, (0.0, ""))[1])
        while len(self._open) > OPEN:
            del self._open[next(iter(self._open))]
        await self._publish(person)

    def stir(self, person: str) -> None:
        """Something may have changed for this person: publish anew soon, if they looked lately."""
        opened = self._open.get(person)
        if opened is None or self._tick() - opened[0] > WATCHED or person in self._due:
            return
        self._due.add(person)
        self._background.send(self._later(person), idle=True)

    async def _later(self, person: str) -> None:
        await asyncio.sleep(self._rest)
        self._due.discard(person)
        await self._publish(person)

    async def _publish(self, id: str) -> None:
        try:
            card = await self._core.hear(HomeOpened(await self._people.person(id)))
            if isinstance(card, Card):
                await self._put(id, card)
        except NotStored:
            return
        except PlatformError as error:
            log.warning("a page could not be published: %s", error.code)

    async def _put(self, id: str, card: Card) -> None:
        view = {"type": "home", "blocks": view_blocks(card, Look(id, view=True))}
        print_ = hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()
        opened, before = self._open.get(id, (self._tick(), ""))
        if print_ != before:
            await call_slack(self._wire.writes.views_publish(user_id=id, view=view))
            self._open[id] = (opened, print_)
