"""chat.*: posting, changing, deleting, whispering, scheduling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.slack import events
from tests.fakes.slack.access import find_message, see_channel, write_channel
from tests.fakes.slack.answers import Args, SlackError, method, page
from tests.fakes.slack.content import message_content
from tests.fakes.slack.responses import post, whisper

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack
    from tests.fakes.slack.world import Channel, Json

SCHEDULED_SECONDS = 120 * 24 * 3600
MOST_UPDATE = 4000


@method("chat.postMessage", "chat:write")
def post_message(s: FakeSlack, args: Args) -> Json:
    channel = write_channel(s, args)
    content = message_content(s, args)
    if thread := args.text("thread_ts"):
        # A parent that is gone is no error: Slack posts into the channel, and the answer has no thread_ts
        # (slack-go/slack#1571, langchain-ai/open-swe#2753). A reply's ts leads to its parent.
        root = channel.messages.get(thread)
        if root is None or root.get("thread_ts", thread) != thread:
            thread = root["thread_ts"] if root else ""
        content |= _threaded(channel, thread, args.flag("reply_broadcast")) if thread else {}
    if not content.get("text") and "blocks" in content:
        content["text"] = "This content can't be displayed."
    message = post(s, channel, content)
    return {
        "channel": channel.id,
        "ts": message["ts"],
        "message": s.world.shown(channel, message, metadata=True),
    }


def _threaded(channel: Channel, thread: str, broadcast: bool) -> Json:
    if channel.messages[thread].get("subtype") in ("channel_join", "channel_leave"):
        raise SlackError("cannot_reply_to_message")
    return {"thread_ts": thread} | ({"subtype": "thread_broadcast"} if broadcast else {})


@method("chat.meMessage", "chat:write")
def me_message(s: FakeSlack, args: Args) -> Json:
    channel = write_channel(s, args)
    message = post(s, channel, message_content(s, args) | {"subtype": "me_message"})
    return {"channel": channel.id, "ts": message["ts"]}


def _own(s: FakeSlack, channel: Channel, ts: str, error: str) -> Json:
    message = find_message(channel, ts)
    if message.get("bot_id") != s.world.bot_id:
        raise SlackError(error)
    return message


@method("chat.update", "chat:write")
def update(s: FakeSlack, args: Args) -> Json:
    channel = write_channel(s, args)
    message = _own(s, channel, args.need("ts"), "cant_update_message")
    if len(args.text("text")) > MOST_UPDATE:
        raise SlackError("msg_too_long")
    content = message_content(s, args)
    previous = events.bare(message)
    message.update(content)
    message["edited"] = {"user": s.bot, "ts": s.edit_time()}
    s.tell([events.changed(s, channel, message, previous)])
    shown = s.world.shown(channel, message, metadata=True)
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": shown}


@method("chat.delete", "chat:write")
def delete(s: FakeSlack, args: Args) -> Json:
    channel = write_channel(s, args)
    message = _own(s, channel, args.need("ts"), "cant_delete_message")
    s.tell(events.remove(s, channel, message))
    return {"channel": channel.id, "ts": args["ts"]}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(s: FakeSlack, args: Args) -> Json:
    channel = write_channel(s, args)
    user = args.need("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    content = message_content(s, args)
    if thread := args.text("thread_ts"):
        content["thread_ts"] = thread
    return {"message_ts": whisper(s, user, channel, content)["ts"]}


@method("chat.getPermalink")
def get_permalink(s: FakeSlack, args: Args) -> Json:
    channel = s.world.channels.get(args.need("channel"))
    if channel is None:
        raise SlackError("channel_not_found")
    message = find_message(channel, args.need("message_ts"))
    link = f"https://{s.world.domain}.slack.com/archives/{channel.id}/p{message['ts'].replace('.', '')}"
    thread = message.get("thread_ts", message["ts"])
    if thread != message["ts"]:
        link += f"?thread_ts={thread}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


@method("chat.scheduleMessage", "chat:write")
def schedule_message(s: FakeSlack, args: Args) -> Json:
    channel = write_channel(s, args)
    at = args.number("post_at", 0)
    if at <= s.world.seconds():
        raise SlackError("time_in_past")
    if at - s.world.seconds() > SCHEDULED_SECONDS:
        raise SlackError("time_too_far")
    near = [
        m
        for m in s.world.scheduled.values()
        if m["channel_id"] == channel.id and m["post_at"] // 300 == at // 300
    ]
    if len(near) >= 30:
        raise SlackError("restricted_too_many")
    content = message_content(s, args)
    key = s.world.id("Q")
    s.world.scheduled[key] = {
        "id": key,
        "channel_id": channel.id,
        "post_at": at,
        "date_created": s.world.seconds(),
        "text": content.get("text", ""),
        "_content": content,
    }
    message = {"type": "delayed_message", "bot_id": s.world.bot_id, "text": content.get("text", "")}
    return {"channel": channel.id, "scheduled_message_id": key, "post_at": at, "message": message}


@method("chat.scheduledMessages.list")
def scheduled_list(s: FakeSlack, args: Args) -> Json:
    wanted = args.text("channel")
    found = [
        {k: v for k, v in m.items() if k != "_content"}
        for m in s.world.scheduled.values()
        if wanted in ("", m["channel_id"])
    ]
    items, more = page(args, found)
    return {"scheduled_messages": items, **more}


@method("chat.deleteScheduledMessage", "chat:write")
def delete_scheduled(s: FakeSlack, args: Args) -> Json:
    channel = see_channel(s, args)
    key = args.need("scheduled_message_id")
    if s.world.scheduled.get(key, {}).get("channel_id") != channel.id:
        raise SlackError("invalid_scheduled_message_id")
    del s.world.scheduled[key]
    return {}


def post_due(s: FakeSlack) -> None:
    """Post the scheduled messages whose time has come. One with metadata never posts (Slack's own bug alert)."""
    for key, scheduled in list(s.world.scheduled.items()):
        if scheduled["post_at"] <= s.world.seconds():
            del s.world.scheduled[key]
            if not scheduled["_content"].get("_metadata"):
                post(s, s.world.channels[scheduled["channel_id"]], scheduled["_content"])
