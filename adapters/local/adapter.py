"""The local adapter: a pretend platform, with what the bot can do there and what people do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adapters.local.directory import Directory
from adapters.local.events import ASLEEP, LocalEvents, Shown
from adapters.local.model import HOME, LocalMessage
from bot.chat.cards import Button, Buttons, Select
from bot.chat.error_cards import refused
from bot.chat.forms import Form
from bot.chat.models import Person, Place, Refusal, clean
from bot.chat.parsing import command_line
from bot.chat.port import (
    AdapterState,
    ButtonPressed,
    CommandInvoked,
    CorePort,
    FormSubmitted,
    MessageReceived,
    PersonUpdated,
    ReactionChanged,
    Rejected,
    ShortcutUsed,
    SpaceConnected,
)
from bot.runtime.clock import Clock

__all__ = ["ASLEEP", "LocalAdapter", "Shown"]


class LocalAdapter(LocalEvents):
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

    # ── people come and go ────────────────────────────────────────────────────

    async def join(
        self,
        id: str,
        name: str,
        *,
        facts: Iterable[str] = (),
        zone: str | None = None,
        stranger: bool = False,
    ) -> Person:
        """Somebody joins, or changes."""
        who = self.world.add_person(id, name, facts=facts, zone=zone, stranger=stranger)
        await self.keep()
        if self._core is not None and not self.faults.drop_events:
            await self._introduce(who)
        return who

    async def leave(self, person: str) -> None:
        """Somebody leaves the space."""
        who = self.world.remove_person(person)
        await self.keep()
        if self._core is not None and not self.faults.drop_events:
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
        event = ReactionChanged(self.world.who(person), place, message, emoji, gone)
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

    # ── people ask ────────────────────────────────────────────────────────────

    async def command(self, person: str, channel: str, line: str, thread: str | None = None) -> Shown:
        """Somebody writes a slash command: `/reflect answer -- We tried wait time.`"""
        place = self.world.place(channel, thread)
        if self._core is None:
            return await self._show(person, place, ASLEEP)
        noun, _, rest = clean(line).strip().removeprefix("/").partition(" ")
        try:
            call = command_line.understand(self._core.menu, noun, rest, Directory(self.world))
        except Refusal as refusal:
            return await self._show(person, place, refused(refusal))
        event = CommandInvoked(self.world.who(person), place, call)
        if call.command.opens:
            return await self._opened(person, place, self._core.form(event))
        return await self._heard(person, place, event)

    async def press(self, person: str, channel: str, message: str, button: str | Button) -> Shown:
        """Somebody presses a button on a card, named by its label."""
        one = self.seen(person, channel, message)
        pressed = button if isinstance(button, Button) else _button(one, button)
        place, id = self.world.place(channel, one.thread), pressed.opens or pressed.does
        if id is None:
            return None
        event = ButtonPressed(self.world.who(person), place, id, pressed.value, _known(message))
        if pressed.opens is not None:
            return await self._opened(person, place, self._asked(event), message)
        return await self._heard(person, place, event, message)

    async def choose(
        self, person: str, channel: str, message: str, select: str | Select, option: str
    ) -> Shown:
        """Somebody picks an option of a select, both named by label or value."""
        one = self.seen(person, channel, message)
        found, value = _option(one, select, option)
        place = self.world.place(channel, one.thread)
        event = ButtonPressed(
            self.world.who(person), place, found.does, f"{found.value}/{value}", _known(message)
        )
        return await self._heard(person, place, event, message)

    async def submit(
        self, person: str, place: Place, form: Form, fields: Mapping[str, object], pressed: str | None = None
    ) -> Shown:
        """Somebody sends a form. `FieldErrors` keep it open. `pressed` is the message whose button opened it."""
        event = FormSubmitted(self.world.who(person), place, form.id, form.value, fields)
        return await self._heard(person, place, event, pressed)

    async def shortcut(
        self, person: str, shortcut: str, channel: str, message: str | None = None, thread: str | None = None
    ) -> Shown:
        """Somebody uses a shortcut of the menu, named by its id: on a message, or from anywhere."""
        one = self.seen(person, channel, message) if message else None
        place = self.world.place(channel, one.thread if one else thread)
        if self._core is None:
            return await self._show(person, place, ASLEEP)
        event = ShortcutUsed(self.world.who(person), place, shortcut, self.world.told(one) if one else None)
        if any(found.id == shortcut and found.opens for found in self._core.menu.shortcuts):
            return await self._opened(person, place, self._core.form(event))
        return await self._heard(person, place, event)

    def _mine(self, person: str, channel: str, message: str) -> None:
        if self.world.message(channel, message).author != person:
            raise Rejected("not_your_message")


def _known(message: str) -> str | None:
    """What the bot is told of where a card was: its own page is no message."""
    return None if message == HOME else message


def _button(one: LocalMessage, label: str) -> Button:
    rows = [block for block in one.card.blocks if isinstance(block, Buttons)] if one.card else []
    found = [button for row in rows for button in row.buttons if label in (button.label, button.state)]
    if not found:
        raise Rejected("no_such_button")
    return found[0]


def _option(one: LocalMessage, select: str | Select, option: str) -> tuple[Select, str]:
    selects = [block for block in one.card.blocks if isinstance(block, Select)] if one.card else []
    for found in selects:
        for value, label in found.options:
            if select in (found, found.label, found.does) and option in (value, label):
                return found, value
    raise Rejected("no_such_option")
