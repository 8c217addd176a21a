"""The events that a platform tells the core: what people did, who came and went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.chat.cards import Card
from bot.chat.forms import FieldErrors
from bot.chat.language import known_language
from bot.chat.menu import Call
from bot.chat.models import ALL_VISIBLE, Message, Person, Place, Visibility


@dataclass(frozen=True, slots=True)
class SpaceConnected:
    """A workspace or server the bot is in, told when its adapter has connected, and again after every gap.

    `new` says that the bot was invited just now; the answer is a card for whoever did it, or who owns the space.
    `visible` is what the bot sees there with the settings it runs with.
    """

    space: str
    name: str
    new: bool = False
    visible: Visibility = ALL_VISIBLE


@dataclass(frozen=True, slots=True)
class SpaceRemoved:
    """The bot was removed from a workspace or server."""

    space: str


@dataclass(frozen=True, slots=True)
class BotInvited:
    """Somebody let the bot into a channel just now; `whole`: into a space whose channels it sees, of which this is one."""

    place: Place
    whole: bool = False


@dataclass(frozen=True, slots=True)
class CommandInvoked:
    person: Person
    place: Place
    call: Call


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """A button or select on one of our cards. `id` is what it does or opens; `message` is where it was."""

    person: Person
    place: Place
    id: str
    value: str = ""
    message: str | None = None


@dataclass(frozen=True, slots=True)
class FormSubmitted:
    """`fields` are the raw values by field name; the core checks them again. `at` is when, by the platform's clock."""

    person: Person
    place: Place
    id: str
    value: str
    fields: Mapping[str, object]
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShortcutUsed:
    """A shortcut of the menu was used: on `message`, or from anywhere (None)."""

    person: Person
    place: Place
    id: str
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A message was written, edited or deleted, live or found later in the history."""

    message: Message


@dataclass(frozen=True, slots=True)
class ReactionChanged:
    """A reaction was added (`gone=False`) or taken away. `author` wrote the message, where the platform says so."""

    person: Person
    place: Place
    message: str
    emoji: str
    gone: bool = False
    author: str | None = None


@dataclass(frozen=True, slots=True)
class PersonUpdated:
    """Somebody joined, changed or was listed; telling it again is harmless. `left` when they are gone."""

    person: Person
    channel: str | None = None
    left: bool = False


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody opened the bot's own page; the answer is what is on it for them."""

    person: Person


Event = (
    SpaceConnected
    | SpaceRemoved
    | BotInvited
    | CommandInvoked
    | ButtonPressed
    | FormSubmitted
    | ShortcutUsed
    | MessageReceived
    | ReactionChanged
    | PersonUpdated
    | HomeOpened
)


Opening = CommandInvoked | ButtonPressed | ShortcutUsed
"""What may open a form, where it is declared to."""


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """Somebody is filling in an option and wants choices."""

    person: Person
    place: Place
    noun: str
    verb: str
    option: str
    text: str
    values: Mapping[str, object] = field(default_factory=dict)


Reply = Card | FieldErrors | None


def language_of_event(event: Event) -> str:
    """The language a platform tells of whoever caused an event, until we know the member; empty where it tells none."""
    who = event.message.author if isinstance(event, MessageReceived) else getattr(event, "person", None)
    return language_of_person(who) if who is not None else ""


def language_of_person(who: Person) -> str:
    """The language a platform tells of somebody, for what is said before the core knows who they are."""
    return known_language(who.locale) or ""
