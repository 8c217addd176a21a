"""Opening a database: set up the same way every time, or refused with advice."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.store import Store, StoreRefused, file_system
from bot.store.engine import build_engine, database_file, parse_url


def test_opening_looks_at_the_file_system(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(file_system, "read_mounts", lambda: "27 1 254:0 / / rw - nfs server:/ rw\n")
    with pytest.raises(StoreRefused, match="is on nfs"):
        Store.open(sqlite_url)


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


def test_only_the_writer_brings_the_log_into_the_file(sqlite_url: str):
    def limit(conn: Connection) -> int:
        return int(conn.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar_one())

    with Store.open(sqlite_url) as store:
        assert (store.write_now(limit), store.read_now(limit)) == (1000, 0)
    engine = build_engine(sqlite_url, "migrate")
    with engine.connect() as connection:
        assert limit(connection) == 0


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
