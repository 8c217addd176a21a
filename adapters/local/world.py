"""A pretend chat platform: channels, threads, direct messages, people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from adapters.local.model import (
    BOT,
    Channel,
    LocalMessage,
    read_channel,
    read_message,
    read_person,
    to_document,
)
from bot.chat.cards import Card
from bot.chat.models import Message, Person, Place
from bot.chat.port import Rejected
from bot.runtime.clock import Clock

FIRST = 10_000_001
"""The first message's id. Ids have eight digits, so they sort the same as numbers and as text."""


class World:
    """Everything the pretend platform knows. It changes at once and in memory; nothing here waits.

    Each change marks what it touched. `changes` hands that over as small JSON documents, so that whoever keeps
    the world writes only what is new; `load` rebuilds the world from them. What cannot be done raises `Rejected`,
    as a platform would.
    """

    def __init__(self, space: str, clock: Clock) -> None:
        self.space = space
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, LocalMessage] = {}
        self._in: dict[str, list[str]] = {}
        self.undelivered: dict[str, None] = {}
        """Ids of messages that the bot was told of and could not keep, oldest first."""
        self.toured: dict[str, None] = {}
        """Ids of the steps of the tour that are done."""
        self._clock = clock
        self._next = FIRST
        self._touched: dict[str, None] = {}

    def now(self) -> datetime:
        """What time it is here (aware UTC)."""
        return self._clock.now()

    # ── who and where ─────────────────────────────────────────────────────────

    def add_person(
        self, id: str, name: str, *, facts: Iterable[str] = (), zone: str | None = None, stranger: bool = False,
        bot: bool = False, locale: str | None = None,
    ) -> Person:  # fmt: skip
        """Somebody joins, or changes their name or facts."""
        who = Person(self.space, id, name, frozenset(facts), stranger, bot, zone, locale)
        self.people[id] = who
        self._touch(f"person:{id}")
        return who

    def remove_person(self, id: str) -> Person:
        """Somebody leaves; what they said stays."""
        who = self.who(id)
        del self.people[id]
        self._touch(f"person:{id}")
        return who

    def who(self, id: str) -> Person:
        if id not in self.people:
            raise Rejected("user_not_found")
        return self.people[id]

    def add_channel(self, id: str, name: str) -> Channel:
        return self._open(Channel(id, name))

    def direct(self, person: str) -> Channel:
        """The direct message of a person with the bot, opened if need be."""
        who = self.who(person)
        id = f"dm-{person}"
        return self.channels.get(id) or self._open(Channel(id, who.name, direct=person))

    def _open(self, one: Channel) -> Channel:
        self.channels[one.id] = one
        self._touch(f"channel:{one.id}")
        return one

    def place(self, channel: str, thread: str | None = None) -> Place:
        """Where that is, in the words of the port."""
        if channel not in self.channels:
            raise Rejected("channel_not_found")
        if thread is not None and (thread not in self.messages or self.messages[thread].channel != channel):
            raise Rejected("thread_not_found")
        return Place(self.space, channel, thread, private=self.channels[channel].direct is not None)

    # ── what is said ──────────────────────────────────────────────────────────

    def write(
        self, channel: str, author: str | None, body: str | Card, *, thread: str | None = None,
        reply_to: str | None = None, marker: str | None = None, files: tuple[str, ...] = (),
        private_to: str | None = None,
    ) -> LocalMessage:  # fmt: skip
        """Somebody, or the bot (`author` None), says something."""
        self.place(channel, thread)
        if author is not None:
            self.who(author)
            if thread is not None and self.messages[thread].locked:
                raise Rejected("thread_locked")
        if reply_to is not None:
            self.message(channel, reply_to)
        new = LocalMessage(
            str(self._next), channel, author, body, self._clock.now(), thread=thread, reply_to=reply_to,
            marker=marker, files=files, private_to=private_to,
        )  # fmt: skip
        self._next += 1
        return self._put(new)

    def edit(self, channel: str, id: str, body: str | Card) -> LocalMessage:
        """The message says something else from now on."""
        old = self.message(channel, id)
        return self._put(replace(old, body=body, changed=self._later(old)))

    def erase(self, channel: str, id: str) -> LocalMessage:
        """The message is gone; the tombstone keeps its place and time."""
        old = self.message(channel, id)
        return self._put(replace(old, body="", files=(), deleted=True, changed=self._later(old)))

    def react(self, channel: str, id: str, person: str, emoji: str, *, gone: bool = False) -> LocalMessage:
        """Somebody adds a reaction or takes it away; a second time changes nothing."""
        old = self.message(channel, id)
        others = tuple(pair for pair in old.reactions if pair != (emoji, person))
        return self._put(replace(old, reactions=others if gone else (*others, (emoji, person))))

    def pin(self, channel: str, id: str, *, pinned: bool) -> LocalMessage:
        return self._put(replace(self.message(channel, id), pinned=pinned))

    def lock(self, channel: str, id: str, *, locked: bool) -> LocalMessage:
        """Nobody answers in the thread under this message any more, or they may again."""
        return self._put(replace(self.message(channel, id), locked=locked))

    def name_thread(self, channel: str, id: str, name: str) -> LocalMessage:
        return self._put(replace(self.message(channel, id), thread_name=name))

    def message(self, channel: str, id: str) -> LocalMessage:
        """A message that is still there."""
        found = self.messages.get(id)
        if found is None or found.channel != channel or found.deleted:
            raise Rejected("message_not_found")
        return found

    def _later(self, old: LocalMessage) -> datetime:
        # A paused clock must not give two edits the same time: platforms order edits by it.
        return max(self._clock.now(), old.version + timedelta(microseconds=1))

    def _put(self, one: LocalMessage) -> LocalMessage:
        if one.id not in self.messages:
            self._in.setdefault(one.channel, []).append(one.id)
        self.messages[one.id] = one
        self._touch(f"message:{one.id}")
        return one

    # ── who can see what ──────────────────────────────────────────────────────

    def look(
        self, channel: str, thread: str | None = None, person: str | None = None
    ) -> tuple[LocalMessage, ...]:
        """What `person` sees there, oldest first: a channel without its threads, or a thread with its root."""
        return tuple(
            one
            for one in self._there(channel, thread)
            if one.visible_to(person) and (thread is not None or one.thread is None)
        )

    def replies(self, root: str) -> int:
        """How many messages everybody sees in the thread under `root`."""
        return sum(one.thread == root and one.visible_to(None) for one in self.messages.values())

    def history(self, place: Place, after: datetime | None) -> tuple[Message, ...] | None:
        """What an application may read there: the thread's root first, then what is left since `after`.

        None when the thread's root was never there. A deleted root is listed as a tombstone, as Slack does.
        """
        there = tuple(one for one in self._there(place.channel, place.thread) if one.private_to is None)
        if place.thread is not None and not any(one.id == place.thread for one in there):
            return None
        return tuple(
            self.told(one)
            for one in there
            if one.id == place.thread or (not one.deleted and (after is None or one.at >= after))
        )

    def _there(self, channel: str, thread: str | None) -> Iterator[LocalMessage]:
        for id in self._in.get(channel, ()):
            one = self.messages[id]
            if thread is None or thread in (one.id, one.thread):
                yield one

    def told(self, one: LocalMessage) -> Message:
        """A message in the words of the port."""
        gone = Person(self.space, one.author or BOT, "", bot=one.author is None)
        author = self.people.get(one.author, gone) if one.author is not None else replace(gone, name="Tilth")
        return Message(
            self.place(one.channel, one.thread), one.id, author, one.text, one.at, one.version, one.deleted,
            self._addressed(one), one.author is None, one.marker, one.files, answers=one.reply_to,
            called=isinstance(one.body, str) and one.text.lstrip()[:1] == "@" and _begins(one.text.lstrip()[1:], "Tilth"),
        )  # fmt: skip

    def _addressed(self, one: LocalMessage) -> frozenset[str]:
        """Whom a message answers or names before its first own word; never the bot."""
        to: set[str] = set()
        answered = self.messages.get(one.reply_to or "")
        if answered is not None and answered.author is not None:
            to.add(answered.author)
        rest = one.text.lstrip() if isinstance(one.body, str) else ""
        if not rest.startswith("@"):
            return frozenset(to)
        names = sorted([(p.name, p.id) for p in self.people.values()] + [("Tilth", BOT)], reverse=True)
        while rest.startswith("@"):
            found = next(((n, id) for n, id in names if _begins(rest[1:], n)), None)
            if found is None:
                break
            to.add(found[1])
            rest = rest[1 + len(found[0]) :].lstrip(" ,:;\n")
        return frozenset(to - {BOT})

    # ── what is kept ──────────────────────────────────────────────────────────

    def owe(self, id: str, owed: bool) -> None:
        """Remember or forget that the bot still has to be told of a message."""
        if owed and id not in self.undelivered:
            self.undelivered[id] = None
        elif not owed and id in self.undelivered:
            del self.undelivered[id]
        else:
            return
        self._touch("undelivered")

    def finish_step(self, id: str) -> None:
        """A step of the tour is done."""
        self.toured[id] = None
        self._touch("tour")

    def changes(self) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Documents to keep and keys to remove since the last call."""
        touched, self._touched = self._touched, {}
        documents = {key: self._document(key) for key in touched}
        keep = {key: one for key, one in documents.items() if one is not None}
        return keep, tuple(key for key, one in documents.items() if one is None)

    def touch_again(self, keys: Iterable[str]) -> None:
        """These could not be kept; hand them over once more."""
        for key in keys:
            self._touch(key)

    def load(self, documents: dict[str, Any]) -> None:
        """Put back what was kept. What is here already and was never kept stays."""
        for key in sorted(documents):
            kind, _, id = key.partition(":")
            match kind:
                case "person":
                    self.people[id] = read_person(documents[key])
                case "channel":
                    self.channels[id] = read_channel(documents[key])
                case "message":
                    self.messages[id] = read_message(documents[key])
                case "undelivered":
                    self.undelivered = dict.fromkeys(documents[key])
                case "tour":
                    self.toured = dict.fromkeys(documents[key])
        for one in self.messages.values():
            self._in.setdefault(one.channel, []).append(one.id)
        self._next = max([self._next, *(int(id) + 1 for id in self.messages)])

    def _document(self, key: str) -> Any | None:
        if key == "undelivered":
            return list(self.undelivered)
        if key == "tour":
            return list(self.toured)
        kind, _, id = key.partition(":")
        things: dict[str, Mapping[str, Person | Channel | LocalMessage]] = {
            "person": self.people,
            "channel": self.channels,
            "message": self.messages,
        }
        thing = things[kind].get(id)
        return None if thing is None else to_document(thing)

    def _touch(self, key: str) -> None:
        self._touched[key] = None


def _begins(text: str, name: str) -> bool:
    after = text[len(name) : len(name) + 1]
    return text[: len(name)].casefold() == name.casefold() and not (after.isalnum() or after == "_")
