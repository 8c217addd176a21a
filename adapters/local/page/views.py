"""Views of the page as plain values: the world seen by one person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from markupsafe import Markup

from adapters.local.model import LocalMessage
from adapters.local.page.markdown import PageReader, with_mentions
from adapters.local.world import World
from bot.chat.cards import Card
from bot.chat.language import N_, _
from bot.chat.menu import Menu, Shortcut
from bot.chat.models import Person, Role

SHOWN = 200
"""Messages of a conversation on the page; older ones are counted, not shown."""
_TOGETHER = timedelta(minutes=5)
_ROLES = {
    "guest": N_("guest"),
    "member": N_("member"),
    "moderator": N_("moderator"),
    "admin": N_("admin"),
    "bot": N_("bot"),
}


@dataclass(frozen=True, slots=True)
class ReactionCount:
    """An emoji with how many people chose it, and whether the reader is one of them."""

    emoji: str
    count: int
    mine: bool
    names: str


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message as the reader sees it. `follows` means that its author is the same as right above.

    `role` is what stands beside the author's name, empty for a member.
    """

    id: str
    author: str
    role: str
    initials: str
    hue: int
    at: datetime
    changed: datetime | None
    html: Markup | None
    card: Card | None
    mine: bool
    bot: bool
    deleted: bool
    private: bool
    replies: int
    reactions: tuple[ReactionCount, ...]
    answering: str | None
    files: tuple[str, ...]
    thread_name: str | None
    pinned: bool
    locked: bool
    words: str = ""
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    name: str
    lines: tuple[MessageLine, ...]


@dataclass(frozen=True, slots=True)
class Pin:
    """A pinned message: how it begins, and where on the page it is; `here` where that is in this conversation."""

    id: str
    words: str
    here: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: its days, how many older messages are left out, what is pinned, whether it is closed."""

    days: tuple[Day, ...]
    older: int = 0
    pins: tuple[Pin, ...] = ()
    locked: bool = False

    @property
    def lines(self) -> tuple[MessageLine, ...]:
        return tuple(line for day in self.days for line in day.lines)


@dataclass(frozen=True, slots=True)
class Room:
    """A channel or direct message in the list, with how many messages the reader has not seen."""

    id: str
    name: str
    direct: bool
    current: bool
    unread: int


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody one can act as; `role` in the reader's words."""

    id: str
    name: str
    role: str
    initials: str
    hue: int
    current: bool


def role_of(person: Person) -> str:
    """What the platform says somebody is."""
    if person.stranger:
        return "guest"
    return next((role for role in ("admin", "moderator") if role in person.facts), "member")


def role(person: Person) -> Role:
    """What somebody may do, as far as the platform's facts say."""
    return {"guest": Role.STRANGER, "moderator": Role.MODERATOR, "admin": Role.ADMIN}.get(
        role_of(person), Role.MEMBER
    )


def shortcuts(menu: Menu, person: Person, on: str) -> tuple[Shortcut, ...]:
    """What the platform's menu offers somebody: `on` a message, or from anywhere."""
    return tuple(one for one in menu.shortcuts if one.on == on and one.role <= role(person))


def list_personas(world: World, me: str) -> tuple[Persona, ...]:
    people = (p for p in world.people.values() if not p.bot)
    return tuple(
        Persona(p.id, p.name, _(_ROLES[role_of(p)]), initials(p.name), hue(p.id), p.id == me) for p in people
    )


def list_rooms(world: World, me: str, current: str, seen: Mapping[str, str]) -> tuple[Room, ...]:
    """The reader's channels, then their direct message. `seen` is the last message they saw in each channel."""
    unread = Counter(
        one.channel
        for one in world.messages.values()
        if one.author != me and one.visible_to(me) and one.id > seen.get(one.channel, "")
    )
    theirs = sorted(
        (c for c in world.channels.values() if c.direct in (None, me)), key=lambda c: c.direct is not None
    )
    return tuple(
        Room(c.id, "Tilth" if c.direct else c.name, c.direct is not None, c.id == current, unread[c.id])
        for c in theirs
    )


