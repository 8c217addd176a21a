"""The discord.py client: what it listens to, what it caches, and whom it tells."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import aiohttp
import discord
from discord.gateway import DiscordWebSocket, KeepAliveHandler
from discord.http import Route

from adapters.discord import command_tree as tree

Json = Mapping[str, Any]
RAW = (
    "MESSAGE_CREATE",
    "MESSAGE_UPDATE",
    "MESSAGE_DELETE",
    "MESSAGE_DELETE_BULK",
    "MESSAGE_REACTION_ADD",
    "MESSAGE_REACTION_REMOVE",
)
"""Events taken as Discord sends them: discord.py tells of new messages only as objects, which we would not use."""
PATIENCE = 10.0
"""Seconds a call may sleep for a rate limit, before it fails and the outbox waits instead.

The sender gives a call 15 seconds; discord.py's constructor allows nothing below 30, the attribute does.
"""


SOON = 0.01
"""Seconds that are waited for one more server where all are there; those that have come are taken in in any case."""


class Hearer(Protocol):
    """Whom the client tells."""

    def raw(self, event: str, payload: Json) -> None: ...

    async def identifying(self, shard: int, *, initial: bool) -> None:
        """An IDENTIFY is about to be sent; raises when it must not be."""
        ...

    async def logged_in(self, client: discord.Client, commands: tree.Tree) -> None:
        """Calls can be made; the commands are to be planted."""
        ...

    def up(self, shard: int, *, whole: bool) -> None:
        """A shard is connected again; `whole` when all of its servers are known anew."""
        ...

    def down(self, shard: int) -> None: ...

    async def interaction(self, interaction: discord.Interaction) -> None: ...

    async def joined(self, guild: discord.Guild) -> None: ...

    async def available(self, guild: discord.Guild) -> None: ...

    async def removed(self, guild: discord.Guild) -> None: ...

    async def members(self, seen: Sequence[discord.Member], channels: Sequence[str] | None = None) -> None:
        """These came or changed; `channels`: in these they may see something else than before, and nothing more changed."""
        ...

    async def member_left(self, server: str, user: discord.User | discord.Member) -> None: ...


def make_intents(*, message_content: bool, members: bool) -> discord.Intents:
    """Servers, messages and reactions; content and members only where the operator asked for them."""
    wanted = discord.Intents.none()
    wanted.guilds = wanted.guild_messages = wanted.dm_messages = True
    wanted.guild_reactions = wanted.dm_reactions = True
    wanted.message_content, wanted.members = message_content, members
    return wanted


class _AwaitedServers:
    """The servers that Discord has listed and not told of yet.

    discord.py calls itself ready when nothing has come for `guild_ready_timeout`, also after the last server there is. Once
    every listed one was told, it waits no longer; one that an outage keeps away is awaited as before.
    """

    def __init__(self, state: Any) -> None:
        self._state, self._settle = state, state.guild_ready_timeout
        self._awaited: dict[int, set[str]] = {}

    def follow(self, parse: Callable[[Any], None], note: Callable[[Json], None]) -> Callable[[Any], None]:
        """The same parser, that says of each event what is awaited after it."""

        def followed(payload: Any) -> None:
            note(payload)
            parse(payload)
            waits = any(self._awaited.values())
            self._state.guild_ready_timeout = self._settle if waits else min(SOON, self._settle)

        return followed

    def listed(self, ready: Json) -> None:
        """A shard is connected, and these are its servers."""
        self._awaited[ready.get("shard", (0,))[0]] = {str(one["id"]) for one in ready["guilds"]}

    def told(self, guild: Json) -> None:
        """A server is there; one that is away comes later."""
        if guild.get("unavailable") is not True:
            for awaited in self._awaited.values():
                awaited.discard(str(guild["id"]))


class _Telling(discord.Client):
    """What a client of one shard and one of many have in common."""

    hearer: Hearer
    tree: tree.Tree

    def tell(self, hearer: Hearer) -> None:
        """Tell `hearer` from now on."""
        self.hearer = hearer
        self.tree = tree.make_tree(self)
        self.http.max_ratelimit_timeout = PATIENCE
        parsers = self._connection.parsers  # the only place where a new message can be had as it came
        for event in RAW:
            parsers[event] = _raw(hearer, event)
        awaited = _AwaitedServers(self._connection)
        parsers["READY"] = awaited.follow(parsers["READY"], awaited.listed)
        parsers["GUILD_CREATE"] = awaited.follow(parsers["GUILD_CREATE"], awaited.told)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        await self.hearer.identifying(shard_id or 0, initial=initial)

    async def setup_hook(self) -> None:
        await self.hearer.logged_in(self, self.tree)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        await self.hearer.interaction(interaction)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.hearer.joined(guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        await self.hearer.available(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self.hearer.removed(guild)

    async def on_member_join(self, member: discord.Member) -> None:
        await self.hearer.members((member,))

    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        await self.hearer.members((after,))

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        await self.hearer.members(channel.guild.members, (str(channel.id),))

    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        if before.overwrites != after.overwrites:
            await self.hearer.members(after.guild.members, (str(after.id),))

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self.hearer.members(channel.guild.members, (str(channel.id),))

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        if before.permissions != after.permissions:
            await self.hearer.members(after.members, [str(one.id) for one in after.guild.channels])

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        await self.hearer.members(role.members, [str(one.id) for one in role.guild.channels])

    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        await self.hearer.member_left(str(payload.guild_id), payload.user)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """discord.py would log the arguments' words along with the error."""
        logging.getLogger(__name__).exception("%s failed", event_method)  # noqa: LOG004 - called inside one


