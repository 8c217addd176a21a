"""The people of a server, and the server to which a direct message belongs.

A direct message names no server. It belongs to the one where the person last did something with the bot; for
somebody who never did, to the first server in which they are a member. Their roles are asked for every time, so that
a demotion counts within a minute also in direct messages.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

import discord

from adapters.discord import hear
from adapters.discord.errors import translate_errors
from adapters.discord.places import DiscordConnection, Places
from adapters.discord.state import DiscordState
from bot.chat.models import Person
from bot.chat.port import PlatformError, Rejected

Json = Mapping[str, Any]
FRESH = 25.0
"""Seconds for which a member's roles are believed; with a check every half a minute, a demotion counts within one."""
SERVERS = 50
"""In how many servers somebody is looked for."""
NOBODY = frozenset({"unknown_member", "unknown_user"})


class DiscordPeople:
    """Looks members up: in discord.py's cache with the members intent, else by asking."""

    def __init__(self, line: DiscordConnection, places: Places, state: DiscordState) -> None:
        self._line, self._places, self._state = line, places, state
        self._seen: dict[tuple[str, str], tuple[float, Json | None]] = {}

    def cached(self, server: str, user: str) -> Json | None:
        """A member as the cache has them now; None without the members intent, which keeps it up to date."""
        guild = self._line.client.get_guild(int(server)) if self._line.client.intents.members else None
        found = guild.get_member(int(user)) if guild is not None else None
        return shown_name(found) if found is not None else None

    async def find(self, server: str, user: str) -> Json | None:
        """A member as Discord tells it, or None when they are none. Raises `PlatformError` when it cannot be said."""
        if (cached := self.cached(server, user)) is not None:
            return cached
        now = time.monotonic()
        at, known = self._seen.get((server, user), (0.0, None))
        if at and now - at < FRESH:
            return known
        try:
            with translate_errors():
                known = await self._line.http.get_member(int(server), int(user))
        except Rejected as error:
            if error.code not in NOBODY:
                raise
            known = None
        if len(self._seen) > 10_000:
            self._seen.clear()
        self._seen[server, user] = (now, known)
        return known

    async def person(self, server: str, user: Json, member: Json | None = None) -> Person:
        """Somebody in a server. When their roles cannot be had, they have none."""
        ground = self._places.server(server)
        if member is not None:
            return hear.read_person({**user, **(member.get("user") or {})}, member, ground)
        try:
            found = await self.find(server, str(user["id"]))
        except PlatformError:
            return hear.read_person(user, None, ground)
        if found is None:
            return hear.read_person(user, None, ground, stranger=True)
        return hear.read_person({**user, **(found.get("user") or {})}, found, ground)

    async def look_up(self, server: str, id: str) -> Person:
        """The same by their id, but raises `PlatformError` where their roles cannot be had."""
        found, ground = await self.find(server, id), self._places.server(server)
        user = {"id": id, **((found or {}).get("user") or {})}
        return hear.read_person(user, found, ground, stranger=found is None)

    async def home(self, user: Json) -> Person | None:
        """Somebody who wrote to us directly, in the server this belongs to; None: in none of ours, or we cannot say.

        Whoever has left is a stranger of the server where they last did something.
        """
        id = str(user["id"])
        remembered = self._state.people[id].server if id in self._state.people else ""
        servers = [str(guild.id) for guild in self._line.client.guilds]
        for server in self._candidates(remembered, servers):
            try:
                found = await self.find(server, id)
            except PlatformError:
                if server == remembered or len(servers) == 1:
                    return hear.read_person(user, None, self._places.server(server))
                continue
            if found is not None:
                return hear.read_person(
                    {**user, **(found.get("user") or {})}, found, self._places.server(server)
                )
        if remembered in servers:
            return hear.read_person(user, None, self._places.server(remembered), stranger=True)
        return None

    @staticmethod
    def _candidates(remembered: str, servers: list[str]) -> Iterator[str]:
        if remembered in servers:
            yield remembered
        yield from [server for server in servers if server != remembered][:SERVERS]


def shown_name(member: discord.Member) -> Json:
    """A member of discord.py's cache as Discord tells one."""
    user = {
        "id": str(member.id),
        "username": member.name,
        "global_name": member.global_name,
        "bot": member.bot,
    }
    roles = [str(role.id) for role in member.roles if not role.is_default()]
    return {"user": user, "roles": roles, "nick": member.nick}
