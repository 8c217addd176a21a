"""A server in simcord as a room: the same stories on a pretended Discord that somebody else wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from datetime import datetime
from typing import Any, NoReturn

import discord
import pytest
from simcord.builders import ChannelHandle, UserHandle

from adapters.discord.adapter import DiscordAdapter
from bot.chat.menu import Menu
from bot.chat.port import AdapterState, CalendarEvent
from bot.settings.model import Settings
from tests.fakes.discord.permissions import BOT, May
from tests.fakes.discord.simulated import Simulated, simulated
from tests.stories.discord_room import QUICK, DiscordRoom
from tests.stories.room import Line

Json = dict[str, Any]
MAY = BOT | May.MANAGE_MESSAGES | May.MANAGE_CHANNELS
"""simcord asks for more than Discord does before it pins a message or closes a thread."""


def _cannot(limit: str) -> NoReturn:
    """End the story here: what it needs next is what simcord cannot show."""
    pytest.skip(f"simcord {limit}")


class SimcordRoom(DiscordRoom):
    """Implements `Room` on simcord. What simcord cannot show ends a story as skipped, with the limit as its reason."""

    fake: Simulated

    async def open(self, menu: Menu) -> None:
        self._menu = menu
        self._open = AsyncExitStack()
        nobody = discord.Client(intents=discord.Intents.none())
        self.fake = await self._open.enter_async_context(simulated(nobody, self._clock, start=False))
        self.guild = self.fake.guild("Harbour School", bot=MAY)
        self.space = f"discord:{self.guild.id}"
        self._roles = {
            "moderator": self.fake.role(self.guild, "Moderators"),
            "admin": self.fake.role(self.guild, "Admins", "administrator"),
        }

    async def close(self) -> None:
        self.fake.backend.faults.clear()
        await self._open.aclose()

    async def adapters(
        self, settings: Settings, memory: Callable[[str], AdapterState]
    ) -> Sequence[DiscordAdapter]:
        self._adapter = DiscordAdapter(
            "no.token.needed", self._clock.now, memory("discord"), members=True, shards=1, timings=QUICK
        )
        self.fake.takes(self._adapter.client)
        return [self._adapter]

    async def _rest(self) -> None:
        await self.fake.settle()

    def _heard_all(self) -> bool:
        return True

    # ── people talk ───────────────────────────────────────────────────────────

    def _typed(self, text: str) -> str:
        if len(text) > 2000:
            _cannot("lets nobody write more than 2,000 characters")
        if text and not text.strip():
            _cannot("takes no message of spaces alone")
        return super()._typed(text)

    # ── what can be seen ──────────────────────────────────────────────────────

    def pinned(self, channel: str) -> list[str]:
        return [str(one["id"]) for one in self.fake.messages(self._channel(channel)) if one["pinned"]]

    def closed(self, channel: str, thread: str) -> bool:
        return bool(self.fake.thread(thread)._channel.thread_metadata.locked)

    def gatherings(self) -> list[CalendarEvent]:
        return [
            CalendarEvent(
                one.name, one.description or "", datetime.fromisoformat(one.scheduled_start_time),
                datetime.fromisoformat(one.scheduled_end_time), one.entity_metadata["location"],
            )
            for one in self.guild._guild.scheduled_events.values()
            if one.status in (1, 2)
        ]  # fmt: skip

    # ── the world behind it ───────────────────────────────────────────────────

    @property
    def _me(self) -> UserHandle:
        return UserHandle(self.fake.env, self.fake.backend.bot_user)

    def _places(self) -> list[ChannelHandle]:
        return [self.fake._place(id) for id in self.fake.backend.channels]

    def _at(self, id: str | int) -> ChannelHandle | None:
        return self.fake._place(int(id)) if int(id) in self.fake.backend.channels else None

    def _direct(self, user: UserHandle) -> ChannelHandle:
        return user.dm_channel

    def _parent(self, place: ChannelHandle) -> int:
        return place._channel.permission_channel_id()

    def _partners(self, place: ChannelHandle) -> list[int]:
        return place._channel.recipient_ids

    def _first_words(self, forum: ChannelHandle) -> list[tuple[Json, ChannelHandle]]:
        return []  # simcord does not give the first message of a post the id of the post

    def _hidden(self) -> set[str]:
        every = (one for place in self.fake.backend.messages.values() for one in place.values())
        return {str(one.id) for one in every if one.is_ephemeral}

    @contextmanager
    def _in_front_of(self, who: str, line: Line) -> Iterator[None]:
        hidden = self.fake.find(line.id)
        owner = hidden.interaction_metadata
        assert owner is not None, "nothing is forged about a button one can see"
        hidden.interaction_metadata = owner | {"user": {"id": str(self.users[who].id)}}
        try:
            yield
        finally:
            hidden.interaction_metadata = owner

    # ── accidents ─────────────────────────────────────────────────────────────

    def deafen(self, deaf: bool) -> None:
        self.fake.deaf = deaf

    def lose_answer(self, times: int = 1) -> None:
        _cannot("never fails after a request was carried out")

    def break_before(self, times: int = 1) -> None:
        self.fake.fail("POST", "/channels/*/messages", status=502, times=times)

    def limit(self, seconds: int) -> None:
        _cannot("has no 429 that says how long to wait")

    def lock_out(self, out: bool) -> None:
        if out:
            self.fake.fail("*", "*", status=401, times=None)
        else:
            self.fake.backend.faults.clear()
