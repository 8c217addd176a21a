"""The location a request asks for: who looks, at which conversation; and the addresses that say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from adapters.local.world import World
from bot.chat.models import Person, Place
from bot.chat.port import Rejected


@dataclass(frozen=True, slots=True)
class PageLocation:
    """Where one tab is: acting as whom, in which channel and thread, with which message under the glass.

    `home` is the bot's own page for them; its channel is their direct message, where the bot answers.
    """

    me: str
    channel: str
    thread: str | None = None
    inspect: str | None = None
    home: bool = False

    def url(self, path: str = "/", **changes: str | None) -> str:
        """An address on this page that keeps where the tab is, but for the changes; None leaves a part out."""
        mine = {"as": self.me, "channel": self.channel, "thread": self.thread, "inspect": self.inspect}
        mine["home"] = "yes" if self.home else None
        return f"{path}?{urlencode({k: v for k, v in {**mine, **changes}.items() if v is not None})}"

    def as_person(self, id: str) -> str:
        """The same public place through somebody else's eyes."""
        private = self.channel.startswith("dm-")
        channel, thread = (f"dm-{id}", None) if private else (self.channel, self.thread)
        return PageLocation(id, channel, thread, home=self.home).url()


def read_location(world: World, query: Mapping[str, str]) -> PageLocation:
    """What the query names, with the first person and the first channel where it names none.

    Raises `Rejected` for a place that is not there, or that is somebody else's.
    """
    if not world.people:
        raise Rejected("nobody_here")
    me = query.get("as") or next(iter(world.people))
    world.who(me)
    direct = world.direct(me).id
    if query.get("home"):
        return PageLocation(me, direct, home=True)
    channel = query.get("channel") or next(iter(world.channels))
    there = world.channels.get(channel)
    if there is None or there.direct not in (None, me):
        raise Rejected("channel_not_found")
    thread = query.get("thread") or None
    world.place(channel, thread)
    return PageLocation(me, channel, thread, query.get("inspect") or None)


def person(world: World, asked: PageLocation) -> Person:
    return world.who(asked.me)


def place(world: World, asked: PageLocation, thread: str | None) -> Place:
    return world.place(asked.channel, thread)
