"""`tilth doctor`: whether everything a running bot needs is there, each fault with its fix."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from bot.chat.platform import Finding
from bot.cli.check import check_content
from bot.cli.run import make_adapters
from bot.people import tables as people
from bot.people.reach import count_reach
from bot.runtime.clock import SystemClock
from bot.schedules import tables
from bot.schedules.model import RUNNING
from bot.settings.environment import SettingsError, content_root
from bot.settings.model import Settings
from bot.store.engine import database_file
from bot.store.errors import StoreFault, WrongSecret
from bot.store.journal import choose_journal, refuse_foreign_log
from bot.store.secret import FILE, explain_mismatch, find_secret, look_up_fingerprint
from bot.store.sqlite import sqlite3
from bot.store.store import Store

RESTORE = "Stop Tilth and restore the last backup; starting it on this file makes it worse."


async def examine_deployment(settings: Settings, *, offline: bool = False) -> list[Finding]:
    """Everything that can be checked without disturbing a bot that runs; it may be running meanwhile."""
    found = [*_folder(settings), *_content(settings), *_clock(), *_zone(settings)]
    store, about = _database(settings)
    found += [*about, *_secret(settings)]
    try:
        found += await _platforms(settings, store, offline=offline)
    except SettingsError as error:
        found.append(("error", str(error), "See .env.example."))
    finally:
        if store is not None:
            await store.close()
    return found


def _folder(settings: Settings) -> list[Finding]:
    """Whether what must outlive a restored backup can be written, and really reaches the disk."""
    folder = settings.store.folder
    probe = folder / ".doctor"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with probe.open("w") as file:
            file.write("here")
            file.flush()
            os.fsync(file.fileno())
        probe.unlink()
    except OSError as error:
        fix = f"Give the user that runs Tilth (uid {os.getuid()}) the folder, or set TILTH_STORE__FOLDER."
        return [("error", f"The folder {folder} cannot be written: {error.strerror}.", fix)]
    return [("ok", f"The folder {folder} can be written.", "")]


def _content(settings: Settings) -> list[Finding]:
    root = content_root(settings)
    found = check_content(root)
    if found.problems:
        return [("error", f"Content: {one}", "`tilth check` shows all of it.") for one in found.problems]
    if not found.decks:
        return [("warning", f"There are no decks in {root}.", "Set TILTH_CONTENT, or empty it.")]
    counts = [f"{slug} ({count})" for slug, count in (found.decks | found.courses).items()]
    return [("ok", f"Content: {', '.join(counts)}.", "")]


def _clock() -> list[Finding]:
    now = datetime.now(UTC)
    if now.year < 2026:
        return [("error", f"The machine's clock says {now:%Y-%m-%d}.", "Set the clock; use NTP.")]
    return [("ok", f"The clock says {now:%Y-%m-%d %H:%M} UTC; zone data {version('tzdata')}.", "")]


def _zone(settings: Settings) -> list[Finding]:
    """Whether somebody said where the community is: days, times and holidays follow from it."""
    homes = settings.all_communities()
    unset = [one for one in homes if "zone" not in one.model_fields_set]
    if not unset:
        return [("ok", f"The time zone is {', '.join(sorted({one.zone for one in homes}))}.", "")]
    names = ", ".join(one.name for one in unset)
    problem = f"No time zone is set for {names}: days and times are those of {unset[0].zone}."
    return [("warning", problem, "Set TILTH_COMMUNITY__ZONE, like America/New_York.")]


def _database(settings: Settings) -> tuple[Store | None, list[Finding]]:
    url = settings.store.url.get_secret_value()
    file = database_file(url)
    if file is not None and not file.exists():
        return None, [("ok", f"There is no database yet; the first start makes {file}.", "")]
    try:
        if file is not None:
            refuse_foreign_log(file)
        store = Store.open(url, journal=None)  # whatever runs on it keeps its journal
    except StoreFault as fault:
        return None, [_unreadable(fault)]
    try:
        homes, reached = store.read_now(people.communities), store.read_now(check_reach)
        damage = store.read_now(_find_damage) if file is not None else None
    except StoreFault as fault:
        store.close_now()
        return None, [_unreadable(fault)]
    except SQLAlchemyError as error:
        store.close_now()
        what = f"The database cannot be read: {type(error).__name__}."
        return None, [("error", what, "Start Tilth once; it migrates.")]
    if damage is not None:
        store.close_now()
        return None, [("error", f"The database file is damaged: {damage}.", RESTORE)]
    kind = f"SQLite {sqlite3.sqlite_version}" if file is not None else "PostgreSQL"
    names = ", ".join(home.slug for home in homes) or "none yet"
    answers: Finding = ("ok", f"The database answers ({kind}); communities: {names}.", "")
    return store, [answers, *_journal(settings, file), *reached]


def _journal(settings: Settings, file: Path | None) -> list[Finding]:
    """The journal that a start takes for a SQLite file, and why."""
    if file is None:
        return []
    try:
        return [("ok", choose_journal(settings.store.journal, file).describe(), "")]
    except StoreFault as fault:
        return [_unreadable(fault)]


def check_reach(conn: Connection) -> list[Finding]:
    """How many people of each space can be written to; a warning where a direct prompt leaves people out."""
    where = tables.schedule_place.c
    runs = tables.schedule.c.direct & tables.schedule.c.state.in_(RUNNING)
    planned = select(where.space).join(tables.schedule, tables.schedule.c.id == where.schedule_id).where(runs)
    direct = set(conn.execute(planned).scalars())
    found: list[Finding] = []
    for one in count_reach(conn):
        words = f"{one.name}: {one.known} people known, {one.reminded} can be reminded, {one.direct} can be sent prompts directly."
        fix = (
            f"{one.people_fix} Or /tilth invite there: whoever presses Join is reached."
            if one.people_fix
            else ""
        )
        found.append(("warning" if fix and one.key in direct else "ok", words, fix))
    return found


def _secret(settings: Settings) -> list[Finding]:
    """Whether this machine has the secret that the database belongs to, by its name."""
    folder = settings.store.folder
    given = settings.secret.get_secret_value()
    url = settings.store.url.get_secret_value()
    file = database_file(url)
    try:
        if file is not None:
            refuse_foreign_log(file)
        wanted, found = look_up_fingerprint(url), find_secret(given, folder)
    except WrongSecret as error:
        return [("error", str(error), "Put the secret back.")]
    except (StoreFault, SQLAlchemyError):
        return []  # what is wrong with the database has been said
    if wanted is None:
        where = found.source if found else f"{folder / FILE}, which the first start makes"
        return [("ok", f"The secret will be the one in {where}.", "")]
    if found is None or not found.answers_to(wanted):
        return [("error", explain_mismatch(wanted, found, folder), f"Find the secret {wanted}.")]
    return [("ok", f"The database belongs to the secret {wanted}, which is in {found.source}.", "")]


def _unreadable(fault: StoreFault) -> Finding:
    """The sentence of the fault ends with what mends it."""
    what, mark, fix = str(fault).rpartition(". ")
    return ("error", f"The database cannot be read: {what}.", fix) if mark else ("error", fix, "")


def _find_damage(conn: Connection) -> str | None:
    """What SQLite finds wrong in its file, in its own words; reads all of it."""
    found = str(conn.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
    return None if found == "ok" else found.splitlines()[-1].strip(" .")


def _channels(conn: Connection) -> dict[str, set[str]]:
    """Space key → channels in which something is scheduled."""
    found: dict[str, set[str]] = {}
    c = tables.schedule_place.c
    for space, channel in conn.execute(select(c.space, c.channel)):
        found.setdefault(space, set()).add(channel)
    return found


async def _platforms(settings: Settings, store: Store | None, *, offline: bool) -> list[Finding]:
    """What each platform says of our tokens, scopes and channels."""
    # An examination remembers nothing, so it needs no state in a database that a running bot writes.
    adapters = make_adapters(settings, SystemClock().now, NoState)
    if not adapters:
        return [
            (
                "warning",
                "No platform is set up: `tilth run` serves the playground.",
                "README says how to put it on a platform.",
            )
        ]
    if offline:
        return [("ok", f"{one.platform}: tokens are set; not asked (--offline).", "") for one in adapters]
    channels = await store.read(_channels) if store is not None else {}
    found: list[Finding] = []
    for one in adapters:
        found += await one.examine(channels)
    return found


class NoState:
    """The state of an adapter that keeps nothing."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def put(self, items: Mapping[str, Any]) -> None:
        """Forget it at once."""

    async def remove(self, keys: tuple[str, ...]) -> None:
        """Nothing is there."""

    async def load(self) -> dict[str, Any]:
        return {}
