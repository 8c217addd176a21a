"""The values of the pretend platform: a channel, a message, and each as a document."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.chat import cards, plain_text
from bot.chat.cards import Card
from bot.chat.models import Person

BOT = "tilth"
"""The id under which the bot itself speaks."""


HOME = "home"
"""Stands where a message's id is asked for, and means the bot's own page for somebody."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A place to talk. `direct` is the person whose direct message with the bot it is, or None."""

    id: str
    name: str
    direct: str | None = None


@dataclass(frozen=True, slots=True)
class LocalMessage:
    """One message as it stands now; a deleted one stays as a tombstone without words.

    `author` is a person's id, or None for the bot. `thread` is the id of the root message of its thread. `changed`
    is when it was last edited or deleted. `private_to` is the one person who can see it. `reactions` are
    (emoji, person) pairs. `thread_name` is set on a root whose thread the bot has named; `locked` on one whose thread is.
    """

    id: str
    channel: str
    author: str | None
    body: str | Card
    at: datetime
    changed: datetime | None = None
    deleted: bool = False
    thread: str | None = None
    reply_to: str | None = None
    reactions: tuple[tuple[str, str], ...] = ()
    marker: str | None = None
    files: tuple[str, ...] = ()
    private_to: str | None = None
    thread_name: str | None = field(default=None)
    pinned: bool = False
    locked: bool = False

    @property
    def text(self) -> str:
        """Its words; a card's plain text."""
        return self.body if isinstance(self.body, str) else plain_text.card_text(self.body)

    @property
    def card(self) -> Card | None:
        return self.body if isinstance(self.body, Card) else None

    @property
    def version(self) -> datetime:
        """What orders the states of one message: when it was last changed, or written."""
        return self.changed or self.at

    def visible_to(self, person: str | None) -> bool:
        """Whether `person` can see it; None stands for somebody who sees what everybody sees."""
        return not self.deleted and self.private_to in (None, person)


def to_document(thing: LocalMessage | Person | Channel) -> dict[str, Any]:
    """The JSON document of a message, person or channel."""
    match thing:
        case LocalMessage():
            return {
                "id": thing.id, "channel": thing.channel, "author": thing.author,
                "text": thing.body if isinstance(thing.body, str) else None,
                "card": cards.dump_card(thing.body) if isinstance(thing.body, Card) else None,
                "at": thing.at.isoformat(), "changed": thing.changed and thing.changed.isoformat(),
                "deleted": thing.deleted, "thread": thing.thread, "reply_to": thing.reply_to,
                "reactions": [list(pair) for pair in thing.reactions], "marker": thing.marker,
                "files": list(thing.files), "private_to": thing.private_to, "thread_name": thing.thread_name,
                "pinned": thing.pinned, "locked": thing.locked,
            }  # fmt: skip
        case Person():
            return {
                "space": thing.space, "id": thing.id, "name": thing.name, "facts": sorted(thing.facts),
                "stranger": thing.stranger, "bot": thing.bot, "zone": thing.zone,
                "locale": thing.locale,
            }  # fmt: skip
        case Channel():
            return {"id": thing.id, "name": thing.name, "direct": thing.direct}


def read_message(doc: dict[str, Any]) -> LocalMessage:
    """The message that `document` wrote."""
    body = cards.load_card(doc["card"]) if doc["card"] is not None else doc["text"]
    changed = doc["changed"] and datetime.fromisoformat(doc["changed"])
    reactions = tuple((emoji, person) for emoji, person in doc["reactions"])
    rest = {name: doc[name] for name in ("id", "channel", "author", "deleted", "thread", "reply_to")}
    more = {name: doc[name] for name in ("marker", "private_to", "thread_name")}
    # Documents of older versions know nothing of these.
    since = {name: doc.get(name, False) for name in ("pinned", "locked")}
    return LocalMessage(
        **rest, **more, **since, body=body, at=datetime.fromisoformat(doc["at"]), changed=changed, reactions=reactions,
        files=tuple(doc["files"]),
    )  # fmt: skip


def read_person(doc: dict[str, Any]) -> Person:
    """The person that `document` wrote."""
    return Person(**{**doc, "facts": frozenset(doc["facts"])})


def read_channel(doc: dict[str, Any]) -> Channel:
    """The channel that `document` wrote."""
    return Channel(**doc)
