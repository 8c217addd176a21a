"""What the pretended Discord consists of, and how it changes so that the bot is told."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from tests.fakes.discord.calls import Bucket, Call, Faults
from tests.fakes.discord.chunking import send_members
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.ids import Clock, Machine
from tests.fakes.discord.interactions import Asked
from tests.fakes.discord.news import News
from tests.fakes.discord.world import DM, Channel, Guild, Message, User, World

Json = dict[str, Any]
TOKEN = "tilth-test.invented.token"


class Rig:
    """The parts. Routes and people change the world through here."""

    def __init__(self, clock: Clock | None = None, *, token: str = TOKEN) -> None:
        self.world = World(clock or Machine())
        self.gateway = Gateway(self.world, self.touch)
        self.news = News(self.world, self.gateway)
        self.asked = Asked(self)
        self.faults = Faults()
        self.token = self.gateway.token = token
        self.gateway.on_request[8] = lambda session, data: send_members(self.world, session, data)
        self.base = ""
        """`http://127.0.0.1:port`."""
        self.calls: list[Call] = []
        self.unknown: list[str] = []
        """Requests for which this fake has no route; leaving the context complains about them."""
        self.broken: list[str] = []
        """Tracebacks of the fake itself; leaving the context complains about them too."""
        self.commands: dict[int | None, list[Json]] = {}
        """Application commands by server, None for global ones."""
        self.command_creates: dict[int | None, list[datetime]] = {}
        self.uploads: dict[str, bytes] = {}
        self.attached: dict[str, Json] = {}
        """What people have attached to commands and forms, by id."""
        self.buckets: list[Bucket] = []
        self.locales: dict[int, str] = {}
        self.dated_by = self.world.clock
        """Whose time every answer tells."""
        self.nonce_window = timedelta(minutes=5)
        """How long a nonce is remembered. Discord only says "the past few minutes"."""
        self.answer_within = timedelta(seconds=3)
        self.echo_ephemerals = False
        """Whether the bot is told of ephemeral messages as if they were direct ones."""
        self.shards_advised = 1
        self.in_flight = 0
        self._touched = time.monotonic()

    def touch(self) -> None:
        self._touched = time.monotonic()

    def set_thread(
        self, thread: Channel, *, archived: bool | None = None, locked: bool | None = None
    ) -> None:
        """A moderator archives, opens or locks a thread."""
        if archived is not None:
            thread.archived, thread.archive_time = archived, self.world.now()
            thread.active_at = self.world.now()
        if locked is not None:
            thread.locked = locked
        self.news.thread("THREAD_UPDATE", thread)

    def remove_bot(self, guild: Guild) -> None:
        """The bot leaves or is thrown out."""
        guild.members.pop(self.world.bot.id, None)
        guild.roles = {k: r for k, r in guild.roles.items() if not r.managed}
        self.news.guild_gone(guild)

    def archive_sleepy(self) -> None:
        """Archive the threads whose time has come; called with every request and gesture."""
        for thread in self.world.sleepy_threads():
            self.set_thread(thread, archived=True)

    def remove_message(self, place: Channel, message: Message) -> None:
        del place.messages[message.id]
        self.news.message_gone(place, message.id)

    def remove_channel(self, place: Channel) -> None:
        del self.world.channels[place.id]
        for thread in [t for t in self.world.channels.values() if t.is_thread and t.parent_id == place.id]:
            del self.world.channels[thread.id]
        if place.is_thread:
            self.news.thread_gone(place)
        elif place.type != DM:
            self.news.channel("CHANNEL_DELETE", place)

    def add_reaction(self, place: Channel, message: Message, user: User, emoji: str) -> None:
        who = message.reactions.setdefault(emoji, [])
        if user.id not in who:
            who.append(user.id)
            self.news.reaction("MESSAGE_REACTION_ADD", place, message, user, emoji)

    def remove_reaction(self, place: Channel, message: Message, user: User, emoji: str) -> None:
        who = message.reactions.get(emoji, [])
        if user.id in who:
            who.remove(user.id)
            if not who:
                del message.reactions[emoji]
            self.news.reaction("MESSAGE_REACTION_REMOVE", place, message, user, emoji)
