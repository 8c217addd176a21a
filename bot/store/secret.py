"""The secret of a database: every key is derived from it, and the database knows its fingerprint alone.

It stands in the setting `TILTH_SECRET`, or in `secret.key` in the data folder, which the first start makes. So a copy of
the database holds no key, and says which secret it needs. A secret is changed by writing a new one above the old: the next
start makes the database belong to the new one, and what the old one made is still known. No platform's token is stored.
"""

from __future__ import annotations

import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from sqlalchemy import Column, Connection, Integer, Table, Text, inspect, select, update

from bot.store import dialect
from bot.store.dialect import insert
from bot.store.engine import build_engine, database_file
from bot.store.errors import WrongSecret
from bot.store.file_system import sync_path
from bot.store.schema import metadata
from bot.store.store import Store

FILE, SETTING = "secret.key", "TILTH_SECRET"
"""Where the secret is: a file in the data folder, or a setting, which wins."""

secret_name = Table(
    "secret_name",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("fingerprint", Text, nullable=False),
)
"""One row: the name of the secret that this database belongs to."""

_CLAIM = insert(secret_name).on_conflict_do_nothing(index_elements=["id"])


def stretch_key(material: bytes, info: str) -> bytes:
    """The key for `info`, 32 bytes, by HKDF with SHA-256 and no salt (RFC 5869), of which one block is enough.

    Every start derives keys, and few need a cipher: `cryptography` would stay in memory with seven megabytes for two HMACs.
    """
    extracted = hmac.digest(bytes(32), material, "sha256")
    return hmac.digest(extracted, info.encode() + b"\x01", "sha256")


@dataclass(frozen=True, slots=True)
class DatabaseSecret:
    """The secret that one database belongs to. `source` says where it was found."""

    material: bytes = field(repr=False)
    source: str = ""
    former: tuple[DatabaseSecret, ...] = ()
    """Those that it took the place of, newest first."""

    def derive_key(self, purpose: str) -> bytes:
        """The key for one purpose, 32 bytes (HKDF with SHA-256, RFC 5869); another purpose has another key."""
        return stretch_key(self.material, f"tilth/{purpose}")

    def derive_keys(self, purpose: str) -> tuple[bytes, ...]:
        """The key for one purpose, and those of the former secrets, by which what they made is known."""
        return tuple(one.derive_key(purpose) for one in (self, *self.former))

    def answers_to(self, fingerprint: str) -> bool:
        """Whether it is the secret of this name, or has taken its place."""
        return any(one.fingerprint == fingerprint for one in (self, *self.former))

    @property
    def fingerprint(self) -> str:
        """The name of the secret, which tells nothing about it: `1f3a-90c2-77de-0b41`."""
        name = self.derive_key("fingerprint").hex()
        return "-".join(name[at : at + 4] for at in range(0, 16, 4))


def make_secret() -> DatabaseSecret:
    """A new secret that is kept nowhere."""
    return DatabaseSecret(secrets.token_hex(32).encode())


def find_secret(given: str, folder: Path) -> DatabaseSecret | None:
    """The secret in the setting, else in the folder."""
    if given:
        return _read_lines(given, SETTING)
    path = folder / FILE
    try:
        return _read_lines(path.read_text(), str(path))
    except FileNotFoundError:
        return None


