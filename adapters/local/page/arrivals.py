"""What happened when the clock was moved, in sentences, each with a link to where it can be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.local.model import LocalMessage
from adapters.local.page.location import PageLocation
from adapters.local.page.markdown import PageReader
from adapters.local.page.views import first_words
from adapters.local.world import World
from bot.chat.language import _, ngettext

MOST = 4
"""Sentences that are said at once."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A sentence about what happened, and where it leads; `link` says what is there."""

    words: str
    url: str = ""
    link: str = ""


def list_arrivals(
    world: World, reader: PageReader, asked: PageLocation, news: Mapping[str, bool]
) -> tuple[Arrival, ...]:
    """What the messages with these ids were, and whether each closed: what everybody can see before what is private."""
    there = [world.messages[id] for id in news]
    open_ones = [one for one in there if one.visible_to(None) and world.channels[one.channel].direct is None]
    found = [_in_channel(world, asked, one, closed=news[one.id]) for one in open_ones]
    by_title: dict[str, list[LocalMessage]] = {}
    for one in there:
        if one not in open_ones:
            by_title.setdefault(first_words(one), []).append(one)
    found += [_in_private(world, asked, title, those) for title, those in by_title.items()]
    if not found:
        return (Arrival(_("Nothing happened until {date}.", date=reader.date(reader.now))),)
    more = len(found) - MOST
    if more > 0:
        return (
            *found[:MOST],
            Arrival(ngettext("{count} more thing happened.", "{count} more things happened.", more)),
        )
    return tuple(found)


def _address(me: str, one: LocalMessage) -> str:
    """Where this person finds the message: in its thread, where it is in one."""
    return f"{PageLocation(me, one.channel, one.thread).url()}#{'t' if one.thread else 'm'}{one.id}"


def _in_channel(world: World, asked: PageLocation, one: LocalMessage, *, closed: bool) -> Arrival:
    title, channel, url = first_words(one), world.channels[one.channel].name, _address(asked.me, one)
    if closed:
        return Arrival(_("“{title}” closed in #{channel}.", title=title, channel=channel), url, _("Go there"))
    return Arrival(_("“{title}” arrived in #{channel}.", title=title, channel=channel), url, _("Go there"))


def _in_private(world: World, asked: PageLocation, title: str, those: list[LocalMessage]) -> Arrival:
    readers = [one.private_to or world.channels[one.channel].direct or "" for one in those]
    if asked.me in readers:
        one = those[readers.index(asked.me)]
        words = _("Tilth sent you “{title}”.", title=title)
        if len(those) > 1:
            words = ngettext(
                "Tilth sent “{title}” to you and {count} other person.",
                "Tilth sent “{title}” to you and {count} other people.", len(those) - 1, title=title,
            )  # fmt: skip
        return Arrival(words, _address(asked.me, one), _("Read it"))
    first, one = readers[0], those[0]
    name = world.people[first].name if first in world.people else first
    url = _address(first, one) if first in world.people else ""
    words = _("Tilth sent “{title}” to {name}.", title=title, name=name)
    if len(those) > 1:
        words = ngettext(
            "Tilth sent “{title}” to {name} and {count} other person.",
            "Tilth sent “{title}” to {name} and {count} other people.", len(those) - 1, title=title, name=name,
        )  # fmt: skip
    return Arrival(words, url, _("Read it as {name}", name=name))
