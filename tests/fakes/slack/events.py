"""The events Slack sends about what happened in a workspace."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from tests.fakes.slack.mrkdwn import mentions
from tests.fakes.slack.world import HIDDEN, Channel, Json

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack


HEARD_OUTSIDE = ("member_left_channel", "channel_left", "group_left", "channel_archive", "app_home_opened")


def bare(message: Json) -> Json:
    return copy.deepcopy({k: v for k, v in message.items() if k not in HIDDEN})


def hears(s: FakeSlack, event: Json) -> bool:
    """Whether the app is told: it asked for this kind, and is in the channel (where there is one)."""
    if not s.manifest.hears(event):
        return False
    place = event.get("channel") or (event.get("item") or {}).get("channel")
    channel = s.world.channels.get(place) if isinstance(place, str) else None
    if channel is None or event["type"] in HEARD_OUTSIDE:
        return True
    return s.world.bot in channel.members


def about(s: FakeSlack, channel: Channel, message: Json) -> list[Json]:
    """The events of a new message: itself, and app_mention where the bot is named."""
    event = bare(message) | {"channel": channel.id, "channel_type": channel.kind, "event_ts": message["ts"]}
    thread = message.get("thread_ts")
    if thread and thread != message["ts"] and thread in channel.messages:
        event["parent_user_id"] = channel.messages[thread]["user"]
        if message.get("subtype") == "thread_broadcast":
            event["root"] = bare(channel.messages[thread])
    events = [event]
    named = s.world.bot in mentions(message.get("text", ""))
    if named and channel.kind != "im" and message["user"] != s.world.bot:
        keep = ("user", "text", "ts", "client_msg_id", "team", "blocks", "thread_ts", "files")
        mention = {"type": "app_mention"} | {k: copy.deepcopy(message[k]) for k in keep if k in message}
        if "parent_user_id" in event:
            mention["parent_user_id"] = event["parent_user_id"]
        events.append(mention | {"channel": channel.id, "event_ts": message["ts"]})
    return events


def changed(s: FakeSlack, channel: Channel, message: Json, previous: Json) -> Json:
    now = s.world.ts()
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": channel.id,
        "channel_type": channel.kind,
        "ts": now,
        "event_ts": now,
        "message": bare(message),
        "previous_message": bare(previous),
    }


def deleted(s: FakeSlack, channel: Channel, previous: Json) -> Json:
    now = s.world.ts()
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "channel": channel.id,
        "channel_type": channel.kind,
        "ts": now,
        "event_ts": now,
        "deleted_ts": previous["ts"],
        "previous_message": bare(previous),
    }


def reaction(s: FakeSlack, kind: str, user: str, name: str, channel: Channel, message: Json) -> Json:
    return {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": channel.id, "ts": message["ts"]},
        "item_user": message["user"],
        "event_ts": s.world.ts(),
    }


def member(s: FakeSlack, kind: str, user: str, channel: Channel, inviter: str = "") -> Json:
    event = {
        "type": kind,
        "user": user,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "channel" else "G",
        "team": s.world.team,
        "event_ts": s.world.ts(),
    }
    return event | ({"inviter": inviter} if inviter else {})


# ── what happens to the workspace, with the events that tell of it ───────────


def remove(s: FakeSlack, channel: Channel, message: Json) -> list[Json]:
    """Delete a message. A parent with replies leaves a tombstone, told as a change; the last reply takes it along."""
    previous = s.world.shown(channel, message)
    if message["ts"] in channel.pins:
        channel.pins.remove(message["ts"])
    if s.world.replies(channel, message["ts"]):
        stone = {
            "type": "message",
            "subtype": "tombstone",
            "text": "This message was deleted.",
            "user": "USLACKBOT",
            "hidden": True,
            "ts": message["ts"],
            "thread_ts": message["ts"],
        }
        channel.messages[message["ts"]] = stone
        return [changed(s, channel, s.world.shown(channel, stone), previous)]
    del channel.messages[message["ts"]]
    events = [deleted(s, channel, previous)]
    root = channel.messages.get(message.get("thread_ts", ""))
    if root and not s.world.replies(channel, root["ts"]):
        if root.get("subtype") == "tombstone":
            events.append(deleted(s, channel, s.world.shown(channel, root)))
            del channel.messages[root["ts"]]
        else:
            del root["thread_ts"]
    return events


def enter(s: FakeSlack, channel: Channel, user: str, inviter: str = "") -> list[Json]:
    """Somebody joins: a line in the channel and an event."""
    channel.members[user] = None
    line = _line(s, user, f"{channel.kind}_join", f"<@{user}> has joined the channel", inviter)
    s.world.add_message(channel, line)
    return [member(s, "member_joined_channel", user, channel, inviter), *about(s, channel, line)]


def depart(s: FakeSlack, channel: Channel, user: str) -> list[Json]:
    line = _line(s, user, f"{channel.kind}_leave", f"<@{user}> has left the channel")
    s.world.add_message(channel, line)
    events = [member(s, "member_left_channel", user, channel), *about(s, channel, line)]
    channel.members.pop(user, None)
    if user == s.world.bot:
        kind = "channel_left" if channel.kind == "channel" else "group_left"
        left = {"type": kind, "channel": channel.id, "actor_id": user, "event_ts": s.world.ts()}
        return [events[0], left]
    return events


def _line(s: FakeSlack, user: str, subtype: str, text: str, inviter: str = "") -> Json:
    line = {"type": "message", "subtype": subtype, "user": user, "text": text, "ts": s.world.ts()}
    return line | ({"inviter": inviter} if inviter else {})
