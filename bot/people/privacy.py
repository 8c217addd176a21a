"""Privacy: the list of erased accounts, which outlives a restored backup, and erasure."""

from __future__ import annotations

import hmac
import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.chat.models import Person
from bot.people.accounts import account
from bot.people.channel_members import presence
from bot.people.tables import community, erasure, member
from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert
from bot.store.file_system import sync_path
from bot.store.journal import empty_log_after
from bot.store.scrub import want_rewrite

log = logging.getLogger(__name__)

LIST = "erasures.txt"
"""The file with the list, in the data folder, and beside backups. Its digests say nothing without the secret."""

_NEW = insert(erasure)
_LATEST = _NEW.on_conflict_do_update(
    index_elements=["community_id", "digest"],
    set_={"at": _NEW.excluded.at, "asked": _NEW.excluded.asked},
    where=_NEW.excluded.at > erasure.c.at,
)
_ASKED = CompiledStatement(
    select(erasure.c.id, account.c.person)
    .outerjoin(account, (account.c.space == bindparam("space")) & (account.c.person == bindparam("person")))
    .where(erasure.c.community_id == bindparam("home"), erasure.c.digest == bindparam("digest"), erasure.c.asked),
    "space", "person", "home", "digest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ErasedAccount:
    """An account that was erased at an instant (aware UTC); `asked`: because its owner wanted it."""

    community_id: int
    digest: str
    at: datetime
    asked: bool

    @property
    def account(self) -> tuple[int, str]:
        """Which account: its community, and its keyed digest."""
        return self.community_id, self.digest

    def line(self) -> str:
        """As it stands in the file."""
        return (
            f"{self.community_id} {self.digest} {self.at.isoformat()} {'asked' if self.asked else 'left'}\n"
        )


@dataclass(frozen=True, slots=True)
class OwedErasure:
    """A member who is in this database although the list says: erased at that time, and who was there before it.

    `accounts` are those that were erased: not all of them, where the others were unlinked before.
    """

    community_id: int
    member_id: int
    at: datetime
    asked: bool
    accounts: tuple[tuple[str, str], ...] = ()


class Erasures:
    """The list of erased accounts as keyed digests with times, in the database and in a file outside of backups.

    The database brings it to every process; the file, `erasures.txt` in `folder`, survives a restored backup: a
    database from before an erasure is put right at the next start. What came after the erasure is never touched:
    whoever comes back is a new person.
    """

    def __init__(self, keys: Sequence[bytes], folder: Path) -> None:
        """`keys`: the key of the secret, and those of the secrets that it took the place of."""
        self._keys = keys
        self._list = folder / LIST

    def digest(self, community_id: int, space: str, person: str) -> str:
        """The keyed digest of one account in one community."""
        return self.digests(community_id, space, person)[0]

    def digests(self, community_id: int, space: str, person: str) -> list[str]:
        """The same by every key that ever was: an erasure is known by the key of its time."""
        named = f"{community_id}\n{space}\n{person}".encode()
        return [hmac.digest(key, named, "sha256").hex() for key in self._keys]

    def note(self, conn: Connection, erased: Iterable[ErasedAccount]) -> None:
        """Write accounts to the database, and durably to the file before the transaction ends; a later time wins."""
        wanted = list(erased)
        for one in wanted:
            values = {
                "community_id": one.community_id,
                "digest": one.digest,
                "at": one.at,
                "asked": one.asked,
            }
            conn.execute(_LATEST.values(values))
        self._append(wanted)

    def share(self, conn: Connection) -> int:
        """Bring what other processes wrote to the database into this folder's file; how many lines that were."""
        return self._append(_in_database(conn).values())

    def add_list(self, path: Path) -> int:
        """Add what another file of the list knows, like the one beside a backup; how many lines that were."""
        return self._append(_read_list(path).values())

    def count_since(self, moment: datetime) -> int:
        """How many accounts of the file were erased after a moment."""
        return sum(one.at > moment for one in _read_list(self._list).values())

    def stays_away(self, conn: Connection, community_id: int, who: Person) -> bool:
        """Whether somebody had themselves erased and has done nothing since.

        That a platform lists them does not bring them back; what they do themselves does.
        """
        given = {"space": who.space, "person": who.id, "home": community_id}
        digests = self.digests(community_id, who.space, who.id)
        rows = [_ASKED.row(conn, {**given, "digest": digest}) for digest in digests]
        return any(row is not None and row.person is None for row in rows)

    def owed(self, conn: Connection) -> list[OwedErasure]:
        """Who is in this database as they were before an erasure that only the file knows of."""
        known = _in_database(conn)
        missed = {one.account: one for one in _news(_read_list(self._list).values(), known)}
        if not missed:
            return []
        rows = conn.execute(
            select(
                account.c.community_id,
                account.c.member_id,
                account.c.space,
                account.c.person,
                member.c.created_at,
            )
            .join(member, member.c.id == account.c.member_id)
            .where(member.c.erased_at.is_(None))
        )
        owed: dict[int, OwedErasure] = {}
        for home, member_id, space, person, since in rows:
            by_key = [missed.get((home, digest)) for digest in self.digests(home, space, person)]
            one = max((each for each in by_key if each is not None), key=lambda each: each.at, default=None)
            if one is not None and since <= one.at:
                before = owed[member_id].accounts if member_id in owed else ()
                accounts = (*before, (space, person))
                owed[member_id] = OwedErasure(home, member_id, one.at, one.asked, accounts)
        return list(owed.values())

    def merge(self, conn: Connection) -> None:
        """Make the database and the file say the same: what either knows, both know."""
        homes = set(conn.execute(select(community.c.id)).scalars())
        self.note(conn, [one for one in _read_list(self._list).values() if one.community_id in homes])
        self.share(conn)

    def _append(self, erased: Iterable[ErasedAccount]) -> int:
        """Add what the file does not know yet; on disk when this returns."""
        new = _news(erased, _read_list(self._list))
        if not new:
            return 0
        first = not self._list.exists()
        self._list.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._list.open("a+") as file:
            file.seek(0)
            # A line that was cut off must not take the next one with it.
            file.write("" if first or file.read()[-1:] in ("", "\n") else "\n")
            file.writelines(one.line() for one in new)
            file.flush()
            os.fsync(file.fileno())
        if first:
            sync_path(self._list.parent)
        return len(new)


def _read_list(path: Path) -> dict[tuple[int, str], ErasedAccount]:
    """The latest erasure of each account in a file. A line that was cut off belongs to an erasure that was not committed."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return {}
    found: dict[tuple[int, str], ErasedAccount] = {}
    for number, line in enumerate(lines, 1):
        try:
            home, digest, at, why = line.split()
            one = ErasedAccount(int(home), digest, datetime.fromisoformat(at), why == "asked")
        except ValueError:
            log.warning("line %d of %s cannot be read, and is left out", number, path)
            continue
        found |= {each.account: each for each in _news([one], found)}
    return found


def _in_database(conn: Connection) -> dict[tuple[int, str], ErasedAccount]:
    rows = conn.execute(select(erasure.c.community_id, erasure.c.digest, erasure.c.at, erasure.c.asked))
    return {(row[0], row[1]): ErasedAccount(*row) for row in rows}


def _news(
    erased: Iterable[ErasedAccount], known: Mapping[tuple[int, str], ErasedAccount]
) -> list[ErasedAccount]:
    """Those that are not known yet, or only from an earlier erasure."""
    return [one for one in erased if one.account not in known or known[one.account].at < one.at]


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
            name="someone",
            zone=None,
            language=None,
            sharing=None,
            help=None,
            keeps=True,
            noticed_at=None,
            erasing_at=None,
            erased_at=now,
        )
    )
    want_rewrite(conn, now)
    empty_log_after(conn)


def forget_space_accounts(conn: Connection, space_key: str) -> None:
    """Remove every account and presence in a space."""
    conn.execute(delete(presence).where(presence.c.space == space_key))
    conn.execute(delete(account).where(account.c.space == space_key))


def describe_member(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """Everything the ground floor knows of a member, for handing over."""
    who = conn.execute(
        select(member).where(member.c.community_id == community_id, member.c.id == member_id)
    ).one()
    accounts = conn.execute(
        select(account).where(account.c.community_id == community_id, account.c.member_id == member_id)
    )
    return [
        {
            "name": who.name,
            "time zone": who.zone,
            "language": who.language,
            "answers read by": who.sharing,
            "hints": who.help,
            "answers kept": who.keeps,
            "member since": who.created_at.isoformat(),
            "accounts": [
                {
                    "space": row.space,
                    "id": row.person,
                    "name": row.name,
                    "platform's facts": row.facts,
                    "platform's language": row.locale,
                }
                for row in accounts
            ],
        }
    ]
