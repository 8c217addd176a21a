"""Engines: a URL becomes a database that is set up the same way every time, or a refusal."""

import os
import re
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from bot.store import file_system
from bot.store.errors import StoreRefused
from bot.store.journal import JournalMode
from bot.store.sqlite import sqlite3
from bot.store.steady_plans import KEPT, write_limits_as_sums

Use = Literal["write", "read", "migrate"]

BUSY_SECONDS = 10.0


def parse_url(url: str) -> URL:
    """Read a database URL, `sqlite:///path` or `postgresql+psycopg://…`; `StoreRefused` names what is wrong."""
    try:
        parsed = make_url(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url))
    except ArgumentError as error:
        raise StoreRefused(f"This is not a database URL: {error}") from error
    if parsed.drivername == "postgresql+psycopg":
        return parsed
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise StoreRefused(
            f"Tilth keeps its data in SQLite or PostgreSQL, not in {parsed.drivername}. "
            "Use sqlite:///path/to/tilth.db or postgresql://user:password@host/name."
        )
    name = parsed.database
    if not name or name == ":memory:" or name.startswith("file:"):
        raise StoreRefused(
            "The database has to be a file: Tilth reads and writes through several connections, and each "
            "connection to a database in memory would see its own empty one. Use sqlite:///path/to/tilth.db "
            "(tests: a temporary folder)."
        )
    return parsed


def database_file(url: str) -> Path | None:
    """Return the absolute path of a SQLite database, links followed, or None for PostgreSQL."""
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    return Path(str(parsed.database)).expanduser().resolve()


def name_database(url: str) -> str:
    """Return the database as an operator knows it, without its password."""
    file = database_file(url)
    return parse_url(url).render_as_string(hide_password=True) if file is None else str(file)


def build_engine(
    url: str,
    use: Use,
    *,
    journal: JournalMode | None = None,
    busy_seconds: float = BUSY_SECONDS,
    pool: int = 4,
) -> Engine:
    """Build an engine for one use of the database; no connection is made yet.

    `write`: no pool, transactions take the write lock at once. `read`: a pool of `pool` connections
    that cannot write, each transaction seeing one moment. `migrate`: like `write`, without foreign keys
    (SQLite) and without a limit on the length of a statement (PostgreSQL). `journal` is what the writer sets on SQLite;
    None leaves it as it is.
    """
    path = database_file(url)
    if path is not None:
        return _sqlite_engine(path, use, journal, busy_seconds, pool)
    return _postgres_engine(parse_url(url), use, pool)


def _sqlite_engine(
    path: Path, use: Use, journal: JournalMode | None, busy_seconds: float, pool: int
) -> Engine:
    file_system.refuse_remote(path, file_system.read_mounts())
    create_private(path)
    options: dict[str, Any] = (
        {"pool_size": pool, "max_overflow": pool} if use == "read" else {"poolclass": NullPool}
    )
    engine = create_engine(
        URL.create("sqlite", database=str(path)), module=sqlite3, hide_parameters=True,
        connect_args={"cached_statements": KEPT}, **options,
    )  # fmt: skip
    write_limits_as_sums(engine.dialect)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own transactions begin too late (never for a SELECT), and lose updates without an error.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={int(busy_seconds * 1000)}")
        connection.execute(f"PRAGMA foreign_keys={'OFF' if use == 'migrate' else 'ON'}")
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA synchronous=FULL")
        if use == "read":
            connection.execute("PRAGMA query_only=ON")
        if use != "write":  # whoever writes decides on the journal, and alone brings the log into the file
            connection.execute("PRAGMA wal_autocheckpoint=0")
        elif journal is not None:
            _set_journal(connection, journal)

    # A write transaction takes the lock at its beginning, where busy_timeout waits for it; an upgrade from
    # reading to writing in the middle fails at once (https://sqlite.org/lang_transaction.html). Replacing
    # the dialect's own step, not listening for "begin": a listener on an engine slows every statement down.
    begin = "BEGIN" if use == "read" else "BEGIN IMMEDIATE"
    setattr(engine.dialect, "do_begin", lambda connection: connection.execute(begin))  # noqa: B010 - for mypy
    return engine


def _set_journal(connection: sqlite3.Connection, journal: JournalMode) -> None:
    (mode,) = connection.execute(f"PRAGMA journal_mode={journal}").fetchone()
    if mode != journal:
        raise StoreRefused(
            f"The database stays in journal mode {mode} instead of {journal}: "
            "close every other program that has the file open, and start again."
        )


def _postgres_engine(url: URL, use: Use, pool: int) -> Engine:
    settings = {
        "timezone": "UTC",
        "statement_timeout": "0" if use == "migrate" else "30s",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "30s",
    }
    if use == "read":
        # As on SQLite: a read sees one moment from its first statement on, and cannot write.
        settings |= {
            "default_transaction_read_only": "on",
            "default_transaction_isolation": r"repeatable\ read",
        }
    given = url.query.get("options", "")
    options = " ".join([str(given), *(f"-c {name}={value}" for name, value in settings.items())]).strip()
    connect = {
        "application_name": "tilth",
        "options": options,
        "connect_timeout": 10,
        # Without these a COMMIT over a dead link waits for hours.
        "keepalives_idle": 30,
        "tcp_user_timeout": 30_000,
    }
    pooled: dict[str, Any] = (
        {"pool_size": pool, "max_overflow": pool, "pool_pre_ping": True}
        if use == "read"
        else {"poolclass": NullPool}
    )
    try:
        return create_engine(
            url.difference_update_query(["options"]), hide_parameters=True, connect_args=connect, **pooled
        )
    except ModuleNotFoundError as error:
        raise StoreRefused(
            "PostgreSQL needs its driver, which is not installed: pip install 'tilth-bot[postgres]'."
        ) from error


def create_private(path: Path) -> None:
    """Create the file readable by its owner only: it will hold what people said in confidence."""
    if not path.parent.is_dir():
        raise StoreRefused(f"The folder {path.parent} for the database does not exist. Create it first.")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise StoreRefused(f"The database {path} cannot be created: {error.strerror}.") from error
