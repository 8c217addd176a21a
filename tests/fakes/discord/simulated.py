"""simcord behind the same gestures as the fake: real discord.py, but neither wire nor sockets.

    async with simulated(client, clock) as d:        # the client is logged in and ready inside
        guild = d.guild()
        channel, ana = d.channel(guild), d.member("Ana", guild)
        await d.slash(ana, channel, "reflect answer", text="…")
        print(d.text(d.messages(channel)[-1]))

Whoever logs in and connects a client on their own (as the bot does) gives `start=False`: then `client.login()`, whenever
it is called, logs in here, and `client.connect()` only waits until the client is closed. Once that is under way call
`settle()` before setting up more of the scene.

Every gesture waits until the client has finished what it began (`settle` does too): tasks begun inside `setup_hook` or
an event handler must end, those begun outside are not looked at. Work that only a task outside ends is waited for.

Ids and times follow the injected clock (`now()`): message ids, deadlines of interactions, `discord.utils.utcnow` in
the client. simcord's own virtual timers (view timeouts, `asyncio.sleep` in handlers) become due when that clock has
passed them, at the next gesture or `settle()`.

What simcord 3.2 cannot show, so the fake over the wire (`FakeDiscord`) has to:

- Nonces: `nonce` and `enforce_nonce` are ignored, a second send with the same nonce is a second message.
- Transport: no 429, dropped connections, timeouts, half or strange bodies, and no retries of discord.py (its
  `HTTPClient.request` is replaced, so an injected 502 is raised at once as a bare `HTTPException`, not as
  `DiscordServerError`). A fault never happens after the request was carried out.
- Gateway: no HELLO, IDENTIFY, RESUME, heartbeats, close codes, budgets, failing or lost connections. What happens while
  the client is `deaf` is lost.
- Threads: a second thread from the same message is not refused (160004), the one there is replaced; a thread from a
  message leaves a THREAD_CREATED notice (type 18) in its channel, as Discord does not, and neither the starter
  (type 21) nor the flag. Archived and locked threads take messages, edits and reactions (no 50083 or 160005), nothing
  archives or wakes them. The API's default type is a public thread. The first message of a forum post does not have
  the thread's id.
- Permissions: pins ask for Manage Messages, not for Pin Messages; changing a thread asks for Manage Channels, not for
  Manage Threads, of its owner too. Attach Files is not asked for.
- Direct messages: nobody can close theirs; `close_dms` injects the error instead.
- Interactions: answering with a type that does not fit the interaction is accepted; ephemeral messages never come
  back as events (there is nothing to switch on); no real-time deadline, only by the clock.
- History: what came after an id is answered with its newest page, not with its oldest: nobody can page on from there.
- Limits: people write 2,000 characters at most, even those who may write 4,000; names of threads (other than posts),
  nonces, sizes and number of files, commands and the choices of an autocompletion are not checked, and 200 creates of
  commands a day are not counted.
- One client at a time (`takes` brings the next), one process, one shard count known beforehand; nothing for a bot that
  runs as a real process.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import discord
import simcord._clock
from simcord.backend import Backend, serializers
from simcord.backend.models import Overwrite
from simcord.builders import ChannelHandle, GuildHandle, RoleHandle, UserHandle
from simcord.enums import OverwriteType
from simcord.env import Env
from simcord.http.router import RequestContext, route

from tests.fakes.discord.ids import Clock, Machine
from tests.fakes.discord.permissions import BOT, EVERYONE, May, bits
from tests.fakes.discord.simulated_acts import SimulatedActs

Json = dict[str, Any]
Names = May | int | str | Iterable[str]


class Follow(simcord._clock.Clock):
    """A simcord clock that shows an injected one. What simcord itself advances is added to it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.now()
        self._ahead = timedelta()

    def now(self) -> datetime:
        return self._clock.now() + self._ahead

    @property
    def elapsed(self) -> float:  # type: ignore[override] # simcord only reads it
        return (self.now() - self._began).total_seconds()

    def advance(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)


