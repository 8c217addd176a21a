"""The guard that notices a database restored from a backup, or a new one.

A token is kept twice: in the database, and in a file that backups of the database do not hold. Both are renewed
at every start and every few minutes, so a database from before the last renewal gives itself away.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Column, Connection, Table, Text, bindparam, delete, select

from bot.store.dialect import upsert
from bot.store.schema import metadata
from bot.store.store import Store
from bot.store.types import UtcDateTime

epoch = Table(
    "epoch",
    metadata,
    Column("instance", Text, primary_key=True),
    Column("token", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("wary_until", UtcDateTime),
)
"""One row for each folder that has run on this database: several processes do not disturb each other."""

WARY_SECONDS = 3600
"""How long after such a start everything is looked for before it is said."""

_WARY = select(epoch.c.wary_until).where(epoch.c.instance == bindparam("instance"))
_RENEW = upsert(epoch, by=["instance"], change=["token", "at", "wary_until"])


class RestoreGuard:
    """The file's half of the token. `path` lies outside what is backed up with the database."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def arrive(self, store: Store, now: datetime) -> bool:
        """Renew the token at start; true when the database was not the one this process left.

        For an hour from then on everything is looked for before it is said, also by whoever is started meanwhile. A lost
        file is taken for a changed database: that costs a look into the history before each message and nothing else.
        """
        instance, known = self._read()
        token = secrets.token_hex(16)
        changed = await store.write(lambda conn: _exchange(conn, instance, known, token, now))
        self._write(instance, token)
        return changed

    async def find_wary_end(self, store: Store, now: datetime) -> datetime | None:
        """Until when this process has to look for what it is about to say; None where its database is the one it left."""
        instance, _ = self._read()
        until = await store.read(lambda conn: conn.execute(_WARY, {"instance": instance}).scalar())
        return until if until is not None and until > now else None

    async def renew(self, store: Store, now: datetime) -> int:
        """Renew the token while running, every few minutes; always 0, since nothing was due."""
        await self.arrive(store, now)
        return 0

    def _read(self) -> tuple[str, str | None]:
        try:
            instance, token = self._path.read_text().split()
        except (FileNotFoundError, ValueError):
            return secrets.token_hex(8), None
        return instance, token

    def _write(self, instance: str, token: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_name(self._path.name + ".new")
        new.write_text(f"{instance} {token}\n")
        new.replace(self._path)


def _exchange(conn: Connection, instance: str, known: str | None, token: str, now: datetime) -> bool:
    """Put the new token in; whether the old one is not the one that is known."""
    old = conn.execute(select(epoch.c.token, epoch.c.wary_until).where(epoch.c.instance == instance)).first()
    changed = old is None or old.token != known
    until = now + timedelta(seconds=WARY_SECONDS) if old is None or changed else old.wary_until
    conn.execute(_RENEW, {"instance": instance, "token": token, "at": now, "wary_until": until})
    return changed


def forget_tokens(conn: Connection) -> None:
    """Let every process take this database for one that it does not know, whatever its file says."""
    conn.execute(delete(epoch))
