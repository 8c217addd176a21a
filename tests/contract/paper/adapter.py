"""The paper adapter: the verbs of the port on a notice board, and what people do there told to the core."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from aiohttp import web

from bot.chat.addressless import Addressless
from bot.chat.canvasless import Canvasless
from bot.chat.cards import Card
from bot.chat.events import PersonUpdated, SpaceConnected
from bot.chat.findings import Finding
from bot.chat.models import Person, Place
from bot.chat.port import CalendarEvent, CorePort, History, HistoryUnavailable, Rejected
from bot.chat.rate_limits import Pace
from tests.contract.paper.board import Board


class PaperAdapter(Addressless, Canvasless):
    """Implements `bot.chat.platform_adapter.PlatformAdapter`."""

    platform = "paper"
    pace = Pace()
    form_witness = "Whoever takes the paper form off the board sees who wrote it."

    def __init__(self, board: Board) -> None:
        self._board = board
        self.core: CorePort | None = None

    async def start(self, core: CorePort) -> None:
        self.core = core
        await core.hear(SpaceConnected(self._board.space, self._board.name))
        for person in tuple(self._board.people.values()):
            await self.tell_person(person, left=False)

    async def stop(self) -> None:
        self.core = None

    async def tell_person(self, person: Person, *, left: bool) -> None:
        if self.core is not None:
            await self.core.hear(PersonUpdated(person, left=left))

    @property
    def ready(self) -> bool:
        return self.core is not None

    @property
    def why(self) -> str:
        return "" if self.ready else "not started"

    async def check_credentials(self) -> None: ...

    def routes(self) -> Sequence[web.RouteDef]:
        return ()

    def community_of(self, space: str) -> str | None:
        return "" if space == self._board.space else None

    async def examine(
        self, channels: Mapping[str, Collection[str]], spaces: Collection[str] | None = None
    ) -> list[Finding]:
        if spaces is not None and self._board.space not in spaces:
            return []
        wanted = channels.get(self._board.space, ())
        return [("ok", f"Paper: the board {self._board.name} hangs, with {len(wanted)} channels in use.", "")]

    def count_parts(self, card: Card) -> int:
        return 1

    async def post(self, place: Place, card: Card, marker: str, part: int = 0) -> str:
        self._board.check(place.channel)
        note = self._board.write(place.channel, None, card, place.thread, marker=marker)
        if self._board.after:
            raise self._board.after.pop(0)
        return note.id

    async def update(self, place: Place, message: str, card: Card) -> None:
        if self._board.notes[message].deleted:
            raise Rejected("torn_off")
        if self._board.notes[message].body != card:
            self._board.rewrite(message, card)

    async def delete(self, place: Place, message: str) -> None:
        if not self._board.notes[message].deleted:
            self._board.tear_off(message)

    async def thread(self, place: Place, message: str, name: str) -> Place:
        return self._board.place(place.channel, message)

    async def direct(self, space: str, person: str) -> Place:
        return self._board.place(f"to-{person}")

    async def private(self, place: Place, person: str, card: Card) -> None:
        self._board.check(place.channel)
        self._board.write(place.channel, None, card, place.thread, only_for=None if place.private else person)

    async def find(self, place: Place, marker: str, since: datetime) -> tuple[str, ...] | HistoryUnavailable:
        if self._board.hidden:
            return HistoryUnavailable("covered")
        there = self._board.seen(None, place.channel, place.thread)
        return tuple(one.id for one in there if one.marker == marker and one.at >= since)

    def platform_time(self) -> datetime | None:
        return self._board.now()

    async def history(self, place: Place, after: datetime | None) -> History | HistoryUnavailable:
        root = self._board.notes.get(place.thread or "")
        if self._board.hidden or (root is not None and root.deleted):
            return HistoryUnavailable("covered")
        there = self._board.seen(None, place.channel, place.thread)
        wanted = [one for one in there if after is None or one is root or one.version >= after]
        return History(tuple(map(self._board.message, wanted)), complete=True)

    async def link(self, place: Place, message: str) -> str | None:
        return f"https://board.invalid/{place.channel}/{message}"

    async def pin(self, place: Place, message: str, *, pinned: bool) -> None:
        (self._board.pinned.add if pinned else self._board.pinned.discard)(message)

    async def close(self, place: Place, *, closed: bool) -> None:
        (self._board.locked.add if closed else self._board.locked.discard)(place.thread or "")

    async def put_event(self, space: str, event: CalendarEvent, known: str | None) -> str | None:
        """None: the board has no list of events."""
        return None

    async def cancel_event(self, space: str, event: str) -> None:
        """Nothing: the board has no list of events."""

    async def open_private(self, place: Place, name: str) -> Place | None:
        """None: whoever sees the board sees all of it."""
        return None

    async def admit(self, place: Place, come: Collection[str], go: Collection[str]) -> None:
        """Nothing: the board has no private places."""

    async def posting_problem(self, place: Place) -> str | None:
        return self._board.problem(place.channel)

    async def look_up(self, space: str, person: str) -> Person:
        return self._board.people.get(person) or Person(space, person, person, stranger=True)
