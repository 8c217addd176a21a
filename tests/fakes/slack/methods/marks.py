"""reactions.* and pins.*: marks people put on messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.fakes.slack import events
from tests.fakes.slack.access import find_message, in_channel
from tests.fakes.slack.answers import Args, SlackError, method

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack
    from tests.fakes.slack.world import Channel, Json

NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def add_reaction(s: FakeSlack, channel: Channel, message: Json, user: str, name: str) -> Json:
    """The event that tells of it."""
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name")
    reactions = message.setdefault("reactions", [])
    one = next((r for r in reactions if r["name"] == name), None)
    if one is None:
        one = {"name": name, "users": [], "count": 0}
        reactions.append(one)
    if user in one["users"]:
        raise SlackError("already_reacted")
    one["users"].append(user)
    one["count"] += 1
    return events.reaction(s, "reaction_added", user, name, channel, message)


def remove_reaction(s: FakeSlack, channel: Channel, message: Json, user: str, name: str) -> Json:
    one = next((r for r in message.get("reactions", []) if r["name"] == name and user in r["users"]), None)
    if one is None:
        raise SlackError("no_reaction")
    one["users"].remove(user)
    one["count"] -= 1
    if not one["users"]:
        message["reactions"].remove(one)
    if not message["reactions"]:
        del message["reactions"]
    return events.reaction(s, "reaction_removed", user, name, channel, message)


@method("reactions.add", "reactions:write")
def add(s: FakeSlack, args: Args) -> Json:
    channel = in_channel(s, args)
    message = find_message(channel, args.need("timestamp"))
    s.tell([add_reaction(s, channel, message, s.bot, args.need("name"))])
    return {}


@method("reactions.remove", "reactions:write")
def remove(s: FakeSlack, args: Args) -> Json:
    channel = in_channel(s, args)
    message = find_message(channel, args.need("timestamp"))
    s.tell([remove_reaction(s, channel, message, s.bot, args.need("name"))])
    return {}


@method("reactions.get", "reactions:read")
def get(s: FakeSlack, args: Args) -> Json:
    channel = in_channel(s, args)
    message = find_message(channel, args.need("timestamp"))
    return {"type": "message", "channel": channel.id, "message": s.world.shown(channel, message)}


@method("pins.add", "pins:write")
def pin(s: FakeSlack, args: Args) -> Json:
    channel = in_channel(s, args)
    ts = find_message(channel, args.need("timestamp"))["ts"]
    if ts in channel.pins:
        raise SlackError("already_pinned")
    channel.pins.append(ts)
    s.tell([_pin_event(s, "pin_added", channel, ts)])
    return {}


@method("pins.remove", "pins:write")
def unpin(s: FakeSlack, args: Args) -> Json:
    channel = in_channel(s, args)
    if args.need("timestamp") not in channel.pins:
        raise SlackError("no_pin")
    channel.pins.remove(args["timestamp"])
    s.tell([_pin_event(s, "pin_removed", channel, args["timestamp"])])
    return {}


@method("pins.list", "pins:read")
def list_pins(s: FakeSlack, args: Args) -> Json:
    channel = in_channel(s, args)
    items = [
        {"type": "message", "channel": channel.id, "message": s.world.shown(channel, channel.messages[ts])}
        for ts in reversed(channel.pins)
    ]
    return {"items": items}


def _pin_event(s: FakeSlack, kind: str, channel: Channel, ts: str) -> Json:
    item = {"type": "message", "channel": channel.id, "message": s.world.shown(channel, channel.messages[ts])}
    return {"type": kind, "user": s.bot, "channel_id": channel.id, "item": item, "event_ts": s.world.ts()}
