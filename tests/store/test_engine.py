"""Opening a database: set up the same way every time, or refused with advice."""

import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.store import Store, StoreRefused, StoreUnavailable
from bot.store import engine as engine_module
from bot.store.engine import build_engine, database_file, parse_url, refuse_remote, wal_is_safe

MOUNTS = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 27 0:50 / /data rw,relatime shared:7 - nfs4 server:/export rw
41 40 254:1 / /data/local rw,relatime - xfs /dev/vdb rw
42 27 0:51 / /mnt/two\\040words rw - 9p share rw
43 27 0:52 / /host rw - virtiofs share rw
44 27 0:53 / /rclone rw - fuse.rclone remote: rw
45 27 0:54 / /twice rw - ext4 /dev/vdc rw
46 45 0:55 / /twice rw - cifs //server/share rw
47 27 8:1 / /stick rw - fuseblk /dev/sdb1 rw
48 27 0:60 / /container rw - overlay overlay rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/data/tilth.db", "nfs4"),
        ("/mnt/two words/tilth.db", "9p"),
        ("/host/var/tilth.db", "virtiofs"),
        ("/rclone/tilth.db", r"fuse\.rclone"),
        ("/twice/tilth.db", "cifs"),
    ],
)
def test_a_file_system_without_locks_is_refused_with_advice(path: str, kind: str):
    with pytest.raises(StoreRefused, match=rf"is on {kind}, .* Put the file on a local disk"):
        refuse_remote(Path(path), MOUNTS)


@pytest.mark.parametrize(
    "path",
    ["/srv/tilth.db", "/data/local/tilth.db", "/database/tilth.db", "/stick/tilth.db", "/container/tilth.db"],
)
def test_a_local_file_system_is_welcome(path: str):
    refuse_remote(Path(path), MOUNTS)
    refuse_remote(Path(path), "")
    refuse_remote(Path(path), "some nonsense\nin another format - \n")


def test_opening_looks_at_the_file_system(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engine_module, "_mounts", lambda: "27 1 254:0 / / rw - nfs server:/ rw\n")
    with pytest.raises(StoreRefused, match="is on nfs"):
        Store.open(sqlite_url)


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
    ],
)
def test_the_versions_on_which_wal_is_safe(version: tuple[int, ...], safe: bool):
    assert wal_is_safe(version) is safe


def test_wal_is_refused_on_a_version_that_can_lose_data(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(StoreRefused, match="can corrupt a database in WAL mode"):
        Store.open(sqlite_url, journal="wal")


def test_wal_by_setting_and_back(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))

    def mode(conn: Connection) -> str:
        return str(conn.scalar(text("PRAGMA journal_mode")))

    with Store.open(sqlite_url, journal="wal") as store:
        assert store.read_now(mode) == "wal"
        with pytest.raises(StoreUnavailable, match="another program has held it"):
            Store.open(sqlite_url, busy_seconds=0.05)
    with Store.open(sqlite_url) as store:
        assert store.write_now(mode) == "truncate"


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"])
def test_a_database_in_memory_is_refused_with_advice(url: str):
    with pytest.raises(StoreRefused, match="has to be a file"):
        Store.open(url)


def test_other_databases_and_folders_that_are_not_there_are_refused(tmp_path: Path):
    with pytest.raises(StoreRefused, match="SQLite or PostgreSQL, not in mysql"):
        Store.open("mysql://root@localhost/tilth")
    with pytest.raises(StoreRefused, match="not a database URL"):
        Store.open("tilth.db")
    with pytest.raises(StoreRefused, match=r"folder .*missing for the database does not exist"):
        Store.open(f"sqlite:///{tmp_path}/missing/tilth.db")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_of_writing_postgresql_means_psycopg(scheme: str):
    url = f"{scheme}://user:word@host/tilth"
    assert parse_url(url).drivername == "postgresql+psycopg"
    assert database_file(url) is None


def test_the_file_is_readable_by_its_owner_only(sqlite_store: Store):
    path = database_file(sqlite_store.url)
    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def pragmas(conn: Connection) -> dict[str, object]:
    names = ("foreign_keys", "synchronous", "secure_delete", "busy_timeout", "query_only")
    return {name: conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}


def test_sqlite_is_set_up_for_durability(sqlite_url: str):
    with Store.open(sqlite_url) as store:
        expected = {"foreign_keys": 1, "synchronous": 2, "secure_delete": 1, "busy_timeout": 10_000}
        assert store.write_now(pragmas) == expected | {"query_only": 0}
        assert store.read_now(pragmas) == expected | {"query_only": 1}


@pytest.mark.postgres
def test_postgresql_is_set_up_with_limits(postgres_url: str):
    def settings(conn: Connection) -> dict[str, str]:
        names = (
            "application_name",
            "TimeZone",
            "statement_timeout",
            "lock_timeout",
            "idle_in_transaction_session_timeout",
            "transaction_read_only",
            "transaction_isolation",
        )
        return {name: str(conn.scalar(text(f"SHOW {name}"))) for name in names}

    with Store.open(postgres_url) as store:
        expected = {
            "application_name": "tilth",
            "TimeZone": "UTC",
            "statement_timeout": "30s",
            "lock_timeout": "10s",
            "idle_in_transaction_session_timeout": "30s",
        }
        written = expected | {"transaction_read_only": "off", "transaction_isolation": "read committed"}
        assert store.write_now(settings) == written
        read = expected | {"transaction_read_only": "on", "transaction_isolation": "repeatable read"}
        assert store.read_now(settings) == read


@pytest.mark.postgres
def test_options_in_the_url_are_kept_beside_ours(postgres_url: str):
    engine = build_engine(f"{postgres_url}&options=-c%20work_mem%3D5MB", "write")
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW work_mem")) == "5MB"
        assert connection.scalar(text("SHOW TimeZone")) == "UTC"
    engine.dispose()
