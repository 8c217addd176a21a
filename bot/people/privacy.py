"""Privacy: the list of erased accounts, which outlives a restored backup, and erasure."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, select, update

from bot.people.accounts import account
from bot.people.channel_members import presence
from bot.people.tables import erasure, member
from bot.store.dialect import insert


class Erasures:
    """The list of erased accounts as keyed digests, in the database and in a file outside of backups.

    `folder` holds `erasures.key` (32 random bytes, made at first use) and `erasures.txt` (a digest a line). A
    database restored from before an erasure is put right at the next start, because the file still knows.
    """

    def __init__(self, folder: Path) -> None:
        self._list = folder / "erasures.txt"
        self._key = self._read_key(folder / "erasures.key")

    @staticmethod
    def _read_key(path: Path) -> bytes:
        try:
            return bytes.fromhex(path.read_text().strip())
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            key = secrets.token_bytes(32)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(key.hex() + "\n")
                file.flush()
                os.fsync(file.fileno())
            return key

    def digest(self, community_id: int, space: str, person: str) -> str:
        """The keyed digest of one account in one community."""
        return hmac.new(self._key, f"{community_id}\n{space}\n{person}".encode(), hashlib.sha256).hexdigest()

    def note(self, conn: Connection, digests: Iterable[str], community_id: int, now: datetime) -> None:
        """Write digests to the database, and durably to the file before the transaction ends."""
        wanted = list(digests)
        for digest in wanted:
            conn.execute(
                insert(erasure)
                .values(community_id=community_id, digest=digest, at=now)
                .on_conflict_do_nothing(index_elements=["community_id", "digest"])
            )
        known = self._on_file()
        new = [digest for digest in wanted if digest not in known]
        if new:
            with self._list.open("a") as file:
                file.writelines(f"{digest}\n" for digest in new)
                file.flush()
                os.fsync(file.fileno())

    def _on_file(self) -> set[str]:
        try:
            return set(self._list.read_text().split())
        except FileNotFoundError:
            return set()

    def owed(self, conn: Connection) -> list[tuple[int, int, str, str]]:
        """(community, member, space, person) still in this database although the file says: erased."""
        gone = self._on_file()
        if not gone:
            return []
        rows = conn.execute(
            select(account.c.community_id, account.c.member_id, account.c.space, account.c.person)
            .join(member, member.c.id == account.c.member_id)
            .where(member.c.erased_at.is_(None))
        )
        return [
            (row[0], row[1], row[2], row[3]) for row in rows if self.digest(row[0], row[2], row[3]) in gone
        ]


def erase_member(conn: Connection, community_id: int, member_id: int, now: datetime) -> None:
    """Remove a member's accounts and everything that names them; an empty row keeps other rows' places."""
    for space, person in conn.execute(
        select(account.c.space, account.c.person).where(
            account.c.community_id == community_id, account.c.member_id == member_id
        )
    ).all():
        conn.execute(delete(presence).where(presence.c.space == space, presence.c.person == person))
    conn.execute(
        delete(account).where(account.c.community_id == community_id, account.c.member_id == member_id)
    )
    conn.execute(
        update(member)
        .where(member.c.id == member_id, member.c.community_id == community_id)
        .values(
            name="someone", zone=None, sharing=None, help=None, keeps=True, noticed_at=None, erased_at=now
        )
    )


def forget_space_accounts(conn: Connection, space_key: str) -> None:
    """Remove every account and presence in a space."""
    conn.execute(delete(presence).where(presence.c.space == space_key))
    conn.execute(delete(account).where(account.c.space == space_key))
