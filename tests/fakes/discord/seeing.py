"""What people see: messages, what only they are shown, forms, threads."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord import reading, speech
from tests.fakes.discord.errors import Impossible
from tests.fakes.discord.rig import Rig
from tests.fakes.discord.world import EPHEMERAL, LOADING, Channel, Message, User

Json = dict[str, Any]


Handle = Json | Message | int | str
"""A message: as one of these functions gave it, or its id."""


class Seeing(Rig):
    """Messages come in Discord's own JSON, with `allowed_mentions` as sent; `text` turns one into what is read."""

    def messages(self, place: Channel) -> list[Json]:
        """Everything in a channel, oldest first, except what only some people are shown."""
        return [self.shown(m) for m in sorted(place.messages.values(), key=lambda m: m.id)]

    def ephemerals(self, user: User, place: Channel) -> list[Json]:
        """What only this person is shown in a channel, oldest first; without what is still loading."""
        return [
            self.shown(m)
            for m in self.world.ephemerals.values()
            if m.seen_by == user.id and m.channel_id == place.id and not m.flags & LOADING
        ]

    def modal(self, user: User) -> Json | None:
        """The form this person has open, in Discord's own JSON."""
        found = self.asked.open_modals.get(user.id)
        return found[1] if found else None

    def thread(self, of: Handle | str) -> Channel:
        """The thread under a message, or the newest thread with a name."""
        id = of["id"] if isinstance(of, dict) else getattr(of, "id", of)
        for thread in sorted(self.world.channels.values(), key=lambda c: -c.id):
            if thread.is_thread and (thread.name == of or str(thread.id) == str(id)):
                return thread
        raise Impossible(f"there is no thread {of if isinstance(of, str) else id}")

    def posts(self, forum: Channel) -> list[Channel]:
        """The posts of a forum, or the threads of a channel, oldest first."""
        return sorted(
            (c for c in self.world.channels.values() if c.is_thread and c.parent_id == forum.id),
            key=lambda c: c.id,
        )

    @property
    def names(self) -> dict[str, str]:
        """What mentions read as, by id: people, channels and roles."""
        found = {str(u.id): u.name for u in self.world.users.values()}
        found |= {str(c.id): c.name for c in self.world.channels.values()}
        for guild in self.world.guilds.values():
            found |= {str(r.id): r.name for r in guild.roles.values()}
            found |= {str(u): m.nick for u, m in guild.members.items() if m.nick}
        return found

    def text(self, message: Json, zone: str = "UTC") -> str:
        """A message as a person in a time zone reads it."""
        return reading.text(message, names=self.names, zone=zone, now=self.world.now())

    def shown(self, message: Message) -> Json:
        """A message as people see it, with `allowed_mentions` as it was sent, if it was."""
        shape = speech.message(self.world, message)
        if message.allowed_mentions is not None:
            shape["allowed_mentions"] = message.allowed_mentions
        if message.flags & EPHEMERAL:
            shape["seen_by"] = str(message.seen_by)
        return shape

    def find(self, message: Handle) -> Message:
        """The message behind a handle; one that is gone is impossible."""
        if isinstance(message, Message):
            id: Any = message.id
        else:
            id = message["id"] if isinstance(message, dict) else message
        number = int(id)
        if number in self.world.ephemerals:
            return self.world.ephemerals[number]
        for place in self.world.channels.values():
            if number in place.messages:
                return place.messages[number]
        raise Impossible(f"there is no message {number}")
