"""Response URLs: what an app may say about a command or click, five times in half an hour."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from tests.fakes.slack import events
from tests.fakes.slack.answers import Args, SlackError, read_args
from tests.fakes.slack.content import message_content
from tests.fakes.slack.world import Channel, Json

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack

USES = 5
SECONDS = 30 * 60


@dataclass(slots=True)
class Ticket:
    user: str
    channel: str
    since: float
    message_ts: str = ""
    uses: int = 0


class ResponseUrls:
    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        self._tickets: dict[str, Ticket] = {}

    def url(self, user: str, channel: str, message_ts: str = "") -> str:
        token = secrets.token_hex(8)
        self._tickets[token] = Ticket(user, channel, self.slack.timer(), message_ts)
        return f"{self.slack.base}/response/{token}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        ticket = self._tickets.get(request.match_info["token"])
        with self.slack.delivery.busy("response_url"):
            args = await read_args(request)
            if ticket is None:
                return web.json_response({"ok": False, "error": "invalid_url"}, status=404)
            if ticket.uses >= USES:
                return web.json_response({"ok": False, "error": "used_url"}, status=404)
            if self.slack.timer() - ticket.since > SECONDS:
                return web.json_response({"ok": False, "error": "expired_url"}, status=404)
            try:
                self.say(ticket, args)
            except SlackError as error:
                return web.json_response(error.body, status=400)
            ticket.uses += 1
        return web.Response(text="ok")

    def say(self, ticket: Ticket, args: Args) -> None:
        """Do what a response asks: replace, delete, or say something new."""
        channel = self.slack.world.channels[ticket.channel]
        if args.flag("delete_original"):
            return self._delete(ticket, channel)
        content = message_content(self.slack, args)
        if args.flag("replace_original") and ticket.message_ts:
            return self._replace(ticket, channel, content)
        thread = {"thread_ts": args["thread_ts"]} if args.text("thread_ts") else {}
        if args.text("response_type") == "in_channel":
            post(self.slack, channel, content | thread)
        else:
            whisper(self.slack, ticket.user, channel, content | thread)
        return None

    def _find(self, ticket: Ticket, channel: Channel) -> Json | None:
        whispers = self.slack.world.ephemerals.get(ticket.user, [])
        hidden = next((m for m in whispers if m["ts"] == ticket.message_ts), None)
        return hidden or channel.messages.get(ticket.message_ts)

    def _delete(self, ticket: Ticket, channel: Channel) -> None:
        message = self._find(ticket, channel)
        if message is None:
            raise SlackError("message_not_found")
        if message.get("is_ephemeral"):
            self.slack.world.ephemerals[ticket.user].remove(message)
        else:
            self.slack.tell(events.remove(self.slack, channel, message))

    def _replace(self, ticket: Ticket, channel: Channel, content: Json) -> None:
        message = self._find(ticket, channel)
        if message is None:
            raise SlackError("message_not_found")
        previous = events.bare(message)
        message.update({"text": "", "blocks": []} | content)
        if not message.get("is_ephemeral"):
            message["edited"] = {"user": self.slack.bot, "ts": self.slack.edit_time()}
            self.slack.tell([events.changed(self.slack, channel, message, previous)])


def post(s: FakeSlack, channel: Channel, content: Json) -> Json:
    """A message of the bot in a channel, with its events."""
    world = s.world
    message = {
        "type": "message",
        "user": world.bot,
        "bot_id": world.bot_id,
        "app_id": world.app,
        "team": world.team,
        "ts": world.ts(),
        "text": "",
    } | content
    world.add_message(channel, message)
    s.tell(events.about(s, channel, message))
    return message


def whisper(s: FakeSlack, user: str, channel: Channel, content: Json) -> Json:
    """A message only one person sees; no history, no event."""
    message = {
        "type": "message",
        "user": s.world.bot,
        "bot_id": s.world.bot_id,
        "ts": s.world.ts(),
        "text": "",
        "is_ephemeral": True,
        "channel": channel.id,
    } | content
    s.world.ephemerals.setdefault(user, []).append(message)
    return message
