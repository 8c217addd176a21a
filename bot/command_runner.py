"""The runner of commands: asks for what a command was not told, and leads on from every answer.

A command may be typed, or pressed: a button of the menu carries the line. Whatever is missing or unclear is answered
with buttons, a form, or the home of the noun.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from bot.chat.cards import Button, Buttons, Card, Select
from bot.chat.error_cards import refusal_card
from bot.chat.events import CommandInvoked, CompletionRequest
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import _
from bot.chat.menu import Call, Command, Menu, Option, OptionKind
from bot.chat.menu_cards import (
    choice_card,
    form_card,
    home_buttons,
    is_short,
    line_button,
    more_card,
    offered,
    rows_of,
)
from bot.chat.menu_form import MOST, fill_form, read_filled
from bot.chat.models import Refusal, RoleRefusal, StaleValue, UnclearOption
from bot.chat.parsing.button_values import read_fields, read_number
from bot.chat.parsing.command_line import ROOT, parse_call
from bot.feature import Handler, Request
from bot.loose_names import clash_card, find_loose_name
from bot.permissions import Permissions, clean_values
from bot.registry import Registry
from bot.store.errors import StoreFault
from bot.store.store import Store

Run = Callable[[Handler[Any], Request], Awaitable[Any]]
Pairs = tuple[tuple[str, str], ...]
SHOWN = 25
"""Choices that a platform shows at once: Discord's limit, for a select and while somebody types. Pages hold the rest."""


