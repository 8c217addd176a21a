"""Who may do what where: Discord's permission bits, roles and overwrites."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fakes.discord.world import Channel, Guild, World


class May(IntFlag):
    """docs topics/permissions."""

    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    CHANGE_NICKNAME = 1 << 26
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_EVENTS = 1 << 33
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    CREATE_EVENTS = 1 << 44
    PIN_MESSAGES = 1 << 51


EVERYTHING = (1 << 53) - 1
EVERYONE = (
    May.VIEW_CHANNEL
    | May.SEND_MESSAGES
    | May.SEND_MESSAGES_IN_THREADS
    | May.CREATE_PUBLIC_THREADS
    | May.EMBED_LINKS
    | May.ATTACH_FILES
    | May.ADD_REACTIONS
    | May.READ_MESSAGE_HISTORY
    | May.USE_APPLICATION_COMMANDS
    | May.CHANGE_NICKNAME
)
"""What the role @everyone has in a new server, as far as this fake knows the bits."""

BOT = (
    EVERYONE
    | May.CREATE_PRIVATE_THREADS
    | May.MANAGE_THREADS
    | May.PIN_MESSAGES
    | May.MANAGE_EVENTS
    | May.CREATE_EVENTS
)
"""What the bot's own role has unless a test says otherwise: neither Administrator nor Mention Everyone."""

DIRECT = (
    May.VIEW_CHANNEL
    | May.SEND_MESSAGES
    | May.EMBED_LINKS
    | May.ATTACH_FILES
    | May.ADD_REACTIONS
    | May.READ_MESSAGE_HISTORY
    | May.USE_APPLICATION_COMMANDS
    | May.PIN_MESSAGES
)


def bits(names: May | int | str | Iterable[str]) -> int:
    """Permission bits from bits, one name, or several names."""
    if isinstance(names, int):
        return int(names)
    if isinstance(names, str):
        return int(May[names.upper()])
    total = 0
    for name in names:
        total |= bits(name)
    return total


def in_guild(guild: Guild, user_id: int) -> int:
    """What a member may do before channels say otherwise; 0 for somebody who is not a member."""
    member = guild.members.get(user_id)
    if member is None:
        return 0
    if guild.owner_id == user_id:
        return EVERYTHING
    total = guild.roles[guild.id].permissions
    for role_id in member.roles:
        total |= guild.roles[role_id].permissions
    return EVERYTHING if total & May.ADMINISTRATOR else total


def in_channel(world: World, channel: Channel, user_id: int) -> int:
    """What somebody may do in a channel, a thread (as in its parent) or a direct message."""
    if channel.guild_id is None:
        return int(DIRECT) if user_id in channel.recipients else 0
    guild = world.guilds.get(channel.guild_id)
    if guild is None or user_id not in guild.members:
        return 0
    total = in_guild(guild, user_id)
    if total == EVERYTHING:
        return EVERYTHING
    place = world.channels[channel.parent_id] if channel.is_thread and channel.parent_id else channel
    total = _overwritten(total, place, guild, user_id)
    if channel.type == 12 and user_id not in channel.thread_members and not total & May.MANAGE_THREADS:
        return 0
    return total if total & May.VIEW_CHANNEL else 0


def _overwritten(total: int, place: Channel, guild: Guild, user_id: int) -> int:
    allow, deny = place.overwrites.get(guild.id, (0, 0))
    total = total & ~deny | allow
    allow = deny = 0
    for role_id in guild.members[user_id].roles:
        more, less = place.overwrites.get(role_id, (0, 0))
        allow |= more
        deny |= less
    total = total & ~deny | allow
    allow, deny = place.overwrites.get(user_id, (0, 0))
    return total & ~deny | allow
