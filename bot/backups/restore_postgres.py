"""The place of a PostgreSQL database, into which a backup is put: all of it is one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from bot.delivery.restore_guard import forget_tokens
from bot.people.privacy import Erasures
from bot.store import dialect, postgres_rows
from bot.store.backup_file import BackupManifest, damaged, name_moment, read_part, write_backup
from bot.store.engine import build_engine, name_database
from bot.store.errors import AlreadyRunning, StoreRefused
from bot.store.migrate import wait_for_turn
from bot.store.revisions import SCRIPTS, read_revision
from bot.store.unfinished import At, is_free, mark_unfinished, remove_mark

PATIENCE = 10.0
"""Seconds to wait for another process that migrates or restores the same database."""


class PostgresTarget:
    """A PostgreSQL database that is to be replaced, or filled."""

    def __init__(self, url: str, data: Path, now: datetime) -> None:
        """The time goes into the name of the file in `data` that the old rows are kept in."""
        self._url, self._now = url, now
        self._engine = build_engine(url, "migrate")
        self.beside = data / f"replaced-{name_moment(now)}.zip"
        """Where a backup of the old rows is afterwards."""

    @property
    def name(self) -> str:
        """The place, as an operator knows it, without its password."""
        return name_database(self._url)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep every bot from starting here meanwhile; raises `AlreadyRunning` where one is connected."""
        try:
            with dialect.faults(), hold_alone(self._engine, self.name):
                yield
        finally:
            self._engine.dispose()

    def is_free(self) -> bool:
        """Whether nothing is here."""
        with self._engine.connect() as conn:
            return is_free(conn)

    def share_erasures(self, erasures: Erasures) -> bool:
        """Bring what the old database knows of erased people into the list; true, since it can be read."""
        with self._engine.connect() as conn:
            if not read_revision(conn):
                raise StoreRefused(
                    f"{self.name} has tables in it that are not of Tilth. Give Tilth a database of its own."
                )
            erasures.share(conn)
        return True

    def fill(self, file: Path, manifest: BackupManifest, *, free: bool, at: At) -> Path | None:
        """Put the backup here; where the old rows are now. Raises `StoreFault`."""
        if free:
            mark_unfinished(self._url)
        else:
            write_backup(self._url, self.beside, self._now)
        at("marked")
        with self._engine.begin() as conn:
            postgres_rows.lift_limits(conn)
            if free:
                remove_mark(conn)
            else:
                postgres_rows.drop_everything(conn)
            _make_tables(conn, manifest.schema)
            at("unpacked")
            _put_rows(conn, file, manifest)
            forget_tokens(conn)
            at("kept")
        at("replaced")
        return None if free else self.beside


@contextmanager
def hold_alone(engine: Engine, name: str) -> Iterator[None]:
    """Keep every start waiting at this database; raises `AlreadyRunning` where Tilth is connected, from whatever machine."""
    with wait_for_turn(engine, PATIENCE) as conn:  # counted afterwards: whoever is not here yet has to wait
        if postgres_rows.count_others(conn):
            raise AlreadyRunning(f"Tilth is running on {name}. Stop every process of it first.")
        yield


def _make_tables(conn: Connection, schema: str) -> None:
    # Only here: importing Alembic takes as long as half a start.
    from bot.store.migration_scripts import run_scripts

    run_scripts(conn, SCRIPTS, schema)


def _put_rows(conn: Connection, file: Path, manifest: BackupManifest) -> None:
    """Fill new tables, and count what is in them then; raises `StoreRefused`, and nothing of it stays."""
    tables = list(postgres_rows.list_tables(conn))
    postgres_rows.empty_tables(conn, tables)
    if {f"{one}.copy" for one in tables} != set(manifest.parts):
        raise damaged(file)
    try:
        for table in tables:
            name = f"{table}.copy"
            blocks = read_part(file, manifest, name)
            postgres_rows.write_rows(conn, table, manifest.parts[name].columns, blocks)
            quoted = conn.dialect.identifier_preparer.quote_identifier(table)
            if conn.execute(text(f"SELECT count(*) FROM {quoted}")).scalar_one() != manifest.rows[table]:  # noqa: S608
                raise damaged(file)
        postgres_rows.continue_sequences(conn, manifest.ids)
    except KeyError as error:  # a table that its manifest does not count
        raise damaged(file) from error
    except DBAPIError as error:
        fault = dialect.make_fault(
            error
        )  # what is away is said so; rows that do not fit are of a damaged file
        raise damaged(file) if fault is None else fault from error
