"""The playground: an invented community on the local adapter, with a clock to move and a page."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import Connection, select

from adapters.local.adapter import LocalAdapter
from bot.app import App, build_app
from bot.chat.cards import Card
from bot.chat.platform import AnyPlatform
from bot.people import tables as people
from bot.platforms import PLATFORMS
from bot.playground.school_year import first_school_monday
from bot.playground.seed import seed_courses, seed_discussions, seed_prompts
from bot.playground.stage import SPACE, Stage
from bot.runtime.clock import SteerableClock
from bot.schedules import tables
from bot.settings.model import Settings
from bot.store.adapter_state import StoredAdapterState
from bot.store.engine import database_file
from bot.store.errors import StoreRefused
from bot.store.secret import FILE
from bot.store.startup import open_store

CAST = (
    ("maya", "Maya Okafor", (), "en", "Grade 4 teacher"),
    ("tomas", "Tomás Herrera", (), "en", "Classroom aide"),
    ("lucia", "Lucía Ramírez", (), "es", "Counselor"),
    ("sam", "Sam Whitaker", (), "en", "School office"),
    ("priya", "Priya Nair", ("moderator",), "en", "Network coordinator"),
    ("ines", "Inés Castillo", ("admin",), "en", "Principal"),
    ("noor", "Noor Haddad", (), "en", "Science teacher"),
    ("emil", "Emilio Vargas", (), "es", "Bus aide"),
    ("rosa", "Rosa Medina", (), "es", "Instructional coach"),
)
"""The invented people one can act as: id, name, the platform's facts, the language their platform is in, what they do.
Half of them speak Spanish at home."""
CHANNELS = (("c1", "staff-lounge"), ("c2", "lunch-table"), ("c3", "en-espanol"))
COMMUNITY = {"name": "Prairie Schools Network", "zone": "America/Chicago"}
"""The community of a playground whose operator has set nothing else."""


def invented_settings(settings: Settings) -> Settings:
    """The settings with the playground's own community, but for what the operator has set of it."""
    invented = {
        key: value for key, value in COMMUNITY.items() if key not in settings.community.model_fields_set
    }
    community = settings.community.model_copy(update=invented)
    unreached = settings.web.model_copy(
        update={"public_url": ""}
    )  # its server has no feeds, so none are promised
    return settings.model_copy(update={"community": community, "web": unreached})


def first_morning(now: datetime, zone: str) -> datetime:
    """Half a minute before nine on a Monday of school, so that a newcomer sees a prompt within a minute."""
    monday = first_school_monday(now.astimezone(ZoneInfo(zone)).date())
    return datetime.combine(monday, time(8, 59, 30), ZoneInfo(zone)).astimezone(UTC)


def reset(settings: Settings) -> None:
    """Throw the playground's database away. Only SQLite: nobody plays on a server's database."""
    file = database_file(settings.store.url.get_secret_value())
    if file is None:
        raise StoreRefused("The playground starts over only on SQLite. Drop the PostgreSQL database by hand.")
    folder = settings.store.folder
    beside = [Path(f"{file}-{what}") for what in ("journal", "wal", "shm")]
    for path in (file, *beside, folder / "erasures.txt", folder / FILE):
        path.unlink(missing_ok=True)


def seed(conn: Connection, app: App) -> None:
    """Fill an empty playground: see `bot/playground/seed.py` for what it begins with."""
    now, home = app.clock.now(), people.communities(conn)[0]
    if not conn.execute(select(tables.schedule.c.id).limit(1)).first():
        seed_prompts(conn, home, SPACE, now)
        seed_discussions(conn, home, SPACE, "c2", now)
    seed_courses(conn, home, SPACE, now)


def add_people(adapter: LocalAdapter) -> None:
    """Fill an empty world with its people and channels."""
    for channel, name in CHANNELS:
        adapter.world.add_channel(channel, name)
    for person, name, facts, language, _role in CAST:
        adapter.world.add_person(person, name, facts=facts, locale=language)
        adapter.world.direct(person)


async def open_playground(settings: Settings, *, real_time: bool = False) -> tuple[Stage, LocalAdapter]:
    """The playground, started and seeded, without a page. `real_time` keeps the machine's own time."""
    settings = invented_settings(settings)
    if not real_time:
        # The clock jumps by days here, and the pretend platform loses no events: look after them more calmly.
        calm = settings.capture.model_copy(update={"beat_minutes": max(60, settings.capture.beat_minutes)})
        settings = settings.model_copy(update={"capture": calm})
    store, release = open_store(settings)
    try:
        shelf = StoredAdapterState(store, "playground")
        kept = await shelf.load()
        if real_time:
            start = datetime.now(UTC)
        elif "clock" in kept:
            start = datetime.fromisoformat(kept["clock"])
        else:
            start = first_morning(datetime.now(UTC), settings.community.zone)
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
    from bot.runtime.health import Heartbeat, find_late_job
    from bot.runtime.web import Listener, health_routes
    from bot.vitals.monitor import Monitor
    from bot.vitals.readiness import Readiness

    stage, adapter = await open_playground(settings, real_time=real_time)
    app, pulse = stage.app, Heartbeat(settings.store.folder)
    monitor = Monitor(settings.monitoring, app.store, app.clock, app.tally, pulse)
    ready = Readiness(app.store, app.clock, (), lambda: app.alarm is not None)
    page = Playground(
        adapter,
        stage,
        settings.web.host,
        settings.web.port,
        zone=stage.zone,
        country=stage.country,
        renderers=preview_on_platforms(),
        routes=health_routes(lambda: find_late_job(pulse.beats()), ready.find_problem),
    )
    try:
        await monitor.start()
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
        await monitor.stop()
        await app.stop()
        pulse.stop()
