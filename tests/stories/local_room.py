"""The pretend platform as a room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from adapters.local.adapter import LocalAdapter
from adapters.local.adapter import Shown as LocalShown
from adapters.local.model import BOT, LocalMessage
from adapters.local.world import World
from bot.chat import cards, forms, plain_text
from bot.chat.cards import Card
from bot.chat.forms import FieldErrors, Form
from bot.chat.handed_file import MOST_BYTES, HandedFile
from bot.chat.menu import Menu
from bot.chat.models import Place
from bot.chat.port import AdapterState, CalendarEvent, CredentialsRejected, OutcomeUnknown, RetryLater
from bot.runtime.clock import Clock
from bot.settings.model import Settings
from tests.stories.room import Blank, Chosen, Complaint, Entry, Line, Newcomer, Selector, Sheet, Shown

SPACE = "local:story"


@dataclass(frozen=True, slots=True)
class Handle:
    """A form, where it is open, and the message whose button opened it."""

    form: Form
    place: Place
    pressed: str | None = None


class LocalRoom:
    """Implements `Room` on `adapters.local`: the platform lives inside its adapter, and in the bot's own database."""

    platform = "local"
    space = SPACE
    knows_zones = True
    titles = True
    whispers = True
    keeps_in: tuple[str, ...] = ("shelf",)

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._adapter: LocalAdapter | None = None
        self._on_disk = True

    @property
    def adapter(self) -> LocalAdapter:
        """The adapter of the bot that runs now."""
        assert self._adapter is not None, "no bot has been started"
        return self._adapter

    async def open(self, menu: Menu) -> None:
        """Nothing to open: the world comes with the adapter."""

    async def close(self) -> None:
        """Nothing to close."""

    def settings(self, settings: Settings) -> Settings:
        return settings

    async def adapters(
        self, settings: Settings, memory: Callable[[str], AdapterState]
    ) -> Sequence[LocalAdapter]:
        before = self._adapter
        self._adapter = LocalAdapter(self._clock, memory(SPACE) if self._on_disk else None, SPACE, "Story")
        if before is not None and not self._on_disk:
            self._adapter.world = before.world
        return [self._adapter]

    async def furnish(self, channels: Mapping[str, str], people: Iterable[Newcomer]) -> None:
        for id, name in channels.items():
            self.adapter.world.add_channel(id, name)
        for one in people:
            self.adapter.world.add_person(
                one.id, one.name, facts=one.facts, zone=one.zone, stranger=one.stranger, locale=one.locale
            )

    async def settle(self) -> None:
        """Everything has happened when a verb returns."""

    # ── people come and go ────────────────────────────────────────────────────

    async def join(self, person: Newcomer) -> None:
        await self.adapter.join(
            person.id,
            person.name,
            facts=person.facts,
            zone=person.zone,
            stranger=person.stranger,
            locale=person.locale,
        )

    async def leave(self, who: str) -> None:
        await self.adapter.leave(who)

    async def open_channel(self, id: str, name: str, *, forum: bool = False) -> None:
        self.adapter.world.add_channel(id, name)
        await self.adapter.keep()

    # ── people talk ───────────────────────────────────────────────────────────

    async def say(
        self, who: str, channel: str, text: str, *, thread: str | None = None, to: str | None = None,
        files: tuple[str, ...] = (),
    ) -> str:  # fmt: skip
        return await self.adapter.say(who, channel, text, thread=thread, reply_to=to, files=files)

    async def direct(self, who: str, text: str) -> str:
        return await self.adapter.say(who, self.adapter.world.direct(who).id, text)

    async def edit(self, who: str, message: str, text: str) -> None:
        await self.adapter.edit(who, self._where(message), message, text)

    async def erase(self, who: str, message: str) -> None:
        if (
            self.adapter.world.messages[message].author is None
        ):  # one of the bot's: any moderator may, on a platform
            self.adapter.world.erase(self._where(message), message)
            await self.adapter.keep()
            return
        await self.adapter.erase(who, self._where(message), message)

    async def react(self, who: str, message: str, emoji: str, *, gone: bool = False) -> None:
        await self.adapter.react(who, self._where(message), message, emoji, gone=gone)

    def _where(self, message: str) -> str:
        return self.adapter.world.messages[message].channel

    # ── people ask ────────────────────────────────────────────────────────────

    async def command(self, who: str, channel: str, line: str) -> Shown:
        shown = await self.adapter.command(who, channel, line)
        return self._shown(who, shown, self.place(channel))

    async def press(self, who: str, line: Line, button: str, *, forged: bool = False) -> Shown:
        if forged:
            # The message does not show itself to others; a forged request names its button all the same.
            return await self._press_forged(who, self.adapter.world.messages[line.id], button)
        shown = await self.adapter.press(who, line.channel, line.id, button)
        return self._shown(who, shown, self.place(line.channel, line.thread), line.id)

    async def _press_forged(self, who: str, said: LocalMessage, button: str) -> Shown:
        assert said.card is not None
        assert not said.visible_to(who), "nothing is forged about a button one can see"
        rows = [block for block in said.card.blocks if isinstance(block, cards.Buttons)]
        [pressed] = [one for row in rows for one in row.buttons if one.label == button]
        seen = next(
            one for one in self.adapter.world.look(said.channel, said.thread, who) if one.author is None
        )
        shown = await self.adapter.press(who, said.channel, seen.id, pressed)
        return self._shown(who, shown, self.place(said.channel, said.thread))

    async def choose(self, who: str, line: Line, select: str, option: str) -> Shown:
        shown = await self.adapter.choose(who, line.channel, line.id, select, option)
        return self._shown(who, shown, self.place(line.channel, line.thread), line.id)

    async def submit(self, who: str, sheet: Sheet, fields: Mapping[str, Entry]) -> Shown:
        handle = sheet.handle
        assert isinstance(handle, Handle)
        raw: dict[str, object] = {one.name: one.value for one in sheet.blanks}
        for name, entry in fields.items():
            raw[name] = entered(next(part for part in handle.form.inputs if part.name == name), entry)
        for part in handle.form.inputs:
            assert raw[part.name] or not part.required, (
                f"{part.name} is required: the page would not send this"
            )
        shown = await self.adapter.submit(who, handle.place, handle.form, raw, handle.pressed)
        if isinstance(shown, FieldErrors):  # the page keeps the form open, as it was filled in
            kept = tuple(replace(one, value=_kept(raw[one.name])) for one in sheet.blanks)
            return Complaint(dict(shown.errors), replace(sheet, blanks=kept))
        return self._shown(who, shown, handle.place, handle.pressed)

    async def amend(self, who: str, complaint: Complaint) -> Sheet:
        assert isinstance(complaint.handle, Sheet)
        return complaint.handle

    async def open_home(self, who: str) -> Shown:
        await self.adapter.open_home(who)
        return _line(self.adapter.homes[who], self.adapter.world)

    async def shortcut(self, who: str, shortcut: str, channel: str, message: str | None) -> Shown:
        place = self.place(channel, self.adapter.world.messages[message].thread if message else None)
        return self._shown(who, await self.adapter.shortcut(who, shortcut, channel, message), place)

    def _shown(self, who: str, shown: LocalShown, place: Place, pressed: str | None = None) -> Shown:
        match shown:
            case None:
                return None
            case Form():
                return sheet_of(shown, Handle(shown, place, pressed))
            case FieldErrors():
                raise AssertionError("only a form that was sent can be wrong")
            case Card():
                # A card that takes the place of another keeps its id; the newest state is the one just shown.
                world = self.adapter.world
                there = [one for one in world.messages.values() if one.card == shown and one.visible_to(who)]
                there = [one for one in there if one.channel == place.channel]
                return (
                    _line(max(there, key=lambda one: (one.version, one.id)), world)
                    if there
                    else _card_line(shown, world)
                )

    # ── what can be seen ──────────────────────────────────────────────────────

    def look(self, who: str | None, channel: str, thread: str | None = None) -> list[Line]:
        return [_line(one, self.adapter.world) for one in self.adapter.world.look(channel, thread, who)]

    def inbox(self, who: str) -> list[Line]:
        channel = f"dm-{who}"
        return self.look(who, channel) if channel in self.adapter.world.channels else []

    def place(self, channel: str, thread: str | None = None) -> Place:
        return self.adapter.world.place(channel, thread)

    def id_of(self, who: str) -> str:
        return who

    def pinned(self, channel: str) -> list[str]:
        return [one.id for one in self.adapter.world.look(channel) if one.pinned]

    def closed(self, channel: str, thread: str) -> bool:
        return self.adapter.world.message(channel, thread).locked

    def gatherings(self) -> list[CalendarEvent]:
        return []

    def notified(self) -> list[str]:
        return []  # nothing rings here

    # ── accidents ─────────────────────────────────────────────────────────────

    def deafen(self, deaf: bool) -> None:
        self.adapter.faults.drop_events = deaf

    def hide_history(self, hidden: bool) -> None:
        self.adapter.faults.hide_history = hidden

    def shut(self, channel: str) -> str:
        self.adapter.faults.refuse(channel, "is_archived")
        return "is_archived"

    def reopen(self, channel: str) -> None:
        self.adapter.faults.allow(channel)

    def lose_answer(self, times: int = 1) -> None:
        self.adapter.faults.next("post", after=OutcomeUnknown("timeout"), times=times)

    def break_before(self, times: int = 1) -> None:
        self.adapter.faults.next("post", before=OutcomeUnknown("timeout"), times=times)

    def limit(self, seconds: int) -> None:
        self.adapter.faults.next("post", before=RetryLater("ratelimited", seconds))

    def lock_out(self, out: bool) -> None:
        if out:
            self.adapter.faults.next("post", before=CredentialsRejected("account_inactive"))

    async def redeliver(self) -> None:
        await self.adapter.redeliver()

    def leave_the_disk(self) -> None:
        self._on_disk = False
        if self._adapter is not None:
            self._adapter._memory = None


