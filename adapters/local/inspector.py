"""The inspector of the playground's page: what it may ask of the bot, beyond the port."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.chat.cards import Card


@dataclass(frozen=True, slots=True)
class DueEntry:
    """Something that will happen, or will not: when (aware UTC), what, in which state it is, and why it is in it."""

    at: datetime
    what: str
    state: str
    why: str = ""


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

    async def go_to_next(self) -> None:
        """Move the clock to the next thing due, and let it happen."""
        ...

    async def advance(self, by: timedelta) -> None:
        """Move the clock forward, letting everything on the way happen at its own time."""
        ...

    async def rows(self, channel: str, message: str) -> tuple[InspectorRow, ...]:
        """What the database holds for one message."""
        ...

    def gallery(self) -> tuple[tuple[str, Card], ...]:
        """Every example card with the name of its module."""
        ...
