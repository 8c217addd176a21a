"""The type of a feature: its commands, buttons, forms, jobs, and how it forgets a person.

A feature is one value of type `Feature`, made by `feature()` of its folder; `bot/app.py` holds the list. `forget` and
`hand_over` have no default, so no feature can leave out how it forgets a person and hands over a person's data.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Connection, Select

from bot.capture.expectation import ExpectedMessage
from bot.capture.message_versions import MessageVersion
from bot.chat.cards import Block, Card
from bot.chat.forms import FieldErrors, Form
from bot.chat.menu import Command, Shortcut
from bot.chat.models import Message, Person, Place, Role
from bot.delivery.facts import CanvasKeeper, Draw
from bot.delivery.hook_call import NO_HOOKS, HookCaller
from bot.intents.intent import NOTHING_INVITED, Intent, Invited
from bot.people import audit
from bot.people.links import NO_RULES, LinkRules
from bot.people.tables import Community, Member
from bot.schedules.forecast import Forecaster
from bot.schedules.planner import ScheduleKind
from bot.search.searchable import Searchable
from bot.store.retention import Retention

UNDO = timedelta(minutes=10)
"""How long what was taken away can be brought back with its Undo button."""


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for something: who, with which role, where, and with which values.

    `values` holds typed option values of a command, or checked field values of a form. `value` is the short
    state of the button or form; `message` is the card the button was on. `now` is aware UTC.
    """

    community: Community
    member: Member
    role: Role
    person: Person
    place: Place
    now: datetime
    values: Mapping[str, object] = field(default_factory=dict)
    value: str = ""
    message: str | None = None
    line: str = ""
    missing: tuple[str, ...] = ()
    about: Message | None = None
    """The message a shortcut was used on."""
    at: datetime | None = None
    """When a form was sent by the platform's own clock, by which messages are dated; None where it does not say."""

    def text(self, name: str) -> str:
        """A text value, or "" when it was not given."""
        return str(self.values.get(name) or "")

    def number(self, name: str) -> int | None:
        """A whole number or id, or None when it was not given."""
        given = self.values.get(name)
        return given if isinstance(given, int) else None