# ── as a reader sees it ───────────────────────────────────────────────────────


def _named(card: Card, world: World) -> Card:
    """The card with the names of channels, which the platform knows and a card need not."""

    def words(value: cards.Words) -> cards.Words:
        if isinstance(value, str):
            return value
        return tuple(
            replace(part, name=part.name or world.channels[part.channel].name)
            if isinstance(part, cards.ChannelLink) and part.channel in world.channels
            else part
            for part in value
        )

    def block(one: cards.Block) -> cards.Block:
        match one:
            case cards.Markdown() | cards.Note():
                return replace(one, words=words(one.words))
            case cards.Facts():
                return replace(one, rows=tuple((label, words(value)) for label, value in one.rows))
            case _:
                return one

    return replace(card, blocks=tuple(map(block, card.blocks)))


def _line(one: LocalMessage, world: World) -> Line:
    author = None if one.author in (None, BOT) else one.author
    if one.card is None:
        text = one.text
        return Line(
            one.id, one.channel, text, thread=one.thread, author=author, edited=one.changed is not None
        )
    return _card_line(one.card, world, one)


def _card_line(card: Card, world: World, one: LocalMessage | None = None) -> Line:
    rows = [block for block in card.blocks if isinstance(block, cards.Buttons)]
    return Line(
        one.id if one else "",
        one.channel if one else "",
        plain_text.card_text(_named(card, world)),
        card.title,
        one.thread if one else None,
        None,
        tuple(button.label for row in rows for button in row.buttons),
        tuple(_selector(block) for block in card.blocks if isinstance(block, cards.Select)),
        {block.name: block.data for block in card.blocks if isinstance(block, cards.File)},
        tuple(block.png for block in card.blocks if isinstance(block, cards.Picture)),
        bool(one and one.private_to),
        bool(one and one.changed),
    )


