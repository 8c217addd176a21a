"""The verbs of the port on the pretend platform, with the accidents a test has planned."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime
from typing import TypeVar

from adapters.local.fault_injection import Faults
from adapters.local.world import World
from bot.chat.addressless import Addressless
from bot.chat.canvasless import Canvasless
from bot.chat.cards import Card
from bot.chat.models import Person, Place
from bot.chat.port import AdapterState, CalendarEvent, History, HistoryUnavailable, OutcomeUnknown, Rejected
from bot.chat.rate_limits import Pace
from bot.runtime.clock import Clock

T = TypeVar("T")
Watcher = Callable[[frozenset[str]], None]


class LocalApi(Addressless, Canvasless):
    """Says and finds things in a world, and keeps each change before it returns."""

    platform = "local"
    pace = Pace(read_rate=100.0, read_burst=1000)
    form_witness = (
        "This page carries the form, so whoever serves the page sees who sends it and what it says."
    )

    def __init__(
        self,
        clock: Clock,
        memory: AdapterState | None,
        space: str = "local:playground",
        name: str = "Playground",
    ) -> None:
        """`memory` keeps the world across restarts; None keeps it only as long as this object lives."""
        self.space = space
        self.name = name
        self.address = ""
        """Where the page is, once it is served; links to messages begin with it."""
        self.world = World(space, clock)
        self.faults = Faults(clock)
        self._clock = clock
        self._memory = memory
        self._keeping = asyncio.Lock()
        self._watchers: list[Watcher] = []

    # ── out ───────────────────────────────────────────────────────────────────

    def count_parts(self, card: Card) -> int:  # noqa: ARG002
        """Every card is one message."""
        return 1

    async def post(self, place: Place, card: Card, marker: str, part: int = 0) -> str:  # noqa: ARG002
        """Say something; when this returns, the platform has it."""

        def say() -> str:
            return self.world.write(place.channel, None, card, thread=place.thread, marker=marker).id

        return await self._do("post", place, say)

    async def update(self, place: Place, message: str, card: Card) -> None:
        """Say something else in one of our messages."""

        def rewrite() -> None:
            self._own(place, message)
            if self.world.message(place.channel, message).card != card:
                self.world.edit(place.channel, message, card)

        await self._do("update", place, rewrite)

    async def delete(self, place: Place, message: str) -> None:
        """Take back one of our messages; already gone is success."""

        def take_back() -> None:
            if message in self.world.messages and not self.world.messages[message].deleted:
                self._own(place, message)
                self.world.erase(place.channel, message)

        await self._do("delete", place, take_back)

    async def thread(self, place: Place, message: str, name: str) -> Place:
        """The thread under a message."""

        def open_it() -> Place:
            self.world.name_thread(place.channel, message, name)
            return self.world.place(place.channel, message)

        return await self._do("thread", place, open_it)

    async def direct(self, space: str, person: str) -> Place:  # noqa: ARG002 - the pretend platform has one space
        """The direct message with a person."""
        here = Place(self.space, f"dm-{person}", private=True)
        return await self._do("direct", here, lambda: self.world.place(self.world.direct(person).id))

    async def private(self, place: Place, person: str, card: Card) -> None:
        """Show a card to one person only."""
        await self._do("private", place, lambda: self.whisper(place, person, card))

    def whisper(self, place: Place, person: str, card: Card) -> str:
        """A card that one person sees here. In their direct message it is an ordinary message."""
        to = None if place.private else person
        return self.world.write(place.channel, None, card, thread=place.thread, private_to=to).id

    # ── recovery ──────────────────────────────────────────────────────────────

    async def find(self, place: Place, marker: str, since: datetime) -> tuple[str, ...] | HistoryUnavailable:
        """Ids of our own messages there that carry the marker, oldest first."""
        after = self.faults.before("find", place.channel)
        if self.faults.hide_history or place.channel not in self.world.channels:
            return HistoryUnavailable("the history of this channel is hidden")
        if after is not None:
            raise after
        return tuple(
            one.id
            for one in self.world.look(place.channel, place.thread)
            if one.author is None and one.marker == marker and not one.deleted and one.at >= since
        )

    def platform_time(self) -> datetime | None:
        """The time of the pretend platform, in which its messages are dated."""
        return self._clock.now()

    async def history(self, place: Place, after: datetime | None) -> History | HistoryUnavailable:
        """What was said in a thread or direct message since `after`, its root always among it."""
        fault = self.faults.before("history", place.channel)
        if self.faults.hide_history or place.channel not in self.world.channels:
            return HistoryUnavailable("the history of this channel is hidden")
        if fault is not None:
            raise fault
        messages = self.world.history(place, after)
        return HistoryUnavailable("no such thread") if messages is None else History(messages, complete=True)

    async def link(self, place: Place, message: str) -> str | None:
        """The address of a message on the playground's page; None while no page is served."""
        if not self.address:
            return None
        thread = f"&thread={place.thread}" if place.thread else ""
        return f"{self.address}?channel={place.channel}{thread}#m{message}"

    # ── what moderators need ──────────────────────────────────────────────────

    async def pin(self, place: Place, message: str, *, pinned: bool) -> None:
        """Pin one of our messages, or take the pin away."""

        def mark() -> None:
            self._own(place, message)
            self.world.pin(place.channel, message, pinned=pinned)

        await self._do("pin", place, mark)

    async def close(self, place: Place, *, closed: bool) -> None:
        """Lock a thread, or open it again."""
        thread = place.thread
        if thread is not None:
            await self._do("close", place, lambda: self.world.lock(place.channel, thread, locked=closed))

    async def put_event(self, space: str, event: CalendarEvent, known: str | None) -> str | None:  # noqa: ARG002
        """The pretend platform has no list of events."""
        return None

    async def cancel_event(self, space: str, event: str) -> None:
        """Nothing to take off a list that is not there."""

    async def open_private(self, place: Place, name: str) -> Place | None:  # noqa: ARG002
        """None: everybody sees every channel of the playground."""
        return None

    async def admit(self, place: Place, come: Collection[str], go: Collection[str]) -> None:
        """Nothing: the playground has no private places."""

    async def posting_problem(self, place: Place) -> str | None:
        """Why the bot could not speak there now."""
        if place.channel not in self.world.channels:
            return "channel_not_found"
        return self.faults.refusal(place.channel)

    async def look_up(self, space: str, person: str) -> Person:
        """Somebody as they are now."""
        there = self.world.people.get(person)
        return there or Person(space, person, person, stranger=True)

    # ── keeping ───────────────────────────────────────────────────────────────

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` with the keys of what changed (`"message:10000001"`); returns how to stop it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    async def land(self) -> None:
        """Let everything that was late happen now."""
        for do in self.faults.take_late():
            do()
        await self.keep()

    async def keep(self) -> None:
        """Write down what changed. Raises `OutcomeUnknown` when the memory does not take it; it is tried again next time."""
        async with self._keeping:
            documents, gone = self.world.changes()
            changed = frozenset(documents).union(gone)
            try:
                if self._memory is not None and documents:
                    await self._memory.put(documents)
                if self._memory is not None and gone:
                    await self._memory.remove(gone)
            except Exception as error:
                self.world.touch_again(changed)
                raise OutcomeUnknown("not_kept") from error
        if changed:
            for watcher in tuple(self._watchers):
                watcher(changed)

    async def _do(self, verb: str, place: Place, do: Callable[[], T]) -> T:
        """One deed with its accidents: before it, lost after it, or late."""
        after = self.faults.before(verb, place.channel, do)
        done = do()
        await self.keep()
        if after is not None:
            raise after
        return done

    def _own(self, place: Place, message: str) -> None:
        if self.world.message(place.channel, message).author is not None:
            raise Rejected("not_our_message")
