"""The migration scripts: run on a database, compared with the tables of the code, and written anew, by Alembic."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, MetaData

from bot.store.engine import build_engine
from bot.store.revisions import SCRIPTS, known_revisions
from bot.store.schema import metadata
from bot.store.types import EnumText
from bot.store.word_index import MADE_BY_HAND

# The revisions of released versions are r0001, r0002, …; those before the first release were plain numbers.
REVISION = "r{number:04}"


def run_scripts(connection: Connection, scripts: Path, revision: str = "head") -> None:
    """Bring a database to the newest revision, or to this one, in the transaction of this connection."""
    command.upgrade(_config(scripts, connection=connection), revision)


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
    number = len(known_revisions(scripts)) + 1
    engine = build_engine(url, "migrate")
    try:
        with engine.begin() as connection:
            run_scripts(connection, scripts)
        with engine.connect() as connection:
            config = _config(scripts, connection=connection, tables=tables)
            made: Any = command.revision(
                config, message, autogenerate=True, rev_id=REVISION.format(number=number)
            )
    finally:
        engine.dispose()
    return Path(made.path)
