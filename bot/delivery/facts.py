"""Drafts that features hand to the outbox, and the facts they are told when a draft is settled."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from bot.chat.canvas import CanvasChange, CanvasLine
from bot.chat.cards import Card
from bot.chat.models import Place

EXPIRED = "expired"
"""It was not said in time, and nobody wants it any more."""
ORPHANED = "orphaned"
"""What it hangs on was never said."""
CANCELLED = "canceled"
"""A feature took it back before it was said. No fact is told of it: whoever cancels knows."""
UNSEEN = "unseen"
"""It may be there or not, and the history stayed hidden until it no longer mattered."""
LEFT_BEHIND = "left"
"""The bot was removed from the space before it was said."""
UNREADABLE = "unreadable"
"""The stored card cannot be read back: written by another version."""
UNREACHED = "unreached"
"""Whom it was for has left the space, or may no longer read it."""
PART = "part"
"""The kind in facts about what follows the first message of a card: features know only the whole."""
QUIET = frozenset({EXPIRED, ORPHANED, UNREACHED})
"""Codes of `Failed` that moderators need not hear of."""
OURS = frozenset({UNREADABLE, ORPHANED, UNREACHED})
"""Codes of `Failed` by which no platform has refused anything."""


PRIORITIES = range(5)
"""From what a person waits for to tidying up, see `Draft`."""


class Verb(StrEnum):
    """What the bot does with a row."""

    POST = "post"
    DIRECT = "direct"
    UPDATE = "update"
    DELETE = "delete"
    THREAD = "thread"
    PIN = "pin"
    UNPIN = "unpin"
    LOCK = "lock"
    """Close the thread of a message for answers."""
    UNLOCK = "unlock"
    CANVAS = "canvas"
    """Open the canvas of a place; with a `message`, take in what people wrote on it, and make one change of it."""
    HOOK = "hook"
    """Tell another service by HTTP: its `channel` names which. It is told again until it answers, under one id."""


HOOKS = "webhook"
"""What stands where a platform's name does in the rows and space keys of services that are told by HTTP."""
SPEAKING = frozenset({Verb.POST, Verb.DIRECT})
"""Verbs that make a new message; the others may be repeated without harm."""
LOCKING = frozenset({Verb.LOCK, Verb.UNLOCK})
"""Verbs that are about a thread."""


