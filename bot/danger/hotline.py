"""The hotline: whatever somebody writes to the bot, by any door, is looked through for danger first."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.events import CommandInvoked, Event, FormSubmitted, ShortcutUsed
from bot.chat.models import Message, Person, Role
from bot.danger import tables
from bot.danger.cards import HotlineTerms, who_to_call_card
from bot.danger.recognition import discloses_danger
from bot.runtime.clock import Clock
from bot.settings.model import Settings
from bot.store.errors import StoreFault
from bot.store.store import Store


@dataclass(frozen=True, slots=True)
class Hotline:
    """Answers whoever discloses danger. `terms_of` is what the community of a space wants said."""

    store: Store
    clock: Clock
    terms_of: Callable[[str], HotlineTerms]

    async def answer_event(self, event: Event, role: Role) -> Card | None:
        """The answer to a command, form or shortcut with a disclosure. What moderators draft (`role`) is none."""
        words = words_of(event)
        if role > Role.MEMBER or not isinstance(event, CommandInvoked | FormSubmitted | ShortcutUsed):
            return None
        if not any(discloses_danger(one) for one in words):
            return None
        said = "" if isinstance(event, ShortcutUsed) else "\n\n".join(words)
        return await self._unless_paused(event.person, said)

    async def answer_spoken(self, message: Message, author: Person) -> Card | None:
        """The answer to a command that somebody wrote as a message, where it discloses danger."""
        return await self._unless_paused(author) if discloses_danger(message.text) else None

    async def _unless_paused(self, who: Person, said: str = "") -> Card | None:
        now = self.clock.now()
        with suppress(StoreFault):  # where nothing can be read, they are told who to call all the same
            if await self.store.read(lambda conn: is_paused(conn, who.space, who.id, now)):
                return None
        return who_to_call_card(self.terms_of(who.space), said)

    def answer_message(self, conn: Connection, message: Message, person: str) -> Card | None:
        """The answer to a message of this person that is written where the bot listens, and discloses danger."""
        if not message_discloses(conn, message, person):
            return None
        return who_to_call_card(self.terms_of(message.place.space))

    def answer_unstored(self, message: Message) -> Card | None:
        """The answer to a message that discloses danger while the store is away."""
        if message.deleted or not discloses_danger(message.text):
            return None
        return who_to_call_card(self.terms_of(message.place.space))


def find_terms(
    settings: Settings, belongs: Callable[[str], str | None], chosen: Callable[[str], str | None]
) -> Callable[[str], HotlineTerms]:
    """What the community of each space wants said; `belongs` maps a space to its slug, `chosen` a slug to its text from chat."""
    terms = {
        one.slug: HotlineTerms(one.danger_text, one.danger_contact) for one in settings.all_communities()
    }

    def of(space: str) -> HotlineTerms:
        slug = belongs(space) or ""
        found, text = terms.get(slug, HotlineTerms()), chosen(slug)
        return found if text is None else replace(found, text=text)

    return of


def message_discloses(conn: Connection, message: Message, person: str) -> bool:
    """Whether a message, as it stands now, discloses danger, and its author did not say that nobody is in any."""
    if message.deleted or not discloses_danger(message.text):
        return False
    return not is_paused(conn, message.place.space, person, message.version)


def is_paused(conn: Connection, space: str, person: str, at: datetime) -> bool:
    """Whether what this account wrote at that time is not looked through."""
    until = tables.paused_until(conn, space, person)
    return until is not None and at < until


def words_of(event: Event) -> tuple[str, ...]:
    """What somebody wrote themselves in a command or form, or in the message they used a shortcut on."""
    match event:
        case CommandInvoked():
            texts = [value for value in event.call.values.values() if isinstance(value, str)]
            return tuple(texts) or (event.call.line,)
        case FormSubmitted():
            return tuple(value for value in event.fields.values() if isinstance(value, str) and value)
        case ShortcutUsed() if event.message is not None:
            return (event.message.text,)
        case _:
            return ()