class CommandRunner:
    """Answers commands, whichever way they come."""

    def __init__(self, store: Store, permissions: Permissions, registry: Registry, run: Run) -> None:
        self._store, self._permissions, self._registry, self._run = store, permissions, registry, run

    @property
    def menu(self) -> Menu:
        """Every command there is."""
        return self._registry.menu

    async def answer(self, event: CommandInvoked) -> Card | Form:
        """Answer a command. The answer may be a form where the call `opens`; see `answer_as_card`."""
        command = event.call.command
        allowed = self._permissions.allow(event.person, event.place, command.role, command.path)
        return await self._reply(event.call, allowed)

    async def answer_as_card(self, event: CommandInvoked) -> Card:
        """The same where no form can open: then a button leads to it."""
        return _as_card(event.call, await self.answer(event))

    async def complete(self, typing: CompletionRequest) -> Pairs:
        """Choices for an option; none rather than an error, because somebody is still typing."""
        command = self.menu.find(typing.noun, typing.verb)
        option = command.option(typing.option) if command is not None else None
        if command is None or option is None:
            return ()
        try:
            request = await self._permissions.allow(typing.person, typing.place, command.role)
            asked = replace(request, value=typing.text)
            found = await self._store.read(lambda conn: self._completed(conn, command, option, asked))
            return found[:SHOWN]
        except (Refusal, StoreFault):
            return ()

    # ── the answer ────────────────────────────────────────────────────────────

    async def _reply(self, call: Call, allowed: Awaitable[Request]) -> Card | Form:
        """Answer a call of whoever is allowed it."""
        try:
            request = await allowed
            divided = await self._divide_name(call, request)
            if isinstance(divided, Card):
                return divided
            return await self._asked(divided, request) or await self._answered(divided, request)
        except Refusal as refusal:
            if refusal.returning == call.line and is_short(call.line):
                refusal.quotes = False
            return refusal_card(refusal, *self._ways_on(refusal, call.command))

    async def _answered(self, call: Call, request: Request) -> Card | Form:
        filled = replace(request, values=clean_values(call.values), line=call.line, missing=call.missing)
        try:
            reply: Card | Form = await self._run(self._registry.command(call.command.path).answer, filled)
        except UnclearOption as unclear:
            option = call.command.option(unclear.option)
            if option is None:
                raise
            pairs = (
                unclear.only
                if unclear.only is not None
                else await self._choices(call.command, option, request)
            )
            if not pairs:
                raise
            return choice_card(call, option.name, unclear.problem, pairs, 0)
        if isinstance(reply, Form):
            return reply
        if below := await self._offered(call.command, request):
            reply = replace(reply, blocks=(*reply.blocks, *home_buttons(call.command.path, below)))
        elif not reply.public and not any(isinstance(block, Buttons | Select) for block in reply.blocks):
            reply = replace(reply, blocks=(*reply.blocks, *rows_of(self._home_buttons(call.command))))
        return replace(reply, public=False) if reply.public and not call.command.public else reply

    async def _offered(self, home: Command, request: Request) -> list[Command]:
        """What a home offers to somebody; the home of all nouns draws its own buttons."""
        if home.path == ROOT:
            return []
        return await self._allowed(self.menu.below(home), request)

    async def _allowed(self, commands: Sequence[Command], request: Request) -> list[Command]:
        """The commands that somebody may use."""
        mine = [command for command in commands if command.role <= request.role]
        if not mine:  # most commands lead to no others: nothing is read for them
            return []

        def look(conn: Connection) -> list[Command]:
            conditions = {command: self._registry.command(command.path).offered for command in mine}
            met = {one: one(conn, request) for one in set(conditions.values())}
            return [command for command in mine if met[conditions[command]]]

        return await self._store.read(look)

    # ── the question ──────────────────────────────────────────────────────────

    async def _divide_name(self, call: Call, request: Request) -> Call | Card:
        """The call, with a name without quotes divided where another name begins; a question where that is unclear."""
        loose = find_loose_name(call)
        if loose is None:
            return call
        known = await self._choices(call.command, loose.option, request)
        ways = loose.divide(call, (value for value, _label in known))
        clash = clash_card(loose, ways) if len(ways) > 1 else None
        return clash or (ways[0] if ways else call)

    async def _asked(self, call: Call, request: Request) -> Card | Form | None:
        """The question for what is missing; None where nothing is, or the command's own form asks for it."""
        wanted = [option for option in call.command.options if option.name in call.missing]
        if not wanted:
            return None
        first = wanted[0]
        if first.completes or first.choices or first.kind is OptionKind.YES_NO:
            pairs = await self._choices(call.command, first, request)
            if not pairs:
                raise Refusal(_("There is nothing to choose from yet."))
            if len(wanted) == 1 or call.command.opens:
                return choice_card(call, first.name, _(first.summary), pairs, 0)
        return None if call.command.opens else await self._form(call, request)

    async def _form(self, call: Call, request: Request) -> Form:
        options = call.command.options[: 2 * MOST]

        def look(conn: Connection) -> dict[str, Pairs]:
            found = {one.name: self._choices_of(conn, call.command, one, request) for one in options}
            return {name: pairs for name, pairs in found.items() if 0 < len(pairs) <= SHOWN}

        return fill_form(call, await self._store.read(look))

    async def _choices(self, command: Command, option: Option, request: Request) -> Pairs:
        """What can be chosen for an option; nothing where it can be anything."""
        return await self._store.read(lambda conn: self._choices_of(conn, command, option, request))

    def _choices_of(self, conn: Connection, command: Command, option: Option, request: Request) -> Pairs:
        if option.kind is OptionKind.YES_NO:
            return (("yes", _("Yes")), ("no", _("No")))
        if option.choices:
            return tuple(
                (choice, _(label))
                for choice, label in zip(option.choices, option.labels or option.choices, strict=True)
            )
        return self._completed(conn, command, option, request)

    def _completed(self, conn: Connection, command: Command, option: Option, request: Request) -> Pairs:
        """What the core offers for an option, as far as the value of the request has been typed."""
        found = self._registry.completion(command.path, option.name)
        if found is None:
            return ()
        typed = "" if found.matched else request.value.lower()
        pairs = found.choices(conn, request)
        return tuple(pair for pair in pairs if typed in " ".join(pair).lower())

    # ── buttons ───────────────────────────────────────────────────────────────

    def read_line(self, line: str) -> Call:
        """The call that a button carries."""
        try:
            return parse_call(self.menu, "", line)
        except Refusal:
            raise StaleValue from None

    async def press_line(self, request: Request) -> Card:
        """Run the line of a button."""
        call = self.read_line(request.value)
        return _as_card(call, await self._reply(call, self._allow(request, call.command)))

    async def open_line(self, request: Request) -> Card | Form:
        """Run the line of a button that may open a form."""
        call = self.read_line(request.value)
        return await self._reply(call, self._allow(request, call.command))

    async def show_more(self, request: Request) -> Card:
        """Another page of what can be done from a home (`prompt/1`)."""
        path, page = read_fields(request.value, 2)
        home = self.read_line(path).command
        below = offered(await self._allowed(self.menu.below(home), request))
        if not below:
            raise StaleValue
        return more_card(home, below, read_number(page))

    async def choose_more(self, request: Request) -> Card:
        """Another page of what can be chosen for an option (`1/schedule/prompt pause`)."""
        page, name, line = read_fields(request.value, 3)
        call = self.read_line(line)
        option = call.command.option(name)
        if option is None:
            raise StaleValue
        allowed = await self._allow(request, call.command)
        pairs = await self._choices(call.command, option, allowed)
        if not pairs:
            raise Refusal(_("There is nothing to choose from yet."))
        return choice_card(call, name, _(option.summary), pairs, read_number(page))

    async def build_form(self, request: Request) -> Card | Form:
        """The form for everything a command can be told."""
        call = self.read_line(request.value)
        if call.command.opens or not call.command.options:
            return await self._reply(call, self._allow(request, call.command))
        return await self._form(call, await self._allow(request, call.command))

    async def submit_form(self, request: Request) -> Card | FieldErrors:
        """Run the command of a form with what was filled in."""
        command = self.read_line(request.value).command
        call = read_filled(command, request.values)
        if isinstance(call, FieldErrors):
            return call
        return _as_card(call, await self._reply(call, self._allow(request, command)))

    async def _allow(self, request: Request, command: Command) -> Request:
        """The request of whoever pressed a button of the menu, for the command it stands for. Raises `Refusal`."""
        await self._permissions.require(request, command.role, command.path)
        return replace(request, value="", message=None, at=None, values={})

    def _ways_on(self, refusal: Refusal, command: Command) -> tuple[Button, ...]:
        """What to press after a refusal that offers nothing itself: the noun's home."""
        return () if refusal.buttons or isinstance(refusal, RoleRefusal) else self._home_buttons(command)

    def _home_buttons(self, command: Command) -> tuple[Button, ...]:
        """The way back to the home of a command's noun."""
        home = self.menu.find(command.noun, "")
        return (line_button(home),) if home is not None and home is not command else ()


def _as_card(call: Call, reply: Card | Form) -> Card:
    return reply if isinstance(reply, Card) else form_card(reply.title, call.command, call.rewrite())
