"""A platform with people in it: what they can do there, what they see, and what can go wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.chat.menu import Menu
from bot.chat.models import Place
from bot.chat.port import Adapter, AdapterState, CalendarEvent
from bot.settings.model import Settings

# ── what people see ───────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Selector:
    """A select on a card, or nothing but its label where it is grayed out. `chosen` is a label."""

    label: str
    options: tuple[str, ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One message as somebody sees it now.

    `channel` is a logical name (`"c1"`, or `"dm-ada"` for a direct message with the bot); `author` the logical name
    of a person, or None for the bot. `thread` is the id of the message that its thread hangs from. `files` are the
    bytes by file name, `pictures` the bytes of PNGs, whose words are part of `text`. `private` means that only
    one person sees it here. `edited` tells that it did not always say this.
    """

    id: str
    channel: str
    text: str
    title: str = ""
    thread: str | None = None
    author: str | None = None
    buttons: tuple[str, ...] = ()
    selects: tuple[Selector, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    pictures: tuple[bytes, ...] = ()
    private: bool = False
    edited: bool = False

    @property
    def own(self) -> bool:
        """Whether the bot said it."""
        return self.author is None


@dataclass(frozen=True, slots=True)
class Blank:
    """A field of a form as it stands: its value, or values, and the (value, label) pairs it offers.

    Values are strings on every platform: the text, an option's value, `"4"` on a scale, `"2026-10-05 09:00"`, a logical
    name; several choices are a tuple of them. Empty: `""` or `()`.
    """

    name: str
    label: str
    value: str | tuple[str, ...] = ""
    options: tuple[tuple[str, str], ...] = ()
    required: bool = True
    several: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form in front of somebody; `handle` is the platform's own and nobody else's business."""

    title: str
    blanks: tuple[Blank, ...]
    text: str = ""
    """All words on it, labels and hints included."""
    handle: object = None

    def blank(self, name: str) -> Blank:
        found = [one for one in self.blanks if one.name == name]
        assert found, f"the form has no field {name!r} but {[one.name for one in self.blanks]}"
        return found[0]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a form, by field name; what was filled in is not lost (`Room.amend`)."""

    errors: Mapping[str, str]
    handle: object = None


Shown = Line | Sheet | Complaint | None
"""What somebody sees as the answer to what they did. The bot's own page is a `Line` that stands nowhere."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file that somebody chooses in a form."""

    name: str
    data: bytes


Entry = str | int | tuple[str, ...] | Chosen | None
"""What somebody puts into a field; an option is named by its value or its label."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody as the platform knows them. `facts` are `"moderator"` and `"admin"`, whatever stands for that there."""

    id: str
    name: str
    facts: tuple[str, ...] = ()
    zone: str | None = None
    stranger: bool = False
    locale: str = "en-US"


# ── the platform ──────────────────────────────────────────────────────────────


class Room(Protocol):
    """One platform with people in it. People and channels have logical names: `"ada"`, `"c1"`.

    It outlives the bot: the bot is started by making `adapters` and starting them, and may be stopped and started again
    while people go on. The verbs of people return when everything they set off has come to rest.
    """

    platform: str
    """`"local"`, `"slack"` or `"discord"`."""
    space: str
    """The space key under which the bot knows this room."""
    knows_zones: bool
    """Whether the platform tells the bot in which zone somebody lives."""
    titles: bool
    """Whether people read the title of every card; else only what stands on it."""
    whispers: bool
    """Whether the bot can show one person something in a channel unasked; else it tells them directly."""

    async def open(self, menu: Menu) -> None:
        """Begin to exist, with an app that offers this menu."""
        ...

    async def close(self) -> None:
        """Cease, and raise for anything that was against the platform's rules."""
        ...

    def settings(self, settings: Settings) -> Settings:
        """The settings with which a bot finds this room and who its moderators are."""
        ...

    async def adapters(self, settings: Settings, memory: Callable[[str], AdapterState]) -> Sequence[Adapter]:
        """New adapters for a bot that is about to start. `memory` is a shelf of the bot's store by its key."""
        ...

    async def furnish(self, channels: Mapping[str, str], people: Iterable[Newcomer]) -> None:
        """What is there before the bot comes: channels by logical name, with the bot in them, and people."""
        ...

    async def settle(self) -> None:
        """Wait until nothing is on its way between the platform and the bot."""
        ...

    # ── people come and go ────────────────────────────────────────────────────

    async def join(self, person: Newcomer) -> None:
        """Somebody joins, or is changed."""
        ...

    async def leave(self, who: str) -> None: ...

    async def open_channel(self, id: str, name: str, *, forum: bool = False) -> None:
        """A new channel with everybody and the bot in it; a forum where the platform has such."""
        ...

    # ── people talk ───────────────────────────────────────────────────────────

    async def say(
        self,
        who: str,
        channel: str,
        text: str,
        *,
        thread: str | None = None,
        to: str | None = None,
        files: tuple[str, ...] = (),
    ) -> str:
        """Somebody writes; the id of the message. `@Full Name` in the text is a mention.

        `to` is the message it replies to, where the platform has replies; elsewhere its author is mentioned first.
        """
        ...

    async def direct(self, who: str, text: str) -> str:
        """Somebody writes to the bot alone."""
        ...

    async def edit(self, who: str, message: str, text: str) -> None: ...

    async def erase(self, who: str, message: str) -> None: ...

    async def react(self, who: str, message: str, emoji: str, *, gone: bool = False) -> None: ...

    # ── people ask ────────────────────────────────────────────────────────────

    async def command(self, who: str, channel: str, line: str) -> Shown: ...

    async def press(self, who: str, line: Line, button: str, *, forged: bool = False) -> Shown:
        """`forged`: as a client would that shows somebody else's private card."""
        ...

    async def choose(self, who: str, line: Line, select: str, option: str) -> Shown: ...

    async def submit(self, who: str, sheet: Sheet, fields: Mapping[str, Entry]) -> Shown:
        """Fields that are not given keep what they hold."""
        ...

    async def amend(self, who: str, complaint: Complaint) -> Sheet:
        """The form that was not taken, once more, with what had been filled in."""
        ...

    async def open_home(self, who: str) -> Shown:
        """The bot's own page; None where the platform has none."""
        ...

    async def shortcut(self, who: str, shortcut: str, channel: str, message: str | None) -> Shown:
        """Use a shortcut of the menu, on a message or from anywhere."""
        ...

    # ── what can be seen ──────────────────────────────────────────────────────

    def look(self, who: str | None, channel: str, thread: str | None = None) -> list[Line]:
        """What somebody sees there, oldest first; None: only what everybody sees. A thread begins with its root."""
        ...

    def inbox(self, who: str) -> list[Line]:
        """The direct messages between the bot and somebody; empty where there are none yet."""
        ...

    def place(self, channel: str, thread: str | None = None) -> Place:
        """Where that is, in the words of the door."""
        ...

    def id_of(self, who: str) -> str:
        """The platform's own id of a person or a channel."""
        ...

    def pinned(self, channel: str) -> list[str]:
        """Ids of the pinned messages."""
        ...

    def closed(self, channel: str, thread: str) -> bool:
        """Whether a thread is locked; never, where the platform cannot."""
        ...

    def gatherings(self) -> list[CalendarEvent]:
        """What is on the platform's own list of events."""
        ...

    def notified(self) -> list[str]:
        """Whom the bot's messages have notified so far by naming them: people, groups, `"everyone"`."""
        ...

    # ── accidents ─────────────────────────────────────────────────────────────

    def deafen(self, deaf: bool) -> None:
        """Nothing people write, edit, delete or react reaches the bot any more, or it does again."""
        ...

    def hide_history(self, hidden: bool) -> None:
        """The bot may not look back, or may again."""
        ...

    def shut(self, channel: str) -> str:
        """The bot may not speak in a channel any more; the platform's word for why."""
        ...

    def reopen(self, channel: str) -> None: ...

    def lose_answer(self, times: int = 1) -> None:
        """The next posts happen, and nobody tells the bot."""
        ...

    def break_before(self, times: int = 1) -> None:
        """The next posts do not happen, and nobody tells the bot."""
        ...

    def limit(self, seconds: int) -> None:
        """The next post is refused, with how long to wait."""
        ...

    def lock_out(self, out: bool) -> None:
        """The bot's credentials do not hold any more, or do again."""
        ...

    async def redeliver(self) -> None:
        """What the bot did not take is told again."""
        ...

    # ── its own memory ────────────────────────────────────────────────────────

    keeps_in: tuple[str, ...]
    """Tables of the bot's database in which a pretend platform keeps its own world; empty for real ones."""

    def leave_the_disk(self) -> None:
        """The platform itself is not on the bot's disk, even where a pretend one is otherwise."""
        ...