@asynccontextmanager
async def simulated(
    client: discord.Client,
    clock: Clock | None = None,
    *,
    start: bool = True,
    check_errors: bool = True,
    **options: Any,
) -> AsyncIterator[Simulated]:
    """Log a client in to a simulated Discord; errors it swallowed are raised at the end unless told not to.

    `start=False` leaves logging in to somebody else. `options` are simcord's: `approved_intents`, `shard_count`,
    `settle_timeout`, `strict_sync`.
    """
    env = Env(client, check_errors=check_errors, **options)
    env.backend = Backend(clock=Follow(clock or Machine()))
    scene = Simulated(env)
    scene.takes(client, _portal(options.get("approved_intents")))
    if start:
        await client.login("")
    here = env.time_context()
    here.__enter__()
    try:
        yield scene
    finally:
        await env.shutdown()
        with suppress(ValueError):  # a fixture is left in another context than it was entered in
            here.__exit__(None, None, None)
    if check_errors:
        env._raise_errors_since(env._errors_acknowledged)


def _portal(approved: discord.Intents | None) -> discord.ApplicationFlags:
    """The flags of an application for which these intents are switched on."""
    flags = discord.ApplicationFlags()
    flags.gateway_message_content_limited = approved is None or approved.message_content
    flags.gateway_guild_members_limited = approved is None or approved.members
    return flags


@route("GET", "/gateway/bot")
def _gateway(ctx: RequestContext) -> Json:
    """simcord has no gateway and so no address for one; who asks only wants to know the budget."""
    limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
    return {"url": "wss://gateway.invalid", "shards": 1, "session_start_limit": limit}