def note_change(
    conn: Connection, request: Request, what: str, subject: str, before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write into the audit log what somebody changes; see `bot/people/audit.py`."""
    audit.record_change(
        conn, request.community.id, request.member.id, request.role, what, subject, before, after, request.now
    )


R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Reads(Generic[R_co]):
    """A handler that only reads: a plain function of a connection and a request."""

    do: Callable[[Connection, Request], R_co]


@dataclass(frozen=True, slots=True)
class Writes(Generic[R_co]):
    """A handler that changes something, all of it in one transaction; it may run more than once.

    `first` asks a platform before that; what it returns is the answer instead.
    """

    do: Callable[[Connection, Request], R_co]
    first: Callable[[Request], Awaitable[R_co | None]] | None = None


@dataclass(frozen=True, slots=True)
class Waits(Generic[R_co]):
    """A handler that waits for files, pictures or the network, and opens its own transactions around that."""

    do: Callable[[Request], Awaitable[R_co]]


Handler = Reads[R_co] | Writes[R_co] | Waits[R_co]
"""What answers somebody, with how it uses the database; the dispatcher opens the transaction."""


@dataclass(frozen=True, slots=True)
class CommandHandler:
    """A command and who answers it, perhaps with a form; `offered`: whether its home shows it to this member."""

    command: Command
    answer: Handler[Card | Form]
    offered: Callable[[Connection, Request], bool] = lambda _conn, _request: True


@dataclass(frozen=True, slots=True)
class ButtonHandler:
    """What a button or select with this id does. None leaves everything as it is."""

    id: str
    do: Handler[Card | None]
    role: Role = Role.MEMBER


@dataclass(frozen=True, slots=True)
class FormHandler:
    """A form with this id: how it is filled in for somebody, and what happens with what comes back.

    `build` is asked again at submission, so that the values can be checked against the same form.
    """

    id: str
    build: Handler[Form | Card]
    submit: Handler[Card | FieldErrors]
    role: Role = Role.MEMBER


@dataclass(frozen=True, slots=True)
class SaveOffer:
    """Somewhere to save the words of a direct message: `does` is told of `h<held>/<value>`; `question` asks for it alone.
    `said_at` is when something was last said to this person about it."""

    label: str
    question: str
    does: str
    value: str
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A message of a watched conversation, or a direct message, with who said it. `heard` is None for a direct
    message outside any watched conversation. `offers` are where other features could save the words of one."""

    request: Request
    heard: MessageVersion | None
    message: Message
    offers: tuple[SaveOffer, ...] = ()


MessageListener = Callable[[Connection, IncomingMessage], Card | None]
"""Takes part in the transaction that stores the message; a card is shown privately to its author."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A message was taken: it is nobody else's; `card` is for its author."""

    card: Card | None


Claim = Callable[[Connection, IncomingMessage], Taken | None]
"""Takes a message that is its own; None leaves it to the others."""
Wish = str | Callable[[Connection, Request], Card | None]
"""The line of a command, or what answers in the transaction that stores the message."""

Subscriber = Callable[[Connection, Any], None]
"""Is told a fact in the transaction in which it became true."""


@dataclass(frozen=True, slots=True)
class Completion:
    """Choices for one option of one command while somebody types: (value, label) pairs.

    `request.value` is what has been typed. The dispatcher shows the pairs in which it occurs, unless they are
    `matched` already.
    """

    path: str
    option: str
    choices: Callable[[Connection, Request], Iterable[tuple[str, str]]]
    matched: bool = False


@dataclass(frozen=True, slots=True)
class PeriodicJob:
    """Something to look after every so often; `run` returns how much it did, and 0 when nothing was due.

    `next_due` says when there will be something to do, so that a clock which is moved can stop there.
    """

    name: str
    seconds: float
    run: Callable[[], Awaitable[int]]
    next_due: Callable[[Connection], datetime | None]


@dataclass(frozen=True, slots=True)
class DataSubject:
    """A person whose data is handed over or forgotten: the member and all their (space, id) accounts."""

    community: Community
    member_id: int
    accounts: tuple[tuple[str, str], ...]
    now: datetime


Forget = Callable[[Connection, DataSubject], bool | None]
"""A step of a few milliseconds that removes something of a person, whatever is gone already; True: there is more."""


def _nothing(_conn: Connection, _ask: Request) -> tuple[()]:
    return ()


@dataclass(frozen=True, slots=True)
class Reaction:
    """Somebody put a reaction on a message (by `author`, where that is known), or took it away (`gone`)."""

    request: Request
    emoji: str
    gone: bool
    author: str | None = None


ReactionListener = Callable[[Connection, Reaction], Card | None]
"""Is told of each reaction; a card is shown privately to whoever reacted."""


@dataclass(frozen=True, slots=True)
class Feature:
    """Everything one feature offers."""

    name: str
    forget: tuple[Forget, ...]
    """What removes everything of a person, step by step; empty: it stores nothing of anybody."""
    hand_over: Callable[[Connection, DataSubject], Mapping[str, list[dict[str, object]]]]
    nouns: Mapping[str, str] = field(default_factory=dict)
    commands: tuple[CommandHandler, ...] = ()
    buttons: tuple[ButtonHandler, ...] = ()
    forms: tuple[FormHandler, ...] = ()
    listeners: tuple[MessageListener, ...] = ()
    expects: tuple[Callable[[Connection, Sequence[ExpectedMessage]], None], ...] = ()
    """Ask at once what listeners are going to ask about messages that are stored together."""
    reactions: tuple[ReactionListener, ...] = ()
    facts: tuple[tuple[type, Subscriber], ...] = ()
    completions: tuple[Completion, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    home: Callable[[Connection, Request], Sequence[Block]] = _nothing
    """What somebody finds on the bot's own page."""
    jobs: tuple[PeriodicJob, ...] = ()
    kinds: Mapping[str, ScheduleKind] = field(default_factory=dict)
    foretells: Mapping[str, Forecaster] = field(default_factory=dict)
    draws: Mapping[str, Draw] = field(default_factory=dict)
    """How posts are made that the outbox stores no words of, by their kind."""
    hooks: HookCaller = NO_HOOKS
    """What the sender tells other services with, for the one feature that does so."""
    canvases: Mapping[str, CanvasKeeper] = field(default_factory=dict)
    """What is on the canvases of places, by the kind of their rows in the outbox."""
    wishes: Mapping[Intent, Wish] = field(default_factory=dict)
    """What is done when somebody asks for it in their own words."""
    claims: tuple[Claim, ...] = ()
    """Take a reply to one of our messages, whatever it says."""
    replies: tuple[Claim, ...] = ()
    """Take a reply to one of our messages that is no wish."""
    offers: Callable[[Connection, Request], Sequence[SaveOffer]] = _nothing
    """Where the words of a direct message could be saved as well."""
    invited: Callable[[Connection, Request], Invited] = lambda _conn, _request: NOTHING_INVITED
    """What the open prompts ask for that would be a wish elsewhere."""
    owns_message: Callable[[Connection, Place, str], bool] = lambda _conn, _place, _message: False
    """Whether a message is one of ours that must not be lost; only such a one is told as `MessageDeleted`."""
    routes: tuple[Any, ...] = ()
    """Addresses (aiohttp's `RouteDef`) at which it is reached by HTTP, where the bot serves HTTP."""
    retention: tuple[Retention, ...] = ()
    """The kinds of data it stores that are removed by their age; one job removes them."""
    keeps: tuple[Column[Any], ...] = ()
    """Columns in which members' own words or names stand. `forget` leaves nothing of a person in them, and such words
    stand in no other column: whoever adds a copy names it here."""
    invariants: tuple[tuple[str, Select[Any]], ...] = ()
    links: LinkRules = NO_RULES
    searchable: tuple[Searchable, ...] = ()
    examples: Callable[[], tuple[Card, ...]] = tuple
    rows: Callable[[Connection, Place, str], list[tuple[str, Mapping[str, object]]]] | None = None
    """What the database holds for one message, as (table, columns): for the playground's panel."""
