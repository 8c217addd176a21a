"""Payloads of Discord's gateway and history, turned into events of the port. Pure.

Payloads are Discord's own JSON (docs resources/message, events/gateway-events). discord.py's objects are not used
here: they know less of what is not cached, and the history has to be read in the same way as the events.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

from bot.chat import emoji
from bot.chat.models import Message, Person, Place
from bot.chat.parsing.command_line import ROOT

Json = Mapping[str, Any]
EPHEMERAL = 1 << 6
SPOKEN = frozenset({0, 19})
"""Types of messages in which somebody says something: ordinary ones and replies. The rest are Discord's notices."""
REPLY, PINNED = 19, 6
ADMINISTRATOR, MANAGE_SERVER = 1 << 3, 1 << 5
EPOCH = 1420070400000
"""Milliseconds of the first snowflake (docs reference, "Snowflakes")."""

_TOLD = re.compile(
    r"<@!?(?P<user>\d+)>|<@&(?P<role>\d+)>|<#(?P<channel>\d+)>|<a?:(?P<emoji>\w+):\d+>|</(?P<command>[^:>]+):\d+>"
)
_LEADING = re.compile(r"\s*<@(?:(?P<role>&)|!?)(?P<id>\d+)>[\s,:;–—-]*")


class Ground(Protocol):
    """A server, as far as its names and powers are known."""

    space: str

    def channel(self, id: str) -> str | None:
        """The name of a channel."""
        ...

    def role(self, id: str) -> str | None:
        """The name of a role."""
        ...

    def powers(self, role: str) -> int:
        """The permission bits of a role; those of everybody are under the server's own id."""
        ...

    @property
    def owner(self) -> str: ...


# ── who ───────────────────────────────────────────────────────────────────────


def facts_of(person: str, roles: Iterable[str], ground: Ground) -> frozenset[str]:
    """What a member is and may do in a server as a whole: overwrites of one channel do not count."""
    mine = [str(role) for role in roles]
    powers = ground.powers(ground.space.partition(":")[2])
    for role in mine:
        powers |= ground.powers(role)
    found = {f"role:{role}" for role in mine}
    owns = person == ground.owner
    if owns:
        found.add("owner")
    if owns or powers & ADMINISTRATOR:
        found |= {"administrator", "manage-server"}
    if powers & MANAGE_SERVER:
        found.add("manage-server")
    return frozenset(found)


def read_person(user: Json, member: Json | None, ground: Ground, *, stranger: bool = False) -> Person:
    """An account in a server. Somebody who has not accepted the server's rules yet is no stranger."""
    id = str(user["id"])
    name = (member or {}).get("nick") or user.get("global_name") or user.get("username") or ""
    held = facts_of(id, (member or {}).get("roles") or (), ground) if member is not None else frozenset()
    return Person(ground.space, id, str(name), held, stranger=stranger, bot=bool(user.get("bot")))


# ── what is said ──────────────────────────────────────────────────────────────


def is_echo(told: Json, us: str) -> bool:
    """Whether this is one of our ephemeral cards, which Discord tells as if it were a direct message.

    docs events/gateway-events: they come without `guild_id`, under the direct-messages intent.
    """
    return bool(int(told.get("flags") or 0) & EPHEMERAL) and str((told.get("author") or {}).get("id")) == us


def is_speech(told: Json) -> bool:
    """Whether somebody says something here, rather than Discord noting that a thread was opened."""
    return int(told.get("type") or 0) in SPOKEN and "author" in told


def is_own_pin_notice(told: Json, us: str) -> bool:
    """Whether Discord notes that we pinned something, which tells nobody anything."""
    return int(told.get("type") or 0) == PINNED and str((told.get("author") or {}).get("id")) == us


def is_edit(told: Json) -> bool:
    """Whether an update is an edit: previews, pins and threads update a message as well, with no time of edit."""
    return bool(told.get("edited_timestamp")) and is_speech(told)


