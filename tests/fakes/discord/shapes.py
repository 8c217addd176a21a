"""The world in Discord's own JSON: users, members, roles, servers, channels."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.ids import iso, time_of
from tests.fakes.discord.permissions import in_channel, in_guild
from tests.fakes.discord.world import DM, FORUM, Channel, Guild, Member, Role, User, World

Json = dict[str, Any]

GATEWAY_PRESENCE, GATEWAY_MEMBERS, GATEWAY_CONTENT = 1 << 13, 1 << 15, 1 << 19
"""Application flags: which privileged intents a bot in fewer than 100 servers has switched on."""


def user(it: User) -> Json:
    return {
        "id": str(it.id),
        "username": it.username,
        "discriminator": "0000" if it.bot else "0",
        "global_name": None if it.bot else it.name,
        "avatar": None,
        "bot": it.bot,
        "public_flags": 0,
    }


def member(world: World, guild: Guild, it: Member, *, with_user: bool = True) -> Json:
    shape: Json = {
        "roles": [str(r) for r in it.roles],
        "nick": it.nick,
        "avatar": None,
        "joined_at": iso(it.joined),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": it.pending,
        "flags": 0,
        "communication_disabled_until": None,
    }
    if with_user:
        shape["user"] = user(world.users[it.user_id])
    return shape


def role(it: Role) -> Json:
    return {
        "id": str(it.id),
        "name": it.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": it.position,
        "permissions": str(it.permissions),
        "managed": it.managed,
        "mentionable": it.mentionable,
        "flags": 0,
    }


def channel(world: World, it: Channel) -> Json:
    if it.is_thread:
        return thread(world, it)
    if it.type == DM:
        others = [world.users[r] for r in it.recipients if r != world.bot.id]
        return {
            "id": str(it.id),
            "type": DM,
            "last_message_id": _id(it.last_message_id),
            "recipients": [user(o) for o in others],
            "flags": 0,
        }
    shape: Json = {
        "id": str(it.id),
        "type": it.type,
        "guild_id": str(it.guild_id),
        "name": it.name,
        "topic": it.topic,
        "position": it.position,
        "parent_id": _id(it.parent_id),
        "nsfw": False,
        "rate_limit_per_user": 0,
        "last_message_id": _id(it.last_message_id),
        "permission_overwrites": [_overwrite(world, it, t, *bits) for t, bits in it.overwrites.items()],
        "flags": it.flags,
    }
    if it.type == FORUM:
        shape |= {
            "available_tags": it.tags,
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
        }
    return shape


def _overwrite(world: World, it: Channel, target: int, allow: int, deny: int) -> Json:
    kind = 0 if target in world.guilds[it.guild_id or 0].roles else 1
    return {"id": str(target), "type": kind, "allow": str(allow), "deny": str(deny)}


def thread(world: World, it: Channel) -> Json:
    shape: Json = {
        "id": str(it.id),
        "type": it.type,
        "guild_id": str(it.guild_id),
        "parent_id": str(it.parent_id),
        "owner_id": str(it.owner_id),
        "name": it.name,
        "last_message_id": _id(it.last_message_id),
        "rate_limit_per_user": 0,
        "message_count": len([m for m in it.messages.values() if m.id != it.id]),
        "total_message_sent": it.sent,
        "member_count": min(50, len(it.thread_members)),
        "flags": it.flags,
        "thread_metadata": {
            "archived": it.archived,
            "locked": it.locked,
            "auto_archive_duration": it.auto_archive,
            "archive_timestamp": iso(it.archive_time or time_of(it.id)),
            "create_timestamp": iso(time_of(it.id)),
        },
    }
    if it.applied_tags:
        shape["applied_tags"] = [str(t) for t in it.applied_tags]
    if world.bot.id in it.thread_members:
        shape["member"] = thread_member(it, world.bot.id)
    return shape


def thread_member(it: Channel, user_id: int) -> Json:
    return {
        "id": str(it.id),
        "user_id": str(user_id),
        "join_timestamp": iso(it.thread_members[user_id]),
        "flags": 0,
    }


def partial_channel(world: World, it: Channel, user_id: int) -> Json:
    """A channel as it comes with an interaction: with the person's permissions there."""
    return channel(world, it) | {"permissions": str(in_channel(world, it, user_id))}


def interaction_member(world: World, guild: Guild, it: Member, place: Channel) -> Json:
    return member(world, guild, it) | {"permissions": str(in_channel(world, place, it.user_id))}


def guild(world: World, it: Guild) -> Json:
    """A server as REST tells it."""
    return {
        "id": str(it.id),
        "name": it.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "owner_id": str(it.owner_id),
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "nsfw": False,
        "application_id": None,
        "system_channel_id": None if it.system_channel is None else str(it.system_channel),
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": it.locale,
        "features": [],
        "emojis": [],
        "stickers": [],
        "roles": [role(r) for r in it.roles.values()],
        "max_members": 500000,
        "incidents_data": None,
    }


def guild_create(world: World, it: Guild, *, presences: bool) -> Json:
    """A server as the gateway tells it. Without the presences intent only the bot is among the members."""
    listed = list(it.members.values()) if presences else [it.members[world.bot.id]]
    channels = [c for c in world.channels.values() if c.guild_id == it.id and not c.is_thread]
    threads = [t for t in world.threads_of(it) if not t.archived and in_channel(world, t, world.bot.id)]
    return guild(world, it) | {
        "joined_at": iso(it.members[world.bot.id].joined),
        "large": len(it.members) > 250,
        "unavailable": False,
        "member_count": len(it.members),
        "members": [member(world, it, m) for m in listed],
        "channels": [channel(world, c) for c in channels],
        "threads": [thread(world, t) for t in threads],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": list(it.events.values()),
        "soundboard_sounds": [],
    }


def my_guild(world: World, it: Guild) -> Json:
    """One line of the list of the bot's servers."""
    return {
        "id": str(it.id),
        "name": it.name,
        "icon": None,
        "owner": False,
        "permissions": str(in_guild(it, world.bot.id)),
        "features": [],
    }


def application(world: World, flags: int, *, public: bool = True) -> Json:
    return {
        "id": str(world.app_id),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "bot_public": public,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": flags,
        "owner": user(world.bot) | {"bot": False},
        "team": None,
        "bot": user(world.bot),
        "approximate_guild_count": len(world.guilds),
        "interactions_endpoint_url": None,
        "integration_types_config": {"0": {}},
    }


def _id(it: int | None) -> str | None:
    return None if it is None else str(it)
