"""Events of the pretend platform that are told to the core, and its answers, which are shown."""

from __future__ import annotations

from collections.abc import Awaitable

from adapters.local.api import LocalApi
from adapters.local.model import HOME, LocalMessage
from bot.chat.cards import Card, Markdown, say
from bot.chat.events import (
    ButtonPressed,
    CommandInvoked,
    FormSubmitted,
    HomeOpened,
    MessageReceived,
    ReactionChanged,
    Reply,
    ShortcutUsed,
)
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import _
from bot.chat.models import Place
from bot.chat.port import AdapterState, CorePort, NotStored, Rejected
from bot.runtime.clock import Clock

Shown = Card | Form | FieldErrors | None
"""What somebody saw as the answer to what they did."""


def asleep_card() -> Card:
    """What somebody sees who asks a bot that cannot hear."""
    title = _("Tilth does not answer.")
    return say(title, Markdown(_("Tilth does not answer right now. Try again later.")))


class LocalEvents(LocalApi):
    """Speaks to the core while there is one, and keeps what it answers where people can see it."""

    def __init__(
        self,
        clock: Clock,
        memory: AdapterState | None,
        space: str = "local:playground",
        name: str = "Playground",
    ) -> None:
        super().__init__(clock, memory, space, name)
        self.shown: dict[str, Shown] = {}
        """The last thing each person saw as an answer."""
        self.homes: dict[str, LocalMessage] = {}
        """The bot's own page as each person saw it last: no message, found under the id `HOME` all the same."""
        self.answered: dict[str, str] = {}
        """The message with which the bot answered what each person did on its own page last."""
        self._core: CorePort | None = None

    @property
    def core(self) -> CorePort | None:
        """The bot behind this platform while it runs."""
        return self._core

    @property
    def _reachable(self) -> CorePort | None:
        """The bot, while it runs and the network is there."""
        return None if self.faults.offline else self._core

    def seen(self, person: str, channel: str, message: str) -> LocalMessage:
        """A message that this person can see, or the bot's own page for them. Raises `Rejected`."""
        home = self.homes.get(person)
        if message == HOME and home is not None and home.channel == channel:
            return home
        one = self.world.message(channel, message)
        if not one.visible_to(person):
            raise Rejected("message_not_found")
        return one

    async def open_home(self, person: str) -> Shown:
        """Somebody opens the bot's own page, or looks at it again."""
        who, here = self.world.who(person), self.world.direct(person).id
        await self.redeliver()
        try:
            reply = asleep_card() if self._reachable is None else await self._reachable.hear(HomeOpened(who))
        except NotStored as unkept:
            reply = unkept.card
        if isinstance(reply, Card):
            self.homes[person] = LocalMessage(HOME, here, None, reply, self.world.now(), private_to=person)
        return reply

    async def redeliver(self) -> None:
        """Tell again, oldest first, of every message that could not be kept; stop at the first that still cannot."""
        for id in tuple(self.world.undelivered):
            if self._core is None or self.faults.deaf:
                return
            one = self.world.messages[id]
            try:
                reply = await self._core.hear(MessageReceived(self.world.told(one)))
            except NotStored:
                return
            self.world.owe(id, owed=False)
            await self._show(one.author or "", self.world.place(one.channel, one.thread), reply)

    # ── what the bot answers ──────────────────────────────────────────────────

    async def _asked(self, event: ButtonPressed) -> Form | Card:
        return asleep_card() if self._reachable is None else await self._reachable.form(event)

    async def _opened(
        self, person: str, place: Place, asked: Awaitable[Form | Card], pressed: str | None = None
    ) -> Shown:
        return await self._show(person, place, await asked, pressed)

    async def _heard(
        self, person: str, place: Place,
        event: CommandInvoked | ButtonPressed | FormSubmitted | ShortcutUsed | MessageReceived | ReactionChanged,
        pressed: str | None = None,
    ) -> Shown:  # fmt: skip
        """Tell the core, after everything it still has to be told, and show its answer."""
        talk = isinstance(event, MessageReceived | ReactionChanged)
        core = self._reachable
        if core is None or (self.faults.drop_events and talk):
            return None if talk else await self._show(person, place, asleep_card())
        await self.redeliver()
        try:
            reply = await core.hear(event)
        except NotStored as unkept:
            if isinstance(event, MessageReceived):
                self.world.owe(event.message.id, owed=True)
            reply = unkept.card
        return await self._show(person, place, reply, pressed)

    async def _show(
        self, person: str, place: Place, reply: Reply | Form, pressed: str | None = None
    ) -> Shown:
        """Put a card where it can be seen; forms and errors are for whoever waits for them."""
        self.shown[person] = reply
        if isinstance(reply, Card):
            old = self.world.messages.get(pressed or "")
            theirs = old is not None and (old.private_to == person or place.private) and not old.deleted
            if reply.replaces and theirs and old is not None:
                self.world.edit(old.channel, old.id, reply)
            elif reply.public:
                self.world.write(place.channel, None, reply, thread=place.thread)
            else:
                new = self.whisper(place, person, reply)
                if pressed is not None and pressed in (HOME, self.answered.get(person)):
                    self.answered[person] = new
        await self.keep()
        return reply