def read_message(told: Json, place: Place, ground: Ground, us: str, *, hidden: bool = False) -> Message:
    """A message as it is now.

    `hidden` says that we lack the message-content intent: the words of others come empty, and an empty message must
    not be taken for an answer, so it is then marked as hidden and is never newer than it was.
    """
    id, author = str(told["id"]), told["author"]
    at = sent_at(id)
    edited = told.get("edited_timestamp")
    bot = bool(told.get("webhook_id")) or bool(author.get("bot"))
    who = read_person({**author, "bot": bot}, told.get("member"), ground)
    if hidden and str(author["id"]) != us and not _has_words(told):
        named = frozenset(str(user["id"]) for user in told.get("mentions") or ())
        return Message(place, id, who, "", at, at, to=addressees(told, us) | named, hidden=True)
    return Message(
        place, id, who, read_text(told, ground, us, strip=not place.private), at,
        version=datetime.fromisoformat(edited).astimezone(UTC) if edited else at,
        to=addressees(told, us), own=str(author["id"]) == us,
        files=tuple(str(file.get("filename") or "file") for file in told.get("attachments") or ()),
        answers=answered_message(told), called=calls_us(told, us),
    )  # fmt: skip


def _has_words(told: Json) -> bool:
    return bool(told.get("content") or told.get("attachments"))


def add_marker(message: Message, marker: str | None) -> Message:
    """The same message with its marker, where it is known."""
    return replace(message, marker=marker)


def read_deletion(id: str, place: Place, now: datetime, *, own: bool = False) -> Message:
    """A message that is gone."""
    return Message(place, id, None, "", sent_at(id), now, deleted=True, own=own)


def read_text(told: Json, ground: Ground, us: str, *, strip: bool = False) -> str:
    """The words as their author saw them: names instead of ids. `strip`: without our own name before them.

    We are `@Tilth`, whatever the app was called: the core knows its commands by that name.
    """
    content = str(told.get("content") or "")
    if strip and (first := _LEADING.match(content)) and first["id"] == us:
        content = content[first.end() :]
    names = {str(user["id"]): _called(user) for user in told.get("mentions") or ()}
    names[us] = ROOT.capitalize()

    def name(found: re.Match[str]) -> str:
        match found.lastgroup:
            case "user":
                return f"@{names.get(found['user'], found['user'])}"
            case "role":
                return f"@{ground.role(found['role']) or found['role']}"
            case "channel":
                return f"#{ground.channel(found['channel']) or found['channel']}"
            case "emoji":
                return f":{found['emoji']}:"
            case _:
                return f"/{found['command']}"

    return _TOLD.sub(name, content)


def calls_us(told: Json, us: str) -> bool:
    """Whether a message begins with our name."""
    first = _LEADING.match(str(told.get("content") or ""))
    return first is not None and first["id"] == us


def addressees(told: Json, us: str) -> frozenset[str]:
    """Whom a message answers, and whom it names before its first own word; never us."""
    to: set[str] = set()
    answered = told.get("referenced_message")
    if told.get("type") == REPLY and answered:
        to.add(str(answered["author"]["id"]))
    content, at = str(told.get("content") or ""), 0
    while found := _LEADING.match(content, at):
        if not found["role"]:
            to.add(found["id"])
        at = found.end()
    return frozenset(to - {us})


def answered_message(told: Json) -> str | None:
    """The id of the message that a reply answers; None for others: a forwarded message has a reference, too."""
    about = told.get("message_reference") or {}
    return str(about["message_id"]) if told.get("type") == REPLY and about.get("message_id") else None


def _called(user: Json) -> str:
    member = user.get("member") or {}
    return str(member.get("nick") or user.get("global_name") or user.get("username") or user["id"])


# ── small things ──────────────────────────────────────────────────────────────


def emoji_name(told: Json) -> str:
    """The short name of an emoji: `seedling`; of a server's own, the name it was given."""
    name = str(told.get("name") or "")
    if told.get("id"):
        return name
    return emoji.short_name(name)


def sent_at(id: str) -> datetime:
    """When a message was sent, which its id says."""
    return datetime.fromtimestamp(((int(id) >> 22) + EPOCH) / 1000, UTC)


def id_at(at: datetime) -> int:
    """The id just before those of this instant, for "everything after"."""
    return max(0, (int(at.timestamp() * 1000) - EPOCH) << 22) - 1 if at.timestamp() * 1000 > EPOCH else 0
