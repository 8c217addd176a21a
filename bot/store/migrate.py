"""Migrations: the tables are brought to this version at start, one process at a time."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, inspect, text
from sqlalchemy.exc import DBAPIError

from bot.store import dialect
from bot.store.backup import copy_database
from bot.store.engine import build_engine, database_file
from bot.store.errors import SchemaTooNew, SchemaTooOld, StoreUnavailable
from bot.store.schema import metadata
from bot.store.secret import fingerprint_in
from bot.store.sqlite import sqlite3
from bot.store.types import EnumText
from bot.store.word_index import MADE_BY_HAND

SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 7_106_849_104  # any number, the same in every version of Tilth
PATIENCE_SECONDS = 120.0
POLL_SECONDS = 0.1
# The revisions of released versions are r0001, r0002, …; those before the first release were plain numbers.
REVISION = "r{number:04}"


def upgrade(url: str, *, scripts: Path = SCRIPTS, patience_seconds: float = PATIENCE_SECONDS) -> Path | None:
    """Bring the database to the newest schema this code knows; at every start, blocking.

    Costs one query when there is nothing to do. SQLite: the file is first copied to
    `<file>.before-<revision>.<fingerprint of its secret>`, which is returned, then everything happens in one transaction. PostgreSQL:
    an advisory lock on a connection of its own lets one process migrate while the others wait. Raises
    `SchemaTooNew`, `SchemaTooOld`, `StoreUnavailable` (also after waiting `patience_seconds`), and what a
    migration raises.
    """
    engine = build_engine(url, "migrate")
    try:
        if _needs_nothing(url, scripts):
            return None
        if engine.dialect.name == "sqlite":
            return _upgrade_sqlite(engine, url, scripts)
        with _turn(engine, patience_seconds), engine.begin() as connection:
            if not _is_current(connection, scripts):
                _run(connection, scripts)
    except DBAPIError as error:
        fault = dialect.make_fault(error)
        if fault is None:
            raise
        raise fault from error
    finally:
        engine.dispose()
    return None


def _needs_nothing(url: str, scripts: Path) -> bool:
    """Look without a lock, so that a start with nothing to do disturbs nobody."""
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
            before = "-".join(_revisions(connection)) or "first"
            name = fingerprint_in(connection)  # the secret that whoever restores the copy needs
            kept = path.with_name(f"{path.name}.before-{before}" + (f".{name}" if name else ""))
            _copy_aside(engine, kept)
        _run(connection, scripts)
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
def _turn(engine: Engine, patience_seconds: float) -> Iterator[None]:
    """Wait for our turn to migrate; the lock ends with its connection, whatever happens to us."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        deadline = time.monotonic() + patience_seconds
        while not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}):
            if time.monotonic() > deadline:
                raise StoreUnavailable(
                    f"Another Tilth has been migrating this database for {patience_seconds:.0f} seconds. "
                    "Wait for it, or look in PostgreSQL's pg_stat_activity for what holds it up."
                )
            time.sleep(POLL_SECONDS)
        yield


def _is_current(connection: Connection, scripts: Path) -> bool:
    """Compare the revision in the database with the newest one here; raise `StoreRefused` for a foreign one."""
    known = ScriptDirectory.from_config(_config(scripts))
    ours = {script.revision for script in known.walk_revisions()}
    found = _revisions(connection)
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
            f"{'-'.join(known.get_heads()) or 'none'}). Install that version again, or restore the backup "
            "that was made before it migrated."
        )
    return set(found) == set(known.get_heads())


def known_revisions(scripts: Path = SCRIPTS) -> list[str]:
    """The schema revisions that this code knows, the newest first."""
    found = ScriptDirectory.from_config(_config(scripts)).walk_revisions()
    return [script.revision for script in found]


def read_revision(connection: Connection) -> str:
    """The schema revision of a database; empty where it has none."""
    return "-".join(_revisions(connection))


def _revisions(connection: Connection) -> Sequence[str]:
    return MigrationContext.configure(connection).get_current_heads()


def _run(connection: Connection, scripts: Path) -> None:
    command.upgrade(_config(scripts, connection=connection), "head")


def _config(scripts: Path, **attributes: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes.update(attributes)
    return config


def configure(context: Any) -> None:
    """Run the migrations Alembic asks for on the connection that was handed over; called by `env.py`."""
    environment: EnvironmentContext = context
    connection: Connection = environment.config.attributes["connection"]
    environment.configure(
        connection=connection,
        target_metadata=environment.config.attributes.get("tables", metadata),
        **_options(connection),
    )
    environment.run_migrations()


def _options(connection: Connection) -> dict[str, Any]:
    return {
        "compare_type": True,
        "render_as_batch": connection.dialect.name == "sqlite",
        "render_item": _render,
        "include_name": _leave_out(MADE_BY_HAND),
    }


def _leave_out(made_by_hand: Sequence[str]) -> Callable[[str | None, str, Any], bool]:
    """Whether a name is compared: not that of a table whose name begins like this."""

    def ours(name: str | None, kind: str, _parents: Any) -> bool:
        return kind != "table" or not str(name).startswith(tuple(made_by_hand))

    return ours


def _render(kind: str, item: Any, _context: Any) -> Any:
    """Write our own types into a migration so that it keeps working when the code moves on."""
    if kind != "type" or not type(item).__module__.startswith("bot."):
        return False
    if isinstance(item, EnumText):
        return "sa.Text()"
    return f"types.{type(item).__name__}()"


def differences(
    where: str | Engine, *, tables: MetaData = metadata, made_by_hand: Sequence[str] = ()
) -> list[Any]:
    """Compare a migrated database with the tables the code defines; an empty list when they agree.

    Import every records module first. `made_by_hand`: beginnings of the names of tables that a migration
    creates in plain SQL, beside those of the full-text index. The shape of an entry is Alembic's,
    https://alembic.sqlalchemy.org/en/latest/api/autogenerate.html#alembic.autogenerate.compare_metadata.
    """

    engine = build_engine(where, "read") if isinstance(where, str) else where
    try:
        with engine.connect() as connection:
            left_out = _leave_out((*MADE_BY_HAND, *made_by_hand))
            options = {**_options(connection), "include_name": left_out}
            return list(compare_metadata(MigrationContext.configure(connection, opts=options), tables))
    finally:
        if engine is not where:
            engine.dispose()


def new_revision(message: str, url: str, *, scripts: Path = SCRIPTS, tables: MetaData = metadata) -> Path:
    """Write the next numbered migration from what the code defines beyond the database at `url`.

    `url` names an empty database (SQLite will do); it is brought to the newest revision first. Import
    every records module before, and read what was written before committing it.
    """
    upgrade(url, scripts=scripts)
    number = sum(1 for _ in ScriptDirectory.from_config(_config(scripts)).walk_revisions()) + 1
    engine = build_engine(url, "migrate")
    try:
        with engine.connect() as connection:
            config = _config(scripts, connection=connection, tables=tables)
            made: Any = command.revision(
                config, message, autogenerate=True, rev_id=REVISION.format(number=number)
            )
    finally:
        engine.dispose()
    return Path(made.path)
