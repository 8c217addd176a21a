"""Payloads of Slack, turned into events of the port. Pure.

Whoever calls has made sure that the people in a payload (`people_in`) are known to the `IdLookup` it hands over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from adapters.slack.say import marker_of
from bot.chat.models import Message, Person, Place
from bot.chat.parsing.command_line import ROOT
from bot.chat.parsing.tokens import readable_text

Json = Mapping[str, Any]

ORDINARY = frozenset({None, "thread_broadcast", "file_share", "me_message", "bot_message"})
"""Subtypes of messages that somebody said; all others (joins, topics, reminders) are no speech."""
CROWD = 20
"""People named in one text whose names are looked up; the others are shown by their ids."""
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>\n]*)?>")
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)\|?>")
_TO = re.compile(r"\s*<@([UW][A-Z0-9]+)(?:\|[^<>\n]*)?>[\s,:;]*")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class IdLookup(Protocol):
    """Who and what an id means, as far as it is known without asking."""

    def who(self, id: str) -> Person | None: ...

    def channel_name(self, id: str) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Here:
    """Which workspace this is, and who we are in it."""

    space: str
    user: str
    bot: str
    """Our id as an app (`B…`), which some messages carry instead of the user's."""

    def is_us(self, message: Json) -> bool:
        return message.get("user") == self.user or (bool(self.bot) and message.get("bot_id") == self.bot)


def instant_of(ts: str) -> datetime:
    """The instant of a Slack `ts` (`1759651200.000100`), to the microsecond."""
    seconds, _, fraction = ts.partition(".")
    return _EPOCH + timedelta(seconds=int(seconds), microseconds=int((fraction or "0").ljust(6, "0")[:6]))


def stamp_of(at: datetime) -> str:
    """An instant as Slack writes it."""
    return f"{(at - _EPOCH) // timedelta(seconds=1)}.{at.microsecond:06d}"


def read_text(raw: str, names: IdLookup, us: str = "") -> str:
    """A text as its author saw it: escapes undone, `@Ada` for `<@U1>`, `#staffroom` for `<#C1>`.

    Our own mention is `@tilth`, whatever the app was called: the core knows its commands by that name.
    """

    def person(found: re.Match[str]) -> str:
        if found[1] == us:
            return f"@{ROOT}"
        who = names.who(found[1])
        return f"@{_escaped(who.name)}" if who is not None else f"@{found[1]}"

    def channel(found: re.Match[str]) -> str:
        return f"#{_escaped(names.channel_name(found[1]) or found[1])}"

    return readable_text(_CHANNEL.sub(channel, _PERSON.sub(person, raw)) if "<" in raw else raw)


def _escaped(name: str) -> str:
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mentions_in(raw: str) -> frozenset[str]:
    """Ids of the people named in a text, but not of a whole crowd: each unknown one costs a call."""
    return frozenset(list(dict.fromkeys(_PERSON.findall(raw)))[:CROWD] if "<@" in raw else ())


def addressees(raw: str, us: str) -> frozenset[str]:
    """Ids mentioned before the first own word of a text; never ours."""
    to: set[str] = set()
    at = 0
    while found := _TO.match(raw, at):
        to.add(found[1])
        at = found.end()
    return frozenset(to - {us})


def calls_us(raw: str, us: str) -> bool:
    """Whether a text begins with our name."""
    found = _TO.match(raw)
    return found is not None and found[1] == us


def command_line_in(raw: str, us: str, *, direct: bool) -> str | None:
    """What follows our name at the beginning of a text; in a direct message also a line that begins with a slash."""
    found = _TO.match(raw)
    if found is not None and found[1] == us:
        return raw[found.end() :]
    return raw.strip() if direct and raw.lstrip().startswith("/") else None


def place_of(here: Here, channel: str, ts: str, message: Json, *, direct: bool) -> Place:
    """Where a message stands: a root stands in its channel, an answer in the thread of its root."""
    thread = message.get("thread_ts")
    return Place(here.space, channel, thread if thread and thread != ts else None, private=direct)


