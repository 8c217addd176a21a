"""The port between the core and a platform: events that come in, verbs that go out.

    platform ── event ──▶ CorePort.hear / form / complete ──▶ card, form, choices
    outbox  ── sender ──▶ Adapter.post, update, delete, thread, direct, private, pin, close,
                         open_private, admit, put_event, cancel_event, posting_problem,
                         open_canvas, read_canvas, change_canvas
    features ──▶ Adapter.look_up, match_emails
    recovery, scanner ──▶ Adapter.find, history

The errors an adapter may raise when it says something:

    PlatformError
    ├── RetryLater           it certainly did not happen; ask again after `seconds`
    ├── Rejected             it certainly did not happen, and asking again will not help
    ├── CredentialsRejected  the credentials of the whole space are refused; stop until they work again
    └── OutcomeUnknown       it may have happened: look for the marker before trying again

`HistoryUnavailable` is an answer, not an error: "I may not look". It can never be mistaken for "not there".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.chat.canvas import CanvasChange, CanvasLine
from bot.chat.cards import Card
from bot.chat.events import CompletionRequest, Event, Opening, Reply
from bot.chat.forms import Form
from bot.chat.menu import Menu
from bot.chat.models import Message, Person, Place
from bot.chat.rate_limits import Pace


class CorePort(Protocol):
    """The core, as an adapter sees it. Nothing raised here: a refusal or a bug comes back as a card.

    The one exception is `NotStored`: what was heard could not be stored, so it must not be acknowledged.
    """

    @property
    def menu(self) -> Menu: ...

    async def hear(self, event: Event) -> Reply:
        """Take an event in; when this returns, what it changes has been committed.

        A card is shown privately to whoever caused the event, or publicly where the command allows it.
        """
        ...

    async def form(self, opening: Opening) -> Form | Card:
        """What to show for what `opens`: a form, or a card when none is needed."""
        ...

    async def complete(self, typing: CompletionRequest) -> tuple[tuple[str, str], ...]:
        """Up to 25 (value, label) pairs that fit what has been typed."""
        ...


class CannotConnect(Exception):
    """The platform will not have us: names the setting and the fix. Raised by `Adapter.start`, for the operator."""


class NotStored(Exception):
    """The event could not be stored. `card` tells the person so, with their own text handed back."""

    def __init__(self, card: Card) -> None:
        super().__init__("an event could not be stored")
        self.card = card


# ── what can be said ──────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class HistoryUnavailable:
    """I may not look, or could not see everything: says nothing about what is there.

    `absent`: the platform knows of no such thread; nobody has ever written there, or somebody has removed all of it.
    """

    why: str
    absent: bool = False


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """Something with a beginning and an end that people come to (aware UTC), for the platform's own list of events.

    `where` is a link or a few words; it is never fetched.
    """

    title: str
    about: str
    starts: datetime
    ends: datetime
    where: str


@dataclass(frozen=True, slots=True)
class History:
    """Messages of a thread or direct message, oldest first.

    `complete` is true only when every page was read, the parent was among them, and nothing was hidden by a
    plan's limit or a permission. Only then does an absent message mean anything. `calls` is how many it took.
    """

    messages: tuple[Message, ...]
    complete: bool
    calls: int = 1


class Adapter(Protocol):
    """A platform, as the core sees it. Every verb works on every platform.

    All verbs raise `PlatformError` and nothing else. Files and pictures travel in cards.
    """

    platform: str
    """`"local"` or the platform's own name: the part of every space key before the colon."""
    pace: Pace
    """How fast the platform lets us speak and read."""
    form_witness: str
    """What the platform itself learns when somebody sends a form, in a sentence for members."""

    async def start(self, core: CorePort) -> None:
        """Connect; returns when events can arrive. Tells `SpaceConnected` for each space, and who is there."""
        ...

    async def stop(self) -> None:
        """Stop hearing, let running calls finish, disconnect."""
        ...

    def count_parts(self, card: Card) -> int:
        """How many calls it takes to post a card: 1, or more where it needs further messages, or one for its files."""
        ...

    async def post(self, place: Place, card: Card, marker: str, part: int = 0) -> str:
        """Post once, carrying the marker (at most 25 characters) hidden; the new message's id.

        In a forum, the card begins a new post of its `title` and `tags`. Every `part` is a call of its own, with a marker
        of its own; the first is 0, the others belong into its thread. Where there is no such part after all, nothing is
        said and the id is empty.
        """
        ...

    async def update(self, place: Place, message: str, card: Card) -> None:
        """Replace one of our messages. Idempotent."""
        ...

    async def delete(self, place: Place, message: str) -> None:
        """Remove one of our messages. Idempotent: already gone is success."""
        ...

    async def thread(self, place: Place, message: str, name: str) -> Place:
        """The thread under one of our messages, opened if need be. Idempotent."""
        ...

    async def direct(self, space: str, person: str) -> Place:
        """The direct message with a person, opened if need be. Idempotent."""
        ...

    async def private(self, place: Place, person: str, card: Card) -> None:
        """Show a card to one person only: here if the platform can, else by direct message. Best effort."""
        ...

    async def find(self, place: Place, marker: str, since: datetime) -> tuple[str, ...] | HistoryUnavailable:
        """Ids of our own messages there that carry the marker, oldest first. `since` is in the platform's time."""
        ...

    def platform_time(self) -> datetime | None:
        """What time it is there, by the platform's own answers and never by this machine's clock; None before any.

        It may be late, and is never early.
        """
        ...

    async def history(self, place: Place, after: datetime | None) -> History | HistoryUnavailable:
        """What was said in a thread or direct message since `after` (None: from its beginning)."""
        ...

    async def link(self, place: Place, message: str) -> str | None:
        """A link that opens the message, where the platform has one."""
        ...

    async def look_up(self, space: str, person: str) -> Person:
        """Somebody with the facts about them that are true now, at most half a minute old.

        Who is not there any more is a stranger. What cannot be said now is an error, never a person without facts.
        """
        ...

    async def match_emails(self, space: str, emails: Collection[str]) -> Mapping[str, str] | None:
        """The platform's id of everybody with one of these addresses, by the address; None where it shows us none.

        The adapter may be asked before it is started. No address is kept.
        """
        ...

    # what moderators need of a place; idempotent, and harmless where a platform has nothing of the kind

    async def pin(self, place: Place, message: str, *, pinned: bool) -> None:
        """Pin one of our messages, or take the pin away."""
        ...

    async def close(self, place: Place, *, closed: bool) -> None:
        """Lock a thread so that nobody answers in it any more, or open it again. Not where threads cannot be locked."""
        ...

    async def put_event(self, space: str, event: CalendarEvent, known: str | None) -> str | None:
        """Put something on the space's list of events, or change it there (`known`): its id, or None without a list."""
        ...

    async def cancel_event(self, space: str, event: str) -> None:
        """Take something off the space's list of events; already gone is success."""
        ...

    async def open_private(self, place: Place, name: str) -> Place | None:
        """A new private place of this name, near `place`, with nobody in it but us; None where there is no such thing."""
        ...

    async def admit(self, place: Place, come: Collection[str], go: Collection[str]) -> None:
        """Let people into a private place that we opened, and show others out; the rest stay as they are. Idempotent."""
        ...

    async def posting_problem(self, place: Place) -> str | None:
        """Why the bot could not speak there now, in the platform's own word (`not_in_channel`); None: it could."""
        ...

    # the page that a place itself carries; where a platform has none, a message of ours is the page

    async def open_canvas(self, place: Place, lines: Sequence[CanvasLine]) -> str | None:
        """The canvas that the place carries, with these lines in it: its id; None where places carry none.

        One that is there already is ours only if the first two lines stand in it: another is `Rejected("canvas_taken")`.
        Idempotent: a second call finds what the first one made.
        """
        ...

    async def read_canvas(self, place: Place, canvas: str) -> tuple[CanvasLine, ...]:
        """Everything that stands on a canvas, from the top."""
        ...

    async def change_canvas(self, place: Place, canvas: str, change: CanvasChange) -> None:
        """Make one change of a canvas that was read just now."""
        ...


