"""`tilth doctor`: whether everything a running bot needs is there, each fault with its fix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.chat.findings import Finding
from bot.chat.platform import AnyPlatform
from bot.chat.platform_setup import SetupChannel, SetupProblem
from bot.cli.run import make_adapters
from bot.doctor.deployment import (
    check_reach,
    examine_journal,
    list_surroundings,
    scheduled_channels,
    unreadable,
)
from bot.people import tables as people
from bot.platforms import PLATFORMS
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


async def try_live(
    settings: Settings, channel: str, reader: str, platforms: Sequence[AnyPlatform] = PLATFORMS
) -> list[Finding]:
    """Post into the channel of this name or id, on each platform that has one, and say what came of it."""
    found, seen = list[Finding](), list[str]()
    wanted = channel.removeprefix("#").lower()
    own = settings.by_platform()
    for one in platforms:
        if not own[one.name].is_set_up:
            continue
        ask, model = one.setup(), own[one.name].model_dump()
        secrets = {each.field: model[each.field].get_secret_value() for each in ask.credentials}
        here = list[SetupChannel]()
        try:
            spaces = await ask.find_spaces(secrets, model["api_url"])
            here = [each for space in spaces for each in space.channels]
            same = [
                (space.name, each) for space in spaces for each in space.channels if each.is_called(wanted)
            ]
            if len(same) > 1:
                found.append(_several(one.title, wanted, same))
            elif same:
                found += await ask.try_live(same[0][1].id, reader, secrets, model["api_url"])
        except SetupProblem as problem:
            found.append(("error", f"{one.title}, live: {problem}", ""))
        seen += [f"#{each.name}" for each in here if not each.problem] if not found else []
    if not found:
        fix = f"The bot can speak in {', '.join(seen[:20]) or 'no channel yet'}."
        found.append(("error", f"There is no channel #{wanted} that the bot sees: nothing was tried.", fix))
    return found


def _several(title: str, wanted: str, same: Sequence[tuple[str, SetupChannel]]) -> Finding:
    """Where several channels have the name, none is tried: the others may be another community's."""
    where = ", ".join(f"{channel.id} in {space}" for space, channel in same)
    what = f"{title}, live: {len(same)} channels are called #{wanted}: nothing was tried."
    return ("error", what, f"Name one by its id: {where}.")


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
