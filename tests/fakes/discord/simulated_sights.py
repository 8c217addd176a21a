"""What people see on simcord, under the names the fake has for it."""

from __future__ import annotations

import asyncio
from typing import Any

from simcord.backend import serializers
from simcord.backend.models import Message
from simcord.builders import ChannelHandle, GuildHandle, UserHandle
from simcord.env import Env
from simcord.results import InteractionResult

from tests.fakes.discord import reading
from tests.fakes.discord.errors import Impossible
from tests.fakes.discord.world import LOADING

Json = dict[str, Any]
Handle = Json | int | str


class SimulatedSights:
    base = ""
    """What stands before an address in `uploads`."""

    def __init__(self, env: Env) -> None:
        self._env = env
        self.attaching = asyncio.Lock()
        """Held while a client is logging in: simcord does one thing at a time."""
        self._modals: dict[int, tuple[InteractionResult, Json]] = {}

    @property
    def backend(self) -> Any:
        return self._env.backend

    def messages(self, place: ChannelHandle) -> list[Json]:
        stored = self.backend.messages.get(place.id, {}).values()
        return [self.shown(m) for m in sorted(stored, key=lambda m: m.id) if not m.is_ephemeral]

    def ephemerals(self, user: UserHandle, place: ChannelHandle) -> list[Json]:
        stored = self.backend.messages.get(place.id, {}).values()
        seen = [m for m in stored if m.is_ephemeral and m.visible_to(user.id) and not m.flags & LOADING]
        return [self.shown(m) for m in sorted(seen, key=lambda m: m.id)]

    def modal(self, user: UserHandle) -> Json | None:
        shown = self._modals.get(user.id)
        return shown[1] if shown else None

    def thread(self, of: Handle) -> ChannelHandle:
        id = str(of["id"] if isinstance(of, dict) else of)
        for channel in sorted(self.backend.channels.values(), key=lambda c: -c.id):
            if channel.is_thread and id in (channel.name, str(channel.id)):
                return self._place(channel.id)
        raise Impossible(f"there is no thread {id}")

    def posts(self, forum: ChannelHandle) -> list[ChannelHandle]:
        return sorted(forum.threads, key=lambda t: t.id)

    @property
    def uploads(self) -> dict[str, bytes]:
        """Whatever was attached anywhere, by its address."""
        return dict(self.backend.cdn._blobs)

    @property
    def names(self) -> dict[str, str]:
        found = {str(u.id): u.global_name or u.name for u in self.backend.users.values()}
        found |= {str(c.id): c.name or "" for c in self.backend.channels.values()}
        for guild in self.backend.guilds.values():
            found |= {str(r.id): r.name for r in guild.roles.values()}
            found |= {str(u): m.nick for u, m in guild.members.items() if m.nick}
        return found

    def text(self, message: Json, zone: str = "UTC") -> str:
        return reading.text(message, names=self.names, zone=zone, now=self._env.now())

    def shown(self, message: Message) -> Json:
        """A message in Discord's JSON, with the mentions it allows."""
        shape: Json = dict(serializers.message_payload(self.backend, message))
        rules = message.allowed_mentions
        parse = [k for k, free in (("users", rules.users), ("roles", rules.roles)) if free is None]
        shape["allowed_mentions"] = {
            "parse": parse + (["everyone"] if rules.everyone else []),
            "users": [str(u) for u in rules.users or ()],
            "roles": [str(r) for r in rules.roles or ()],
            "replied_user": rules.replied_user,
        }
        return shape

    def find(self, message: Handle) -> Message:
        number = int(message["id"] if isinstance(message, dict) else message)
        for place in self.backend.messages.values():
            if number in place:
                found: Message = place[number]
                return found
        raise Impossible(f"there is no message {number}")

    def _place(self, channel_id: int) -> ChannelHandle:
        channel = self.backend.get_channel(channel_id)
        guild = GuildHandle(self._env, self.backend.guilds[channel.guild_id]) if channel.guild_id else None
        return ChannelHandle(self._env, guild, channel)