DIRECT_CLOSED = "direct_messages_closed"
"""The code of `Rejected` for a person who takes no direct messages from us: nothing is sent there until they say so."""


CANVAS_GONE = "canvas_gone"
"""The code of `Rejected` for a canvas that somebody deleted."""
CANVAS_TAKEN = "canvas_taken"
"""The code of `Rejected` where a place carries a canvas that is not ours."""


class PlatformError(Exception):
    """Something the platform did not do. `code` is its own word for why; never a member's text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RetryLater(PlatformError):
    """Certainly not done. `seconds` is how long the platform told us to wait, or None."""

    def __init__(self, code: str, seconds: float | None = None) -> None:
        super().__init__(code)
        self.seconds = seconds


class Rejected(PlatformError):
    """Certainly not done, and asking again will not help."""


class CredentialsRejected(PlatformError):
    """The space no longer accepts our credentials."""


class OutcomeUnknown(PlatformError):
    """It may have been done."""


class AdapterState(Protocol):
    """Small named JSON documents an adapter wants kept; committed when `put` returns. What is about one person goes into
    one document, `person:<platform id>`: it is erased with them."""

    async def put(self, items: Mapping[str, Any]) -> None: ...

    async def remove(self, keys: tuple[str, ...]) -> None: ...

    async def load(self) -> dict[str, Any]: ...
