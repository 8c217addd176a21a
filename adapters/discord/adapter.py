"""The Discord adapter: one bot in any number of servers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from datetime import datetime
from typing import Any

import discord
from aiohttp import web

from adapters.discord import command_tree
from adapters.discord.api import DiscordApi
from adapters.discord.client import Json, make_intents
from adapters.discord.command_names import CommandNames
from adapters.discord.doctor import examine_bot
from adapters.discord.events import DiscordEvents
from adapters.discord.gateway import Gateway
from adapters.discord.history import DiscordHistory
from adapters.discord.interactions import DiscordInteractions
from adapters.discord.membership import Membership
from adapters.discord.notices import FORM_WITNESS
from adapters.discord.people import DiscordPeople
from adapters.discord.places import PLATFORM, Places, server_of
from adapters.discord.scheduled_events import ScheduledEvents
from adapters.discord.state import DiscordState
from adapters.discord.timings import Timings
from bot.chat.addressless import Addressless
from bot.chat.canvasless import Canvasless
from bot.chat.cards import Card
from bot.chat.command_lines import WritingCore
from bot.chat.findings import Finding
from bot.chat.models import Person, Place
from bot.chat.port import AdapterState, CalendarEvent, CorePort, History, HistoryUnavailable
from bot.chat.rate_limits import Pace

log = logging.getLogger(__name__)
API = "https://discord.com/api/v10"
BACKLOG = 2000
"""Events under way at once; each is a task that waits for the store."""
PACE = Pace(
    lane_rate=1.0, lane_burst=5, space_rate=10.0, space_burst=20, overall_rate=20.0, overall_burst=40,
    read_rate=5.0, read_burst=20, settle=90.0,
)  # fmt: skip
"""Discord allows 50 requests a second and tells finer limits with every answer, which discord.py keeps to."""
_NOT_OURS = (discord.app_commands.CommandNotFound, discord.app_commands.CommandSignatureMismatch)


class DiscordAdapter(Addressless, Canvasless):
    """Implements `bot.chat.port.Adapter` for one bot in any number of servers. `start` raises `CannotConnect`."""

    platform = PLATFORM
    pace = PACE
    form_witness = FORM_WITNESS

    def __init__(
        self, token: str, now: Callable[[], datetime], memory: AdapterState, *, api_url: str = API,
        servers: Mapping[str, str] | None = None, message_content: bool = True, members: bool = False, shards: int = 0, timings: Timings | None = None,
    ) -> None:  # fmt: skip
        """`servers`: slugs of communities by server id. `shards` 0: as many as Discord recommends. `api_url`: Discord's."""
        self.token, self.api_url, self.shards = token, api_url, shards
        self.intents = make_intents(message_content=message_content, members=members)
        self._servers = servers or {}
        self._now, self._timings = now, timings or Timings()
        self._state = DiscordState(memory)
        self._names = CommandNames(self._state, lambda: self._core.menu if self._core is not None else None)
        self._tasks: set[asyncio.Task[None]] = set()
        self._hearing, self._left_out, self._planted = False, 0, ""
        self._core: CorePort | None = None
        self.gateway = Gateway(self, self._state, lambda: now().timestamp(), self._timings, self)
        places = Places(self.gateway)
        people = self.people = DiscordPeople(self.gateway, places, self._state)
        self.api = DiscordApi(self.gateway, places, self._state)
        self.open_private, self.admit = self.api.open_private, self.api.admit
        self.posting_problem, self.link = self.api.posting_problem, self.api.link
        self._history = DiscordHistory(self.gateway, places, people, self.api)
        self._scheduled_events = ScheduledEvents(self.gateway, now)
        self._events = DiscordEvents(
            self.gateway, places, people, self._state, self.api, now, self._timings.again
        )
        self._membership = Membership(self.gateway, places, self._state, self.api, self._timings.again)
        self._interactions = DiscordInteractions(
            self.gateway, places, people, self._state, self.api, self._timings.slow
        )

    # ── start and stop ────────────────────────────────────────────────────────

    @property
    def ready(self) -> bool:
        """Whether events can arrive."""
        return self.gateway.ready

    @property
    def why(self) -> str:
        """What keeps them from arriving; empty while nothing does."""
        return self.gateway.why

    @property
    def client(self) -> discord.Client:
        """The discord.py client of now."""
        return self.gateway.client

    async def bind(self, core: CorePort) -> None:
        """Tell this core what happens, without connecting: for whoever drives the client themselves."""
        core = WritingCore(core, self._names.texts)
        self._core = self._events.core = self._interactions.core = self._membership.core = core
        await self._state.load()
        self._hearing = True

    async def start(self, core: CorePort) -> None:
        """Connect and tell who is there; on an outage it is tried on, and `why` says so."""
        await self.bind(core)
        await self.gateway.start()
        while self.gateway.ready and self._arriving:
            await asyncio.wait(self._arriving)

    async def stop(self) -> None:
        """Stop hearing, let running answers finish, disconnect."""
        self._hearing = False
        await self._events.stop()
        if running := set(self._tasks):
            _, late = await asyncio.wait(running, timeout=self._timings.drain)
            for task in late:
                task.cancel()
        await self.gateway.stop()
        self._core = self._events.core = self._interactions.core = self._membership.core = None

    async def check_credentials(self) -> None:
        """Nothing to ask: a token that is reset closes the connection with 4004, and `ready` knows that."""

    def routes(self) -> Sequence[web.RouteDef]:
        """Discord is heard through its gateway, not by HTTP."""
        return ()

    def community_of(self, space: str) -> str | None:
        """The community that a server is listed under; a server that nobody listed sees nothing."""
        return self._servers.get(server_of(space))

    async def redeliver(self) -> None:
        """Tell again, now, what could not be kept."""
        await self._events.redeliver()

    async def examine(
        self, channels: Mapping[str, Collection[str]], spaces: Collection[str] | None = None
    ) -> list[Finding]:
        """What is wrong, each fault with its fix; `examine_bot` says what it takes."""
        return await examine_bot(self.token, self.api_url, self.intents, self._now, channels, spaces)

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(self._logged(work), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @staticmethod
    async def _logged(work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:
            log.exception("what Discord told could not be taken in")

    @property
    def _arriving(self) -> set[asyncio.Task[None]]:
        return {task for task in self._tasks if task.get_name() == "discord arrivals"}

    # ── what the client tells ─────────────────────────────────────────────────

    def raw(self, event: str, payload: Json) -> None:
        """An event as Discord sent it. In a flood the re-reading of conversations has to find what is left out here."""
        if not self._hearing:
            return
        if len(self._tasks) >= BACKLOG:
            self._left_out += 1
            if self._left_out == 1 or self._left_out % BACKLOG == 0:
                log.warning("too much at once: %s events were left to be found later", self._left_out)
        else:
            self._spawn(self._events.hear(event, payload), f"discord {event.lower()}")

    async def identifying(self, shard: int, *, initial: bool) -> None:
        await self.gateway.spend(shard, initial=initial)

    async def logged_in(self, client: discord.Client, commands: command_tree.Tree) -> None:
        """The commands are planted on every new client, and told to Discord when they have changed."""
        self.gateway.entered()
        core = self._core
        if core is None:
            return
        hands = self._interactions
        if not commands.get_commands():
            self._planted = command_tree.add_commands(
                commands, core.menu, hands.answer, hands.complete, hands.use
            )
            commands.error(self._command_failed)
        self._names.learn(commands)
        self._spawn(self._sync(client, commands), "discord commands")

    async def _sync(self, client: discord.Client, commands: command_tree.Tree) -> None:
        """At most 200 new commands a day are allowed (docs application-commands), so only what changed is told."""
        wanted = f"{client.application_id}:{self._planted}"
        for pause in (*self._timings.again, None):
            if (wanted == self._state.commands and self._state.command_ids) or client.is_closed():
                return
            try:
                await self._names.tell(commands, wanted)
            except (discord.DiscordException, OSError) as error:
                log.warning("the commands could not be told to Discord: %s", type(error).__name__)
                if pause is not None:
                    await asyncio.sleep(pause)

    async def _command_failed(self, interaction: discord.Interaction, error: Exception) -> None:
        if isinstance(error, _NOT_OURS):
            await self._interactions.unknown(interaction)
            return
        cause = error.__cause__ or error
        log.error("a command failed: %s", type(cause).__name__, exc_info=cause)

    def up(self, shard: int, *, whole: bool) -> None:
        """A shard is connected."""
        self.gateway.up(shard)
        if self._hearing:
            work = self._membership.connected(shard, whole=whole, all_shards=self.gateway.ready)
            self._spawn(work, "discord arrivals")

    def down(self, shard: int) -> None:
        self.gateway.down(shard)

    async def interaction(self, interaction: discord.Interaction) -> None:
        if self._hearing:
            await self._spawn(self._interactions.hear(interaction), "discord interaction")

    async def joined(self, guild: discord.Guild) -> None:
        if self._hearing:
            await self._membership.joined(guild)

    async def available(self, guild: discord.Guild) -> None:
        """Also told while connecting, when all servers are told anyway."""
        if self._hearing and self.gateway.ready:
            await self._membership.available(guild)

    async def removed(self, guild: discord.Guild) -> None:
        if self._hearing:
            await self._membership.left(str(guild.id))

    async def members(self, seen: Sequence[discord.Member], channels: Sequence[str] | None = None) -> None:
        if self._hearing:
            await self._membership.members(seen, channels)

    async def member_left(self, server: str, user: discord.User | discord.Member) -> None:
        if self._hearing:
            await self._membership.member_left(server, user)

    # ── the verbs of the port ─────────────────────────────────────────────────

    def count_parts(self, card: Card) -> int:  # noqa: ARG002
        """Every card is one message: what is longer goes with it as a file."""
        return 1

    async def post(self, place: Place, card: Card, marker: str, part: int = 0) -> str:  # noqa: ARG002
        return await self.api.post(place, self._names.texts.card(card), marker)

    async def update(self, place: Place, message: str, card: Card) -> None:
        await self.api.update(place, message, self._names.texts.card(card))

    async def delete(self, place: Place, message: str) -> None:
        await self.api.delete(place, message)

    async def thread(self, place: Place, message: str, name: str) -> Place:
        return await self.api.thread(place, message, name)

    async def direct(self, space: str, person: str) -> Place:
        return await self.api.direct(space, person)

    async def private(self, place: Place, person: str, card: Card) -> None:
        await self.api.private(place, person, self._names.texts.card(card))

    async def find(self, place: Place, marker: str, since: datetime) -> tuple[str, ...] | HistoryUnavailable:
        return await self._history.find(place, marker, since)

    def platform_time(self) -> datetime | None:
        return self.gateway.clock.now()

    async def history(self, place: Place, after: datetime | None) -> History | HistoryUnavailable:
        return await self._history.history(place, after)

    async def pin(self, place: Place, message: str, *, pinned: bool) -> None:
        await self.api.pin(place, message, pinned=pinned)

    async def close(self, place: Place, *, closed: bool) -> None:
        await self.api.close(place, closed=closed)

    async def put_event(self, space: str, event: CalendarEvent, known: str | None) -> str | None:
        return await self._scheduled_events.put_event(space, event, known)

    async def cancel_event(self, space: str, event: str) -> None:
        await self._scheduled_events.cancel_event(space, event)

    async def look_up(self, space: str, person: str) -> Person:
        return await self.people.look_up(server_of(space), person)