def _selector(block: cards.Select) -> Selector:
    return Selector(
        block.label, tuple(label for _, label in block.options), dict(block.options).get(block.chosen, "")
    )


def sheet_of(form: Form, handle: Handle) -> Sheet:
    words = [form.title]
    for part in form.fields:
        words += [part.text] if isinstance(part, forms.Hint) else [part.label, part.hint]
        words += [part.low_label, part.high_label] if isinstance(part, forms.Scale) else []
    return Sheet(form.title, tuple(map(_blank, form.inputs)), "\n".join(filter(None, words)), handle)


def _kept(value: object) -> Any:
    """What stands in a field that came back: no browser fills in a file."""
    return "" if isinstance(value, HandedFile) else value


def _blank(part: forms.Input) -> Blank:
    several = isinstance(part, forms.Choices)
    return Blank(part.name, part.label, _raw(part), _options(part), part.required, several)


def _options(part: forms.Input) -> tuple[tuple[str, str], ...]:
    match part:
        case forms.Choice() | forms.Choices():
            return part.options
        case forms.Scale():
            return tuple((str(step), str(step)) for step in range(part.low, part.high + 1))
        case _:
            return ()


def _raw(part: forms.Input) -> str | tuple[str, ...]:
    """What the page sends for a field that nobody touched."""
    match part.value:
        case None:
            return ""
        case datetime():
            return f"{part.value:%Y-%m-%d %H:%M}"
        case tuple():
            return part.value
        case _:
            return str(part.value)


def entered(part: forms.Input, entry: Entry) -> object:
    if isinstance(entry, Chosen):
        return HandedFile(entry.name, len(entry.data), entry.data if len(entry.data) <= MOST_BYTES else b"")
    if entry is None:
        return () if isinstance(part, forms.Choices) else ""
    by_label = {label: value for value, label in _options(part)}
    if isinstance(entry, tuple):
        return tuple(by_label.get(one, one) for one in entry)
    return by_label.get(str(entry), str(entry))
