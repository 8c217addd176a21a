"""A school on the fake Discord, with the real client and the whole adapter, and a door that writes everything down."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.timings import Timings
from bot.chat.models import Place
from bot.runtime.clock import SteerableClock
from tests.contract.conftest import MONDAY, Notebook
from tests.contract.door import RecordingDoor
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.hearts import hearts_stopped
from tests.fakes.discord.world import Channel, Guild, User

QUICK = Timings(
    patience=3.0,
    settle=0.05,
    spacing=0.0,
    free=1000,
    first=0.02,
    longest=0.1,
    drain=2.0,
    slow=0.3,
    again=(0.05, 0.05, 0.05),
)


@dataclass
class School:
    """One server with a channel and two members, and the bot beside it."""

    fake: FakeDiscord
    clock: SteerableClock
    guild: Guild
    room: Channel
    ada: User
    ben: User
    door: RecordingDoor = field(default_factory=RecordingDoor)
    book: Notebook = field(default_factory=Notebook)
    adapters: list[DiscordAdapter] = field(default_factory=list)

    def adapter(self, timings: Timings = QUICK, **options: Any) -> DiscordAdapter:
        """A new adapter with the same memory, not started."""
        options = {"api_url": self.fake.api_url, "members": True, **options}
        made = DiscordAdapter(self.fake.token, self.clock.now, self.book, timings=timings, **options)
        self.adapters.append(made)
        return made

    async def start(self, timings: Timings = QUICK, **options: Any) -> DiscordAdapter:
        """A new adapter, connected."""
        made = self.adapter(timings, **options)
        await made.start(self.door)
        await self.fake.settle()
        return made

    @property
    def space(self) -> str:
        return f"discord:{self.guild.id}"

    def place(self, channel: Channel | None = None, thread: str | None = None) -> Place:
        return Place(self.space, str((channel or self.room).id), thread)

    @property
    def long_ago(self) -> datetime:
        return self.clock.now() - timedelta(days=1)

    def said(self, channel: Channel | None = None) -> list[str]:
        return [self.fake.text(one) for one in self.fake.messages(channel or self.room)]

    def seen(self, who: User, channel: Channel | None = None) -> list[str]:
        """What only one person sees."""
        return [self.fake.text(one) for one in self.fake.ephemerals(who, channel or self.room)]

    def inbox(self, who: User) -> list[str]:
        return self.said(self.fake.world.direct(who))

    def sends(self) -> list[Any]:
        """The bodies of every new message."""
        return [call.json for call in self.fake.calls_to("POST /channels/{}/messages")]


@pytest.fixture
async def school() -> AsyncIterator[School]:
    clock = SteerableClock(MONDAY)
    async with FakeDiscord(clock) as fake:
        fake.gateway.budget.every = 0
        guild = fake.guild("Harbour School")
        made = School(
            fake,
            clock,
            guild,
            fake.channel(guild, "staffroom"),
            fake.member("Ada Quinn", guild),
            fake.member("Ben Okafor", guild),
        )
        try:
            yield made
        finally:
            fake.faults.release()
            for adapter in made.adapters:
                await adapter.stop()


@pytest.fixture(autouse=True)
async def no_heart_beats_on() -> AsyncIterator[None]:
    """Set up first, so torn down last: discord.py's heartbeats end before the loop does."""
    yield
    await hearts_stopped()
