"""What the bot may see and where it may write: scopes and channel membership."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.slack.answers import Args, SlackError
from tests.fakes.slack.world import Channel, Json

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack

FAMILY = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


def need_scope(s: FakeSlack, *any_of: str) -> None:
    """Refuse unless the manifest grants one of these scopes."""
    if any_of and not any(s.manifest.allows(scope) for scope in any_of):
        raise SlackError(
            "missing_scope", needed=",".join(any_of), provided=",".join(sorted(s.manifest.scopes))
        )


def see_channel(s: FakeSlack, args: Args, name: str = "channel", scope: str = "read") -> Channel:
    """A channel the bot may look at: any public one, and the others it is in."""
    channel = s.world.channels.get(args.need(name))
    if channel is None or (channel.kind != "channel" and s.world.bot not in channel.members):
        raise SlackError("channel_not_found")
    need_scope(s, f"{FAMILY[channel.kind]}:{scope}")
    return channel


def in_channel(s: FakeSlack, args: Args, name: str = "channel", scope: str = "") -> Channel:
    """A channel the bot is in."""
    channel = s.world.find_channel(args.need(name))
    if channel is None or (channel.kind != "channel" and s.world.bot not in channel.members):
        raise SlackError("channel_not_found")
    if scope:
        need_scope(s, f"{FAMILY[channel.kind]}:{scope}")
    if s.world.bot not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def write_channel(s: FakeSlack, args: Args) -> Channel:
    """Where the bot may post: a channel it is in, a public one with chat:write.public, or a person's DM."""
    target = args.need("channel")
    if person := s.world.people.get(target):
        if person.deleted:
            raise SlackError("channel_not_found")
        if person.bot:
            raise SlackError("cannot_dm_bot")
        return _open_for_writing(s, s.world.direct(person.id))
    channel = s.world.find_channel(target)
    open_to_all = channel is not None and channel.kind == "channel" and s.manifest.allows("chat:write.public")
    if channel is None or not open_to_all:
        channel = in_channel(s, args)
    return _open_for_writing(s, channel)


def _open_for_writing(s: FakeSlack, channel: Channel) -> Channel:
    if channel.archived:
        raise SlackError("is_archived")
    if channel.kind == "im" and not s.manifest.direct_messages:
        raise SlackError("messages_tab_disabled")
    return channel


def find_message(channel: Channel, ts: str, error: str = "message_not_found") -> Json:
    message = channel.messages.get(ts)
    if message is None:
        raise SlackError(error)
    return message
