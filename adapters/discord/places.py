"""The place of a channel id, and the Discord channel in which a message of a place lives.

A thread is a channel of its own for Discord. For the core it is a thread in its parent: `Place(server, parent,
thread)`. A post in a forum is a thread whose first message has the thread's id.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import discord

from adapters.discord.errors import translate_errors
from bot.chat.models import Place
from bot.chat.port import Rejected

PLATFORM = "discord"
FORUMS = frozenset({15, 16})
THREADS = frozenset({10, 11, 12})
REMEMBERED = 5000
SPEAK = ("view_channel", "send_messages")
SPEAK_IN_THREADS = ("view_channel", "send_messages_in_threads")


def space_of(server: str | int) -> str:
    """The space key of a server."""
    return f"{PLATFORM}:{server}"


def server_of(space: str) -> str:
    """The server's id in a space key."""
    return space.partition(":")[2]


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What Discord says a channel is: its type, and its parent where it is a thread."""

    type: int
    parent: str = ""
    server: str = ""


class Server:
    """A server from discord.py's cache, as `hear.Ground`; unknown names and powers where it is not cached."""

    def __init__(self, id: str, guild: discord.Guild | None) -> None:
        self.space = space_of(id)
        self._guild = guild

    def channel(self, id: str) -> str | None:
        found = self._guild.get_channel_or_thread(int(id)) if self._guild else None
        return found.name if found else None

    def role(self, id: str) -> str | None:
        found = self._guild.get_role(int(id)) if self._guild else None
        return found.name if found else None

    def powers(self, role: str) -> int:
        found = self._guild.get_role(int(role)) if self._guild else None
        return found.permissions.value if found else 0

    @property
    def owner(self) -> str:
        return str(self._guild.owner_id) if self._guild and self._guild.owner_id else ""


class DiscordConnection(Protocol):
    """The connection: what it knows, and what makes the calls."""

    @property
    def client(self) -> discord.Client: ...

    @property
    def http(self) -> discord.http.HTTPClient:
        """Raises `RetryLater` while no call can be made."""
        ...


class Places:
    """Knows the channels: from the cache, else by asking."""

    def __init__(self, line: DiscordConnection) -> None:
        self._line = line
        self._spots: OrderedDict[str, ChannelFacts] = OrderedDict()

    def server(self, id: str) -> Server:
        return Server(id, self._line.client.get_guild(int(id)))

    def guild(self, space: str) -> discord.Guild | None:
        """The server of a space, when it is cached and there."""
        found = self._line.client.get_guild(int(server_of(space)))
        return found if found is not None and not found.unavailable else None

    async def of(self, channel: str, server: str) -> Place:
        """The place that this channel is. Raises `PlatformError` when it is not known and cannot be asked for."""
        spot = await self.spot(channel, server)
        if spot.type in THREADS:
            return Place(space_of(server), spot.parent, channel)
        return Place(space_of(server), channel)

    async def spot(self, channel: str, server: str = "") -> ChannelFacts:
        """What a channel is; archived threads are in no cache and are asked for (discord.py issue 8339)."""
        if (cached := self._cached(channel, server)) is not None:
            return cached
        if channel not in self._spots:
            with translate_errors():
                told = await self._line.http.get_channel(int(channel))
            about = ChannelFacts(
                told["type"], str(told.get("parent_id") or ""), str(told.get("guild_id") or "")
            )
            self.note(channel, about)
        self._spots.move_to_end(channel)
        return self._spots[channel]

    def note(self, channel: str, spot: ChannelFacts) -> None:
        """Remember what a channel is."""
        self._spots[channel] = spot
        while len(self._spots) > REMEMBERED:
            self._spots.popitem(last=False)

    def _cached(self, channel: str, server: str) -> ChannelFacts | None:
        guild = self._line.client.get_guild(int(server)) if server else None
        found = guild.get_channel_or_thread(int(channel)) if guild is not None else None
        if found is None:
            return None
        if isinstance(found, discord.Thread):
            return ChannelFacts(found.type.value, str(found.parent_id), server)
        return ChannelFacts(found.type.value, server=server)

    async def home(self, place: Place, message: str) -> str:
        """The id of Discord's channel in which a message of a place is."""
        if place.private:
            return place.channel
        if place.thread is None:
            return message if await self.is_forum(place) else place.channel
        if message != place.thread or await self.is_forum(place):
            return place.thread
        return place.channel  # the message under which the thread was opened stands in the channel itself

    async def is_forum(self, place: Place) -> bool:
        """Whether what is posted there begins a post of its own."""
        return not place.private and (await self.spot(place.channel, server_of(place.space))).type in FORUMS

    def allowed(self, place: Place) -> discord.Permissions | None:
        """What we may do there, as far as the cache knows; None when it knows nothing."""
        guild = self.guild(place.space)
        if guild is None or guild.me is None:
            return None
        channel = guild.get_channel(int(place.channel))
        return channel.permissions_for(guild.me) if channel is not None else None

    async def allowed_now(self, place: Place) -> discord.Permissions | None:
        """The same, asked of Discord: what the gateway tells may be a moment late. None: the server is not there."""
        guild = self.guild(place.space)
        if guild is None or guild.me is None:
            return None
        with translate_errors():
            told = await self._line.http.get_channel(int(place.channel))
        roles = {str(role.id) for role in guild.me.roles}
        return in_channel(guild.me.guild_permissions, told, roles, str(guild.id), str(guild.me.id))

    async def posting_problem(self, place: Place) -> str | None:
        """Why we could not speak there, in Discord's word; None: we could."""
        if place.private:
            return None
        try:
            may = await self.allowed_now(place)
        except Rejected as error:
            return error.code
        if may is None:
            return "unknown_server"
        lacking = [
            name for name in (SPEAK if place.thread is None else SPEAK_IN_THREADS) if not getattr(may, name)
        ]
        if not lacking:
            return None
        return "missing_access" if "view_channel" in lacking else "missing_permissions"


def in_channel(
    base: discord.Permissions, channel: Mapping[str, Any], roles: set[str], server: str, me: str
) -> discord.Permissions:
    """Permissions with a channel's overwrites: everybody's, then the roles', then our own (docs topics/permissions)."""
    if base.administrator:
        return discord.Permissions.all()
    bits = base.value
    rules = channel.get("permission_overwrites") or ()
    everybody = [rule for rule in rules if str(rule["id"]) == server]
    ours = [rule for rule in rules if str(rule["id"]) in roles - {server}]
    own = [rule for rule in rules if str(rule["id"]) == me]
    for group in (everybody, ours, own):
        for rule in group:
            bits &= ~int(rule["deny"])
        for rule in group:
            bits |= int(rule["allow"])
    return discord.Permissions(bits)
