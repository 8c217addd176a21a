"""The scene: people, servers, roles, channels, permissions; as if set up in Discord's own client."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.fakes.discord.permissions import BOT, EVERYONE, May, bits
from tests.fakes.discord.rig import Rig
from tests.fakes.discord.world import FORUM, TEXT, Channel, Guild, Member, Role, User

Json = dict[str, Any]
Names = May | int | str | Iterable[str]


class Arranging(Rig):
    """What a test sets up. Everything is told to the bot as Discord would tell it."""

    def user(self, name: str, *, bot: bool = False, locale: str = "en-US") -> User:
        """A person on Discord, in no server yet. `locale` is the language of their client."""
        user = self.world.add_user(name, bot=bot)
        self.locales[user.id] = locale
        return user

    def guild(
        self,
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

    def add_bot(self, guild: Guild, permissions: Names = BOT) -> None:
        """Invite the bot: it becomes a member with a role of its own."""
        me = self.world.bot
        role = Role(self.world.ids.next(), me.name, bits(permissions), len(guild.roles), managed=True)
        guild.roles[role.id] = role
        guild.members[me.id] = Member(me.id, self.world.now(), [role.id])
        self.news.guild_joined(guild)

    def member(self, name: str, guild: Guild, *, roles: Iterable[Role] = (), locale: str = "en-US") -> User:
        """A new person who is in the server already: the bot is not told."""
        user = self.user(name, locale=locale)
        guild.members[user.id] = Member(user.id, self.world.now(), [r.id for r in roles])
        return user

    def role(self, guild: Guild, name: str, permissions: Names = 0, *, mentionable: bool = False) -> Role:
        role = Role(self.world.ids.next(), name, bits(permissions), len(guild.roles), mentionable)
        guild.roles[role.id] = role
        self.news.role("GUILD_ROLE_CREATE", guild, role)
        return role

    def channel(
        self,
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

    def forum(self, guild: Guild, name: str = "discussions", tags: Iterable[str] = ()) -> Channel:
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

    def allow(self, place: Channel, who: User | Role | Guild, names: Names) -> None:
        """Overwrite permissions in a channel; `who` is a person, a role, or the server for everyone."""
        allowed, denied = place.overwrites.get(who.id, (0, 0))
        place.overwrites[who.id] = (allowed | bits(names), denied & ~bits(names))
        self.news.channel("CHANNEL_UPDATE", place)

    def deny(self, place: Channel, who: User | Role | Guild, names: Names) -> None:
        allowed, denied = place.overwrites.get(who.id, (0, 0))
        place.overwrites[who.id] = (allowed & ~bits(names), denied | bits(names))
        self.news.channel("CHANNEL_UPDATE", place)

    def permit_bot(self, guild: Guild, names: Names) -> None:
        """Set what the bot's own role may do in a server."""
        role = next(r for r in guild.roles.values() if r.managed)
        role.permissions = bits(names)
        self.news.role("GUILD_ROLE_UPDATE", guild, role)

    def give(self, guild: Guild, user: User, role: Role) -> None:
        guild.members[user.id].roles.append(role.id)
        self.news.member("GUILD_MEMBER_UPDATE", guild, user.id)

    def take(self, guild: Guild, user: User, role: Role) -> None:
        guild.members[user.id].roles.remove(role.id)
        self.news.member("GUILD_MEMBER_UPDATE", guild, user.id)

    def open_dms(self, user: User) -> None:
        """From now on this person takes direct messages again."""
        user.direct_open = True

    def close_dms(self, user: User) -> None:
        """From now on direct messages to this person fail (50007)."""
        user.direct_open = False

    def outage(self, guild: Guild) -> None:
        """The server cannot be reached for now; `recover` ends it."""
        guild.unavailable = True
        self.news.guild_gone(guild, outage=True)

    def recover(self, guild: Guild) -> None:
        guild.unavailable = False
        self.news.guild_joined(guild, back=True)