class Simulated(SimulatedActs):
    """The scene. What it gives out are simcord's own handles, which have `id` and `name`."""

    def __init__(self, env: Env) -> None:
        super().__init__(env)
        self.env = env

    def takes(self, client: discord.Client, flags: discord.ApplicationFlags | None = None) -> None:
        """From now on this client logs in here, instead of the one before (which is closed by then)."""
        login, close, closed = client.login, client.close, asyncio.Event()

        async def enter(token: str) -> None:
            await login(token)
            self._tell_members(client)

        async def attach(_token: str) -> None:
            client.login = enter  # type: ignore[method-assign] # simcord calls it in there
            async with self.attaching:
                if self.env._started:
                    await self.env.restart_bot(client)
                else:
                    self.env.bot = client
                    await self.env.start()
            client._connection.application_flags = flags or _portal(None)

        async def wait(**_: Any) -> None:
            await closed.wait()

        async def end() -> None:
            closed.set()
            await close()

        client.login, client.connect, client.close = attach, wait, end  # type: ignore[method-assign, assignment]

    def _tell_members(self, client: discord.Client) -> None:
        """Servers come with everybody in them: on Python 3.11 simcord is ready before the client has asked."""
        state, tell = client._connection, client._connection.parsers["GUILD_CREATE"]

        def told(payload: Json) -> None:
            tell(payload)
            there, guild = self.backend.guilds[int(payload["id"])], client.get_guild(int(payload["id"]))
            assert guild is not None
            for one in there.members.values():
                data = serializers.member_payload(self.backend, there, one)
                guild._add_member(discord.Member(data=data, guild=guild, state=state))

        if client.intents.members:
            state.parsers["GUILD_CREATE"] = told

    @property
    def deaf(self) -> bool:
        """Whether nothing that happens reaches the client."""
        return self.env._gateway_feed not in self.backend.subscribers

    @deaf.setter
    def deaf(self, deaf: bool) -> None:
        feed = self.env._gateway_feed
        self.backend.subscribers[:] = [] if deaf else [feed]

    def here(self) -> AbstractContextManager[None]:
        """Inside, the test itself may use interactions of the client and `discord.utils.utcnow`.

        Needed where `simulated` is entered in a fixture: simcord keeps both in context variables, which a test
        does not inherit. So does whatever the client leaves to tasks that were begun before it was logged in.
        """
        return self.env.time_context()

    @property
    def calls(self) -> list[Any]:
        """Every request of the client: `.method`, `.path`, `.json`, `.error`."""
        return self.env.http_requests

    def calls_to(self, method: str, path: str) -> list[Any]:
        """Requests with a method whose path ends like this, such as `("POST", "/messages")`."""
        return [c for c in self.env.http_requests if c.method == method and c.path.endswith(path)]

    def user(self, name: str, *, bot: bool = False) -> UserHandle:
        plain = "".join(c for c in name.lower() if c.isalnum()) or "user"
        return self.env.create_user(plain, bot=bot, global_name=None if bot else name)

    def guild(
        self,
        name: str = "Meadow School",
        *,
        owner: UserHandle | None = None,
        bot: Names = BOT,
        everyone: Names = EVERYONE,
        **options: Any,
    ) -> GuildHandle:
        guild = self.env.create_guild(name, owner=owner, **options)
        self.permit_bot(guild, bot)
        self.backend.edit_role(guild.id, guild.id, {"permissions": bits(everyone)})
        return guild

    def member(self, name: str, guild: GuildHandle, *, roles: Iterable[RoleHandle] = ()) -> UserHandle:
        """A new person in the server; unlike with the fake the client is told of them joining."""
        user = self.user(name)
        guild.add_member(user, roles=list(roles))
        return user

    def role(
        self, guild: GuildHandle, name: str, permissions: Names = 0, *, mentionable: bool = False
    ) -> RoleHandle:
        return guild.create_role(
            name, permissions=discord.Permissions(bits(permissions)), mentionable=mentionable
        )

    def channel(self, guild: GuildHandle, name: str = "general") -> ChannelHandle:
        return guild.create_text_channel(name)

    def forum(self, guild: GuildHandle, name: str = "discussions", tags: Iterable[str] = ()) -> ChannelHandle:
        forum = guild.create_forum_channel(name)
        listed = [
            {
                "id": str(self.backend.snowflake()),
                "name": t,
                "moderated": False,
                "emoji_id": None,
                "emoji_name": None,
            }
            for t in tags
        ]
        self.backend.edit_channel(forum.id, {"available_tags": listed})
        self.backend.announce_channel_update(forum.id)
        return forum

    def allow(self, place: ChannelHandle, who: Any, names: Names) -> None:
        self._overwrite(place, who, allow=bits(names))

    def deny(self, place: ChannelHandle, who: Any, names: Names) -> None:
        self._overwrite(place, who, deny=bits(names))

    def _overwrite(self, place: ChannelHandle, who: Any, *, allow: int = 0, deny: int = 0) -> None:
        old = next((o for o in place._channel.overwrites if o.target_id == who.id), None)
        person = isinstance(who, UserHandle | discord.abc.User)
        self.backend.set_overwrite(
            place.id,
            Overwrite(
                who.id,
                OverwriteType.MEMBER if person else OverwriteType.ROLE,
                (old.allow if old else 0) & ~deny | allow,
                (old.deny if old else 0) & ~allow | deny,
            ),
        )

    def permit_bot(self, guild: GuildHandle, names: Names) -> None:
        role = next(r for r in guild._guild.roles.values() if r.managed)
        self.backend.edit_role(guild.id, role.id, {"permissions": bits(names)})

    def give(self, guild: GuildHandle, user: UserHandle, role: RoleHandle) -> None:
        self.backend.add_member_role(guild.id, user.id, role.id)

    def take(self, guild: GuildHandle, user: UserHandle, role: RoleHandle) -> None:
        self.backend.remove_member_role(guild.id, user.id, role.id)

    def close_dms(self, user: UserHandle) -> None:
        place = self.backend.get_dm_channel(user.id)
        path = f"/channels/{place.id}/messages"
        text = "Cannot send messages to this user"
        self.env.inject_error("POST", path, status=403, code=50007, message=text, times=None)

    def set_thread(
        self, thread: ChannelHandle, *, archived: bool | None = None, locked: bool | None = None
    ) -> None:
        given = {"archived": archived, "locked": locked}
        told = {k: v for k, v in given.items() if v is not None}
        self.backend.edit_channel(thread.id, {}, thread_metadata=told)
        self.backend.announce_channel_update(thread.id)

    def remove_channel(self, place: ChannelHandle) -> None:
        self.backend.delete_channel(place.id)

    def remove_bot(self, guild: GuildHandle) -> None:
        self.backend.remove_guild(guild.id)

    def fail(
        self, method: str, path: str, *, status: int = 500, code: int = 0, times: int | None = 1
    ) -> None:
        """Make the next requests fail before they are carried out; `path` is a pattern with `*`."""
        self.env.inject_error(method, path, status=status, code=code, times=times)
