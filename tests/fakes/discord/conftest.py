"""A bare discord.py client on the fake: what the fake's own tests are written against."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.fakes.discord import FakeDiscord, pointed_at
from tests.fakes.discord.hearts import hearts_stopped


class Watch:
    """A clock that only moves when told."""

    def __init__(self) -> None:
        self.at = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


class Bare(discord.Client):
    """A client that notes every event it dispatches and waits for nothing."""

    def __init__(self, **options: Any) -> None:
        intents = options.pop("intents", None) or discord.Intents.all()
        intents.presences = options.pop("presences", False)
        super().__init__(intents=intents, guild_ready_timeout=0.02, **options)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[tuple[str, tuple[Any, ...]]] = []
        self.running: asyncio.Task[None] | None = None

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        self.heard.append((event, args))
        super().dispatch(event, *args, **kwargs)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Not five seconds: the fake has its own rule about that."""

    def got(self, event: str) -> list[Any]:
        """The first argument of every event with this name."""
        return [args[0] if args else None for name, args in self.heard if name == event]


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def d(watch: Watch) -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord(watch) as fake:
        with pointed_at(fake):
            yield fake


Start = Callable[..., Any]


@pytest.fixture
async def start(d: FakeDiscord) -> AsyncIterator[Start]:
    """Log a client in, connect it and wait until it is ready."""
    clients: list[Bare] = []

    async def run(client: Bare | None = None, *, wait: bool = True) -> Bare:
        client = client or Bare()
        clients.append(client)
        await client.login(d.token)
        client.running = asyncio.create_task(client.connect())
        if wait:
            await asyncio.wait_for(client.wait_until_ready(), 5)
            await d.settle(quiet=0.02)
        return client

    yield run
    for client in clients:
        await client.close()
        if client.running is not None:
            with contextlib.suppress(Exception):
                await client.running
    await hearts_stopped()