def view_talk(world: World, reader: PageReader, channel: str, thread: str | None = None) -> Talk:
    """A channel without its threads, or one thread with its root, as the reader sees it."""
    replies = Counter(
        one.thread
        for one in world.messages.values()
        if one.thread is not None and one.visible_to(None)  # a receipt that one person sees is no reply
    )
    # A deleted message with replies stays as a stone, or its thread could not be reached.
    found = [
        one
        for one in world.messages.values()
        if one.channel == channel
        and (thread in (one.id, one.thread) if thread is not None else one.thread is None)
        and (one.visible_to(reader.person) or (one.deleted and replies[one.id]))
    ]
    lines = _grouped(view_message(world, reader, one, replies[one.id]) for one in found[-SHOWN:])
    days = groupby(lines, key=lambda one: reader.day(one.at))
    root = world.messages.get(thread or "")
    return Talk(
        tuple(Day(name, tuple(those)) for name, those in days),
        max(0, len(found) - SHOWN),
        _pins(world, reader, channel, {one.id for one in lines}) if thread is None else (),
        root is not None and root.locked,
    )


def _pins(world: World, reader: PageReader, channel: str, shown: set[str]) -> tuple[Pin, ...]:
    """What is pinned in a channel, the newest first; in its threads too."""
    pinned = [
        one
        for one in world.messages.values()
        if one.channel == channel and one.pinned and one.visible_to(reader.person)
    ]
    return tuple(Pin(one.thread or one.id, first_words(one), one.id in shown) for one in reversed(pinned))


def first_words(one: LocalMessage) -> str:
    """How a message begins, on a line of its own: a card by its title."""
    words = " ".join((one.card.title if one.card is not None else one.text).split())
    return words if len(words) <= 80 else f"{words[:79]}…"


def view_message(world: World, reader: PageReader, one: LocalMessage, replies: int = 0) -> MessageLine:
    """One message as the reader sees it."""
    author = world.people.get(one.author or "")
    name = _name(world, one.author)
    said = with_mentions(one.body, world.people.values()) if isinstance(one.body, str) else ""
    return MessageLine(
        id=one.id,
        author=name,
        role=_role_of_author(one, author),
        initials=initials(name),
        hue=hue(one.author or ""),
        at=one.at,
        changed=one.changed,
        html=reader.markdown(said) if one.card is None else None,
        card=one.card,
        mine=one.author == reader.person,
        bot=one.author is None,
        deleted=one.deleted,
        private=one.private_to is not None,
        replies=replies,
        reactions=_reactions(world, reader.person, one),
        answering=_answering(world, one),
        files=one.files,
        thread_name=one.thread_name,
        pinned=one.pinned,
        locked=one.locked,
        words=first_words(one),
    )


def _role_of_author(one: LocalMessage, author: Person | None) -> str:
    """What stands beside the author's name: nothing for a member."""
    kind = "bot" if one.author is None else role_of(author) if author is not None else "member"
    return "" if kind == "member" else _(_ROLES[kind])


def _grouped(lines: Iterable[MessageLine]) -> list[MessageLine]:
    grouped: list[MessageLine] = []
    for one in lines:
        last = grouped[-1] if grouped else None
        follows = (
            last is not None
            and (last.author, last.private, last.deleted) == (one.author, one.private, False)
            and one.at - last.at < _TOGETHER
            and one.answering is None
        )
        grouped.append(replace(one, follows=follows))
    return grouped


def _reactions(world: World, me: str, one: LocalMessage) -> tuple[ReactionCount, ...]:
    by_emoji: dict[str, list[str]] = {}
    for emoji, person in one.reactions:
        by_emoji.setdefault(emoji, []).append(person)
    return tuple(
        ReactionCount(emoji, len(people), me in people, ", ".join(_name(world, person) for person in people))
        for emoji, people in by_emoji.items()
    )


def _answering(world: World, one: LocalMessage) -> str | None:
    """The beginning of the message that this one quotes."""
    quoted = world.messages.get(one.reply_to or "")
    if quoted is None:
        return None
    start = _("a deleted message") if quoted.deleted else first_words(quoted)
    return f"{_name(world, quoted.author)}: {start}"


def _name(world: World, person: str | None) -> str:
    if person is None:
        return "Tilth"
    return world.people[person].name if person in world.people else _("Somebody who has left")


def initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def hue(id: str) -> int:
    """One of six colors, the same for the same person in every run."""
    return sum(id.encode()) % 6
