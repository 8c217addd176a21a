"""Answers that come in on Discord: how much of discord.py's own speed is left once each is kept.

The floor is a `discord.Client` whose `on_message` does nothing, connected to the same pretended Discord; ours is the whole bot on
SQLite as shipped. Both are handed the same events as text, as the gateway tells them, 64 under way at a time; an event is over
when everything that it set off is.

    python -m tests.bench discord
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import json
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord

from adapters.discord.adapter import DiscordAdapter
from bot.app import App, build_app
from bot.chat.cards import Buttons, Card
from bot.chat.events import ButtonPressed, CommandInvoked
from bot.chat.models import Person, Place
from bot.chat.parsing import command_line
from bot.runtime.clock import SystemClock
from bot.runtime.garbage import set_all_aside
from bot.store.adapter_state import StoredAdapterState
from bot.store.startup import open_store
from tests.bench.findings import Findings, Scale, Spent, compare_rates
from tests.bench.rig import shipped_settings
from tests.bench.said_texts import SAID
from tests.bench.slack_rig import AT_ONCE
from tests.fakes.discord import FakeDiscord, pointed_at

PEOPLE = 300
EPOCH = 1420070400000
Json = dict[str, Any]


class Quay:
    """The tasks that an event sets off while it is handed over."""

    def __init__(self) -> None:
        self._made: list[asyncio.Task[Any]] = []
        asyncio.get_running_loop().set_task_factory(self._make)

    def _make(
        self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any], **more: Any
    ) -> asyncio.Task[Any]:
        made = asyncio.Task(work, loop=loop, **more)
        self._made.append(made)
        return made

    async def hand_over(self, client: discord.Client, text: str) -> None:
        """One event, until everything it set off is over."""
        self._made.clear()
        client._connection.parsers["MESSAGE_CREATE"](json.loads(text))
        begun, self._made = self._made, []
        await asyncio.gather(*begun)

    async def rush(self, client: discord.Client, texts: list[str]) -> Spent:
        """All of them, `AT_ONCE` under way."""
        waiting = iter(texts)

        async def work() -> None:
            for text in waiting:
                await self.hand_over(client, text)

        start, busy = time.perf_counter(), time.process_time()
        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        return Spent(time.perf_counter() - start, time.process_time() - busy)


class Silent(discord.Client):
    """discord.py with a listener that does nothing."""

    async def on_message(self, message: discord.Message) -> None:
        """Hear it, and that is all."""


@asynccontextmanager
async def bare(fake: FakeDiscord) -> AsyncIterator[discord.Client]:
    """A client of discord.py's own, with the intents the bot has."""
    client = Silent(
        intents=discord.Intents(guilds=True, messages=True, message_content=True), max_messages=None
    )
    with pointed_at(fake):
        await client.login(fake.token)
        running = asyncio.create_task(client.connect())
        await client.wait_until_ready()
        try:
            yield client
        finally:
            await client.close()
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running


@asynccontextmanager
async def whole_bot(
    fake: FakeDiscord, folder: Path, url: str = ""
) -> AsyncIterator[tuple[App, DiscordAdapter]]:
    settings = shipped_settings(folder, url)
    opened, release = open_store(settings)
    adapter = DiscordAdapter(
        fake.token, SystemClock().now, StoredAdapterState(opened, "discord"), api_url=fake.api_url
    )
    app = build_app(
        settings, SystemClock(), opened, [adapter], release=release, belongs=lambda _space: "home"
    )
    await app.start()
    set_all_aside()  # as the process does once it runs
    try:
        yield app, adapter
    finally:
        await app.stop()