class OutboxState(StrEnum):
    """Where a row is. `sent`, `failed` and `dropped` are final."""

    PENDING = "pending"
    """Certainly not said yet."""
    SENDING = "sending"
    """Some sender is at it, under a lease."""
    UNKNOWN = "unknown"
    """It may have been said: somebody has to look."""
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Something to say. It is said once for each `key`, whoever queues it and how often.

    `key` is unique in the database and names the content, not the attempt (`prompt:12:2026-W40:<place>`): the
    marker that travels with the message is derived from it. `channel` (with `thread`) says where; a direct
    message names the `person` instead. All verbs that do not speak are about `message`, or about what the row with
    the key `after` will have said: that row has to be sent first, and fills in what is not known yet (the message,
    or for a post into a thread that `after` opens, the thread). `lock` and `unlock` are about the `thread`.

    `priority`: 0 replies to a waiting person, 1 what another person did or wrote, 2 prompts and lessons, 3 reminders and
    notices, 4 tidying up. Direct messages of 2 and 3 are the bot's own accord, and share one budget.
    `not_before` is when it is meant to be said; a catch-up gives the original instant, and what is more than two
    minutes late is looked for before it is said. After `expires_at` it is dropped; without, never.
    `ref` is handed back in facts, for the feature to know what this was. `refused`: the platform has refused the same
    under another key, so nobody has said it; however late it is, only a database that may be old makes us look first.
    `part`: of a card that takes several calls, which one this is; the sender queues those after the first.
    `drawn`: what it says is other people's words, so no card is stored: its kind's `Draw` makes it when it is said.
    """

    community_id: int
    space: str
    key: str
    kind: str
    verb: Verb | str = Verb.POST
    channel: str | None = None
    thread: str | None = None
    private: bool = False
    person: str | None = None
    message: str | None = None
    card: Card | None = None
    drawn: bool = False
    name: str | None = None
    priority: int = 2
    not_before: datetime | None = None
    expires_at: datetime | None = None
    after: str | None = None
    ref: str = ""
    refused: bool = False
    part: int = 0

    def __post_init__(self) -> None:
        verb = Verb(self.verb)
        if not self.key or self.key == self.after:
            raise ValueError("a draft needs a key of its own")
        if self.priority not in PRIORITIES:
            raise ValueError(f"priorities go from 0 to 4, not {self.priority}")
        if self.drawn and self.card is not None:
            raise ValueError("what is drawn when it is said has no card before")
        if (self.card is None and not self.drawn) == (verb in (Verb.POST, Verb.DIRECT, Verb.UPDATE)):
            raise ValueError(f"to {verb}, a card is {'needed' if self.card is None else 'not needed'}")
        if self.channel is None and self.person is None:
            raise ValueError("a draft says where: a channel or a person")
        if verb is Verb.DIRECT and self.person is None:
            raise ValueError("a direct message names a person")
        if verb not in SPEAKING | {Verb.CANVAS, Verb.HOOK} and self.message is None and self.after is None:
            raise ValueError(f"to {verb}, name the message or the key it comes after")

    @property
    def lane(self) -> str:
        """What must be said in order: a channel with its threads, its canvas, or the direct message with a person.

        A person's own lane does not change when the platform tells us the channel of the direct message. A canvas on
        which somebody types has to wait, and the channel's messages need not.
        """
        if self.verb == Verb.CANVAS:
            return f"canvas:{self.channel}"
        return f"@{self.person}" if self.person is not None else str(self.channel)


def marker_of(key: str) -> str:
    """The hidden marker of a key: 24 characters, because Discord takes nonces of up to 25."""
    return hashlib.sha256(key.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Sent:
    """It is there. `place` and `message` are the platform's; for a thread, `place` is the thread itself."""

    key: str
    kind: str
    ref: str
    community_id: int
    place: Place
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Failed:
    """It will not be said. `code` is the platform's own, or one of this module's."""

    key: str
    kind: str
    ref: str
    community_id: int
    place: Place
    code: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """Whether it was said cannot be seen; nothing is repeated until it can. Told once for each row.

    `release` (after looking by hand) or a history that becomes visible resolve it.
    """

    key: str
    kind: str
    ref: str
    community_id: int
    place: Place
    code: str


Draw = Callable[[Connection, int, str], Card | None]
"""Makes the card of a drawn kind from its source when it is said: (connection, community id, ref). None: it is no
longer wanted."""


@dataclass(frozen=True, slots=True)
class Doubled:
    """A copy of it stands at `place` as `message`, and people may have written in its `thread`: listen there too.

    `gone`: the copy itself is about to be removed, and what people wrote under it stays.
    """

    key: str
    kind: str
    ref: str
    community_id: int
    place: Place
    message: str
    thread: Place
    gone: bool


@dataclass(frozen=True, slots=True)
class CanvasKeeper:
    """What one kind of canvas holds; both are short writes: (connection, community id, the `ref` of the row, …).

    `begin` says what is on a new one; None: it is no longer wanted. `take` takes in the lines that were read, and returns
    the one change to make, or None.
    """

    begin: Callable[[Connection, int, str], tuple[CanvasLine, ...] | None]
    take: Callable[[Connection, int, str, tuple[CanvasLine, ...]], CanvasChange | None]


Fact = Sent | Failed | Stuck | Doubled
Tell = Callable[[Connection, Fact], None]
"""Is told each fact in the transaction in which it becomes true; what it raises undoes that transaction."""
