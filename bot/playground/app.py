"""The playground: an invented community on the local adapter, with a clock to move and a page."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import Connection, select

from adapters.local.adapter import LocalAdapter
from adapters.local.inspector import DueEntry
from adapters.local.inspector import InspectorRow as Columns
from bot.app import App, build_app
from bot.chat.cards import Card
from bot.chat.models import Place
from bot.chat.platform import AnyPlatform
from bot.forecast.year import ForecastRow, forecasters
from bot.forecast.year import forecast_year as look_ahead
from bot.people import tables as people
from bot.platforms import PLATFORMS
from bot.playground.seed import seed_courses, seed_discussions
from bot.reflections.schedule.settings import KIND, PromptSettings
from bot.runtime.clock import SteerableClock
from bot.schedules import edits, tables
from bot.schedules.model import SchedulePlace
from bot.settings.model import Settings
from bot.store.adapter_state import StoredAdapterState
from bot.store.engine import database_file
from bot.store.errors import StoreRefused
from bot.store.secret import FILE
from bot.store.startup import open_store

SPACE = "local:playground"
CAST = (
    ("maya", "Maya Okafor", (), "Grade 4 teacher"),
    ("tomas", "Tomás Brennan", (), "Classroom aide"),
    ("lucia", "Lucía Ferrer", (), "Counselor"),
    ("sam", "Sam Whitaker", (), "School office"),
    ("priya", "Priya Nair", ("moderator",), "Facilitates the network"),
    ("ines", "Inês Calder", ("admin",), "Principal"),
    ("noor", "Noor Haddad", (), "Science teacher"),
    ("emil", "Emil Sandström", (), "Bus aide"),
    ("rosa", "Rosa Marin", (), "Instructional coach"),
)
"""The invented people one can act as: id, name, the platform's facts, what they do."""
CHANNELS = (("c1", "staffroom"), ("c2", "lounge"))
DECK = "a-year-of-noticing"
AHEAD = timedelta(days=15)
"""How far ahead the page shows what is due."""
AFTER = timedelta(seconds=3)
"""In which what belongs to a moment follows it: reminders go out a second later, many messages one by one."""


