"""Channels: look at them, change them, remove them; direct messages; typing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.discord import shapes
from tests.fakes.discord.errors import Complaints, missing_permissions, not_found
from tests.fakes.discord.permissions import May, in_guild
from tests.fakes.discord.routes import Answer, Routes, threads
from tests.fakes.discord.saying import need
from tests.fakes.discord.world import Channel

if TYPE_CHECKING:
    from tests.fakes.discord.calls import Call
    from tests.fakes.discord.rig import Rig

Json = dict[str, Any]


def look(rig: Rig, call: Call) -> Answer:
    place = rig.world.channel(call.args[0])
    need(rig.world, place)
    return shapes.channel(rig.world, place)


def change(rig: Rig, call: Call) -> Answer:
    place = rig.world.channel(call.args[0])
    if place.is_thread:
        return threads.edit(rig, place, call.json)
    need(rig.world, place, May.MANAGE_CHANNELS)
    wrong = Complaints()
    if "name" in call.json:
        wrong.longest("name", call.json["name"], 100, 1)
    if call.json.get("topic") is not None:
        wrong.longest("topic", call.json["topic"], 1024)
    if "available_tags" in call.json and wrong.count("available_tags", call.json["available_tags"], 20):
        for i, tag in enumerate(call.json["available_tags"]):
            wrong.longest(f"available_tags.{i}.name", tag.get("name"), 20, 1)
    wrong.refuse_if_any()
    place.name = call.json.get("name", place.name)
    place.topic = call.json.get("topic", place.topic)
    if "available_tags" in call.json:
        place.tags = [_tag(rig, t) for t in call.json["available_tags"]]
    rig.news.channel("CHANNEL_UPDATE", place)
    return shapes.channel(rig.world, place)


def _tag(rig: Rig, tag: Json) -> Json:
    empty = {"moderated": False, "emoji_id": None, "emoji_name": None}
    return empty | tag | {"id": str(tag.get("id") or rig.world.ids.next())}


def remove(rig: Rig, call: Call) -> Answer:
    place = rig.world.channel(call.args[0])
    if place.guild_id is None:
        return shapes.channel(rig.world, place)
    need(rig.world, place, May.MANAGE_THREADS if place.is_thread else May.MANAGE_CHANNELS)
    shape = shapes.channel(rig.world, place)
    rig.remove_channel(place)
    return shape


def typing(rig: Rig, call: Call) -> Answer:
    place = rig.world.channel(call.args[0])
    need(rig.world, place, May.SEND_MESSAGES_IN_THREADS if place.is_thread else May.SEND_MESSAGES)
    return None


def open_direct(rig: Rig, call: Call) -> Answer:
    """Opening always works; whether the person takes messages shows when one is sent (50007)."""
    user = rig.world.users.get(int(call.json.get("recipient_id") or 0))
    if user is None or user.id == rig.world.bot.id:
        raise not_found("User")
    return shapes.channel(rig.world, rig.world.direct(user))


def listed(rig: Rig, call: Call) -> Answer:
    guild = rig.world.guild(call.args[0])
    here = [c for c in rig.world.channels.values() if c.guild_id == guild.id and not c.is_thread]
    return [shapes.channel(rig.world, c) for c in here]


def create(rig: Rig, call: Call) -> Answer:
    guild = rig.world.guild(call.args[0])
    if not in_guild(guild, rig.world.bot.id) & May.MANAGE_CHANNELS:
        raise missing_permissions()
    wrong = Complaints()
    wrong.longest("name", call.json.get("name"), 100, 1)
    wrong.refuse_if_any()
    parent = call.json.get("parent_id")
    place = Channel(
        rig.world.ids.next(),
        call.json.get("type", 0),
        call.json["name"],
        guild_id=guild.id,
        parent_id=int(parent) if parent else None,
        topic=call.json.get("topic"),
    )
    place.tags = [_tag(rig, t) for t in call.json.get("available_tags") or []]
    for one in call.json.get("permission_overwrites") or []:
        place.overwrites[int(one["id"])] = (int(one.get("allow", 0)), int(one.get("deny", 0)))
    rig.world.channels[place.id] = place
    rig.news.channel("CHANNEL_CREATE", place)
    return shapes.channel(rig.world, place)


ROUTES: Routes = {
    "GET /channels/{}": look,
    "PATCH /channels/{}": change,
    "DELETE /channels/{}": remove,
    "POST /channels/{}/typing": typing,
    "POST /users/@me/channels": open_direct,
    "GET /guilds/{}/channels": listed,
    "POST /guilds/{}/channels": create,
}
