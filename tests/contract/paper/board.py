"""The notice board: a chat platform in a dictionary, with people, notes, and whoever listens."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.chat import plain_text
from bot.chat.cards import Card
from bot.chat.models import Message, Person, Place
from bot.chat.port import CredentialsRejected, PlatformError, Rejected

MENTION = re.compile(r"\s*@(\w+ \w+)")


@dataclass(frozen=True, slots=True)
class PaperNote:
    """One note on the board; `author` None is the bot, `only_for` the one person who sees it."""

    id: str
    channel: str
    thread: str | None
    author: str | None
    body: str | Card
    at: datetime
    version: datetime
    marker: str | None = None
    only_for: str | None = None
    to: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()
    deleted: bool = False


@dataclass
class Board:
    """All that hangs there."""

    name: str
    now: Callable[[], datetime]
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)
    notes: dict[str, PaperNote] = field(default_factory=dict)
    pinned: set[str] = field(default_factory=set)
    locked: set[str] = field(default_factory=set)
    shut: set[str] = field(default_factory=set)
    owed: list[str] = field(default_factory=list)
    hidden: bool = False
    locked_out: bool = False
    before: list[PlatformError] = field(default_factory=list)
    after: list[PlatformError] = field(default_factory=list)

    @property
    def space(self) -> str:
        return f"paper:{self.name}"

    def place(self, channel: str, thread: str | None = None) -> Place:
        return Place(self.space, channel, thread, private=channel.startswith("to-"))

    def write(
        self, channel: str, author: str | None, body: str | Card, thread: str | None = None, *,
        marker: str | None = None, only_for: str | None = None, to: str | None = None, files: tuple[str, ...] = (),
    ) -> PaperNote:  # fmt: skip
        now = self.now()
        named = self._addressees(body) if isinstance(body, str) else frozenset()
        answered = self.notes[to].author if to else None
        note = PaperNote(
            f"{len(self.notes) + 1:06d}", channel, thread, author, body, now, now, marker, only_for,
            named | {answered} if answered else named, files,
        )  # fmt: skip
        self.notes[note.id] = note
        return note

    def _addressees(self, text: str) -> frozenset[str]:
        """Whoever a text names before its first own word."""
        by_name, found, at = {one.name: one.id for one in self.people.values()}, set(), 0
        while (match := MENTION.match(text, at)) and match[1] in by_name:
            found.add(by_name[match[1]])
            at = match.end()
        return frozenset(found)

    def rewrite(self, id: str, body: str | Card) -> PaperNote:
        return self._replace(id, body=body)

    def tear_off(self, id: str) -> PaperNote:
        return self._replace(id, body="", deleted=True)

    def _replace(self, id: str, *, body: str | Card, deleted: bool = False) -> PaperNote:
        old = self.notes[id]
        version = max(self.now(), old.version + timedelta(microseconds=1))
        self.notes[id] = new = replace(old, body=body, version=version, deleted=deleted)
        return new

    def seen(self, who: str | None, channel: str, thread: str | None = None) -> list[PaperNote]:
        """What somebody sees there, oldest first: None sees what everybody does; a thread begins with its root."""
        return [
            one
            for one in self.notes.values()
            if one.channel == channel and not one.deleted and one.only_for in (None, who)
            and (one.thread == thread or (thread is not None and one.id == thread))
        ]  # fmt: skip

    def message(self, note: PaperNote) -> Message:
        """A note in the words of the port."""
        text = note.body if isinstance(note.body, str) else plain_text.card_text(note.body)
        author = None if note.author is None else self.people[note.author]
        return Message(
            self.place(note.channel, note.thread), note.id, author, text, note.at, note.version, note.deleted,
            note.to, note.author is None, note.marker, note.files,
        )  # fmt: skip

    def problem(self, channel: str) -> str | None:
        """Why nothing can be put up there."""
        return "shut" if channel in self.shut else None

    def check(self, channel: str) -> None:
        """Raise what a test has planned, or what the board itself refuses."""
        if self.locked_out:
            raise CredentialsRejected("no_key")
        if (why := self.problem(channel)) is not None:
            raise Rejected(why)
        if self.before:
            raise self.before.pop(0)


BOARDS: dict[str, Board] = {}
"""The boards there are, by name: what the network is to other platforms."""
