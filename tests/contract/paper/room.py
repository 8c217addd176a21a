"""The notice board as a room: what people do in front of it, and what they see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.chat import cards, plain_text
from bot.chat.cards import Button, Buttons, Card, Select
from bot.chat.error_cards import refusal_card
from bot.chat.events import (
    ButtonPressed,
    CommandInvoked,
    Event,
    FormSubmitted,
    MessageReceived,
    ReactionChanged,
    Reply,
    ShortcutUsed,
)
from bot.chat.forms import FieldErrors, Form
from bot.chat.menu import Menu
from bot.chat.models import Person, Place, Refusal
from bot.chat.parsing import command_line
from bot.chat.port import AdapterState, CalendarEvent, CorePort, NotStored, OutcomeUnknown, RetryLater
from bot.platforms import PLATFORMS, find_platform
from bot.runtime.clock import Clock
from bot.settings.model import Settings
from tests.contract.paper.adapter import PaperAdapter
from tests.contract.paper.board import BOARDS, Board, PaperNote
from tests.contract.paper.settings import PaperSettings
from tests.stories.local_room import Handle, entered, sheet_of
from tests.stories.room import Complaint, Entry, Line, Newcomer, Selector, Sheet, Shown

REGISTERED = (*PLATFORMS, find_platform("tests.contract.paper"))
"""The platforms with one line more."""


@dataclass(frozen=True, slots=True)
class PaperNames:
    """Names as people write them; implements `bot.chat.parsing.values.Names`."""

    board: Board

    def member(self, text: str) -> str | None:
        return next((one.id for one in self.board.people.values() if text in (one.id, one.name)), None)

    def channel(self, text: str) -> str | None:
        return next((id for id, name in self.board.channels.items() if text in (id, name)), None)

    def group(self, text: str) -> str:
        return text


class PaperRoom:
    """Implements `Room` on the paper platform."""

    platform = "paper"
    knows_zones = True
    titles = True
    whispers = True
    keeps_in: tuple[str, ...] = ()

    def __init__(self, clock: Clock) -> None:
        self._board = BOARDS["story"] = Board("story", clock.now)
        self._now = clock.now
        self._adapter: PaperAdapter | None = None
        self._deaf = False
        self.space = self._board.space

    @property
    def _core(self) -> CorePort:
        assert self._adapter is not None
        assert self._adapter.core is not None, "no bot listens"
        return self._adapter.core

    async def open(self, menu: Menu) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        del BOARDS["story"]

    def settings(self, settings: Settings) -> Settings:
        roles = settings.roles.model_copy(
            update={"moderators": frozenset({"paper:moderator"}), "admins": frozenset({"paper:admin"})}
        )
        return settings.model_copy(update={"roles": roles})

    async def adapters(
        self, settings: Settings, memory: Callable[[str], AdapterState]
    ) -> Sequence[PaperAdapter]:
        made = REGISTERED[-1].make_adapter(PaperSettings(board="story"), self._now, memory("paper"))
        assert isinstance(made, PaperAdapter)
        self._adapter = made
        return [made]

    async def furnish(self, channels: Mapping[str, str], people: Iterable[Newcomer]) -> None:
        self._board.channels.update(channels)
        for one in people:
            self._board.people[one.id] = self._person(one)

    def _person(self, one: Newcomer) -> Person:
        return Person(self.space, one.id, one.name, frozenset(one.facts), one.stranger, zone=one.zone)

    async def settle(self) -> None:
        """Everything has happened when a verb returns."""

    # ── people come, go and talk ──────────────────────────────────────────────

    async def join(self, person: Newcomer) -> None:
        self._board.people[person.id] = self._person(person)
        assert self._adapter is not None
        await self._adapter.tell_person(self._board.people[person.id], left=False)

    async def leave(self, who: str) -> None:
        assert self._adapter is not None
        await self._adapter.tell_person(self._board.people.pop(who), left=True)

    async def open_channel(self, id: str, name: str, *, forum: bool = False) -> None:
        self._board.channels[id] = name

    async def say(
        self, who: str, channel: str, text: str, *, thread: str | None = None, to: str | None = None,
        files: tuple[str, ...] = (),
    ) -> str:  # fmt: skip
        return await self._told(self._board.write(channel, who, text, thread, to=to, files=files))

    async def direct(self, who: str, text: str) -> str:
        return await self.say(who, f"to-{who}", text)

    async def edit(self, who: str, message: str, text: str) -> None:
        await self._told(self._board.rewrite(message, text))

    async def erase(self, who: str, message: str) -> None:
        await self._told(self._board.tear_off(message))

    async def _told(self, note: PaperNote) -> str:
        if not self._deaf:
            place = self._board.place(note.channel, note.thread)
            await self._hear(note.author or "", place, MessageReceived(self._board.message(note)))
        return note.id

    async def react(self, who: str, message: str, emoji: str, *, gone: bool = False) -> None:
        note = self._board.notes[message]
        place = self._board.place(note.channel, note.thread)
        if not self._deaf:
            event = ReactionChanged(self._board.people[who], place, message, emoji, gone)
            await self._hear(who, place, event)

    async def redeliver(self) -> None:
        for id in tuple(self._board.owed):
            self._board.owed.remove(id)
            await self._told(self._board.notes[id])

    # ── people ask ────────────────────────────────────────────────────────────

    async def command(self, who: str, channel: str, line: str) -> Shown:
        place = self._board.place(channel)
        noun, _, rest = line.removeprefix("/").partition(" ")
        try:
            call = command_line.parse_call(self._core.menu, noun, rest, PaperNames(self._board))
        except Refusal as refusal:
            return self._show(who, place, refusal_card(refusal))
        event = CommandInvoked(self._board.people[who], place, call)
        if call.opens:
            return self._show(who, place, await self._core.form(event))
        return await self._hear(who, place, event)

    async def press(self, who: str, line: Line, button: str, *, forged: bool = False) -> Shown:
        [pressed] = [one for one in _buttons(self._board.notes[line.id]) if one.label == button]
        place = self._board.place(line.channel, line.thread)
        id = pressed.opens or pressed.does or ""
        event = ButtonPressed(self._board.people[who], place, id, pressed.value, line.id)
        if pressed.opens:
            return self._show(who, place, await self._core.form(event), line.id)
        return await self._hear(who, place, event, line.id)

    async def choose(self, who: str, line: Line, select: str, option: str) -> Shown:
        [chosen] = [one for one in _selects(self._board.notes[line.id]) if one.label == select]
        [value] = [value for value, label in chosen.options if label == option]
        place = self._board.place(line.channel, line.thread)
        event = ButtonPressed(self._board.people[who], place, chosen.does, f"{chosen.value}/{value}", line.id)
        return await self._hear(who, place, event, line.id)

    async def submit(self, who: str, sheet: Sheet, fields: Mapping[str, Entry]) -> Shown:
        handle = sheet.handle
        assert isinstance(handle, Handle)
        raw: dict[str, Any] = {one.name: one.value for one in sheet.blanks}
        parts = {one.name: one for one in handle.form.inputs}
        raw |= {name: entered(parts[name], entry) for name, entry in fields.items()}
        event = FormSubmitted(self._board.people[who], handle.place, handle.form.id, handle.form.value, raw)
        shown = await self._hear(who, handle.place, event, handle.pressed)
        if isinstance(shown, Complaint):
            kept = tuple(replace(one, value=raw[one.name]) for one in sheet.blanks)
            return replace(shown, handle=replace(sheet, blanks=kept))
        return shown

    async def amend(self, who: str, complaint: Complaint) -> Sheet:
        assert isinstance(complaint.handle, Sheet)
        return complaint.handle

    async def open_home(self, who: str) -> Shown:
        return None

    async def shortcut(self, who: str, shortcut: str, channel: str, message: str | None) -> Shown:
        note = self._board.notes[message] if message else None
        place = self._board.place(channel, note.thread if note else None)
        about = self._board.message(note) if note else None
        event = ShortcutUsed(self._board.people[who], place, shortcut, about)
        if any(one.id == shortcut and one.opens for one in self._core.menu.shortcuts):
            return self._show(who, place, await self._core.form(event))
        return await self._hear(who, place, event)

    async def _hear(self, who: str, place: Place, event: Event, pressed: str | None = None) -> Shown:
        try:
            reply: Reply = await self._core.hear(event)
        except NotStored as unkept:
            reply = unkept.card
            if isinstance(event, MessageReceived):
                self._board.owed.append(event.message.id)
        return self._show(who, place, reply, pressed)

    def _show(self, who: str, place: Place, reply: Reply | Form, pressed: str | None = None) -> Shown:
        match reply:
            case Form():
                return sheet_of(reply, Handle(reply, place, pressed))
            case FieldErrors():
                return Complaint(dict(reply.errors))
            case Card():
                old = self._board.notes.get(pressed or "")
                if reply.replaces and old is not None and (old.only_for == who or place.private):
                    return self._line(self._board.rewrite(old.id, reply))
                alone = None if reply.public or place.private else who
                return self._line(self._board.write(place.channel, None, reply, place.thread, only_for=alone))
            case _:
                return None

    # ── what can be seen ──────────────────────────────────────────────────────

    def look(self, who: str | None, channel: str, thread: str | None = None) -> list[Line]:
        return [self._line(one) for one in self._board.seen(who, channel, thread)]

    def inbox(self, who: str) -> list[Line]:
        return self.look(who, f"to-{who}")

    def _line(self, note: PaperNote) -> Line:
        line = Line(
            note.id, note.channel, "", thread=note.thread, author=note.author, private=bool(note.only_for)
        )
        if isinstance(note.body, str):
            return replace(line, text=note.body)
        return replace(
            line,
            text=plain_text.card_text(note.body),
            title=note.body.title,
            buttons=tuple(one.label for one in _buttons(note)),
            selects=tuple(
                Selector(
                    one.label, tuple(label for _, label in one.options), dict(one.options).get(one.chosen, "")
                )
                for one in _selects(note)
            ),
            files={one.name: one.data for one in note.body.blocks if isinstance(one, cards.File)},
            pictures=tuple(one.png for one in note.body.blocks if isinstance(one, cards.Picture)),
        )

    def place(self, channel: str, thread: str | None = None) -> Place:
        return self._board.place(channel, thread)

    def id_of(self, who: str) -> str:
        return who

    def pinned(self, channel: str) -> list[str]:
        return [one.id for one in self._board.seen(None, channel) if one.id in self._board.pinned]

    def closed(self, channel: str, thread: str) -> bool:
        return thread in self._board.locked

    def gatherings(self) -> list[CalendarEvent]:
        return []

    def notified(self) -> list[str]:
        return []  # paper rings no bell

    # ── accidents ─────────────────────────────────────────────────────────────

    def deafen(self, deaf: bool) -> None:
        self._deaf = deaf

    def hide_history(self, hidden: bool) -> None:
        self._board.hidden = hidden

    def shut(self, channel: str) -> str:
        self._board.shut.add(channel)
        return "shut"

    def reopen(self, channel: str) -> None:
        self._board.shut.discard(channel)

    def lose_answer(self, times: int = 1) -> None:
        self._board.after += [OutcomeUnknown("windy")] * times

    def break_before(self, times: int = 1) -> None:
        self._board.before += [OutcomeUnknown("windy")] * times

    def limit(self, seconds: int) -> None:
        self._board.before.append(RetryLater("busy", seconds))

    def lock_out(self, out: bool) -> None:
        self._board.locked_out = out

    def leave_the_disk(self) -> None:
        """It never was there."""


def _buttons(note: PaperNote) -> list[Button]:
    blocks = note.body.blocks if isinstance(note.body, Card) else ()
    return [button for block in blocks if isinstance(block, Buttons) for button in block.buttons]


def _selects(note: PaperNote) -> list[Select]:
    blocks = note.body.blocks if isinstance(note.body, Card) else ()
    return [block for block in blocks if isinstance(block, Select)]
