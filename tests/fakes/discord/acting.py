"""What people do in channels: write, reply, change their minds, react, come and go."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.fakes.discord.errors import Impossible
from tests.fakes.discord.permissions import May, in_channel
from tests.fakes.discord.routes.threads import open_thread, start_from
from tests.fakes.discord.saying import compose, put, revise, shares_guild
from tests.fakes.discord.seeing import Handle, Seeing
from tests.fakes.discord.world import FORUM, PUBLIC_THREAD, Channel, Guild, Member, Message, User

Json = dict[str, Any]


class Acting(Seeing):
    """Each function returns once it is done; `settle()` waits for what the bot does about it."""

    async def say(
        self,
        user: User,
        place: Channel,
        text: str,
        *,
        reply_to: Handle | None = None,
        ping: bool = False,
        files: dict[str, bytes] | None = None,
    ) -> Json:
        """Write a message. In an archived thread this wakes it up."""
        self.archive_sleepy()
        self._may(user, place, May.SEND_MESSAGES_IN_THREADS if place.is_thread else May.SEND_MESSAGES)
        if place.locked and not in_channel(self.world, place, user.id) & May.MANAGE_THREADS:
            raise Impossible(f"the thread {place.name} is locked")
        body: Json = {"content": text}
        if reply_to is not None:
            body["message_reference"] = {"message_id": str(self.find(reply_to).id)}
            body["allowed_mentions"] = {"parse": ["users", "roles", "everyone"], "replied_user": ping}
        listed = list((files or {}).items())
        uploads = [{"name": f"files[{i}]", "filename": n, "data": d} for i, (n, d) in enumerate(listed)]
        message = compose(self, place, user.id, body, uploads)
        message.allowed_mentions = None
        put(self, place, message)
        return await self._shown(message)

    async def reply(self, user: User, message: Handle, text: str, *, ping: bool = True) -> Json:
        """Reply to a message, with or without notifying its author."""
        place = self.world.channel(self.find(message).channel_id)
        return await self.say(user, place, text, reply_to=message, ping=ping)

    async def edit(self, user: User, message: Handle, text: str) -> Json:
        found, place = self._own(user, message)
        revise(self, place, found, {"content": text}, [])
        self.news.message("MESSAGE_UPDATE", place, found)
        return await self._shown(found)

    async def preview_link(self, message: Handle, title: str = "A page") -> Json:
        """Discord adds the preview of a link to somebody's message: an update that nobody wrote."""
        found = self.find(message)
        found.embeds.append({"type": "link", "title": title, "url": "https://example.org/"})
        self.news.message("MESSAGE_UPDATE", self.world.channel(found.channel_id), found)
        return await self._shown(found)

    async def delete(self, user: User, message: Handle) -> None:
        """Delete one's own message, or another's with Manage Messages."""
        found = self.find(message)
        place = self.world.channel(found.channel_id)
        if found.author_id != user.id:
            self._may(user, place, May.MANAGE_MESSAGES)
        self.remove_message(place, found)
        await asyncio.sleep(0)

    async def react(self, user: User, message: Handle, emoji: str) -> None:
        found = self.find(message)
        place = self.world.channel(found.channel_id)
        self._may(user, place, May.ADD_REACTIONS)
        self.add_reaction(place, found, user, emoji)
        await asyncio.sleep(0)

    async def unreact(self, user: User, message: Handle, emoji: str) -> None:
        found = self.find(message)
        self.remove_reaction(self.world.channel(found.channel_id), found, user, emoji)
        await asyncio.sleep(0)

    async def join(self, user: User, guild: Guild) -> None:
        guild.members[user.id] = Member(user.id, self.world.now())
        self.news.member("GUILD_MEMBER_ADD", guild, user.id)
        await asyncio.sleep(0)

    async def leave(self, user: User, guild: Guild) -> None:
        del guild.members[user.id]
        self.news.member("GUILD_MEMBER_REMOVE", guild, user.id)
        await asyncio.sleep(0)

    async def rename(self, user: User, guild: Guild, nick: str) -> None:
        """Change one's nickname in a server."""
        guild.members[user.id].nick = nick
        self.news.member("GUILD_MEMBER_UPDATE", guild, user.id)
        await asyncio.sleep(0)

    async def open_dm(self, user: User) -> Channel:
        """The direct message with the bot."""
        if not shares_guild(self.world, user.id):
            raise Impossible(f"{user.name} and the bot share no server")
        await asyncio.sleep(0)
        return self.world.direct(user)

    async def start_thread(self, user: User, where: Handle | Channel, name: str) -> Channel:
        """Open a thread under a message, in a channel, or (with a first message) in a forum."""
        if isinstance(where, Channel):
            self._may(user, where, May.CREATE_PUBLIC_THREADS)
            thread = open_thread(self, where, user.id, {"name": name}, kind=PUBLIC_THREAD)
            if where.type == FORUM:
                put(self, thread, compose(self, thread, user.id, {"content": name}, [], id=thread.id))
        else:
            message = self.find(where)
            parent = self.world.channel(message.channel_id)
            self._may(user, parent, May.CREATE_PUBLIC_THREADS)
            if message.id in self.world.channels:
                raise Impossible("this message has a thread already")
            thread = start_from(self, parent, message, user.id, {"name": name})
        await asyncio.sleep(0)
        return thread

    # ── inside ────────────────────────────────────────────────────────────────

    def _own(self, user: User, message: Handle) -> tuple[Message, Channel]:
        found = self.find(message)
        if found.author_id != user.id:
            raise Impossible("people edit their own messages only")
        return found, self.world.channel(found.channel_id)

    def _may(self, user: User, place: Channel, needed: May) -> None:
        has = in_channel(self.world, place, user.id)
        if not has & needed:
            raise Impossible(f"{user.name} may not {needed.name} in {place.name or 'a direct message'}")

    async def _shown(self, message: Message) -> Json:
        await asyncio.sleep(0)
        return self.shown(message)