def _read_lines(text: str, source: str) -> DatabaseSecret:
    """The secret in the first line, with the former ones below it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise WrongSecret(
            f"{source} is empty: the secret that stood there is lost. Put it back from where it is kept."
        )
    first, *former = (DatabaseSecret(line.encode(), source) for line in lines)
    return replace(first, former=tuple(former))


def claim_secret(store: Store, given: str, folder: Path) -> DatabaseSecret:
    """The secret of this database, made at its first start; raises `WrongSecret` when this process has another.

    `given` is the setting, or "". Blocking.
    """
    wanted = store.read_now(read_fingerprint)  # first: whoever claims has their file before that
    found, made = find_secret(given, folder), False
    if wanted is None:
        if found is None:
            found, made = _store_new(folder), True
        name = found.fingerprint
        wanted = store.write_now(lambda conn: _claim(conn, name))
    if found is not None and found.fingerprint != wanted and found.answers_to(wanted):
        wanted = store.write_now(partial(_change_name, before=wanted, after=found.fingerprint))
    if found is None or found.fingerprint != wanted:
        if made:  # another process was first, in another folder
            (folder / FILE).unlink(missing_ok=True)
        raise WrongSecret(explain_mismatch(wanted, None if made else found, folder))
    return found


def explain_mismatch(wanted: str, found: DatabaseSecret | None, folder: Path) -> str:
    """Which secret a database needs, which one is there, and what to do."""
    there = f"the one in {found.source} is {found.fingerprint}" if found else "none is set here"
    leave = f" (then without {SETTING}, which wins)" if found and found.source == SETTING else ""
    return (
        f"This database belongs to the secret {wanted}, and {there}. Look for it where Tilth ran before, and put "
        f"it into {SETTING} or, as a file, to {folder / FILE}{leave}. Without it, the words of people who were erased could "
        "be taken in again, and evidence would be sealed with another key."
    )


def read_fingerprint(conn: Connection) -> str | None:
    """The name of the secret that this database belongs to; None before its first start."""
    name: str | None = conn.execute(select(secret_name.c.fingerprint)).scalar_one_or_none()
    return name


def fingerprint_in(conn: Connection) -> str | None:
    """The same for a database that may not be migrated yet."""
    return read_fingerprint(conn) if inspect(conn).has_table(secret_name.name) else None


def look_up_fingerprint(url: str) -> str | None:
    """The same for a database that may not even be there; raises `StoreFault`."""
    file = database_file(url)
    if file is not None and not file.exists():
        return None
    engine = build_engine(url, "read")
    try:
        with dialect.faults(), engine.connect() as conn:
            return fingerprint_in(conn)
    finally:
        engine.dispose()


def check_secret(url: str, given: str, folder: Path) -> DatabaseSecret | None:
    """The secret that is here; raises `WrongSecret` when the database belongs to another, and changes nothing in it."""
    wanted = look_up_fingerprint(url)
    found = find_secret(given, folder)
    if wanted is not None and (found is None or not found.answers_to(wanted)):
        raise WrongSecret(explain_mismatch(wanted, found, folder))
    return found


def require_secret(url: str, given: str, folder: Path) -> DatabaseSecret:
    """The secret that the database at `url` belongs to; raises `WrongSecret` when it is not there, or another is."""
    found = check_secret(url, given, folder)
    if found is None:
        raise WrongSecret(f"There is no secret yet: the first start makes it in {folder / FILE}.")
    return found


def _claim(conn: Connection, fingerprint: str) -> str:
    """Let the database belong to a secret, unless it belongs to one; the name of that which it belongs to."""
    conn.execute(_CLAIM.values(id=1, fingerprint=fingerprint))
    return read_fingerprint(conn) or fingerprint


def _change_name(conn: Connection, before: str, after: str) -> str:
    """Let the database belong to the secret that took the place of its own; the name of that which it belongs to."""
    conn.execute(update(secret_name).where(secret_name.c.fingerprint == before).values(fingerprint=after))
    return read_fingerprint(conn) or after


def _store_new(folder: Path) -> DatabaseSecret:
    """Make a secret, safely on disk before anything is derived from it."""
    path = folder / FILE
    return _read_lines(store_once(path, make_secret().material).decode(), str(path))


def store_once(path: Path, material: bytes) -> bytes:
    """Store what is secret in a new file that its owner alone may read; what is in it, where another was first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(material + b"\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # another process in this folder was first: its secret is the secret
        os.link(unfinished, path)
    unfinished.unlink()
    sync_path(path.parent)
    return path.read_text().strip().encode()
