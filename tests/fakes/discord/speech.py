"""A message in Discord's own JSON, with or without what only the message-content intent shows."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.discord import shapes
from tests.fakes.discord.ids import iso, time_of
from tests.fakes.discord.permissions import May, in_channel
from tests.fakes.discord.world import HAS_THREAD, LOADING, Channel, Message, World

Json = dict[str, Any]


def message(world: World, it: Message, *, hidden: bool = False, deep: bool = True) -> Json:
    """`hidden`: without content, embeds, attachments and components. `deep`: with what it replies to."""
    author = world.users[it.author_id]
    shape: Json = {
        "id": str(it.id),
        "channel_id": str(it.channel_id),
        "type": it.type,
        "author": shapes.user(author),
        "content": "" if hidden else it.content,
        "timestamp": iso(time_of(it.id)),
        "edited_timestamp": iso(it.edited) if it.edited else None,
        "tts": False,
        "mention_everyone": it.mention_everyone,
        "mentions": [shapes.user(world.users[u]) for u in it.mention_ids],
        "mention_roles": [str(r) for r in it.mention_roles],
        "attachments": [] if hidden else it.attachments,
        "embeds": [] if hidden else it.embeds,
        "components": [] if hidden else it.components,
        "pinned": it.pinned_at is not None,
        "flags": it.flags,
    }
    if it.reactions:
        shape["reactions"] = [_reaction(world, e, who) for e, who in it.reactions.items()]
    if it.from_webhook:
        shape |= {"webhook_id": str(world.app_id), "application_id": str(world.app_id)}
    if it.interaction:
        shape["interaction_metadata"] = it.interaction
    if it.reference:
        shape["message_reference"] = it.reference
        if deep:
            shape["referenced_message"] = _referenced(world, it)
    if it.flags & HAS_THREAD and it.id in world.channels:
        shape["thread"] = shapes.thread(world, world.channels[it.id])
    return shape


def _reaction(world: World, emoji: str, who: list[int]) -> Json:
    return {
        "emoji": emoji_shape(emoji),
        "count": len(who),
        "count_details": {"normal": len(who), "burst": 0},
        "burst_count": 0,
        "burst_colors": [],
        "me": world.bot.id in who,
        "me_burst": False,
    }


def emoji_shape(emoji: str) -> Json:
    name, _, id = emoji.partition(":")
    return {"id": id or None, "name": name}


def _referenced(world: World, it: Message) -> Json | None:
    reference = it.reference or {}
    place = world.channels.get(int(reference["channel_id"]))
    found = place.messages.get(int(reference.get("message_id", 0))) if place else None
    if found is None or place is None:
        return None
    return message(world, found, hidden=is_hidden(world, place, found), deep=False)


def is_hidden(world: World, place: Channel, it: Message) -> bool:
    """Whether a bot without the message-content intent sees this message empty.

    Never its own, direct messages, nor what mentions it (docs events/gateway, "Message content intent").
    """
    mentioned = world.bot.id in it.mention_ids
    return place.guild_id is not None and it.author_id != world.bot.id and not mentioned


def texts(components: list[Json]) -> list[str]:
    """Every text display among components, in reading order."""
    found: list[str] = []
    for part in components:
        if part.get("type") == 10:
            found.append(str(part.get("content", "")))
        found += texts(part.get("components") or [])
        for child in ("accessory", "component"):
            if isinstance(part.get(child), dict):
                found += texts([part[child]])
    return found


def settle_mentions(world: World, place: Channel, it: Message) -> None:
    """Work out whom a message notifies, from its words, `allowed_mentions` and its author's permissions."""
    said = "\n".join([it.content, *texts(it.components)])
    rules = it.allowed_mentions
    parse = ("users", "roles", "everyone") if rules is None else tuple(rules.get("parse") or ())
    may = in_channel(world, place, it.author_id)
    named = dict.fromkeys(int(u) for u in re.findall(r"<@!?(\d+)>", said))
    chosen = {int(u) for u in (rules or {}).get("users") or ()}
    it.mention_ids = [u for u in named if u in world.users and ("users" in parse or u in chosen)]
    _mention_replied(world, it, rules)
    guild = world.guilds.get(place.guild_id or 0)
    it.mention_roles = []
    if guild is not None:
        chosen = {int(r) for r in (rules or {}).get("roles") or ()}
        for role_id in dict.fromkeys(int(r) for r in re.findall(r"<@&(\d+)>", said)):
            role = guild.roles.get(role_id)
            if role is None or not ("roles" in parse or role_id in chosen):
                continue
            if role.mentionable or may & May.MENTION_EVERYONE:
                it.mention_roles.append(role_id)
    called = bool(re.search(r"@(everyone|here)\b", said))
    it.mention_everyone = called and "everyone" in parse and bool(may & May.MENTION_EVERYONE)


def _mention_replied(world: World, it: Message, rules: Json | None) -> None:
    if it.reference is None or it.type != 19:
        return
    place = world.channels.get(int(it.reference["channel_id"]))
    target = place.messages.get(int(it.reference["message_id"])) if place else None
    if target is None or target.author_id in it.mention_ids:
        return
    if rules is None or rules.get("replied_user", False):
        it.mention_ids.append(target.author_id)


def is_loading(it: Message) -> bool:
    return bool(it.flags & LOADING)
