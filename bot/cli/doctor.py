"""`tilth doctor`: whether everything a running bot needs is there, each fault with its fix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.chat.platform import Finding
from bot.cli.run import make_adapters
from bot.doctor.deployment import (
    check_reach,
    examine_journal,
    list_surroundings,
    scheduled_channels,
    unreadable,
)
from bot.people import tables as people
from bot.runtime.clock import SystemClock
from bot.settings.environment import SettingsError
from bot.settings.model import Settings
from bot.store.engine import database_file
from bot.store.errors import StoreFault, WrongSecret
from bot.store.journal import refuse_foreign_log
from bot.store.secret import FILE, explain_mismatch, find_secret, look_up_fingerprint
from bot.store.sqlite import sqlite3
from bot.store.store import Store

RESTORE = "Stop Tilth and restore the last backup; starting it on this file makes it worse."


async def examine_deployment(settings: Settings, *, offline: bool = False) -> list[Finding]:
    """Everything that can be checked without disturbing a bot that runs; it may be running meanwhile."""
    found = list_surroundings(settings)
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
        return None, [unreadable(fault)]
    try:
        homes, reached = store.read_now(people.communities), store.read_now(check_reach)
        damage = store.read_now(_find_damage) if file is not None else None
    except StoreFault as fault:
        store.close_now()
        return None, [unreadable(fault)]
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
    return store, [answers, *examine_journal(settings, file), *reached]


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


def _find_damage(conn: Connection) -> str | None:
    """What SQLite finds wrong in its file, in its own words; reads all of it."""
    found = str(conn.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
    return None if found == "ok" else found.splitlines()[-1].strip(" .")


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
    channels = await store.read(scheduled_channels) if store is not None else {}
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
