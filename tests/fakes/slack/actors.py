"""What people do with messages: post, reply, edit, delete, react, come and go, open the bot's page."""

from __future__ import annotations

import asyncio
import copy
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.fakes.slack import events
from tests.fakes.slack.heard import Heard
from tests.fakes.slack.inputs import NotPossible
from tests.fakes.slack.methods import files as files_methods
from tests.fakes.slack.methods import marks
from tests.fakes.slack.mrkdwn import typed
from tests.fakes.slack.world import Channel, Json, StoredFile

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack

Upload = tuple[str, bytes]


class Actors:
    """The part of the server in which people write.

    Every verb delivers its events and waits for the first try of each, then returns what was heard. Text is
    what a person types; mentions are written `<@U…>`, `<#C…>`, `<!here>`, everything else is literal.
    """

    async def post(
        self: FakeSlack,
        user: str,
        channel: str,
        text: str = "",
        *,
        thread_ts: str | None = None,
        broadcast: bool = False,
        files: Iterable[Upload] = (),
        at: datetime | None = None,
    ) -> Heard:
        """Write a message, with files as (name, bytes). `at` puts it into the past without telling anybody."""
        place = self._may_write(user, channel)
        encoded, rich = typed(text)
        message: Json = {
            "type": "message",
            "client_msg_id": str(uuid.uuid4()),
            "user": user,
            "team": self.team,
            "ts": self._past(place, at) if at else self.world.ts(),
            "text": encoded,
            "blocks": [rich | {"block_id": self.world.id("b")}] if text else [],
        }
        if thread_ts:
            message["thread_ts"] = self._thread(place, thread_ts)
            if broadcast:
                message["subtype"] = "thread_broadcast"
        stored = [self._keep_file(user, name, data) for name, data in files]
        if stored:
            files_methods.attach(place, stored, message["ts"])
            shown = [files_methods.shown(self, f) for f in stored]
            message |= {"subtype": "file_share", "upload": False, "files": shown}
        self.world.add_message(place, message)
        if at:
            return Heard((), message["ts"], channel)
        told = [*events.about(self, place, message), *files_methods.file_events(self, place, stored)]
        return await self.told(told, message["ts"], channel)

    async def reply(
        self: FakeSlack, user: str, channel: str, thread_ts: str, text: str, **more: Any
    ) -> Heard:
        """Write in a thread; `broadcast=True` also sends it to the channel."""
        return await self.post(user, channel, text, thread_ts=thread_ts, **more)

    async def edit(self: FakeSlack, user: str, channel: str, ts: str, text: str) -> Heard:
        """Change one's own message."""
        place, message = self._message(channel, ts)
        if message["user"] != user:
            raise NotPossible("people edit only what they wrote themselves")
        previous = copy.deepcopy(message)
        encoded, rich = typed(text)
        message["text"] = encoded
        message["blocks"] = [rich | {"block_id": self.world.id("b")}]
        message["edited"] = {"user": user, "ts": self.edit_time()}
        return await self.told([events.changed(self, place, message, previous)], ts, channel)

    async def delete(self: FakeSlack, user: str, channel: str, ts: str) -> Heard:
        """Delete one's own message, or anybody's as an admin."""
        place, message = self._message(channel, ts)
        person = self.world.people[user]
        if message["user"] != user and not (person.admin or person.owner or person.primary_owner):
            raise NotPossible("only admins delete what others wrote")
        return await self.told(events.remove(self, place, message), ts, channel)

    async def react(self: FakeSlack, user: str, channel: str, ts: str, name: str) -> Heard:
        place, message = self._message(channel, ts)
        return await self.told([marks.add_reaction(self, place, message, user, name)], ts, channel)

    async def unreact(self: FakeSlack, user: str, channel: str, ts: str, name: str) -> Heard:
        place, message = self._message(channel, ts)
        return await self.told([marks.remove_reaction(self, place, message, user, name)], ts, channel)

    async def join(self: FakeSlack, user: str, channel: str, inviter: str = "") -> Heard:
        """Come into a channel; the bot too, when somebody adds it."""
        place = self.world.channels[channel]
        if user in place.members:
            raise NotPossible("they are in this channel already")
        return await self.told(events.enter(self, place, user, inviter), channel=channel)

    async def leave(self: FakeSlack, user: str, channel: str) -> Heard:
        """Go out of a channel; the bot too, when somebody removes it."""
        place = self.world.channels[channel]
        if user not in place.members:
            raise NotPossible("they are not in this channel")
        return await self.told(events.depart(self, place, user), channel=channel)

    async def open_home(self: FakeSlack, user: str, tab: str = "home") -> Heard:
        """Open the bot's page, or with tab="messages" its conversation."""
        if tab == "home" and not self.manifest.home_tab:
            raise NotPossible("the app has no home tab in its manifest")
        home = self.homes.get(user)
        event = {
            "type": "app_home_opened",
            "user": user,
            "channel": self.dm(user),
            "tab": tab,
            "event_ts": self.world.ts(),
        }
        return await self.told([event | ({"view": home.sent()} if home and tab == "home" else {})])

    # ── how ───────────────────────────────────────────────────────────────────

    async def told(self: FakeSlack, told: Iterable[Json], ts: str = "", channel: str = "") -> Heard:
        """Deliver events and wait for the first try of each."""
        acks = await asyncio.gather(*(self.delivery.event(event) for event in told))
        return Heard(tuple(ack for ack in acks if ack), ts, channel)

    def edit_time(self: FakeSlack) -> str:
        """Slack gives edit times in whole seconds."""
        return f"{self.world.seconds()}.000000"

    def _may_write(self: FakeSlack, user: str, channel: str) -> Channel:
        place = self.world.channels[channel]
        if user not in place.members:
            raise NotPossible(f"{self.world.people[user].real_name} is not in #{place.name or place.id}")
        if place.archived:
            raise NotPossible(f"#{place.name or place.id} is archived")
        if place.kind == "im" and not self.manifest.messages_tab:
            raise NotPossible(
                "the app takes no messages: its messages tab is off or read-only in the manifest"
            )
        return place

    def _past(self: FakeSlack, place: Channel, at: datetime) -> str:
        """A message time in the past that nothing has yet."""
        while (ts := f"{at.timestamp():.6f}") in place.messages:
            at += timedelta(microseconds=1)
        return ts

    def _message(self: FakeSlack, channel: str, ts: str) -> tuple[Channel, Json]:
        place = self.world.channels[channel]
        if ts not in place.messages:
            raise NotPossible(f"there is no message {ts} in #{place.name or place.id}")
        return place, place.messages[ts]

    def _thread(self: FakeSlack, place: Channel, ts: str) -> str:
        """The root of the thread that a message is in or begins."""
        _, root = self._message(place.id, ts)
        return str(root.get("thread_ts", ts))

    def _keep_file(self: FakeSlack, user: str, name: str, data: bytes) -> StoredFile:
        file = StoredFile(self.world.id("F"), name, user, len(data), data=data, complete=True)
        self.world.files[file.id] = file
        return file
