"""The dispatcher: routes every event to the feature that answers it, and turns every error into words."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Connection

from bot import presence
from bot.capture import intake
from bot.chat import forms
from bot.chat.cards import Block, Card, say
from bot.chat.error_cards import bug_card, not_stored_card, refusal_card
from bot.chat.events import (
    BotInvited,
    ButtonPressed,
    CommandInvoked,
    CompletionRequest,
    Event,
    FormSubmitted,
    HomeOpened,
    MessageReceived,
    Opening,
    PersonUpdated,
    ReactionChanged,
    Reply,
    ShortcutUsed,
    SpaceConnected,
    SpaceRemoved,
    language_of_event,
    language_of_person,
)
from bot.chat.forms import FieldErrors, Form
from bot.chat.handed_file import HandedFile
from bot.chat.language import speaking
from bot.chat.menu_cards import line_button
from bot.chat.models import Message, Person, Place, Refusal, Role, RoleRefusal, clean_message, clean_text
from bot.chat.parsing import command_line
from bot.chat.parsing.bare_line import command_line_in
from bot.chat.port import NotStored
from bot.command_runner import CommandRunner
from bot.danger.hotline import Hotline
from bot.feature import Feature, Handler, Reaction, Reads, Request, Waits
from bot.messages import MessageHandler, SpokenLine
from bot.people.privacy import Erasures
from bot.people.roles import RoleSources
from bot.people.tables import Community
from bot.permissions import Permissions, clean_values, press
from bot.registry import Registry
from bot.runtime.clock import Clock
from bot.store.errors import StoreFault
from bot.store.store import Store

log = logging.getLogger(__name__)
T = TypeVar("T")


class Dispatcher:
    """The core as adapters see it: every event goes to the feature that answers it."""

    def __init__(
        self, store: Store, clock: Clock, roles: RoleSources, erasures: Erasures, features: Sequence[Feature],
        community: Callable[[str], str | None], hotline: Hotline,
    ) -> None:  # fmt: skip
        """`community` maps a space key to the slug of the community it belongs to; None: to none of ours."""
        self._store = store
        self._clock = clock
        self._permissions = Permissions(store, clock, roles, self._home_of)
        self._erasures = erasures
        self._slug_of = community
        self._registry = Registry(features)
        self._hotline = hotline
        self._messages = MessageHandler(store, clock, self._permissions, erasures, self._registry, hotline)
        self.commands = CommandRunner(store, self._permissions, self._registry, self._run)
        self.menu, self.draws, self.kinds = self._registry.menu, self._registry.draws, self._registry.kinds
        self.canvases = self._registry.canvases
        self.hooks = self._registry.hooks
        self.tell = self._registry.publish

    # ── in ────────────────────────────────────────────────────────────────────

    async def hear(self, event: Event) -> Reply:
        """Take an event in; when this returns, what it changed has been committed. See `CorePort`."""
        with speaking(language_of_event(event)):
            if isinstance(event, MessageReceived):  # far the most, and looked through where it is stored
                return await self._message(event.message)
            help_card = await self._hotline.answer_event(event, self._registry.role_for(event))
            return help_card or await self._answer(event)

    async def _answer(self, event: Event) -> Reply:
        match event:
            case CommandInvoked(who):
                line = event.call.line
                return await self._guarded(who, line, lambda: self.commands.answer_as_card(event))
            case ButtonPressed(who) | ShortcutUsed(who):
                return await self._guarded(who, "", lambda: self._button(event), event.id)
            case HomeOpened(who):
                return await self._guarded(who, "", lambda: self._home(event))
            case FormSubmitted(who):
                texts = (str(one) for one in event.fields.values() if not isinstance(one, HandedFile))
                returning = "\n\n".join(text for text in texts if " " in text)
                return await self._guarded(
                    who, returning, lambda: self._submitted(event, returning), event.id
                )
            case _:
                return await self._quietly(event)

    async def form(self, opening: Opening) -> Form | Card:
        """What to show for a command, button or shortcut that opens a form."""
        with speaking(language_of_event(opening)):
            help_card = await self._hotline.answer_event(opening, self._registry.role_for(opening))
            return help_card or await self._open(opening)

    async def _open(self, opening: Opening) -> Form | Card:
        who = opening.person
        if isinstance(opening, CommandInvoked):
            return await self._guarded(who, opening.call.line, lambda: self.commands.answer(opening))
        return await self._guarded(who, "", lambda: self._opened(opening), opening.id)

    async def complete(self, typing: CompletionRequest) -> tuple[tuple[str, str], ...]:
        """Choices for an option; none rather than an error, because somebody is still typing."""
        with speaking(language_of_person(typing.person)), self._store.answering(typing.person.account):
            return await self.commands.complete(typing)

    async def _run(self, handler: Handler[T], request: Request) -> T:
        """Run a handler in the transaction it wants."""
        if isinstance(handler, Waits):
            return await handler.do(request)
        do = handler.do
        if isinstance(handler, Reads):
            return await self._store.read(lambda conn: do(conn, request))
        instead = await handler.first(request) if handler.first is not None else None
        if instead is not None:
            return instead
        return await self._store.write(lambda conn: do(conn, request))

    # ── the three answers ─────────────────────────────────────────────────────

    async def _home(self, event: HomeOpened) -> Card:
        """The bot's own page: what every feature has for this person."""
        here = Place(event.person.space, "", private=True)
        request = await self._permissions.allow(event.person, here, Role.MEMBER)

        def look(conn: Connection) -> tuple[Block, ...]:
            return tuple(
                block for feature in self._registry.features for block in feature.home(conn, request)
            )

        return say(request.community.name, *await self._store.read(look))

    async def _button(self, event: ButtonPressed | ShortcutUsed) -> Card | None:
        button = self._registry.button(event.id)
        request = await self._permissions.allow(event.person, event.place, button.role, event.id)
        return await self._run(button.do, press(request, event))

    async def _opened(self, event: ButtonPressed | ShortcutUsed) -> Form | Card:
        form = self._registry.form(event.id)
        request = await self._permissions.allow(event.person, event.place, form.role, event.id)
        return await self._run(form.build, press(request, event))

    async def _submitted(self, event: FormSubmitted, returning: str) -> Card | FieldErrors:
        handler = self._registry.form(event.id)
        request = replace(
            await self._permissions.allow(event.person, event.place, handler.role, event.id),
            value=clean_text(event.value),
            at=event.at,
        )
        try:
            form = await self._run(handler.build, request)
        except Refusal as refusal:  # whoever builds the form does not know what was written in it
            raise Refusal(refusal.problem, refusal.fix, refusal.returning or returning) from None
        if isinstance(form, Card):
            return form
        values, errors = forms.read_fields(form, clean_values(event.fields))
        if errors:
            return FieldErrors(errors)
        return await self._run(handler.submit, replace(request, values=values))

    # ── messages ──────────────────────────────────────────────────────────────

    async def _message(self, message: Message) -> Card | None:
        if message.deleted and (message.own or message.author is None):
            await self._messages.tell_deleted(message)
        if not intake.is_from_a_person(message) and not await self._is_from_a_leaver(message):
            return None
        message, author = clean_message(message), message.author
        line = self._line_in(message)
        if line and author is not None:
            help_card = await self._hotline.answer_spoken(message, author)
            return help_card or await self._spoken_command(message, author, line)
        if author is not None and author.stranger:
            return None
        reply = await self._messages.store_told(message)
        if isinstance(reply, SpokenLine) and author is not None:
            return await self._spoken_command(message, author, reply.line)
        return reply if isinstance(reply, Card) else None

    def _line_in(self, message: Message) -> str:
        """The command that a message to us is written as; empty where it is none."""
        if message.deleted or not (message.place.private or message.called):
            return ""
        return command_line_in(self.menu, message.text)

    async def _is_from_a_leaver(self, message: Message) -> bool:
        """Whether somebody who has left writes directly: they still have a say about their own data."""
        author = message.author
        if message.own or author is None or author.bot or not message.place.private:
            return False
        return await self._permissions.has_left(author)

    async def found(self, event: MessageReceived) -> None:
        """Take in a message found by re-reading a conversation; it is never obeyed as a command.

        What there is to say of it goes to its author through the outbox.
        """
        message = clean_message(event.message)
        if intake.is_from_a_person(message) and not self._line_in(message):
            await self._messages.store_found(message)

    async def _spoken_command(self, message: Message, author: Person, line: str) -> Card:
        """Answer a command in a direct message; one that opens a form can only be pointed to."""

        async def obey() -> Card:
            call = command_line.parse_call(self.menu, "", line)
            return await self.commands.answer_as_card(CommandInvoked(author, message.place, call))

        return await self._guarded(author, message.text, obey)

    def _home_of(self, conn: Connection, space: str) -> Community | None:
        """The community of a space, joined to it if the platform has not told of the space yet."""
        return presence.find_home(conn, space, self._slug_of(space), self._clock.now())

    # ── spaces, people and reactions ──────────────────────────────────────────

    async def _quietly(self, event: Event) -> Reply:
        try:
            return await self._store.write(lambda conn: self._take_in(conn, event))
        except Refusal as refusal:
            return refusal_card(refusal)
        except StoreFault as fault:
            raise NotStored(not_stored_card("")) from fault

    def _take_in(self, conn: Connection, event: Event) -> Reply:
        now = self._clock.now()
        match event:
            case SpaceConnected():
                return presence.connect_space(conn, event, self._slug_of(event.space), now)
            case SpaceRemoved():
                presence.remove_space(conn, event.space, now)
            case BotInvited():
                presence.greet_channel(conn, event, self._slug_of(event.place.space), now)
            case PersonUpdated():
                slug = self._slug_of(event.person.space)
                if left := presence.update_person(conn, event, slug, self._erasures, now):
                    self.tell(conn, left)
            case ReactionChanged():
                who = event.person
                if self._permissions.role_of(who) == Role.STRANGER or presence.stays_away(
                    conn, who, self._erasures
                ):
                    return None
                return self._react(conn, event)
            case _:
                pass
        return None

    def _react(self, conn: Connection, event: ReactionChanged) -> Card | None:
        request = self._permissions.request(conn, event.person, event.place)
        if request is None:
            return None
        told = Reaction(replace(request, message=event.message), event.emoji, event.gone, event.author)
        with speaking(request.member.locale):
            cards = (listener(conn, told) for listener in self._registry.reactions)
            return next(filter(None, cards), None)

    # ── errors ────────────────────────────────────────────────

    async def _guarded(
        self, who: Person, returning: str, work: Callable[[], Awaitable[T]], door: str = ""
    ) -> T | Card:
        """Answer somebody; whatever goes wrong becomes words for them, with their own text and what to press."""
        try:
            with self._store.answering(who.account):
                return await work()
        except Refusal as refusal:
            offered = refusal.buttons or isinstance(refusal, RoleRefusal)
            home = None if offered or not door else self._registry.home_of(door)
            return refusal_card(refusal, *((line_button(home),) if home is not None else ()))
        except StoreFault as fault:
            log.warning("nothing can be stored: %s", fault)
            return not_stored_card(returning)
        except Exception:
            log.exception("an answer failed")
            return bug_card(returning)
