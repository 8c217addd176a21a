"""The stage behind the playground's page: its clock, what is due, what the database holds, and the tour."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from adapters.local.adapter import LocalAdapter
from adapters.local.inspector import DueEntry, TourStep
from adapters.local.inspector import InspectorRow as Columns
from adapters.local.model import LocalMessage
from bot.app import App
from bot.chat.cards import Buttons, Card
from bot.chat.language import N_, _
from bot.chat.models import Place
from bot.forecast.year import ForecastRow, forecasters
from bot.forecast.year import forecast_year as look_ahead
from bot.people import tables as people
from bot.playground.tour import tour_steps
from bot.runtime.clock import SteerableClock
from bot.schedules.reasons import reason_words
from bot.store.adapter_state import StoredAdapterState

SPACE = "local:playground"
AHEAD = timedelta(days=15)
"""How far ahead the page shows what is due, and how far “Next due” goes at most."""
AFTER = timedelta(seconds=3)
"""In which what belongs to a moment follows it: reminders go out a second later, many messages one by one."""
SHOWN = 10
"""Entries of the list of what is due."""


class Stage:
    """What the page may ask of the bot behind it; implements `adapters.local.inspector.Inspector`."""

    def __init__(
        self, app: App, clock: SteerableClock, shelf: StoredAdapterState, adapter: LocalAdapter
    ) -> None:
        self.app = app
        self._clock = clock
        self._shelf = shelf
        self._adapter = adapter
        self._moving = asyncio.Lock()

    # ── the clock ─────────────────────────────────────────────────────────────

    @property
    def zone(self) -> str:
        """The community's."""
        return self.app.settings.community.zone

    @property
    def country(self) -> str:
        """The community's."""
        return self.app.settings.community.home_country

    def now(self) -> datetime:
        return self._clock.now()

    @property
    def running(self) -> bool:
        return self._clock.running

    def run(self, running: bool) -> None:
        if running:
            self._clock.run()
        else:
            self._clock.pause()

    async def save_clock(self) -> int:
        """Keep the clock's time, so that a restart goes on from there."""
        await self._shelf.put({"clock": self._clock.now().isoformat()})
        return 0

    async def go_to_next(self) -> dict[str, bool]:
        """Move to the next moment in which somebody sees something new of the bot, or sees something close.

        What nobody sees, jobs that look after the database and the like, is passed by.
        """
        before = self._standing()
        await self._move(self._clock.now() + AHEAD, lambda: bool(self._news(before)))
        await self._move(self._clock.now() + AFTER)
        return self._news(before)

    async def advance(self, by: timedelta) -> None:
        await self._move(self._clock.now() + by)

    async def _move(self, until: datetime, stop: Callable[[], bool] | None = None) -> None:
        async with self._moving:
            await self.app.pass_time(until, stop)
            await self.save_clock()

    def _standing(self) -> dict[str, bool]:
        """The bot's messages, and whether each can still be pressed."""
        return {one.id: _can_be_pressed(one) for one in self._said()}

    def _news(self, before: dict[str, bool]) -> dict[str, bool]:
        """Ids of what the bot has said since, and of what can be pressed no more: whether it was there before."""
        return {
            one.id: one.id in before
            for one in self._said()
            if one.id not in before or (before[one.id] and not _can_be_pressed(one))
        }

    def _said(self) -> list[LocalMessage]:
        return [
            one for one in self._adapter.world.messages.values() if one.author is None and not one.deleted
        ]

    # ── what is due, and what is kept ─────────────────────────────────────────

    async def due(self) -> tuple[DueEntry, ...]:
        """What people will see in the next weeks, and what closes."""
        now, told = self._clock.now(), forecasters(self.app.features)

        def look(conn: Connection) -> list[DueEntry]:
            found: list[DueEntry] = []
            for home in people.communities(conn):
                year = look_ahead(conn, home, now, now + AHEAD, told)
                found += [self._planned(row) for row in year.rows]
            for job in self.app.runner.jobs:
                at = job.next_due(conn) if job.name in SEEN_JOBS else None
                if at is not None:
                    found.append(DueEntry(at, _(SEEN_JOBS[job.name]), ""))
            return found

        found = await self.app.store.read(look)
        return tuple(sorted(found, key=lambda one: one.at)[:SHOWN])

    def _planned(self, row: ForecastRow) -> DueEntry:
        channels = self._adapter.world.channels
        where = [f"#{channels[channel].name}" for _space, channel in row.places if channel in channels]
        state = "" if row.goes_out else _(row.state)
        return DueEntry(row.at, row.title or row.name, state, reason_words(row.reason), ", ".join(where))

    async def rows(self, channel: str, message: str) -> tuple[Columns, ...]:
        """What the features' tables hold for one message."""
        place = Place(SPACE, channel)

        def look(conn: Connection) -> list[Columns]:
            found = []
            for feature in self.app.features:
                for table, columns in feature.rows(conn, place, message) if feature.rows else ():
                    found.append(
                        Columns(table, tuple((name, _shown(value)) for name, value in columns.items()))
                    )
            return found

        return tuple(await self.app.store.read(look))

    def tour(self) -> tuple[TourStep, ...]:
        return tour_steps()

    def gallery(self) -> tuple[tuple[str, Card], ...]:
        return self.app.gallery()


SEEN_JOBS = {
    "closing prompts": N_("A prompt closes"),
    "closing discussions": N_("A discussion closes"),
    "lessons arriving": N_("A lesson arrives"),
    "asking after lessons": N_("A reminder about an open lesson"),
    "reminding of meetings": N_("A reminder about a meeting"),
    "showing discussions to moderators": N_("Moderators see a discussion first"),
    "showing prompts to moderators": N_("Moderators see a prompt first"),
    "asking after prompts": N_("A reminder about a prompt that closes soon"),
    "telling of thanks": N_("Somebody is told about thanks"),
    "telling who was enrolled": N_("New course members are told"),
}
"""What people see of periodic jobs; the others do nothing that anybody sees."""


def _can_be_pressed(one: LocalMessage) -> bool:
    return one.card is not None and any(isinstance(block, Buttons) for block in one.card.blocks)


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return "" if value is None else str(value)
