"""Migrations: the tables are brought to this version at start, one process at a time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

from bot.store import dialect
from bot.store.backup import copy_database
from bot.store.backup_file import write_backup
from bot.store.engine import build_engine, database_file
from bot.store.errors import SchemaTooNew, SchemaTooOld, StoreRefused, StoreUnavailable
from bot.store.revisions import SCRIPTS, known_revisions, newest_revisions, read_revision, read_revisions
from bot.store.secret import fingerprint_in
from bot.store.sqlite import sqlite3
from bot.store.unfinished import EXPLANATION, MARK

LOCK = 7_106_849_104  # any number, the same in every version of Tilth
PATIENCE_SECONDS = 120.0
POLL_SECONDS = 0.1


def upgrade(
    url: str, *, scripts: Path = SCRIPTS, patience_seconds: float = PATIENCE_SECONDS, keep: Path | None = None
) -> Path | None:
    """Bring the database to the newest schema this code knows; at every start, blocking.

    Costs three queries when there is nothing to do. SQLite: the file is first copied to
    `<file>.before-<revision>.<fingerprint of its secret>`, which is returned, then everything happens in one transaction. PostgreSQL:
    an advisory lock on a connection of its own lets one process migrate while the others wait, and the rows are first
    written to a backup of such a name in the folder `keep`, where there is one. Raises
    `SchemaTooNew`, `SchemaTooOld`, `StoreUnavailable` (also after waiting `patience_seconds`), and what a
    migration raises.
    """
    engine = build_engine(url, "migrate")
    try:
        with dialect.faults():
            if engine.dialect.name == "sqlite":
                return None if _needs_nothing(url, scripts) else _upgrade_sqlite(engine, url, scripts)
            with wait_for_turn(engine, patience_seconds, shared=True):  # nobody restores or copies it now
                nothing = _needs_nothing(url, scripts)
            if nothing:
                return None
            with wait_for_turn(engine, patience_seconds):
                kept = _write_aside(engine, url, scripts, keep)
                with engine.begin() as connection:
                    if not _is_current(connection, scripts):
                        _migrate(connection, scripts)
                return kept
    finally:
        engine.dispose()


def _write_aside(engine: Engine, url: str, scripts: Path, folder: Path | None) -> Path | None:
    """Write a backup of a PostgreSQL database that is about to be migrated, where there is something in it."""
    with engine.connect() as connection:
        if folder is None or _is_current(connection, scripts) or not read_revision(connection):
            return None
        kept = folder / f"{_name_copy(connection)}.zip"
    write_backup(url, kept, datetime.now(UTC))
    return kept


def _name_copy(connection: Connection) -> str:
    """The last part of the name of the copy that is made before migrating, with the secret that whoever restores it needs."""
    before, secret = read_revision(connection) or "first", fingerprint_in(connection)
    return f"before-{before}" + (f".{secret}" if secret else "")


def _needs_nothing(url: str, scripts: Path) -> bool:
    """Look without a lock on the tables, so that a start with nothing to do disturbs nobody."""
    engine = build_engine(url, "read")
    try:
        with engine.connect() as connection:
            return _is_current(connection, scripts)
    finally:
        engine.dispose()


def _upgrade_sqlite(engine: Engine, url: str, scripts: Path) -> Path | None:
    kept = None
    with engine.begin() as connection:  # BEGIN IMMEDIATE: nobody writes between the copy and the end
        if _is_current(connection, scripts):
            return None
        path = database_file(url)
        if path is not None and inspect(connection).get_table_names():
            kept = path.with_name(f"{path.name}.{_name_copy(connection)}")
            _copy_aside(engine, kept)
        _migrate(connection, scripts)
        # Foreign keys are off (altering a table means making it anew, and dropping the old one would
        # cascade), so look before committing (https://sqlite.org/lang_altertable.html#otheralter).
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration left {len(broken)} rows pointing nowhere, first: {broken[0]}")
    return kept


def _copy_aside(engine: Engine, target: Path) -> None:
    # Through a second connection: one in the middle of writing cannot be the source of a backup.
    raw = engine.raw_connection()
    try:
        source: Any = raw.dbapi_connection
        copy_database(source, target)
    except (OSError, sqlite3.Error) as error:
        raise StoreUnavailable(f"No copy of the database could be made before migrating: {error}.") from error
    finally:
        raw.close()


@contextmanager
def wait_for_turn(engine: Engine, patience_seconds: float, *, shared: bool = False) -> Iterator[Connection]:
    """Wait for our turn to migrate, to restore or to copy; the connection that has the lock, which ends with it.

    `shared`: only until nobody else does such a thing, as every start waits.
    """
    ask = text(f"SELECT pg_try_advisory_lock{'_shared' if shared else ''}(:lock)")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        deadline = time.monotonic() + patience_seconds
        while not connection.scalar(ask, {"lock": LOCK}):
            if time.monotonic() > deadline:
                raise StoreUnavailable(
                    f"Another Tilth has been migrating or filling this database for {patience_seconds:.0f} seconds. "
                    "Wait for it, or look in PostgreSQL's pg_stat_activity for what holds it up."
                )
            time.sleep(POLL_SECONDS)
        try:
            yield connection
        finally:
            connection.invalidate()  # a lock of a session stays with a connection that goes back to its pool


def _is_current(connection: Connection, scripts: Path) -> bool:
    """Compare the revision in the database with the newest one here; raise `StoreRefused` for a foreign one."""
    ours, heads = known_revisions(scripts), newest_revisions(scripts)
    found = read_revisions(connection)
    if MARK in found:
        raise StoreRefused(EXPLANATION)
    foreign = [revision for revision in found if revision not in ours]
    if any(not revision.startswith("r") for revision in foreign):
        raise SchemaTooOld(
            f"This database was made before Tilth's first release (schema {foreign[0]}) and cannot be brought "
            "to this version. If it is the playground's, start over: `tilth play --reset`, or `make play "
            "RESET=1`. If people's answers are in it, keep the file and set TILTH_STORE__URL to a new one."
        )
    if foreign:
        raise SchemaTooNew(
            f"This database was written by a newer Tilth (schema {foreign[0]}, this version knows "
            f"{'-'.join(heads) or 'none'}). Install that version again, or restore the backup "
            "that was made before it migrated (`tilth restore FILE --over`)."
        )
    return set(found) == set(heads)


def _migrate(connection: Connection, scripts: Path) -> None:
    # Only here: importing Alembic takes as long as half a start, and most starts have nothing to migrate.
    from bot.store.migration_scripts import run_scripts

    run_scripts(connection, scripts)