def first_monday(now: datetime, zone: str) -> datetime:
    """Half a minute before nine on the coming Monday, so that a newcomer sees a prompt within a minute."""
    local = now.astimezone(ZoneInfo(zone))
    monday = local.date() + timedelta(days=7 - local.weekday())
    return datetime(monday.year, monday.month, monday.day, 8, 59, 30, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def reset(settings: Settings) -> None:
    """Throw the playground's database away. Only SQLite: nobody plays on a server's database."""
    file = database_file(settings.store.url.get_secret_value())
    if file is None:
        raise StoreRefused("The playground starts over only on SQLite. Drop the PostgreSQL database by hand.")
    folder = settings.store.folder
    for path in (file, Path(f"{file}-journal"), Path(f"{file}-wal"), folder / "erasures.txt", folder / FILE):
        path.unlink(missing_ok=True)


class Stage:
    """What the page may ask of the bot behind it; implements `adapters.local.inspector.Backstage`."""

    def __init__(
        self, app: App, clock: SteerableClock, shelf: StoredAdapterState, adapter: LocalAdapter
    ) -> None:
        self.app = app
        self._clock = clock
        self._shelf = shelf
        self._adapter = adapter
        self._moving = asyncio.Lock()

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

    async def due(self) -> tuple[DueEntry, ...]:
        """What is planned in the next weeks, and what closes."""
        now, told = self._clock.now(), forecasters(self.app.features)

        def look(conn: Connection) -> list[DueEntry]:
            found: list[DueEntry] = []
            for home in people.communities(conn):
                year = look_ahead(conn, home, now, now + AHEAD, told)
                found += [_planned(row) for row in year.rows]
            for beat in self.app.runner.jobs:
                at = None if beat.name in _QUIET else beat.next_due(conn)
                if at is not None:
                    found.append(DueEntry(at, _NOTABLE.get(beat.name, beat.name.capitalize()), "next"))
            return found

        found = await self.app.store.read(look)
        return tuple(sorted(found, key=lambda one: one.at)[:10])

    async def go_to_next(self) -> None:
        """Move to the next thing a person would notice: a prompt, discussion or lesson that comes, or one that closes."""
        now = self._clock.now()
        notable = [one.at for one in await self.due() if one.at > now and one.state != "skipped"]
        stop = min(notable, default=now + timedelta(days=1))
        await self._move(stop)
        await self._move(stop + AFTER)

    async def advance(self, by: timedelta) -> None:
        await self._move(self._clock.now() + by)

    async def _move(self, until: datetime) -> None:
        async with self._moving:
            await self.app.pass_time(until)
            await self.save_clock()

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

    def gallery(self) -> tuple[tuple[str, Card], ...]:
        return self.app.gallery()


_KINDS = {"prompt": "Prompt", "discussion": "Discussion"}
_QUIET = frozenset(
    (
        "scanning", "sending", "planning", "looking ahead", "purging deleted answers", "opening threads again",
        "keeping digests true", "trying discussions again", "listing meetings", "extending the calendar", "enrolling groups",
        "scrubbing",
    )
)  # fmt: skip
"""Beats that nobody notices; “next due” does not stop at them."""
_NOTABLE = {
    "closing prompts": "Closing a prompt, with its digest",
    "closing discussions": "Closing a discussion, with thanks",
    "lessons arriving": "A lesson arrives",
    "asking after lessons": "A reminder of an open lesson",
    "reminding of meetings": "A reminder of a meeting",
    "showing discussions to moderators": "A discussion is shown to moderators first",
    "showing prompts to moderators": "A prompt is shown to moderators first",
    "asking after prompts": "A reminder of a prompt that closes",
}
"""What people see of some beats; the others are called by their own name."""


def _planned(row: ForecastRow) -> DueEntry:
    # What does not come has no words of its own, only the template they would be made from.
    title = row.title or re.sub(r"\{\w+\}", "…", row.name)
    return DueEntry(row.at, f"{_KINDS.get(row.kind, row.kind)}: {title}", row.state, row.reason)


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return "" if value is None else str(value)


def seed(conn: Connection, app: App) -> None:
    """What an empty playground begins with: a prompt every Monday at nine in the staffroom; the rest in `bot/playground/seed.py`."""
    now = app.clock.now()
    home = people.communities(conn)[0]
    if not conn.execute(select(tables.schedule.c.id).limit(1)).first():
        zone = ZoneInfo(home.zone)
        edits.add_schedule(
            conn, home.id, kind=KIND, letter="s", title=DECK, rule="every mon 09:00", zone=home.zone,
            anchor=now.astimezone(zone).date(), now=now,
            places=(SchedulePlace(SPACE, "c1"),), open_minutes=4 * 1440, details=PromptSettings((DECK,)).to_details(),
        )  # fmt: skip
        seed_discussions(conn, home, SPACE, "c2", now)
    seed_courses(conn, home, SPACE, now)


def add_people(adapter: LocalAdapter) -> None:
    """Fill an empty world with its people and channels."""
    for channel, name in CHANNELS:
        adapter.world.add_channel(channel, name)
    for person, name, facts, _ in CAST:
        adapter.world.add_person(person, name, facts=facts)
        adapter.world.direct(person)


async def open_playground(settings: Settings, *, real_time: bool = False) -> tuple[Stage, LocalAdapter]:
    """The playground, started and seeded, without a page. `real_time` keeps the machine's own time."""
    if not real_time:
        # The clock jumps by days here, and the pretend platform loses no events: look after them more calmly.
        calm = settings.capture.model_copy(update={"beat_minutes": max(60, settings.capture.beat_minutes)})
        settings = settings.model_copy(update={"capture": calm})
    store, release = open_store(settings)
    try:
        shelf = StoredAdapterState(store, "playground")
        kept = await shelf.load()
        start = first_monday(datetime.now(UTC), settings.community.zone)
        if real_time:
            start = datetime.now(UTC)
        elif "clock" in kept:
            start = datetime.fromisoformat(kept["clock"])
        clock = SteerableClock(start, running=True)
        adapter = LocalAdapter(clock, StoredAdapterState(store, SPACE), SPACE, settings.community.name)
        app = build_app(settings, clock, store, [adapter], release=release)
        stage = Stage(app, clock, shelf, adapter)
        if not await StoredAdapterState(store, SPACE).load():
            add_people(adapter)
        await app.start()
        await store.write(lambda conn: seed(conn, app))
    except BaseException:
        await store.close()
        release()
        raise
    return stage, adapter


def preview_on_platforms() -> Mapping[str, Callable[[Card], Markup]]:
    """How a card would look on each platform, by the platform's name."""

    def drawing(platform: AnyPlatform) -> Callable[[Card], Markup]:
        return lambda card: Markup(platform.draw(card))  # noqa: S704 - our own

    return {platform.title: drawing(platform) for platform in PLATFORMS}


async def play(settings: Settings, announce: Callable[[str], None], *, real_time: bool = False) -> None:
    """Serve the playground until it is stopped; `announce` is told the page's address."""
    from adapters.local.page.server import Playground  # the page's libraries are only needed here
    from bot.runtime.alarm import run_until_stopped, stop_signal
    from bot.runtime.health import Heartbeat
    from bot.runtime.web import Listener

    stage, adapter = await open_playground(settings, real_time=real_time)
    page = Playground(
        adapter,
        stage,
        settings.web.host,
        settings.web.port,
        zone=settings.community.zone,
        renderers=preview_on_platforms(),
    )
    pulse = Heartbeat(settings.store.folder)
    try:
        await page.start(Listener)
        announce(page.url)  # not logged: bound beyond loopback, the address holds the page's token
        await run_until_stopped(
            stage.app.ring(),
            [("the clock's time", 5, stage.save_clock), ("pulse", 10, pulse.beat)],
            pulse,
            stop_signal(),
        )
    finally:
        with contextlib.suppress(Exception):
            await stage.save_clock()
        await page.stop()
        await stage.app.stop()
        pulse.stop()
