"""The status of a deployment, for one screen. It is only read, so the bot may run meanwhile, or not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.chat.language import format_short_day, format_time, speaking
from bot.cli.startup import is_set_up
from bot.forecast.year import ForecastRow, forecast_year, forecasters
from bot.people import tables as people
from bot.playground.bare_app import bare_app
from bot.runtime.clock import SystemClock
from bot.runtime.health import find_late_job, read_beats, read_health
from bot.schedules.forecast import Forecaster
from bot.settings.model import Settings
from bot.store import leases
from bot.store.adapter_state import StoredAdapterState
from bot.store.engine import database_file
from bot.store.errors import StoreFault
from bot.store.journal import refuse_foreign_log
from bot.store.revisions import known_revisions, read_revision
from bot.store.sqlite import sqlite3
from bot.store.store import Store
from bot.vitals.figures import Figures, read_figures
from bot.vitals.trouble import Trouble, count, find_troubles, minutes

AHEAD = timedelta(weeks=8)
"""How far ahead it looks for what is due next."""
SHOWN = 3
NO_BOT = Trouble(
    "No bot is running here: nothing is posted, and nobody is answered.", "Start it: `tilth run`."
)


@dataclass(frozen=True, slots=True)
class NextPost:
    """Something that is due: its local time, the name moderators know it by, its title, and in how many places."""

    at: str
    name: str
    title: str
    places: int


@dataclass(frozen=True, slots=True)
class DeploymentStatus:
    """What `tilth status` shows. `figures` is None where the database cannot be read."""

    running: str
    database: str
    members: int = 0
    coming: tuple[NextPost, ...] = ()
    figures: Figures | None = None
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def well(self) -> bool:
        return not self.troubles


def read_status(settings: Settings) -> DeploymentStatus:
    """Look at the health file and the database; what cannot be read is one of the troubles."""
    folder = settings.store.folder
    well, running = read_health(folder)
    try:
        store = _open(settings)
    except StoreFault as fault:
        return DeploymentStatus(
            running, "cannot be read", troubles=[Trouble(str(fault), "See `tilth doctor`.")]
        )
    if store is None:
        first = Trouble("There is no database yet.", "The first start makes it: `tilth run` or `tilth play`.")
        return DeploymentStatus(running, "none yet", troubles=[first])
    try:
        with bare_app(settings) as bare:
            told = forecasters(bare.features)
        return store.read_now(lambda conn: _look(conn, settings, store, (well, running), told))
    except (StoreFault, SQLAlchemyError) as error:
        broken = Trouble(f"The database cannot be read ({type(error).__name__}).", "See `tilth doctor`.")
        return DeploymentStatus(running, "cannot be read", troubles=[broken])
    finally:
        store.close_now()


def _open(settings: Settings) -> Store | None:
    url = settings.store.url.get_secret_value()
    file = database_file(url)
    if file is not None and not file.exists():
        return None
    if file is not None:
        refuse_foreign_log(file)
    return Store(url, journal=None)


def _look(
    conn: Connection, settings: Settings, store: Store, health: tuple[bool, str], told: dict[str, Forecaster]
) -> DeploymentStatus:
    kind = _describe_database(conn, store)
    well, running = health
    if read_revision(conn) != known_revisions()[0]:
        old = Trouble(
            "The database has the tables of another version of Tilth.",
            "Start this version once: it migrates.",
        )
        return DeploymentStatus(running, kind, troubles=[old])
    now = _now(store, settings)
    figures = read_figures(conn, now)
    others = _others(conn, now)
    if not well and others:
        running = f"Running elsewhere: {', '.join(others)}."
    beats = read_beats(settings.store.folder) if well else {}
    troubles = find_troubles(figures, beats)
    if not well and not others:
        hangs = find_late_job(read_beats(settings.store.folder))
        troubles.insert(
            0, NO_BOT if hangs is None else Trouble(running, "Read the end of its log, then restart it.")
        )
    members = conn.execute(select(func.count()).where(people.member.c.erased_at.is_(None))).scalar_one()
    return DeploymentStatus(running, kind, members, tuple(_coming(conn, now, told)), figures, troubles)


def _describe_database(conn: Connection, store: Store) -> str:
    """Its kind, size and journal, in a line."""
    file = database_file(store.url)
    if file is None:
        size = conn.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
        return f"PostgreSQL, {size / 1e6:,.1f} MB"
    mode = str(conn.exec_driver_sql("PRAGMA journal_mode").scalar_one())
    beside = Path(f"{file}-wal")
    size = file.stat().st_size + (beside.stat().st_size if beside.exists() else 0)
    return f"SQLite {sqlite3.sqlite_version}, {size / 1e6:,.1f} MB, journal {mode}"


def _now(store: Store, settings: Settings) -> datetime:
    """The time of the bot: the machine's, or where the playground's clock was left."""
    kept = {} if is_set_up(settings) else StoredAdapterState(store, "playground").load_now()
    return datetime.fromisoformat(kept["clock"]) if "clock" in kept else SystemClock().now()


def _others(conn: Connection, now: datetime) -> list[str]:
    """Where processes are that hold a connection to a platform now, by machine and number."""
    lease = leases.lease.c
    held = select(lease.owner).where(lease.name.startswith("gateway:"), lease.until > now).distinct()
    return sorted(owner.rpartition(":")[0] for owner in conn.execute(held).scalars())


def _coming(conn: Connection, now: datetime, told: dict[str, Forecaster]) -> Iterator[NextPost]:
    """What is posted next, over all communities."""
    found: list[ForecastRow] = []
    for home in people.communities(conn):
        year = forecast_year(conn, home, now, now + AHEAD, told)
        found += [row for row in year.rows if row.goes_out]
    for row in sorted(found, key=lambda one: one.at)[:SHOWN]:
        when = f"{format_short_day(row.local)}, {format_time(row.local)}"
        yield NextPost(when, row.schedule, row.title, len(row.places))


def status_as_json(found: DeploymentStatus) -> str:
    """The same for a program."""
    return json.dumps({"well": found.well, **asdict(found)}, ensure_ascii=False, default=str)


def status_as_text(found: DeploymentStatus) -> str:
    """One screen for an operator."""
    lines = [("tilth", version("tilth-bot")), ("bot", found.running), ("database", found.database)]
    if found.figures is not None:
        lines += _figure_lines(found.figures, found.members)
        lines += [("next" if not number else "", _post_line(one)) for number, one in enumerate(found.coming)]
        lines += [] if found.coming else [("next", f"nothing in the next {AHEAD.days // 7} weeks")]
    lines += [("problems", "none")] if found.well else []
    for number, one in enumerate(found.troubles):
        lines += [("problems" if not number else "", one.what), ("", f"→ {one.fix}")]
    return "\n".join(f"{label:<11}{words}" for label, words in lines)


def _post_line(one: NextPost) -> str:
    where = "to each by direct message" if not one.places else f"in {count(one.places, 'channel')}"
    return f"{one.at}   {one.name}   {one.title}   {where}"


def _figure_lines(now: Figures, members: int) -> list[tuple[str, str]]:
    box = now.outbox
    sent = (
        "last message: none that is still stored"
        if now.last_sent_at is None
        else f"last message {minutes((now.at - now.last_sent_at).total_seconds())} ago"
    )
    waits = f"{box['pending']:,} waiting, {box['sending']:,} being sent, {box['unknown']:,} in doubt"
    return [
        ("members", f"{members:,}"),
        ("outbox", f"{waits}; {count(now.failed, 'message')} failed in the last day; {sent}"),
        ("answers", f"{now.answers_hour:,} in the last hour, {now.answers_day:,} in the last day"),
        (
            "reminders",
            f"{now.reminders_day:,} in the last day; {count(now.muted_members, 'member')} turned them off",
        ),
    ]


def show_status(settings: Settings, *, as_json: bool) -> tuple[bool, str]:
    """(whether all is well, what the command prints)."""
    with speaking(settings.community.locale):
        found = read_status(settings)
        return found.well, status_as_json(found) if as_json else status_as_text(found)
