"""The search for our own messages by their marker, and the history of a thread.

Without the permission to read the history Discord answers with an empty list and no error (docs resources/message),
so an empty list means nothing until the permission is known to be there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from adapters.discord import hear, markers
from adapters.discord.api import DiscordApi
from adapters.discord.errors import translate_errors
from adapters.discord.people import DiscordPeople
from adapters.discord.places import DiscordConnection, Places, server_of
from bot.chat.models import Message, Place
from bot.chat.port import History, HistoryUnavailable, Rejected

Json = Mapping[str, Any]
PAGE = 100
BARRED = frozenset({"missing_access", "missing_permissions"})
ARCHIVED_PAGES = 4
"""Pages of a forum's archived posts, newest first, among which a lost post is looked for."""


class DiscordHistory:
    """Reads what is there."""

    def __init__(
        self, line: DiscordConnection, places: Places, members: DiscordPeople, api: DiscordApi
    ) -> None:
        self._line, self._places, self._members, self._api = line, places, members, api

    @property
    def _us(self) -> str:
        user = self._line.client.user
        return str(user.id) if user is not None else ""

    async def find(self, place: Place, marker: str, since: datetime) -> tuple[str, ...] | HistoryUnavailable:
        """Ids of our own messages there that carry the marker, oldest first."""
        if (hidden := self._hidden(place)) is not None:
            return hidden
        wanted = markers.make_mark(marker)
        try:
            found = [one async for one in self._candidates(place, since)]
        except Rejected as error:
            if error.code in BARRED:
                return HistoryUnavailable(error.code)
            raise
        ids = tuple(
            str(one["id"])
            for one in found
            if str(one["author"]["id"]) == self._us
            and markers.read_mark(one.get("components") or ()) == wanted
        )
        if ids or place.private:
            return ids
        # "Not there" lets it be said again: be sure that it was not merely hidden a moment ago.
        may = await self._places.allowed_now(place)
        return (
            ids
            if may is not None and may.read_message_history
            else HistoryUnavailable("Read Message History is missing")
        )

    async def _candidates(self, place: Place, since: datetime) -> AsyncIterator[Json]:
        if place.thread is None and await self._places.is_forum(place):
            async for one in self._posts(place, since):
                yield one
            return
        async for one in self._messages(int(place.thread or place.channel), hear.id_at(since)):
            yield one

    async def history(self, place: Place, after: datetime | None) -> History | HistoryUnavailable:
        """What was said in a thread or direct message; the message the thread hangs from is always among it."""
        if (hidden := self._hidden(place)) is not None:
            return hidden
        try:
            found, calls = await self._read(place, after)
        except Rejected as error:
            if error.code in (*BARRED, "unknown_channel"):
                return HistoryUnavailable(error.code, absent=error.code == "unknown_channel")
            raise
        return History(tuple(found[id] for id in sorted(found, key=int)), complete=True, calls=calls)

    async def _read(self, place: Place, after: datetime | None) -> tuple[dict[str, Message], int]:
        """Every message by id, every page of them; and how many calls it took."""
        ground = self._places.server(server_of(place.space))
        hidden = not self._line.client.intents.message_content and not place.private
        found: dict[str, Message] = {}
        if place.thread is not None:
            root = await self._root(place, ground)
            found[root.id] = root
        first, listed = hear.id_at(after) if after is not None else 0, 0
        async for told in self._messages(int(place.thread or place.channel), first):
            listed += 1
            if hear.is_speech(told) and not hear.is_echo(told, self._us):
                found[str(told["id"])] = self._told(told, place, ground, hidden=hidden)
        return found, listed // PAGE + 1 + (place.thread is not None)

    async def _root(self, place: Place, ground: hear.Ground) -> Message:
        """The message under which a thread was opened, or the note that it is gone: a thread outlives it."""
        id = place.thread or ""
        channel = await self._places.home(place, id)
        try:
            with translate_errors():
                told = await self._line.http.get_message(int(channel), int(id))
        except Rejected as error:
            if error.code != "unknown_message":
                raise
            return hear.read_deletion(id, place.root, hear.sent_at(id), own=True)
        return self._told(told, place.root, ground)

    def _told(self, told: Json, place: Place, ground: hear.Ground, *, hidden: bool = False) -> Message:
        """A message of the history, which knows less of its author than an event does."""
        author = str(told["author"]["id"])
        member = self._members.cached(server_of(place.space), author)
        more = {"member": member} if member is not None else {}
        message = hear.read_message({**told, **more}, place, ground, self._us, hidden=hidden)
        if not message.own:
            return message
        return hear.add_marker(message, self._api.marker(message.id))

    async def _messages(self, channel: int, after: int) -> AsyncIterator[Json]:
        """Every message after an id, oldest first."""
        while True:
            with translate_errors():
                page = await self._line.http.logs_from(channel, PAGE, after=after)
            for one in sorted(page, key=lambda told: int(told["id"])):
                after = int(one["id"])
                yield one
            if len(page) < PAGE:
                return

    async def _posts(self, place: Place, since: datetime) -> AsyncIterator[Json]:
        """The first messages of the posts that we began in a forum since then, oldest first."""
        with translate_errors():
            active = await self._line.http.get_active_threads(int(server_of(place.space)))
        threads = [one for one in active["threads"] if str(one.get("parent_id")) == place.channel]
        before: Any = None
        for _ in range(ARCHIVED_PAGES):
            with translate_errors():
                page = await self._line.http.get_public_archived_threads(int(place.channel), before=before)
            threads += page["threads"]
            if not page.get("has_more") or not page["threads"]:
                break
            before = page["threads"][-1]["thread_metadata"]["archive_timestamp"]
        ours = {
            int(one["id"])
            for one in threads
            if str(one.get("owner_id")) == self._us and hear.sent_at(str(one["id"])) >= since
        }
        for id in sorted(ours):
            try:
                with translate_errors():
                    yield await self._line.http.get_message(id, id)
            except Rejected as error:
                if error.code not in ("unknown_message", "unknown_channel"):
                    raise

    def _hidden(self, place: Place) -> HistoryUnavailable | None:
        """Why we may not look, where we may not."""
        if place.private:
            return None
        may = self._places.allowed(place)
        if may is None:
            return HistoryUnavailable("the channel is not known, or the server is not there")
        if not may.view_channel or not may.read_message_history:
            return HistoryUnavailable("Read Message History is missing there")
        return None
