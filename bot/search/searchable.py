"""What a room lends to the search: which of its things a reader may read, and how one that was found is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.chat.cards import Button, Words
from bot.people.audience import Reader
from bot.search.hits import Readable


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was found, as its reader sees it: the whole text, who said it (""), and what is to be known of it."""

    ref: int
    text: str
    by: str
    at: datetime
    about: Words
    buttons: tuple[Button, ...] = ()
    title: str = ""


ShowFindings = Callable[[Connection, Reader, Sequence[int]], Sequence[Finding]]
"""The things with these ids that a reader may read; others are left out."""


IndexThings = Callable[[Connection, int, Sequence[int]], None]
"""Lets the things of a community with these ids be found by the words they have now, or no more."""


@dataclass(frozen=True, slots=True)
class Searchable:
    """A kind of thing that is found by words. `heading` stands above it; kinds of a lower `rank` come first."""

    kind: str
    heading: str
    rank: int
    readable: Readable
    show: ShowFindings
    index: IndexThings
