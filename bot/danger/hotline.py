"""The hotline: whatever somebody writes to the bot, by any door, is looked through for danger first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.chat.cards import Card
from bot.chat.events import CommandInvoked, Event, FormSubmitted, ShortcutUsed
from bot.chat.models import Message, Role
from bot.danger.cards import who_to_call_card
from bot.danger.recognition import discloses_danger


@dataclass(frozen=True, slots=True)
class Hotline:
    """Answers whoever discloses danger. `text_of` is the community's own text of who to call, by space, or ""."""

    text_of: Callable[[str], str]

    def answer_event(self, event: Event, role: Role) -> Card | None:
        """The answer to a command, form or shortcut with a disclosure. What moderators draft (`role`) is none."""
        words = words_of(event)
        if role > Role.MEMBER or not isinstance(event, CommandInvoked | FormSubmitted | ShortcutUsed):
            return None
        if not any(discloses_danger(one) for one in words):
            return None
        said = "" if isinstance(event, ShortcutUsed) else "\n\n".join(words)
        return who_to_call_card(self.text_of(event.person.space), said)

    def answer_message(self, message: Message) -> Card | None:
        """The answer to a message that is written to the bot or where it listens, and discloses danger."""
        if not message_discloses(message):
            return None
        return who_to_call_card(self.text_of(message.place.space))


def message_discloses(message: Message) -> bool:
    """Whether a message, as it stands now, discloses danger."""
    return not message.deleted and discloses_danger(message.text)


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
