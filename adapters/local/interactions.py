"""Commands, buttons, selects, forms and shortcuts of people on the pretend platform."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.local.events import LocalEvents, Shown, asleep_card
from adapters.local.model import HOME, LocalMessage
from adapters.local.people import LocalPeople
from bot.chat.cards import Button, Buttons, Select
from bot.chat.error_cards import refusal_card
from bot.chat.events import ButtonPressed, CommandInvoked, FormSubmitted, ShortcutUsed, language_of_person
from bot.chat.forms import Form
from bot.chat.language import speaking
from bot.chat.models import Place, Refusal, clean_text
from bot.chat.parsing import command_line
from bot.chat.port import Rejected


class LocalInteractions(LocalEvents):
    """Has a verb for each way in which a person asks the bot for something."""

    async def command(self, person: str, channel: str, line: str, thread: str | None = None) -> Shown:
        """Somebody writes a slash command: `/reflect answer -- We tried wait time.`"""
        place = self.world.place(channel, thread)
        core = self._reachable
        if core is None:
            return await self._show(person, place, asleep_card())
        noun, _, rest = clean_text(line).strip().removeprefix("/").partition(" ")
        who = self.world.who(person)
        try:
            with speaking(language_of_person(who)):
                call = command_line.parse_call(core.menu, noun, rest, LocalPeople(self.world))
        except Refusal as refusal:
            return await self._show(person, place, refusal_card(refusal))
        event = CommandInvoked(who, place, call)
        if call.opens:
            return await self._opened(person, place, core.form(event))
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
        core = self._reachable
        if core is None:
            return await self._show(person, place, asleep_card())
        event = ShortcutUsed(self.world.who(person), place, shortcut, self.world.told(one) if one else None)
        if any(found.id == shortcut and found.opens for found in core.menu.shortcuts):
            return await self._opened(person, place, core.form(event))
        return await self._heard(person, place, event)


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
