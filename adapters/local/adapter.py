"""The local adapter: a pretend platform, with what the bot can do there and what people do."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.local.events import Shown
from adapters.local.interactions import LocalInteractions
from adapters.local.model import LocalMessage
from bot.chat.emoji import short_name
from bot.chat.events import MessageReceived, PersonUpdated, ReactionChanged, SpaceConnected
from bot.chat.models import Person
from bot.chat.port import AdapterState, CorePort, Rejected
from bot.runtime.clock import Clock

__all__ = ["LocalAdapter", "Shown"]


class LocalAdapter(LocalInteractions):
    """Implements `bot.chat.port.Adapter`, and has a verb for each thing a person can do.

    The verbs of people return when the bot has answered. What they return is also on record: cards as
    messages (marked private where only one person sees them), the last of them in `shown`.
    """

    def __init__(
        self,
        clock: Clock,
        memory: AdapterState | None,
        space: str = "local:playground",
        name: str = "Playground",
    ) -> None:
        super().__init__(clock, memory, space, name)
        self._loaded = False

    async def start(self, core: CorePort) -> None:
        """Remember the world, tell who is there, and tell again what could not be kept."""
        if self._memory is not None and not self._loaded:
            self.world.load(await self._memory.load())
        self._loaded = True
        await self.keep()
        self._core = core
        await core.hear(SpaceConnected(self.space, self.name))
        for person in tuple(self.world.people.values()):
            await self._introduce(person)
        await self.redeliver()

    async def stop(self) -> None:
        """Stop hearing; what people do from now on is not told."""
        self._core = None

    async def reconnect(self) -> None:
        """What was broken is mended: where the network is there, the bot reads again what was said meanwhile."""
        if self._reachable is not None:
            await self._reachable.hear(SpaceConnected(self.space, self.name))
            await self.redeliver()

    # ── people come and go ────────────────────────────────────────────────────

    async def join(
        self,
        id: str,
        name: str,
        *,
        facts: Iterable[str] = (),
        zone: str | None = None,
        stranger: bool = False,
        locale: str | None = None,
    ) -> Person:
        """Somebody joins, or changes."""
        who = self.world.add_person(id, name, facts=facts, zone=zone, stranger=stranger, locale=locale)
        await self.keep()
        if self._core is not None and not self.faults.deaf:
            await self._introduce(who)
        return who

    async def leave(self, person: str) -> None:
        """Somebody leaves the space."""
        who = self.world.remove_person(person)
        await self.keep()
        if self._core is not None and not self.faults.deaf:
            await self._core.hear(PersonUpdated(who, left=True))

    async def _introduce(self, who: Person) -> None:
        if self._core is None:
            return
        await self._core.hear(PersonUpdated(who))
        for channel in tuple(self.world.channels.values()):
            if channel.direct is None:
                await self._core.hear(PersonUpdated(who, channel=channel.id))

    # ── people talk ───────────────────────────────────────────────────────────

    async def say(
        self, person: str, channel: str, text: str, thread: str | None = None, reply_to: str | None = None,
        files: tuple[str, ...] = (),
    ) -> str:  # fmt: skip
        """Somebody writes; the new message's id. `reply_to` quotes one message, as Discord's replies do."""
        new = self.world.write(channel, person, text, thread=thread, reply_to=reply_to, files=files)
        await self._told(person, new)
        return new.id

    async def edit(self, person: str, channel: str, message: str, text: str) -> Shown:
        """Somebody changes their own message."""
        self._mine(person, channel, message)
        return await self._told(person, self.world.edit(channel, message, text))

    async def erase(self, person: str, channel: str, message: str) -> Shown:
        """Somebody deletes their own message."""
        self._mine(person, channel, message)
        return await self._told(person, self.world.erase(channel, message))

    async def react(
        self, person: str, channel: str, message: str, emoji: str, *, gone: bool = False
    ) -> Shown:
        """Somebody adds a reaction to a message, or takes it away."""
        one = self.world.react(channel, message, person, emoji, gone=gone)
        await self.keep()
        place = self.world.place(channel, one.thread)
        event = ReactionChanged(self.world.who(person), place, message, short_name(emoji), gone, one.author)
        return await self._heard(person, place, event)

    async def dismiss(self, person: str, channel: str, message: str) -> None:
        """Somebody clears away a card that only they can see."""
        if self.world.message(channel, message).private_to != person:
            raise Rejected("not_your_message")
        self.world.erase(channel, message)
        await self.keep()

    async def _told(self, person: str, one: LocalMessage) -> Shown:
        await self.keep()
        place = self.world.place(one.channel, one.thread)
        return await self._heard(person, place, MessageReceived(self.world.told(one)))

    def _mine(self, person: str, channel: str, message: str) -> None:
        if self.world.message(channel, message).author != person:
            raise Rejected("not_your_message")