def people_in(event: Json) -> frozenset[str]:
    """Ids of everybody one has to know to read this message event, or this message of a history."""
    message = event.get("message") or event
    previous = event.get("previous_message") or {}
    authors = {message.get("user"), previous.get("user")} - {None, "USLACKBOT"}
    return frozenset(str(one) for one in authors) | mentions_in(str(message.get("text") or ""))


def is_direct(event: Json) -> bool:
    """Whether an event comes from a direct message with us."""
    return event.get("channel_type") == "im" or str(event.get("channel", "")).startswith("D")


def read_event(event: Json, here: Here, names: IdLookup) -> Message | None:
    """The message an event of type `message` is about; None when it says nothing new."""
    channel = str(event["channel"])
    direct = is_direct(event)
    match event.get("subtype"):
        case "message_changed":
            return _changed(event, here, names, channel, direct=direct)
        case "message_deleted":
            old = dict(event.get("previous_message") or {})
            old["ts"] = str(event["deleted_ts"])
            return _gone(old, here, names, channel, str(event["event_ts"]), direct=direct)
        case _:
            return read_message(event, here, names, channel, direct=direct)


def _changed(event: Json, here: Here, names: IdLookup, channel: str, *, direct: bool) -> Message | None:
    now, before = event["message"], event.get("previous_message") or {}
    happened = str(event.get("event_ts") or event["ts"])
    if now.get("subtype") == "tombstone":
        return _gone({**before, **now}, here, names, channel, happened, direct=direct)
    if now.get("text") == before.get("text") and _edit(now) == _edit(before):
        return None  # a link preview, a new reply: nobody changed a word
    version = None if _edit(now) else instant_of(happened)
    return read_message(now, here, names, channel, direct=direct, version=version)


def _edit(message: Json) -> str | None:
    edited = message.get("edited")
    return str(edited["ts"]) if edited else None


def _version(said: Json, at: datetime) -> datetime:
    """When this was last changed. Slack rounds that down to the second, which may be before it was written."""
    edited = _edit(said)
    return max(instant_of(edited), at + timedelta(microseconds=1)) if edited else at


def _gone(
    old: Json, here: Here, names: IdLookup, channel: str, happened: str, *, direct: bool
) -> Message | None:
    ts = str(old["ts"])
    if old.get("subtype") not in (*ORDINARY, "tombstone"):
        return None
    return Message(
        place_of(here, channel, ts, old, direct=direct), ts, _author(old, here, names), "", instant_of(ts),
        max(instant_of(happened), instant_of(ts)), deleted=True, own=here.is_us(old), marker=marker_of(old),
    )  # fmt: skip


def read_message(
    said: Json, here: Here, names: IdLookup, channel: str, *, direct: bool, version: datetime | None = None
) -> Message | None:
    """A message as Slack shows it now, from an event or a history; None for what nobody said."""
    ts = str(said["ts"])
    if said.get("subtype") == "tombstone":
        return _gone(said, here, names, channel, ts, direct=direct)
    if said.get("subtype") not in ORDINARY:
        return None
    raw, at = str(said.get("text") or ""), instant_of(ts)
    files = tuple(
        str(one.get("name") or one.get("title") or one.get("id")) for one in said.get("files") or ()
    )
    return Message(
        place_of(here, channel, ts, said, direct=direct), ts, _author(said, here, names),
        read_text(raw, names, here.user), at, version or _version(said, at),
        to=addressees(raw, here.user), own=here.is_us(said), marker=marker_of(said), files=files,
        called=calls_us(raw, here.user),
    )  # fmt: skip


def _author(said: Json, here: Here, names: IdLookup) -> Person | None:
    if here.is_us(said):
        return Person(here.space, here.user, "Tilth", bot=True)
    user = said.get("user")
    if user == "USLACKBOT" or (not user and said.get("bot_id")):
        name = str(said.get("username") or "an app")
        return Person(here.space, str(user or said["bot_id"]), name, bot=True)
    if not user:
        return None
    known = names.who(str(user))
    return known if known is not None else Person(here.space, str(user), str(user))