class Single(_Telling):
    """One connection for all servers."""

    async def on_ready(self) -> None:
        self.hearer.up(0, whole=True)

    async def on_resumed(self) -> None:
        self.hearer.up(0, whole=False)

    async def on_disconnect(self) -> None:
        self.hearer.down(0)


class Sharded(_Telling, discord.AutoShardedClient):
    """Several connections, each for its share of the servers."""

    async def on_shard_ready(self, shard: int) -> None:
        self.hearer.up(shard, whole=True)

    async def on_shard_resumed(self, shard: int) -> None:
        self.hearer.up(shard, whole=False)

    async def on_shard_disconnect(self, shard: int) -> None:
        self.hearer.down(shard)


def make_client(
    hearer: Hearer, wanted: discord.Intents, shards: int, settle: float, heartbeat: float = 60.0, *,
    trace: aiohttp.TraceConfig | None = None,
) -> Single | Sharded:  # fmt: skip
    """A client that mentions nobody by default and keeps no messages. `settle`: how long the last server is awaited.

    `trace` sees every answer to a call.
    """
    silence_library()
    options: dict[str, Any] = {
        "intents": wanted,
        "max_messages": None,
        "allowed_mentions": discord.AllowedMentions.none(),
        "guild_ready_timeout": settle,
        "heartbeat_timeout": heartbeat,
        "chunk_guilds_at_startup": wanted.members,
        "http_trace": trace,
    }
    made: Single | Sharded = Sharded(shard_count=shards, **options) if shards > 1 else Single(**options)
    made.tell(hearer)
    return made


def point_library_at(api_url: str, gateway_url: str | None = None) -> None:
    """Speak to the Discord at this address; the gateway's own is told by GET /gateway/bot."""
    Route.BASE = api_url.rstrip("/")
    if gateway_url is not None:
        DiscordWebSocket.DEFAULT_GATEWAY = type(DiscordWebSocket.DEFAULT_GATEWAY)(gateway_url)


def silence_library() -> None:
    """discord.py prints every event with its words when it logs for debugging: never let it.

    Nor does it say that it cannot speak aloud, for which libraries are missing that nothing here needs.
    """
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    for name in ("discord", "discord.http", "discord.gateway", "discord.client", "discord.state"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logging.INFO, logger.getEffectiveLevel()))


def _raw(hearer: Hearer, event: str) -> Callable[[Json], None]:
    def tell(payload: Json) -> None:
        hearer.raw(event, payload)

    return tell


async def hearts_stopped() -> None:
    """Wait for the heartbeats of this loop: threads of discord.py, and one in mid-beat needs the loop for a last time."""
    loop = asyncio.get_running_loop()
    for thread in threading.enumerate():
        if isinstance(thread, KeepAliveHandler) and thread.ws.loop is loop:
            thread.stop()
            await asyncio.to_thread(thread.join, 2)
