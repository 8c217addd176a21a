"""Every contract is kept on every platform: one adapter that runs, people around it, and a door that listens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.chat.cards import Card
from bot.chat.events import PersonUpdated
from bot.chat.models import Person, Place
from bot.chat.port import Adapter
from bot.runtime.clock import SteerableClock
from tests.contract.door import MENU, RecordingDoor
from tests.fakes.discord.hearts import hearts_stopped
from tests.stories.platforms import make_room, parametrize_platforms
from tests.stories.room import Line, Room
from tests.stories.stage import CHANNELS, PEOPLE, settings_for

MONDAY = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    parametrize_platforms(metafunc)


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
class Here:
    """What a contract test talks to."""

    room: Room
    adapter: Adapter
    door: RecordingDoor
    clock: SteerableClock
    start: Callable[[], Awaitable[Adapter]]
    """Starts a new adapter at the same door."""
    marks: int = 0

    def place(self, channel: str = "c1", thread: str | None = None) -> Place:
        return self.room.place(channel, thread)

    async def post(self, card: Card) -> Line:
        """Post in the room, and find the line that everybody sees."""
        return self.line(await self._post(self.place(), card), None)

    async def post_in(self, thread: Place, card: Card) -> Line:
        """Post in a thread of the room, and find the line that everybody sees."""
        return self.line(await self._post(thread, card), None, thread=thread.thread)

    async def _post(self, place: Place, card: Card) -> str:
        """Every part of a card, as the outbox posts them; the id of the first."""
        self.marks += 1
        mark = f"mark{self.marks:08d}"
        id = await self.adapter.post(place, card, mark)
        thread = replace(place, thread=place.thread or id)
        for part in range(1, self.adapter.count_parts(card)):
            await self.adapter.post(thread, card, f"{mark}:{part}", part)
        await self.room.settle()
        return id

    async def restart(self) -> None:
        """The adapter stops, and a new one with the same memory takes its place."""
        await self.adapter.stop()
        self.door.heard.clear()
        self.adapter = await self.start()

    def line(self, id: str, who: str | None = "ada", channel: str = "c1", thread: str | None = None) -> Line:
        [found] = [one for one in self.room.look(who, channel, thread) if one.id == id]
        return found

    def own(self, who: str | None = "ada", channel: str = "c1", thread: str | None = None) -> list[Line]:
        return [one for one in self.room.look(who, channel, thread) if one.own and one.id != thread]

    def told(self, who: str) -> list[str]:
        """What the bot has told one person, in the room or directly."""
        return [one.text for one in self.own(who) if one.private] + [one.text for one in self.room.inbox(who)]

    def person(self, who: str) -> Person:
        """Somebody as the adapter introduced them."""
        id = self.room.id_of(who)
        seen = [one.person for one in self.door.of(PersonUpdated) if one.person.id == id]
        assert seen, f"{who} was never introduced"
        return seen[-1]

    def actor(self, who: str) -> Person:
        """Somebody as a command, button or form tells them: only with those Discord tells a language."""
        known = self.person(who)
        return replace(known, locale="en-US") if self.room.platform == "discord" else known


@pytest.fixture
async def here(tmp_path: Path, platform: str) -> AsyncIterator[Here]:
    clock = SteerableClock(MONDAY)
    room = make_room(platform, clock)
    await room.open(MENU)
    try:
        books: dict[str, Notebook] = {}
        settings = room.settings(settings_for(tmp_path))
        door = RecordingDoor()
        furnished: list[bool] = []

        async def start() -> Adapter:
            new = not furnished
            [adapter] = await room.adapters(settings, lambda key: books.setdefault(key, Notebook()))
            if new:
                furnished.append(True)
                await room.furnish({**CHANNELS, "c2": "lounge"}, PEOPLE)
            await adapter.start(door)
            await room.settle()
            return adapter

        one = Here(room, await start(), door, clock, start)
        try:
            yield one
        finally:
            await one.adapter.stop()
    finally:
        await room.close()


@pytest.fixture(autouse=True)
async def no_heart_beats_on() -> AsyncIterator[None]:
    """Set up first, so torn down last: discord.py's heartbeats end before the loop does."""
    yield
    await hearts_stopped()
