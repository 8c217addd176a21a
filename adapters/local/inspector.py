"""The inspector of the playground's page: what it may ask of the bot, beyond the port."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.chat.cards import Card


@dataclass(frozen=True, slots=True)
class DueEntry:
    """Something that people will see, or will not: when (aware UTC), what, in which state it is, why, and where."""

    at: datetime
    what: str
    state: str
    why: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class TourStep:
    """A step of the tour: what to do, and where: as whom and in which channel, or on the bot's own page.

    It is done when somebody has done any of `deeds`; see `adapters/local/page/tour.py` for how deeds are written.
    """

    id: str
    words: str
    deeds: tuple[str, ...]
    person: str
    channel: str
    home: bool = False
    controls: bool = False
    """Whether it is done with the controls beside the conversation."""


@dataclass(frozen=True, slots=True)
class InspectorRow:
    """One row of the database that has to do with the selected message: its table and its columns as text."""

    table: str
    columns: tuple[tuple[str, str], ...]


class Inspector(Protocol):
    """The clock, the plan and the database, as far as the playground shows them."""

    def now(self) -> datetime: ...

    @property
    def running(self) -> bool:
        """Whether the clock runs by itself."""
        ...

    def run(self, running: bool) -> None: ...

    async def due(self) -> tuple[DueEntry, ...]:
        """What happens next, soonest first; about ten."""
        ...

    async def go_to_next(self) -> Mapping[str, bool]:
        """Move the clock to the next moment in which somebody sees something.

        Returns the ids of the messages that are new or closed, and whether each closed.
        """
        ...

    async def advance(self, by: timedelta) -> None:
        """Move the clock forward, letting everything on the way happen at its own time."""
        ...

    async def rows(self, channel: str, message: str) -> tuple[InspectorRow, ...]:
        """What the database holds for one message."""
        ...

    def tour(self) -> tuple[TourStep, ...]:
        """What to try first, in order."""
        ...

    def gallery(self) -> tuple[tuple[str, Card], ...]:
        """Every example card with the name of its module."""
        ...
