"""The scene: people, servers, roles, channels, permissions; as if set up in Discord's own client."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.permissions import BOT, EVERYONE, May, bits
from tests.fakes.discord.world import DM, FORUM, TEXT, Channel, Guild, Member, Message, Role, User

if TYPE_CHECKING:
    from tests.fakes.discord.server import FakeDiscord

Json = dict[str, Any]
Names = May | int | str | Iterable[str]


class Arranging:
    """What a test sets up. Everything is told to the bot as Discord would tell it."""

    def user(self: FakeDiscord, name: str, *, bot: bool = False, locale: str = "en-US") -> User:
        """A person on Discord, in no server yet. `locale` is the language of their client."""
        user = self.world.add_user(name, bot=bot)
        self.locales[user.id] = locale
        return user

    def guild(
        self: FakeDiscord,
        name: str = "Meadow School",
        *,
        owner: User | None = None,
        bot: Names = BOT,
        everyone: Names = EVERYONE,
        with_bot: bool = True,
        locale: str = "en-US",
    ) -> Guild:
        """A server the bot is in. `bot` and `everyone` are permission bits or names."""
        owner = owner or self.world.add_user(f"Owner of {name}")
        guild = Guild(self.world.ids.next_apart(), name, owner.id, locale=locale)
        guild.roles[guild.id] = Role(guild.id, "@everyone", bits(everyone), 0)
        self.world.guilds[guild.id] = guild
        guild.members[owner.id] = Member(owner.id, self.world.now())
        if with_bot:
            self.add_bot(guild, bot)
        return guild

    def add_bot(self: FakeDiscord, guild: Guild, permissions: Names = BOT) -> None:
        """Invite the bot: it becomes a member with a role of its own."""
        me = self.world.bot
        role = Role(self.world.ids.next(), me.name, bits(permissions), len(guild.roles), managed=True)
        guild.roles[role.id] = role
        guild.members[me.id] = Member(me.id, self.world.now(), [role.id])
        self.news.guild_joined(guild)

    def remove_bot(self: FakeDiscord, guild: Guild) -> None:
        """The bot leaves or is thrown out."""
        guild.members.pop(self.world.bot.id, None)
        guild.roles = {k: r for k, r in guild.roles.items() if not r.managed}
        self.news.guild_gone(guild)

    def member(
        self: FakeDiscord, name: str, guild: Guild, *, roles: Iterable[Role] = (), locale: str = "en-US"
    ) -> User:
        """A new person who is in the server already: the bot is not told."""
        user = self.user(name, locale=locale)
        guild.members[user.id] = Member(user.id, self.world.now(), [r.id for r in roles])
        return user

    def role(
        self: FakeDiscord, guild: Guild, name: str, permissions: Names = 0, *, mentionable: bool = False
    ) -> Role:
        role = Role(self.world.ids.next(), name, bits(permissions), len(guild.roles), mentionable)
        guild.roles[role.id] = role
        self.news.role("GUILD_ROLE_CREATE", guild, role)
        return role

    def channel(
        self: FakeDiscord,
        guild: Guild,
        name: str = "general",
        kind: int = TEXT,
        *,
        parent: Channel | None = None,
    ) -> Channel:
        channel = Channel(self.world.ids.next(), kind, name, guild.id, parent.id if parent else None)
        channel.position = len([c for c in self.world.channels.values() if c.guild_id == guild.id])
        self.world.channels[channel.id] = channel
        self.news.channel("CHANNEL_CREATE", channel)
        return channel

    def forum(
        self: FakeDiscord, guild: Guild, name: str = "discussions", tags: Iterable[str] = ()
    ) -> Channel:
        """A forum with tags by name."""
        forum = Channel(self.world.ids.next(), FORUM, name, guild.id)
        for tag in tags:
            id = str(self.world.ids.next())
            forum.tags.append(
                {"id": id, "name": tag, "moderated": False, "emoji_id": None, "emoji_name": None}
            )
        self.world.channels[forum.id] = forum
        self.news.channel("CHANNEL_CREATE", forum)
        return forum

    def allow(self: FakeDiscord, place: Channel, who: User | Role | Guild, names: Names) -> None:
        """Overwrite permissions in a channel; `who` is a person, a role, or the server for everyone."""
        allowed, denied = place.overwrites.get(who.id, (0, 0))
        place.overwrites[who.id] = (allowed | bits(names), denied & ~bits(names))
        self.news.channel("CHANNEL_UPDATE", place)

    def deny(self: FakeDiscord, place: Channel, who: User | Role | Guild, names: Names) -> None:
        allowed, denied = place.overwrites.get(who.id, (0, 0))
        place.overwrites[who.id] = (allowed & ~bits(names), denied | bits(names))
        self.news.channel("CHANNEL_UPDATE", place)

    def permit_bot(self: FakeDiscord, guild: Guild, names: Names) -> None:
        """Set what the bot's own role may do in a server."""
        role = next(r for r in guild.roles.values() if r.managed)
        role.permissions = bits(names)
        self.news.role("GUILD_ROLE_UPDATE", guild, role)

    def give(self: FakeDiscord, guild: Guild, user: User, role: Role) -> None:
        guild.members[user.id].roles.append(role.id)
        self.news.member("GUILD_MEMBER_UPDATE", guild, user.id)

    def take(self: FakeDiscord, guild: Guild, user: User, role: Role) -> None:
        guild.members[user.id].roles.remove(role.id)
        self.news.member("GUILD_MEMBER_UPDATE", guild, user.id)

    def close_dms(self: FakeDiscord, user: User) -> None:
        """From now on direct messages to this person fail (50007)."""
        user.direct_open = False

    def set_thread(
        self: FakeDiscord, thread: Channel, *, archived: bool | None = None, locked: bool | None = None
    ) -> None:
        """A moderator archives, opens or locks a thread."""
        if archived is not None:
            thread.archived, thread.archive_time = archived, self.world.now()
            thread.active_at = self.world.now()
        if locked is not None:
            thread.locked = locked
        self.news.thread("THREAD_UPDATE", thread)

    def outage(self: FakeDiscord, guild: Guild) -> None:
        """The server cannot be reached for now; `recover` ends it."""
        guild.unavailable = True
        self.news.guild_gone(guild, outage=True)

    def recover(self: FakeDiscord, guild: Guild) -> None:
        guild.unavailable = False
        self.news.guild_joined(guild, back=True)

    # ── what routes and people do to the world ────────────────────────────────

    def wake_up(self: FakeDiscord) -> None:
        """Archive the threads whose time has come; called with every request and gesture."""
        for thread in self.world.sleepy_threads():
            self.set_thread(thread, archived=True)

    def remove_message(self: FakeDiscord, place: Channel, message: Message) -> None:
        del place.messages[message.id]
        self.news.message_gone(place, message.id)

    def remove_channel(self: FakeDiscord, place: Channel) -> None:
        del self.world.channels[place.id]
        for thread in [t for t in self.world.channels.values() if t.is_thread and t.parent_id == place.id]:
            del self.world.channels[thread.id]
        if place.is_thread:
            self.news.thread_gone(place)
        elif place.type != DM:
            self.news.channel("CHANNEL_DELETE", place)

    def add_reaction(self: FakeDiscord, place: Channel, message: Message, user: User, emoji: str) -> None:
        who = message.reactions.setdefault(emoji, [])
        if user.id not in who:
            who.append(user.id)
            self.news.reaction("MESSAGE_REACTION_ADD", place, message, user, emoji)

    def remove_reaction(self: FakeDiscord, place: Channel, message: Message, user: User, emoji: str) -> None:
        who = message.reactions.get(emoji, [])
        if user.id in who:
            who.remove(user.id)
            if not who:
                del message.reactions[emoji]
            self.news.reaction("MESSAGE_REACTION_REMOVE", place, message, user, emoji)