async def open_prompt(app: App, fake: FakeDiscord, guild: Any, room: Any, mo: Any, number: int = 1) -> str:
    """A prompt as a moderator asks it; the id of its thread."""
    space = f"discord:{guild.id}"
    who, here = Person(space, str(mo.id), "Mo Hale", frozenset({"administrator"})), Place(space, str(room.id))
    for said, button in (
        (f"/prompt schedule <#{room.id}> every mon 09:{number - 1:02}", "Confirm"),
        (f"/prompt now s{number}", "Post"),
    ):
        call = command_line.parse_call(app.dispatcher.menu, "", said)
        shown = await app.dispatcher.hear(CommandInvoked(who, here, call))
        assert isinstance(shown, Card)
        rows = (row for row in shown.blocks if isinstance(row, Buttons))
        pressed = next(one for row in rows for one in row.buttons if one.label == button)
        await app.dispatcher.hear(ButtonPressed(who, here, pressed.does or "", pressed.value))
    # Beside the prompt there may be the card with which the bot comes into a server.
    while not (found := [one["thread"] for one in fake.messages(room) if one.get("thread")]):
        await app.planner.tick()
        await app.sender.beat()
        await asyncio.sleep(0.05)
    await app.sender.beat()
    return str(found[0]["id"])


def told(
    guild: Any, thread: str, people: list[Any], start: int, count: int, said: Iterator[str] = SAID
) -> list[str]:
    """Replies in a thread as the gateway tells them; each a message of its own."""
    now, made = int(time.time() * 1000), []
    for number in range(start, start + count):
        who, at = people[number % len(people)], now + number % 1000
        made.append(json.dumps({
            "id": str(((at - EPOCH) << 22) + number), "channel_id": thread, "guild_id": str(guild.id), "type": 0, "flags": 0,
            "author": {
                "id": str(who.id), "username": who.name.lower().replace(" ", "-"), "global_name": who.name,
                "discriminator": "0", "avatar": None,
            },
            "member": {
                "roles": [], "nick": None, "joined_at": "2026-01-05T09:00:00+00:00", "deaf": False, "mute": False, "flags": 0,
            },
            "content": next(said),
            "timestamp": datetime.fromtimestamp(at / 1000, UTC).isoformat(), "edited_timestamp": None, "tts": False,
            "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
            "components": [], "pinned": False, "nonce": str(number),
        }))  # fmt: skip
    return made


async def run(scale: Scale) -> Findings:
    """G2."""
    found, count, numbers = Findings(), scale.pick(300, 2000), itertools.count(0, 10_000)
    with tempfile.TemporaryDirectory() as folder:
        async with FakeDiscord() as fake:
            guild = fake.guild("Harbour School")
            room = fake.channel(guild, "staffroom")
            heads = fake.role(guild, "Heads", "administrator")
            mo = fake.member("Mo Hale", guild, roles=[heads])
            people = [fake.member(f"Person {number}", guild) for number in range(PEOPLE)]
            async with whole_bot(fake, Path(folder)) as (app, adapter):
                thread = await open_prompt(app, fake, guild, room, mo)
                async with bare(fake) as floor:
                    found.add(
                        "G2",
                        *await take_turns(
                            adapter, floor, scale, count, _bodies(guild, thread, people, numbers)
                        ),
                    )
    return found


def _bodies(guild: Any, thread: str, people: list[Any], numbers: Iterator[int]) -> Any:
    return lambda count: told(guild, thread, people, next(numbers), count)


async def take_turns(
    adapter: DiscordAdapter, floor: discord.Client, scale: Scale, count: int, bodies: Any
) -> tuple[list[float], str]:
    """The share of discord.py's speed, round by round."""
    quay = Quay()
    for client in (floor, adapter.client):
        await quay.rush(client, bodies(PEOPLE))  # everybody is known
    theirs: list[Spent] = []
    ours: list[Spent] = []
    for _ in range(scale.rounds):
        for spent, client in ((theirs, floor), (ours, adapter.client)):
            gc.collect()
            spent.append(await quay.rush(client, bodies(count)))
    asyncio.get_running_loop().set_task_factory(None)
    return compare_rates(theirs, ours, count)


def measure(scale: Scale) -> Findings:
    return asyncio.run(run(scale))
