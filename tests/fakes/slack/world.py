"""What a workspace holds: people, channels, messages, files, groups. Nothing here talks to anybody."""

from __future__ import annotations

import copy
import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

Json = dict[str, Any]
SLACKBOT = "USLACKBOT"
HIDDEN = ("_metadata",)
"""Keys of a stored message that Slack shows only when asked."""


class Clock(Protocol):
    def now(self) -> datetime: ...


class WallClock:
    """The machine's own clock, for tests that do not care."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class Person:
    id: str
    handle: str
    real_name: str
    display_name: str = ""
    email: str = ""
    tz: str = "America/Chicago"
    locale: str = "en-US"
    admin: bool = False
    owner: bool = False
    primary_owner: bool = False
    guest: bool = False
    single_channel_guest: bool = False
    bot: bool = False
    deleted: bool = False
    updated: int = 0

    @property
    def shown(self) -> str:
        """The name that others read."""
        return self.display_name or self.real_name

    def profile(self, with_email: bool = True) -> Json:
        first, _, last = self.real_name.partition(" ")
        profile = {
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.display_name,
            "display_name_normalized": self.display_name,
            "first_name": first,
            "last_name": last,
            "title": "",
            "status_text": "",
            "status_emoji": "",
            "avatar_hash": "g" + self.id.lower(),
            "image_48": f"https://avatars.invalid/{self.id}-48.png",
            "image_192": f"https://avatars.invalid/{self.id}-192.png",
        }
        if with_email and self.email:
            profile["email"] = self.email
        return profile

    def to_json(self, team: str, now: datetime, with_email: bool = True) -> Json:
        offset = now.astimezone(ZoneInfo(self.tz)).utcoffset()
        shared = {
            "id": self.id,
            "team_id": team,
            "name": self.handle,
            "deleted": self.deleted,
            "profile": self.profile(with_email),
            "is_bot": self.bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        if self.deleted:  # Slack leaves out the zone and the roles of people who are gone
            return shared
        return shared | {
            "real_name": self.real_name,
            "color": "9f69e7",
            "tz": self.tz,
            "tz_label": self.tz.rpartition("/")[2].replace("_", " "),
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_admin": self.admin or self.owner or self.primary_owner,
            "is_owner": self.owner or self.primary_owner,
            "is_primary_owner": self.primary_owner,
            "is_restricted": self.guest or self.single_channel_guest,
            "is_ultra_restricted": self.single_channel_guest,
            "is_email_confirmed": True,
            "who_can_share_contact_card": "EVERYONE",
        }


@dataclass(slots=True)
class Channel:
    id: str
    name: str
    kind: str
    """`channel` (public), `group` (private), `im` or `mpim`."""
    creator: str
    created: int
    members: dict[str, None] = field(default_factory=dict)
    archived: bool = False
    topic: str = ""
    purpose: str = ""
    messages: dict[str, Json] = field(default_factory=dict)
    pins: list[str] = field(default_factory=list)

    def to_json(self, team: str, bot: str) -> Json:
        if self.kind == "im":
            other = next((m for m in self.members if m != bot), bot)
            return {
                "id": self.id,
                "created": self.created,
                "is_im": True,
                "is_archived": self.archived,
                "is_org_shared": False,
                "user": other,
                "is_user_deleted": self.archived,
                "context_team_id": team,
            }
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "group",
            "is_im": False,
            "is_mpim": self.kind == "mpim",
            "is_private": self.kind != "channel",
            "is_archived": self.archived,
            "is_general": self.name == "general",
            "is_member": bot in self.members,
            "is_shared": False,
            "is_ext_shared": False,
            "is_org_shared": False,
            "created": self.created,
            "creator": self.creator,
            "context_team_id": team,
            "num_members": len(self.members),
            "topic": {"value": self.topic, "creator": self.creator, "last_set": self.created},
            "purpose": {"value": self.purpose, "creator": self.creator, "last_set": self.created},
        }


@dataclass(slots=True)
class StoredFile:
    id: str
    name: str
    owner: str
    length: int
    alt: str = ""
    title: str = ""
    data: bytes | None = None
    complete: bool = False
    pending: int = 0
    """How many more questions find Slack still at work on it."""
    deleted: bool = False
    shares: dict[str, list[str]] = field(default_factory=dict)


class World:
    """One workspace with one app installed. All ids carry a part of the name, so workspaces never collide."""

    def __init__(self, name: str, clock: Clock) -> None:
        self.domain = name
        self.clock = clock
        self._salt = hashlib.sha256(name.encode()).hexdigest().upper()[:4]
        self._numbers: dict[str, int] = {}
        self._last = 0
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, StoredFile] = {}
        self.groups: dict[str, Json] = {}
        self.ephemerals: dict[str, list[Json]] = {}
        self.scheduled: dict[str, Json] = {}
        self.emoji: dict[str, str] = {}
        self.team, self.app, self.bot_id = self.id("T"), self.id("A"), self.id("B")
        self.bot = self.add_person(name + " bot", handle=f"{name}-bot", bot=True).id

    def id(self, letter: str) -> str:
        number = self._numbers[letter] = self._numbers.get(letter, 0) + 1
        return f"{letter}0{self._salt}{number:05d}"

    def ts(self) -> str:
        """A message time: now, but never one that was given before."""
        now = self.clock.now().timestamp()
        self._last = max(self._last + 1, round(now * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def seconds(self) -> int:
        return int(self.clock.now().timestamp())

    # ── people and channels ───────────────────────────────────────────────────

    def add_person(self, real_name: str, handle: str = "", **facts: Any) -> Person:
        handle = handle or real_name.lower().replace(" ", ".")
        person = Person(self.id("U"), handle, real_name, updated=self.seconds(), **facts)
        if not person.email and not person.bot:
            person.email = f"{handle}@school.invalid"
        self.people[person.id] = person
        return person

    def add_channel(self, name: str, kind: str, members: Iterable[str], creator: str = "") -> Channel:
        channel = Channel(
            self.id({"channel": "C", "group": "C", "im": "D", "mpim": "C"}[kind]),
            name,
            kind,
            creator or self.bot,
            self.seconds(),
            dict.fromkeys(members),
        )
        self.channels[channel.id] = channel
        return channel

    def direct(self, *users: str) -> Channel:
        """The conversation of the bot with these people, made if need be."""
        wanted = {self.bot, *users}
        for channel in self.channels.values():
            if channel.kind in ("im", "mpim") and set(channel.members) == wanted:
                return channel
        if len(users) == 1:
            return self.add_channel("", "im", [users[0], self.bot])
        name = "mpdm-" + "--".join(self.people[u].handle for u in users) + "-1"
        return self.add_channel(name, "mpim", [*users, self.bot])

    def find_channel(self, named: str) -> Channel | None:
        """By id, or by `#name`."""
        if named in self.channels:
            return self.channels[named]
        name = named.removeprefix("#")
        return next((c for c in self.channels.values() if c.name == name and c.kind != "im"), None)

    # ── messages ──────────────────────────────────────────────────────────────

    def add_message(self, channel: Channel, message: Json) -> Json:
        channel.messages[message["ts"]] = message
        root = channel.messages.get(message.get("thread_ts", ""))
        if root is not None:
            root["thread_ts"] = root["ts"]
        return message

    def replies(self, channel: Channel, ts: str) -> list[Json]:
        """The replies in a thread, oldest first, without the root."""
        found = [m for m in channel.messages.values() if m.get("thread_ts") == ts and m["ts"] != ts]
        return sorted(found, key=lambda m: m["ts"])

    def roots(self, channel: Channel) -> list[Json]:
        """What stands in the channel itself, oldest first: no replies but broadcast ones."""
        found = [
            m
            for m in channel.messages.values()
            if m.get("thread_ts", m["ts"]) == m["ts"] or m.get("subtype") == "thread_broadcast"
        ]
        return sorted(found, key=lambda m: m["ts"])

    def shown(self, channel: Channel, message: Json, metadata: bool = False) -> Json:
        """A message as the API lists it: with what its thread adds up to."""
        listed = copy.deepcopy({k: v for k, v in message.items() if k not in HIDDEN})
        if metadata and message.get("_metadata"):
            listed["metadata"] = copy.deepcopy(message["_metadata"])
        root = message.get("thread_ts") == message["ts"]
        replies = self.replies(channel, message["ts"]) if root else []
        if replies or message.get("subtype") == "tombstone":
            people = list(dict.fromkeys(r["user"] for r in replies))
            listed |= {
                "thread_ts": message["ts"],
                "reply_count": len(replies),
                "reply_users_count": len(people),
                "latest_reply": replies[-1]["ts"] if replies else "0000000000.000000",
                "reply_users": people[:5],
                "is_locked": False,
                "subscribed": False,
            }
        elif message.get("thread_ts", message["ts"]) != message["ts"]:
            root = channel.messages.get(message["thread_ts"])
            listed["parent_user_id"] = root["user"] if root else SLACKBOT
        return listed


def machine_seconds() -> float:
    return time.monotonic()
