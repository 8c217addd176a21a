"""What exists on the pretended Discord: people, servers, channels, threads and messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.fakes.discord.errors import not_found
from tests.fakes.discord.ids import Clock, Snowflakes

TEXT, DM, CATEGORY, NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD, FORUM = 0, 1, 4, 10, 11, 12, 15
THREADS = (NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD)
EPHEMERAL, LOADING, HAS_THREAD, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 5, 1 << 15


@dataclass
class User:
    id: int
    name: str
    """The display name; the user name is made from it."""
    bot: bool = False
    direct_open: bool = True
    """Whether this person takes direct messages from the bot."""

    @property
    def username(self) -> str:
        return "".join(c for c in self.name.lower() if c.isalnum() or c in "._") or f"user{self.id}"


@dataclass
class Role:
    id: int
    name: str
    permissions: int
    position: int
    mentionable: bool = False
    managed: bool = False


@dataclass
class Member:
    user_id: int
    joined: datetime
    roles: list[int] = field(default_factory=list)
    nick: str | None = None
    pending: bool = False


@dataclass
class Guild:
    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    events: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Scheduled events by id, in Discord's own shape."""
    locale: str = "en-US"
    unavailable: bool = False
    system_channel: int | None = None
    """Where Discord itself tells of newcomers, if a channel was chosen for that."""


@dataclass
class Channel:
    id: int
    type: int
    name: str
    guild_id: int | None = None
    parent_id: int | None = None
    topic: str | None = None
    position: int = 0
    overwrites: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Allowed and denied bits by the id of a role or member."""
    recipients: list[int] = field(default_factory=list)
    tags: list[dict[str, Any]] = field(default_factory=list)
    messages: dict[int, Message] = field(default_factory=dict)
    last_message_id: int | None = None
    flags: int = 0
    # What only a thread has.
    owner_id: int | None = None
    archived: bool = False
    locked: bool = False
    auto_archive: int = 4320
    archive_time: datetime | None = None
    active_at: datetime | None = None
    thread_members: dict[int, datetime] = field(default_factory=dict)
    applied_tags: list[int] = field(default_factory=list)
    sent: int = 0
    """How many messages were ever sent to the thread."""

    @property
    def is_thread(self) -> bool:
        return self.type in THREADS


@dataclass
class Message:
    id: int
    channel_id: int
    author_id: int
    content: str = ""
    type: int = 0
    flags: int = 0
    embeds: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    nonce: str | int | None = None
    reference: dict[str, Any] | None = None
    edited: datetime | None = None
    pinned_at: datetime | None = None
    reactions: dict[str, list[int]] = field(default_factory=dict)
    """Who reacted, by emoji: a character, or `name:id`."""
    mention_ids: list[int] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    allowed_mentions: dict[str, Any] | None = None
    """As it was sent; None when it was left out, and everything pings."""
    interaction: dict[str, Any] | None = None
    """Discord's `interaction_metadata`."""
    from_webhook: bool = False
    seen_by: int | None = None
    """The only person who sees an ephemeral message."""


class World:
    """The state behind the REST API and the gateway. It has no opinion about who may do what."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.ids = Snowflakes(clock)
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.bot = self.add_user("Fake Bot", bot=True)
        self.app_id = self.bot.id
        self.ephemerals: dict[int, Message] = {}
        self.nonces: dict[tuple[int, str], tuple[datetime, int, int]] = {}
        """When a nonce was used, and for which channel and message, by author and nonce."""

    def now(self) -> datetime:
        return self.clock.now()

    def add_user(self, name: str, *, bot: bool = False) -> User:
        user = User(self.ids.next(), name, bot)
        self.users[user.id] = user
        return user

    def channel(self, id: int | str) -> Channel:
        found = self.channels.get(_number(id))
        if found is None:
            raise not_found("Channel")
        return found

    def guild(self, id: int | str) -> Guild:
        found = self.guilds.get(_number(id))
        if found is None:
            raise not_found("Guild")
        return found

    def message(self, channel: Channel, id: int | str) -> Message:
        found = channel.messages.get(_number(id))
        if found is None:
            raise not_found("Message")
        return found

    def threads_of(self, guild: Guild) -> list[Channel]:
        return [c for c in self.channels.values() if c.is_thread and c.guild_id == guild.id]

    def direct(self, user: User) -> Channel:
        """The direct message between a person and the bot, made if need be."""
        for channel in self.channels.values():
            if channel.type == DM and user.id in channel.recipients:
                return channel
        channel = Channel(self.ids.next(), DM, "", recipients=[user.id, self.bot.id])
        self.channels[channel.id] = channel
        return channel

    def sleepy_threads(self) -> list[Channel]:
        """Threads whose time of quiet has passed: they are to be archived now."""
        now = self.now()
        return [
            c
            for c in self.channels.values()
            if c.is_thread
            and not c.archived
            and c.active_at is not None
            and now >= c.active_at + timedelta(minutes=c.auto_archive)
        ]


def _number(id: int | str) -> int:
    try:
        return int(id)
    except ValueError:
        return -1
