"""Who answers, and who may ask: the one place for permissions and for last-resort errors."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from bot.capture import message_versions
from bot.capture import tables as capture
from bot.capture.watch_lookup import WatchMatch, match_watch
from bot.chat import forms, welcome_cards
from bot.chat.cards import Block, Card, Markdown, say
from bot.chat.error_cards import refused, sorry, unkept
from bot.chat.forms import FieldErrors, Form
from bot.chat.menu import Menu
from bot.chat.models import Message, Person, Place, Refusal, Role, clean, need
from bot.chat.parsing import command_line
from bot.chat.port import (
    ButtonPressed,
    CommandInvoked,
    CompletionRequest,
    Event,
    FormSubmitted,
    HomeOpened,
    MessageReceived,
    NotStored,
    Opening,
    PersonUpdated,
    ReactionChanged,
    Reply,
    ShortcutUsed,
    SpaceConnected,
    SpaceRemoved,
)
from bot.delivery import outbox, pacing
from bot.feature import (
    ButtonHandler,
    Feature,
    FormHandler,
    Handler,
    IncomingMessage,
    Reaction,
    Reads,
    Request,
    Waits,
)
from bot.people import accounts
from bot.people import tables as people
from bot.people.authors import meet_speaker
from bot.people.privacy import Erasures
from bot.people.roles import RoleSources
from bot.people.tables import Community, Member
from bot.runtime.clock import Clock
from bot.store.errors import StoreFault
from bot.store.store import Store

log = logging.getLogger(__name__)
T = TypeVar("T")


class Dispatcher:
    """The core behind the door: routes every event to the feature that answers it."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        roles: RoleSources,
        erasures: Erasures,
        features: Sequence[Feature],
        community: Callable[[str], str | None],
    ) -> None:
        """`community` maps a space key to the slug of the community it belongs to; None: to none of ours."""
        self._store = store
        self._clock = clock
        self._roles = roles
        self._erasures = erasures
        self._slug_of = community
        self._features = tuple(features)
        self._answerers = {one.command.path: one for feature in features for one in feature.commands}
        self._actions = {one.id: one for feature in features for one in feature.actions}
        self._forms = {one.id: one for feature in features for one in feature.forms}
        self._completions = {(c.path, c.option): c for feature in features for c in feature.completions}
        self._listeners = tuple(one for feature in features for one in feature.listeners)
        self._facts = tuple(one for feature in features for one in feature.facts)
        self._words = {word: line for feature in features for word, line in feature.words.items()}
        nouns = {noun: text for feature in features for noun, text in feature.nouns.items()}
        shortcuts = tuple(one for feature in features for one in feature.shortcuts)
        self.menu = Menu(tuple(one.command for one in self._answerers.values()), nouns, shortcuts)

    # ── in ────────────────────────────────────────────────────────────────────

    async def hear(self, event: Event) -> Reply:
        """Take an event in; when this returns, what it changed has been committed. See `port.Door`."""
        match event:
            case MessageReceived():
                return await self._message(event.message)
            case CommandInvoked():
                reply = await self._guarded(event.call.line, lambda: self._command(event))
                return reply if isinstance(reply, Card) else say("That one opens a form.")
            case ButtonPressed() | ShortcutUsed():
                return await self._guarded("", lambda: self._button(event))
            case HomeOpened():
                return await self._guarded("", lambda: self._home(event))
            case FormSubmitted():
                returning = "\n\n".join(text for text in map(str, event.fields.values()) if " " in text)
                return await self._guarded(returning, lambda: self._submitted(event))
            case _:
                return await self._quietly(event)

    async def form(self, opening: Opening) -> Form | Card:
        """What to show for a command, button or shortcut that opens a form."""
        if isinstance(opening, CommandInvoked):
            reply = await self._guarded(opening.call.line, lambda: self._command(opening))
        else:
            reply = await self._guarded("", lambda: self._opened(opening))
        return reply if isinstance(reply, Form | Card) else say("There is nothing to fill in here.")

    async def complete(self, typing: CompletionRequest) -> tuple[tuple[str, str], ...]:
        """Choices for an option; none rather than an error, because somebody is still typing."""
        found = self._completions.get((f"{typing.noun} {typing.verb}".strip(), typing.option))
        command = self.menu.find(typing.noun, typing.verb)
        if found is None or command is None:
            return ()
        try:
            request = await self._ask(typing.person, typing.place)
            if request.role < command.role:
                return ()
            asked = replace(request, value=typing.text)
            pairs = await self._store.read(lambda conn: tuple(found.choices(conn, asked)))
            typed = "" if found.matched else typing.text.lower()
            return tuple(pair for pair in pairs if typed in " ".join(pair).lower())[:25]
        except (Refusal, StoreFault):
            return ()

    def tell(self, conn: Connection, fact: object) -> None:
        """Let every feature that subscribed know of a fact, in the transaction in which it became true."""
        for kind, subscriber in self._facts:
            if isinstance(fact, kind):
                subscriber(conn, fact)

    async def _run(self, handler: Handler[T], request: Request) -> T:
        """Run a handler in the transaction it wants."""
        if isinstance(handler, Waits):
            return await handler.do(request)
        do = handler.do
        if isinstance(handler, Reads):
            return await self._store.read(lambda conn: do(conn, request))
        return await self._store.write(lambda conn: do(conn, request))

    # ── the three answers ─────────────────────────────────────────────────────

    async def _command(self, event: CommandInvoked) -> Card | Form:
        call = event.call
        answerer = self._answerers[call.command.path]
        request = await self._ask(event.person, event.place)
        self._allow(request.role, call.command.role)
        if call.missing and not call.command.opens:
            raise Refusal(
                f"/{call.command.path} also needs: {', '.join(call.missing)}.",
                f"Write it like this: {call.command.usage}",
                call.line,
            )
        filled = replace(request, values=_cleaned(call.values), line=call.line, missing=call.missing)
        reply = await self._run(answerer.answer, filled)
        if isinstance(reply, Card) and reply.public and not call.command.public:
            return replace(reply, public=False)
        return reply

    async def _home(self, event: HomeOpened) -> Card:
        """The bot's own page: what every feature has for this person."""
        request = await self._ask(event.person, Place(event.person.space, "", private=True))
        self._allow(request.role, Role.MEMBER)

        def look(conn: Connection) -> tuple[Block, ...]:
            return tuple(block for feature in self._features for block in feature.home(conn, request))

        return say(request.community.name, *await self._store.read(look))

    async def _button(self, event: ButtonPressed | ShortcutUsed) -> Card | None:
        action = self._actions.get(event.id)
        if action is None:
            raise Refusal(
                "That button is from an older version of me.", "Write /tilth help to see what I can do."
            )
        request = await self._allowed(event.person, event.place, action)
        return await self._run(action.do, _pressed(request, event))

    async def _opened(self, event: ButtonPressed | ShortcutUsed) -> Form | Card:
        kind = self._forms.get(event.id)
        if kind is None:
            raise Refusal(
                "That form is from an older version of me.", "Write /tilth help to see what I can do."
            )
        request = await self._allowed(event.person, event.place, kind)
        return await self._run(kind.build, _pressed(request, event))

    async def _submitted(self, event: FormSubmitted) -> Card | FieldErrors:
        kind = self._forms.get(event.id)
        if kind is None:
            raise Refusal("That form is from an older version of me.", "Open it again from the card.")
        request = replace(await self._allowed(event.person, event.place, kind), value=event.value)
        form = await self._run(kind.build, request)
        if isinstance(form, Card):
            return form
        values, errors = forms.read(form, _cleaned(event.fields))
        if errors:
            return FieldErrors(errors)
        return await self._run(kind.submit, replace(request, values=values))

    # ── messages ──────────────────────────────────────────────────────────────

    async def _message(self, message: Message) -> Card | None:
        if message.own or (message.author is not None and (message.author.bot or message.author.stranger)):
            return None
        message = replace(message, text=clean(message.text))
        if self._command_in(message) and message.author is not None:
            return await self._spoken(message, message.author)
        try:
            return await self._store.write(lambda conn: self._keep(conn, message))
        except Refusal as refusal:
            return refused(refusal)
        except StoreFault as fault:
            raise NotStored(unkept(message.text)) from fault
        except Exception:
            log.exception("a message could not be taken in")
            raise NotStored(unkept(message.text)) from None

    async def found(self, told: MessageReceived) -> None:
        """A message found by re-reading a conversation: kept like any other, but never obeyed as a command."""
        if not self._command_in(told.message):
            await self._message(told.message)

    async def _spoken(self, message: Message, author: Person) -> Card:
        """A command in a direct message; one that opens a form can only be pointed to."""

        async def obey() -> Card:
            call = command_line.understand(self.menu, "", self._command_in(message))
            reply = await self._command(CommandInvoked(author, message.place, call))
            if isinstance(reply, Card):
                return reply
            return say(
                "That one opens a form", Markdown(f"Please use the slash command: `{call.command.usage}`")
            )

        reply = await self._guarded(message.text, obey)
        return reply if isinstance(reply, Card) else sorry(message.text)

    def _command_in(self, message: Message) -> str:
        """The command that a direct message is and that is never an answer; empty when it is none.

        It begins with a slash or with our name, or it is one of the words that stand for a command.
        """
        text = message.text.strip()
        if not text or not message.place.private or message.deleted:
            return ""
        first = text.split(maxsplit=1)[0].lower()
        if first.startswith("/") or first == "@tilth":
            return message.text
        return self._words.get(text.rstrip(".!").lower(), "")

    def _keep(self, conn: Connection, message: Message) -> Card | None:
        """Store what a message means, in one transaction with everything that follows from it."""
        now = self._clock.now()
        concern = match_watch(conn, message)
        if concern is None and not self._for_us(message):
            return None
        author = message.author
        if author is None and concern is not None and concern.known is not None:
            author = Person(message.place.space, concern.known.person, "")
        met = self._speaker(conn, author, concern, message, now) if author is not None else None
        if author is None or met is None:
            return None
        home, member = met
        if message.place.private:
            accounts.note_direct(conn, author, message.place.channel)
        heard = (
            message_versions.notice(conn, concern, message, now)
            if concern is not None and member.keeps
            else None
        )
        if heard is None and (not self._for_us(message) or (concern is not None and member.keeps)):
            return None
        request = Request(
            home, member, self._roles.of(author), author, message.place, now, message=message.id
        )
        card: Card | None = None
        for listener in self._listeners:
            card = listener(conn, IncomingMessage(request, heard, message)) or card
        return card

    def _speaker(
        self, conn: Connection, author: Person, concern: WatchMatch | None, message: Message, now: datetime
    ) -> tuple[Community, Member] | None:
        """The community and the member of who says something, unless it was said before they were erased."""
        if concern is not None:
            community_id = concern.watch.community_id
        else:
            home = people.community_of(conn, message.place.space)
            if home is None:
                return None
            community_id = home.id
        digest = self._erasures.digest(community_id, author.space, author.id)
        return meet_speaker(conn, author, message.place.space, digest, message.at, now)

    @staticmethod
    def _for_us(message: Message) -> bool:
        """A new direct message outside any watched conversation: somebody talks to us."""
        return message.place.private and not message.deleted and message.version == message.at

    # ── everything else that is told ──────────────────────────────────────────

    async def _quietly(self, event: Event) -> Reply:
        try:
            return await self._store.write(lambda conn: self._take_in(conn, event))
        except StoreFault as fault:
            raise NotStored(unkept("")) from fault

    def _take_in(self, conn: Connection, event: Event) -> Reply:
        now = self._clock.now()
        match event:
            case SpaceConnected():
                return self._space_seen(conn, event)
            case SpaceRemoved():
                people.leave_space(conn, event.space, now)
                pacing.leave(conn, event.space, now)
                outbox.abandon(conn, event.space)
                capture.rest(conn, event.space)
            case PersonUpdated():
                self._person_seen(conn, event)
            case ReactionChanged():
                home = people.community_of(conn, event.person.space)
                role = self._roles.of(event.person)
                if home is not None and role > Role.STRANGER:
                    member = accounts.member_of(conn, event.person, home, now)
                    request = Request(
                        home, member, role, event.person, event.place, now, message=event.message
                    )
                    self.tell(conn, Reaction(request, event.emoji, event.gone))
            case _:
                pass
        return None

    def _space_seen(self, conn: Connection, event: SpaceConnected) -> Card | None:
        now = self._clock.now()
        slug = self._slug_of(event.space)
        home = next((one for one in people.communities(conn) if one.slug == slug), None)
        if home is None:
            log.warning("space %s belongs to no community in the settings", event.space)
            return welcome_cards.homeless(event.space, event.name) if event.new else None
        if people.was_left(conn, event.space):
            # What was to be said meanwhile is nobody's business by now.
            outbox.abandon(conn, event.space, now)
        people.see_space(conn, event.space, event.name, home.id, now)
        capture.scan_all(conn, event.space, now)
        pacing.reopen(conn, event.space, now)
        return welcome_cards.welcome(event.name, home.name) if event.new else None

    def _person_seen(self, conn: Connection, event: PersonUpdated) -> None:
        now = self._clock.now()
        who = event.person
        home = people.community_of(conn, who.space)
        if home is None or who.bot:
            return
        if event.channel is None and event.left:
            accounts.leave(conn, who, now)
            return
        accounts.member_of(conn, who, home, now)
        if event.channel is not None and event.left:
            accounts.went_from(conn, who, event.channel)
        elif event.channel is not None:
            accounts.came_to(conn, who, event.channel, home.id)

    # ── permissions and errors ────────────────────────────────────────────────

    async def _ask(self, person: Person, place: Place) -> Request:
        """Who asks: found, or met for the first time."""
        now = self._clock.now()

        def meet(conn: Connection) -> Request:
            home = people.community_of(conn, person.space)
            if home is None:
                raise Refusal("This space belongs to no community of mine.", "Ask whoever runs me to add it.")
            member = accounts.member_of(conn, person, home, now)
            return Request(home, member, self._roles.of(person), person, place, now)

        return await self._store.write(meet)

    async def _allowed(self, person: Person, place: Place, what: ButtonHandler | FormHandler) -> Request:
        request = await self._ask(person, place)
        self._allow(request.role, what.role)
        return request

    @staticmethod
    def _allow(role: Role, needed: Role) -> None:
        if role < needed:
            raise need(needed)

    async def _guarded(self, returning: str, work: Callable[[], Awaitable[T]]) -> T | Card:
        """Run an answer; whatever goes wrong becomes words for whoever asked, with their own text."""
        try:
            return await work()
        except Refusal as refusal:
            return refused(refusal)
        except StoreFault as fault:
            log.warning("nothing can be stored: %s", fault)
            return unkept(returning)
        except Exception:
            log.exception("an answer failed")
            return sorry(returning)


def _pressed(request: Request, event: ButtonPressed | ShortcutUsed) -> Request:
    """The ask of a button with its state, or of a shortcut with the message it was used on."""
    if isinstance(event, ButtonPressed):
        return replace(request, value=event.value, message=event.message)
    if event.message is None:
        return request
    about = replace(event.message, text=clean(event.message.text))
    return replace(request, about=about, message=about.id)


def _cleaned(values: Mapping[str, object]) -> dict[str, object]:
    """Values as they came in, with texts that every database can hold."""
    return {name: clean(value) if isinstance(value, str) else value for name, value in values.items()}
