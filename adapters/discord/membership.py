"""Servers and their members, told to the core: who is there, who came, who left."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Sequence

import discord

from adapters.discord import hear
from adapters.discord.api import DiscordApi
from adapters.discord.gateway import PORTAL
from adapters.discord.people import shown_name
from adapters.discord.places import DiscordConnection, Places, space_of
from adapters.discord.state import DiscordState
from bot.chat.cards import Card
from bot.chat.events import BotInvited, Event, PersonUpdated, Reply, SpaceConnected, SpaceRemoved
from bot.chat.models import Person, Place, Visibility
from bot.chat.port import CorePort, NotStored, PlatformError

log = logging.getLogger(__name__)

PEOPLE_FIX = (
    f"To see everybody, switch on “Server Members Intent” under “Bot” at {PORTAL}, set TILTH_DISCORD__MEMBERS=true, and "
    "start Tilth again."
)
"""What an operator does so that Discord lists the members of a server."""
TOGETHER = 64
"""People told at once: the store commits them together."""


class Membership:
    """Tells of servers after every gap, and of their members where the members intent lets us know them."""

    def __init__(
        self,
        line: DiscordConnection,
        places: Places,
        state: DiscordState,
        api: DiscordApi,
        again: tuple[float, ...],
    ) -> None:
        self._line, self._places, self._state, self._api, self._again = line, places, state, api, again
        self._there: dict[tuple[str, str], frozenset[str]] = {}
        """Channels in which each (server, person) was told to be."""
        self._turn = asyncio.Lock()
        """Whoever tells of people: what is told keeps the order in which it became so."""
        self.core: CorePort | None = None

    async def connected(self, shard: int, *, whole: bool, all_shards: bool) -> None:
        """A shard is up again: its servers are told, so that what was missed is read again."""
        first = not self._state.servers
        client = self._line.client
        guilds = [guild for guild in client.guilds if guild.shard_id == shard or not client.shard_count]
        for guild in guilds:
            if not guild.unavailable:
                await self._take_in(guild, invited=not first)
                if whole:
                    await self.people(guild)
        if whole and all_shards:
            here = {str(guild.id) for guild in client.guilds}
            for gone in self._state.servers - here:
                await self.left(gone)

    async def joined(self, guild: discord.Guild) -> None:
        """Somebody let the bot in just now."""
        await self._take_in(guild, invited=True)
        await self.people(guild)

    async def available(self, guild: discord.Guild) -> None:
        """A server is back after an outage of Discord's; one that nobody knew let the bot in during it."""
        if await self._take_in(guild, invited=bool(self._state.servers)):
            await self.people(guild)

    async def left(self, server: str) -> None:
        """The bot is out of a server. An outage of Discord's is something else, and is not told."""
        await self._state.leave(server)
        await self._tell(SpaceRemoved(space_of(server)))

    async def _take_in(self, guild: discord.Guild, *, invited: bool) -> bool:
        """Tell of a server that is there; whether somebody let the bot in (`invited`) and nobody knew of it yet.

        It is remembered only when its channel was told of, so that an end in between tells of it again: it is greeted once.
        """
        unknown = str(guild.id) not in self._state.servers
        new = unknown and invited
        await self._seen(guild, new=new)
        if unknown:
            if (channel := _greeting_channel(guild)) is not None:
                await self._tell(BotInvited(Place(space_of(guild.id), channel), whole=True), patient=True)
            await self._state.join(str(guild.id))
        return new

    async def _seen(self, guild: discord.Guild, *, new: bool) -> None:
        wanted = self._line.client.intents
        visible = Visibility(wanted.message_content, wanted.members, "" if wanted.members else PEOPLE_FIX)
        reply = await self._tell(SpaceConnected(space_of(guild.id), guild.name, new, visible), patient=True)
        if isinstance(reply, Card):
            await self._greet(guild, reply)

    async def _greet(self, guild: discord.Guild, card: Card) -> None:
        """To the owner; where they take no direct messages, in the channel for such notices."""
        try:
            return await self._api.private(Place(space_of(guild.id), ""), str(guild.owner_id), card)
        except PlatformError as error:
            log.info("the owner of %s could not be greeted directly: %s", guild.id, error.code)
        channel = guild.system_channel
        if channel is not None and channel.permissions_for(guild.me).send_messages:
            try:
                await self._api.whisper(str(channel.id), card)
            except PlatformError as error:
                log.warning("nobody in %s could be greeted: %s", guild.id, error.code)
        return None

    # ── people ────────────────────────────────────────────────────────────────

    async def people(self, guild: discord.Guild) -> None:
        """Everybody in a server, and the channels they can see; without the members intent nobody is listed."""
        await self.members(guild.members)

    async def members(self, seen: Sequence[discord.Member], channels: Sequence[str] | None = None) -> None:
        """People who joined or changed; with `channels`, who may be in these only now, or no longer."""
        if self._line.client.intents.members:
            async with self._turn:
                await self._sweep(list(seen), channels)

    async def _sweep(self, seen: Sequence[discord.Member], channels: Sequence[str] | None) -> None:
        """Tell of people who are still there, a few at a time."""
        waiting: list[PersonUpdated] = []
        for number, member in enumerate(seen, 1):
            # Somebody may leave while the others are looked through, and is not brought back.
            if not member.bot and member.guild.get_member(member.id) is not None:
                waiting += self._about(member) if channels is None else self._moved(member, channels)
            if len(waiting) >= TOGETHER:
                await self._tell_all(waiting)
                waiting = []
            elif not number % TOGETHER:
                await asyncio.sleep(0)  # a big server is looked through without holding everything else up
        await self._tell_all(waiting)

    async def member_left(self, server: str, user: discord.User | discord.Member) -> None:
        """Somebody left a server."""
        async with self._turn:
            self._there.pop((server, str(user.id)), None)
            person = Person(space_of(server), str(user.id), user.global_name or user.name, bot=user.bot)
            await self._tell(PersonUpdated(person, left=True))

    def _about(self, member: discord.Member) -> list[PersonUpdated]:
        server = str(member.guild.id)
        told = shown_name(member)
        person = hear.read_person(told["user"], told, self._places.server(server))
        key, now = (server, person.id), frozenset(_channels(member))
        before = self._there.get(key, frozenset())
        self._there[key] = now
        return [
            PersonUpdated(person),
            *(PersonUpdated(person, channel) for channel in sorted(now - before)),
            *(PersonUpdated(person, channel, left=True) for channel in sorted(before - now)),
        ]

    def _moved(self, member: discord.Member, channels: Sequence[str]) -> list[PersonUpdated]:
        """Which of some channels somebody can see only now, or no longer."""
        server = str(member.guild.id)
        told = shown_name(member)
        key = (server, str(member.id))
        before = self._there.get(key, frozenset())
        found = (member.guild.get_channel(int(one)) for one in channels)
        seen = {str(one.id) for one in found if one is not None and _is_seen(one, member)}
        now = (before - frozenset(channels)) | seen
        if now == before:
            return []
        self._there[key] = now
        person = hear.read_person(told["user"], told, self._places.server(server))
        return [PersonUpdated(person, one, left=one in before) for one in sorted(now ^ before)]

    async def _tell_all(self, seen: Iterable[PersonUpdated]) -> None:
        """Each person before the channels they are in."""
        events = list(seen)
        await asyncio.gather(*(self._tell(one) for one in events if one.channel is None))
        await asyncio.gather(*(self._tell(one) for one in events if one.channel is not None))

    async def _tell(self, event: Event, *, patient: bool = False) -> Reply:
        """Tell the core; `patient`: again, when it could not be stored."""
        for pause in (*(self._again if patient else ()), None):
            try:
                return await self.core.hear(event) if self.core is not None else None
            except NotStored:
                log.warning("a %s could not be stored", type(event).__name__)
                if pause is not None:
                    await asyncio.sleep(pause)
        return None


def _greeting_channel(guild: discord.Guild) -> str | None:
    """Where a server is told that the bot is there: its channel for such notices, else the first it may write in."""
    notices = guild.system_channel
    for channel in (*((notices,) if notices is not None else ()), *guild.text_channels):
        may = channel.permissions_for(guild.me)
        if may.view_channel and may.send_messages:
            return str(channel.id)
    return None


def _channels(member: discord.Member) -> Iterator[str]:
    """Channels that somebody can see and in which a prompt can be posted."""
    for channel in member.guild.channels:
        if _is_seen(channel, member):
            yield str(channel.id)


def _is_seen(channel: discord.abc.GuildChannel, member: discord.Member) -> bool:
    postable = isinstance(channel, discord.TextChannel | discord.ForumChannel)
    return postable and channel.permissions_for(member).view_channel
