"""The guard that notices a database restored from a backup, or a new one.

A token is kept twice: in the database, and in a file that backups of the database do not hold. Both are renewed
at every start and every few minutes, so a database from before the last renewal gives itself away.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import Column, Connection, Table, Text, select

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
)
"""One row for each folder that has run on this database: several processes do not disturb each other."""

WARY_SECONDS = 3600
"""How long after such a start everything is looked for before it is said."""

_RENEW = upsert(epoch, by=["instance"], change=["token", "at"])


class RestoreGuard:
    """The file's half of the token. `path` lies outside what is backed up with the database."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def arrive(self, store: Store, now: datetime) -> bool:
        """Renew the token at start; true when the database was not the one this process left.

        Then give `Sender` a `wary_until` of an hour from now. A lost file is taken for a changed database: that
        costs a look into the history before each message and nothing else.
        """
        instance, known = self._read()
        token = secrets.token_hex(16)
        old = await store.write(lambda conn: _exchange(conn, instance, token, now))
        self._write(instance, token)
        return old is None or old != known

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


def _exchange(conn: Connection, instance: str, token: str, now: datetime) -> str | None:
    """Put the new token in; the old one."""
    old = conn.execute(select(epoch.c.token).where(epoch.c.instance == instance)).scalar()
    conn.execute(_RENEW, {"instance": instance, "token": token, "at": now})
    return old
