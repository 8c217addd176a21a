"""What the Slack adapter's tests stand on: a small workspace, the real adapter, and a door that listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from adapters.slack.adapter import SlackAdapter, SlackApp
from adapters.slack.connection import ConnectionIntervals
from adapters.slack.known_people import KnownPeople
from adapters.slack.manifest import make_manifest
from adapters.slack.timings import SlackTimings
from bot.chat.cards import Card
from bot.chat.models import Place
from bot.runtime.clock import SteerableClock
from tests.contract.door import MENU, RecordingDoor
from tests.fakes.slack import FakeSlack

MONDAY = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
SWIFT = SlackTimings(
    ConnectionIntervals(ping=0.2, glance=0.02, deadline=2.0, first=0.02, longest=0.1),
    ack=0.3, patience=0.15, rest=0.02, between=0.0, soon=(0.0,), drain=2.0,
)  # fmt: skip


@dataclass
class Notebook:
    """A memory in a dictionary."""

    pages: dict[str, Any] = field(default_factory=dict)

    async def put(self, items: Mapping[str, Any]) -> None:
        self.pages.update(items)

    async def remove(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            self.pages.pop(key, None)

    async def load(self) -> dict[str, Any]:
        return dict(self.pages)


@dataclass
class Town:
    """A workspace with two people, a guest and a channel, and the adapter that is connected to it."""

    slack: FakeSlack
    clock: SteerableClock
    door: RecordingDoor
    memory: Notebook
    ada: str
    ben: str
    room: str
    adapter: SlackAdapter

    @property
    def space(self) -> str:
        return f"slack:{self.slack.team}"

    def place(self, thread: str | None = None) -> Place:
        return Place(self.space, self.room, thread)

    @property
    def app(self) -> SlackApp:
        return SlackApp("main", self.slack.bot_token, self.slack.app_token, self.slack.signing_secret)

    def new_adapter(self, *apps: SlackApp, timings: SlackTimings = SWIFT, **more: Any) -> SlackAdapter:
        return SlackAdapter(
            apps or (self.app,),
            self.clock.now,
            self.memory,
            api_url=self.slack.api_url,
            timings=timings,
            **more,
        )

    async def post_whole(self, card: Card, marker: str) -> str:
        """Post every part of a card, as the outbox does; the id of its first message."""
        ts = await self.adapter.post(self.place(), card, marker)
        for part in range(1, self.adapter.count_parts(card)):
            await self.adapter.post(self.place(ts), card, f"{marker}:{part}", part)
        return ts

    async def restart(self, **more: Any) -> None:
        await self.adapter.stop()
        self.adapter = self.new_adapter(**more)
        await self.adapter.start(self.door)
        await self.rest()

    async def rest(self) -> None:
        """Until nothing is on its way, neither on the wire nor in the adapter's background."""
        for _ in range(3):
            await self.slack.settle(quiet=0.02)
            for one in self.adapter.workspaces:
                await one._background.finish(5)

    @property
    def posts(self) -> list[Any]:
        return self.slack.calls("chat.postMessage")

    def forget_people(self) -> None:
        """Have the adapter know nobody any more, as when more people came than it remembers."""
        for one in self.adapter.workspaces:
            if one.team is not None:
                one.team.people._known = KnownPeople(self.space)


def workspace(name: str = "north", **more: Any) -> FakeSlack:
    return FakeSlack(name, manifest=make_manifest(MENU), clock=SteerableClock(MONDAY), **more)


@asynccontextmanager
async def town(slack: FakeSlack | None = None, *, start: bool = True) -> AsyncIterator[Town]:
    """A furnished workspace; the adapter is connected unless `start=False`."""
    async with slack or workspace() as here:
        ada = here.person("Ada Quinn", admin=True, tz="Europe/Dublin")
        ben = here.person("Ben Okafor", tz="Europe/Dublin")
        here.person("Gus Guest", guest=True)
        room = here.channel("staffroom", [ada, ben])
        clock = here.clock
        assert isinstance(clock, SteerableClock)
        made = Town(here, clock, RecordingDoor(), Notebook(), ada, ben, room, None)  # type: ignore[arg-type]
        made.adapter = made.new_adapter()
        try:
            if start:
                await made.adapter.start(made.door)
                await made.rest()
            yield made
        finally:
            await made.adapter.stop()


async def until(true: Callable[[], Any], within: float = 3.0) -> None:
    """Wait for something that happens in real time, on the wire."""
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110 - a condition, and no event to wait for
            await asyncio.sleep(0.01)
