"""Gateway events that are told to the core, and its answers, which are shown.

Nothing acknowledges an event to Discord, and a resumed session does not repeat what was received: what could not be
kept is told again from here, and what was missed is found by re-reading after every gap (`SpaceConnected`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from adapters.discord import hear
from adapters.discord.api import DiscordApi
from adapters.discord.people import DiscordPeople
from adapters.discord.places import DiscordConnection, Places, server_of, space_of
from adapters.discord.state import DiscordState
from bot.chat.cards import Button, Buttons, Card
from bot.chat.events import MessageReceived, ReactionChanged, Reply
from bot.chat.language import _, drawn_in_own_language
from bot.chat.models import Person, Place
from bot.chat.port import DIRECT_CLOSED, CorePort, NotStored, PlatformError

log = logging.getLogger(__name__)
Json = Mapping[str, Any]
OWED = 1000
"""Messages that are told again; with more than that waiting, the re-reading of conversations is left to find them."""


@dataclass(slots=True)
class _Owed:
    """A message that could not be kept, and how often it was told."""

    event: MessageReceived
    tries: int = 0


class DiscordEvents:
    """Takes raw events in. Each is handled in a task of its own; the core takes them in any order."""

    def __init__(
        self, line: DiscordConnection, places: Places, members: DiscordPeople, state: DiscordState, api: DiscordApi, now: Callable[[], datetime],
        again: tuple[float, ...],
    ) -> None:  # fmt: skip
        self._line, self._places, self._members = line, places, members
        self._state, self._api, self._now, self._again = state, api, now, again
        self._owed: dict[str, _Owed] = {}
        self._retelling: asyncio.Task[None] | None = None
        self.core: CorePort | None = None

    async def hear(self, event: str, payload: Json) -> None:
        """One raw event."""
        if self.core is None:
            return
        try:
            match event:
                case "MESSAGE_CREATE" if hear.is_speech(payload):
                    await self._spoken(payload)
                case "MESSAGE_CREATE" if hear.is_own_pin_notice(payload, self._us):
                    await self._api.remove_notice(str(payload["channel_id"]), str(payload["id"]))
                case "MESSAGE_UPDATE" if hear.is_edit(payload):
                    await self._spoken(payload)
                case "MESSAGE_DELETE":
                    await self._erased(payload, str(payload["id"]))
                case "MESSAGE_DELETE_BULK":
                    for id in payload["ids"]:
                        await self._erased(payload, str(id))
                case "MESSAGE_REACTION_ADD" | "MESSAGE_REACTION_REMOVE":
                    await self._reacted(payload, gone=event.endswith("REMOVE"))
        except PlatformError as error:
            log.warning("an event could not be placed (%s): %s", event, error.code)

    @property
    def _us(self) -> str:
        user = self._line.client.user
        return str(user.id) if user is not None else ""

    # ── messages ──────────────────────────────────────────────────────────────

    async def _spoken(self, payload: Json) -> None:
        us, author = self._us, payload["author"]
        server = payload.get("guild_id")
        if server is None:
            if hear.is_echo(payload, us) or str(author["id"]) == us:
                return
            person = await self._members.home(author)
            if person is None:
                return
            place = Place(person.space, str(payload["channel_id"]), private=True)
            await self._state.meet(person.id, server=server_of(person.space), direct=place.channel)
            message = hear.read_message(payload, place, self._places.server(server_of(person.space)), us)
            await self._tell(MessageReceived(replace(message, author=person)))
            return
        place = await self._places.of(str(payload["channel_id"]), str(server))
        hidden = not self._line.client.intents.message_content
        ground = self._places.server(str(server))
        message = hear.read_message(payload, place, ground, us, hidden=hidden)
        if message.own:
            message = hear.add_marker(message, self._api.marker(message.id))
        await self._tell(MessageReceived(message))

    async def _erased(self, payload: Json, id: str) -> None:
        place = await self._where(payload)
        if place is not None:
            gone = hear.read_deletion(id, place, self._now(), own=self._api.is_own(id))
            await self._tell(MessageReceived(gone))

    async def _where(self, payload: Json) -> Place | None:
        """Where something happened that names only a channel."""
        channel, server = str(payload["channel_id"]), payload.get("guild_id")
        if server is not None:
            return await self._places.of(channel, str(server))
        person = self._state.person_in(channel)
        home = self._state.people[person].server if person is not None else ""
        return Place(space_of(home), channel, private=True) if home else None

    # ── reactions ─────────────────────────────────────────────────────────────

    async def _reacted(self, payload: Json, *, gone: bool) -> None:
        user = {"id": str(payload["user_id"])}
        place = await self._where(payload)
        if user["id"] == self._us or place is None:
            return
        person = await self._members.person(server_of(place.space), user, payload.get("member"))
        author = str(payload["message_author_id"]) if payload.get("message_author_id") else None
        event = ReactionChanged(
            person, place, str(payload["message_id"]), hear.emoji_name(payload["emoji"]), gone, author
        )
        await self._answered(self._heard(event), person, place, event.message)

    async def _heard(self, event: ReactionChanged) -> Reply:
        try:
            return await self.core.hear(event) if self.core is not None else None
        except NotStored as unkept:
            return unkept.card

    # ── telling, again if need be ─────────────────────────────────────────────

    async def _tell(self, event: MessageReceived) -> None:
        """Tell of a message, after everything that is still owed; one that cannot be kept is owed from now on."""
        await self.redeliver()
        try:
            reply = await self._told(event)
        except NotStored as unkept:
            self._owe(event)
            reply = unkept.card
        message = event.message
        if message.author is not None:
            await self._answered(_ready(reply), message.author, message.place, message.id)

    async def _told(self, event: MessageReceived) -> Reply:
        return await self.core.hear(event) if self.core is not None else None

    def _owe(self, event: MessageReceived) -> None:
        if len(self._owed) < OWED:
            self._owed[f"{event.message.id}:{event.message.version.isoformat()}"] = _Owed(event)
        if self._retelling is None or self._retelling.done():
            self._retelling = asyncio.create_task(self._retell(), name="discord retelling")

    async def redeliver(self) -> bool:
        """Tell again of what could not be kept, oldest first; whether nothing is owed any more."""
        for key, owed in tuple(self._owed.items()):
            try:
                reply = await self._told(owed.event)
            except NotStored:
                return False
            self._owed.pop(key, None)
            message = owed.event.message
            if message.author is not None:
                await self._answered(_ready(reply), message.author, message.place, message.id)
        return True

    async def _retell(self) -> None:
        for pause in self._again:
            await asyncio.sleep(pause)
            if await self.redeliver():
                return
        log.error(
            "%s messages could not be kept; those in open conversations will be found again", len(self._owed)
        )
        self._owed.clear()

    async def stop(self) -> None:
        """Stop telling again."""
        if self._retelling is not None:
            self._retelling.cancel()
            await asyncio.gather(self._retelling, return_exceptions=True)

    # ── answers ───────────────────────────────────────────────────────────────

    async def _answered(self, coming: Awaitable[Reply], person: Person, place: Place, message: str) -> None:
        """A card in answer to an event goes by direct message, with a link to what it is about."""
        card = await coming
        if not isinstance(card, Card):
            return
        try:
            if not place.private:
                card = add_link(card, await self._api.link(place, message))
            await self._api.private(place, person.id, card)
        except PlatformError as error:
            level = logging.INFO if error.code == DIRECT_CLOSED else logging.WARNING
            log.log(level, "an answer to a message was not shown: %s", error.code)


@drawn_in_own_language
def add_link(card: Card, link: str | None) -> Card:
    """The card with a button that leads to what it is about."""
    if link is None:
        return card
    return replace(card, blocks=(*card.blocks, Buttons((Button(_("Where this belongs"), link=link),))))


async def _ready(reply: Reply) -> Reply:
    return reply
