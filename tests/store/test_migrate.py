"""Migrations: every database comes to this version's tables once, whole, and never backwards."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, ForeignKey, Integer, MetaData, Table, Text, inspect, text
from sqlalchemy.exc import OperationalError

from bot.store import (
    EnumText,
    Json,
    SchemaTooNew,
    SchemaTooOld,
    Store,
    StoreUnavailable,
    UtcDateTime,
    migrate,
)
from bot.store.engine import build_engine
from bot.store.migrate import LOCK, upgrade
from bot.store.migration_scripts import differences, new_revision
from bot.store.revisions import SCRIPTS
from bot.store.schema import NAMES
from bot.store.secret import secret_name
from bot.store.sqlite import sqlite3
from tests.store.tables import Mood

FIRST = """
    op.create_table("deck", sa.Column("id", sa.Integer, primary_key=True), sa.Column("title", sa.Text))
    op.create_table(
        "prompt",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("deck", sa.Integer, sa.ForeignKey("deck.id", ondelete="CASCADE"), nullable=False),
    )
"""
SECOND = """
    with op.batch_alter_table("deck") as batch:
        batch.alter_column("title", existing_type=sa.Text, nullable=False)
        batch.add_column(sa.Column("slug", sa.Text, server_default="", nullable=False))
"""
FAILS = """
    op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("DELETE FROM prompt")
    op.execute("SELECT 1 FROM nowhere")
"""
ORPHANS = """
    op.execute("DELETE FROM deck")
"""

Scripts = Callable[..., Path]


@pytest.fixture
def scripts(tmp_path: Path) -> Scripts:
    """Return a way to make a folder of migrations with these steps in it."""

    def write(*steps: str) -> Path:
        folder = tmp_path / f"migrations{len(steps)}"
        (folder / "versions").mkdir(parents=True, exist_ok=True)
        for name in ("env.py", "script.py.mako"):
            shutil.copy(SCRIPTS / name, folder)
        for number, step in enumerate(steps, 1):
            before = repr(f"r{number - 1:04}") if number > 1 else None
            (folder / "versions" / f"r{number:04}_step.py").write_text(
                f"import sqlalchemy as sa\nfrom alembic import op\n\nrevision = 'r{number:04}'\n"
                f"down_revision = {before}\n\n\ndef upgrade():{step}\n"
            )
        return folder

    return write


def names(conn: Connection) -> set[str]:
    return set(inspect(conn).get_table_names())


def fill(conn: Connection) -> None:
    conn.execute(text("INSERT INTO deck (id, title) VALUES (1, 'Soil')"))
    conn.execute(text("INSERT INTO prompt (id, deck) VALUES (1, 1), (2, 1)"))


def prompts(conn: Connection) -> int:
    return int(conn.scalar(text("SELECT count(*) FROM prompt")) or 0)


def version(conn: Connection) -> str:
    return str(conn.scalar(text("SELECT version_num FROM alembic_version")))


def test_an_empty_database_gets_every_table(database_url: str, scripts: Scripts):
    assert upgrade(database_url, scripts=scripts(FIRST, SECOND)) is None
    with Store.open(database_url) as store:
        assert store.read_now(names) == {"deck", "prompt", "alembic_version"}
        assert store.read_now(version) == "r0002"


def test_a_database_in_use_keeps_its_rows(database_url: str, scripts: Scripts):
    """Altering a table on SQLite makes it anew; dropping the old one must not take its children along."""
    upgrade(database_url, scripts=scripts(FIRST))
    with Store.open(database_url) as store:
        store.write_now(fill)
    upgrade(database_url, scripts=scripts(FIRST, SECOND))
    with Store.open(database_url) as store:
        assert store.read_now(prompts) == 2
        assert store.read_now(lambda conn: conn.scalar(text("SELECT slug FROM deck"))) == ""
        # And foreign keys are watched again afterwards.
        store.write_now(lambda conn: conn.execute(text("DELETE FROM deck")).rowcount)
        assert store.read_now(prompts) == 0


def test_a_migration_that_fails_leaves_everything_as_it_was(database_url: str, scripts: Scripts):
    upgrade(database_url, scripts=scripts(FIRST))
    with Store.open(database_url) as store:
        store.write_now(fill)
    with pytest.raises(Exception, match="nowhere"):
        upgrade(database_url, scripts=scripts(FIRST, SECOND, FAILS))
    with Store.open(database_url) as store:
        assert store.read_now(names) == {"deck", "prompt", "alembic_version"}
        assert store.read_now(version) == "r0001"
        assert store.read_now(prompts) == 2
    upgrade(database_url, scripts=scripts(FIRST, SECOND))


def test_a_migration_that_breaks_a_foreign_key_is_not_committed(sqlite_url: str, scripts: Scripts):
    upgrade(sqlite_url, scripts=scripts(FIRST))
    with Store.open(sqlite_url) as store:
        store.write_now(fill)
        with pytest.raises(RuntimeError, match="2 rows pointing nowhere"):
            upgrade(sqlite_url, scripts=scripts(FIRST, ORPHANS))
        assert store.read_now(version) == "r0001"


def test_sqlite_is_copied_before_it_is_changed(sqlite_url: str, scripts: Scripts):
    upgrade(sqlite_url, scripts=scripts(FIRST))
    with Store.open(sqlite_url) as store:
        store.write_now(fill)
    kept = upgrade(sqlite_url, scripts=scripts(FIRST, SECOND))
    assert kept is not None
    assert kept.name == "tilth.db.before-r0001"
    with closing(sqlite3.connect(kept)) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [("r0001",)]
        assert copy.execute("SELECT count(*) FROM prompt").fetchall() == [(2,)]


def test_the_copy_made_before_migrating_names_its_secret(sqlite_url: str, scripts: Scripts):
    upgrade(sqlite_url, scripts=scripts(FIRST))
    with Store.open(sqlite_url) as store:
        store.write_now(lambda conn: secret_name.create(conn))
        store.write_now(
            lambda conn: conn.execute(secret_name.insert().values(id=1, fingerprint="1f3a-90c2")).rowcount
        )
    kept = upgrade(sqlite_url, scripts=scripts(FIRST, SECOND))
    assert kept is not None
    assert kept.name == "tilth.db.before-r0001.1f3a-90c2"


def test_nothing_is_copied_or_locked_when_there_is_nothing_to_do(sqlite_url: str, scripts: Scripts):
    steps = scripts(FIRST)
    upgrade(sqlite_url, scripts=steps)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert upgrade(sqlite_url, scripts=steps) is None
    assert [found.name for found in path.parent.glob("tilth.db*")] == ["tilth.db"]


def test_whoever_waited_for_the_lock_looks_again(
    database_url: str, scripts: Scripts, monkeypatch: pytest.MonkeyPatch
):
    steps = scripts(FIRST)
    upgrade(database_url, scripts=steps)
    # What it sees without the lock is old by the time it has the lock.
    monkeypatch.setattr(migrate, "_needs_nothing", lambda *_: False)
    assert upgrade(database_url, scripts=steps) is None


def test_a_newer_schema_is_refused_with_advice(database_url: str, scripts: Scripts):
    upgrade(database_url, scripts=scripts(FIRST, SECOND))
    with pytest.raises(
        SchemaTooNew, match=r"written by a newer Tilth \(schema r0002, this version knows r0001"
    ):
        upgrade(database_url, scripts=scripts(FIRST))


@pytest.mark.parametrize("revision", ["0001", "0003", "0004", "0005"])
def test_a_database_from_before_the_first_release_is_refused_with_advice(database_url: str, revision: str):
    def leave(conn: Connection) -> None:
        conn.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        conn.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})

    with Store.open(database_url) as store:
        store.write_now(leave)
        with pytest.raises(SchemaTooOld, match=rf"before .* first release \(schema {revision}\).*--reset"):
            upgrade(database_url)
        assert store.read_now(names) == {"alembic_version"}


START = """
import sys
from pathlib import Path
from bot.store.migrate import upgrade
print("ready", flush=True)
sys.stdin.readline()
upgrade(sys.argv[1], scripts=Path(sys.argv[2]))
"""
SLOWLY = FIRST + '    op.execute("SELECT pg_sleep(0.3)")\n'


@pytest.mark.parametrize("count", [3])
def test_processes_that_start_together_migrate_once(database_url: str, scripts: Scripts, count: int):
    steps = scripts(SLOWLY if database_url.startswith("postgres") else FIRST)
    started = [
        subprocess.Popen(
            [sys.executable, "-c", START, database_url, str(steps)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    try:
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        errors = [process.communicate(timeout=60)[1] for process in started]
    finally:
        for process in started:
            process.kill()
            process.communicate()
    assert errors == [""] * count
    assert [process.returncode for process in started] == [0] * count
    with Store.open(database_url) as store:
        assert store.read_now(version) == "r0001"


@pytest.mark.postgres
def test_waiting_for_another_migration_ends(postgres_url: str, scripts: Scripts):
    engine = build_engine(postgres_url, "migrate")
    with engine.connect() as other:
        other.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        with pytest.raises(StoreUnavailable, match="has been migrating or filling this database for"):
            upgrade(postgres_url, scripts=scripts(FIRST), patience_seconds=0.05)
    engine.dispose()
    upgrade(postgres_url, scripts=scripts(FIRST))


def test_waiting_for_a_lock_on_sqlite_ends(
    sqlite_url: str, scripts: Scripts, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(migrate, "build_engine", lambda url, use: build_engine(url, use, busy_seconds=0.05))
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="busy"):
            upgrade(sqlite_url, scripts=scripts(FIRST))


def some_tables() -> MetaData:
    tables = MetaData(naming_convention=NAMES)
    deck = Table("deck", tables, Column("id", Integer, primary_key=True), Column("title", Text, unique=True))
    Table(
        "note",
        tables,
        Column("id", Integer, primary_key=True),
        Column("deck", ForeignKey(deck.c.id), nullable=False, index=True),
        Column("at", UtcDateTime, nullable=False),
        Column("data", Json),
        Column("mood", EnumText(Mood), nullable=False),
    )
    return tables


def test_a_new_revision_makes_tables_and_migrations_agree(
    database_url: str, sqlite_url: str, scripts: Scripts
):
    steps, tables = scripts(), some_tables()
    made = new_revision("first tables", f"{sqlite_url}.draft", scripts=steps, tables=tables)
    assert made.name == "r0001_first_tables.py"
    upgrade(database_url, scripts=steps)
    assert differences(database_url, tables=tables) == []
    with Store.open(database_url) as store:
        assert store.read_now(version) == "r0001"

    Table("note", tables, Column("words", Text), extend_existing=True)
    assert new_revision("words", f"{sqlite_url}.draft", scripts=steps, tables=tables).name == "r0002_words.py"
    upgrade(database_url, scripts=steps)
    assert differences(database_url, tables=tables) == []


def test_differences_are_found(database_url: str, scripts: Scripts):
    tables = some_tables()
    with Store.open(database_url) as store:
        store.write_now(tables.create_all)
        store.write_now(lambda conn: conn.execute(text("CREATE TABLE search_index (a TEXT)")).rowcount)
    assert differences(database_url, tables=tables, made_by_hand=["search_"]) == []
    (extra,) = differences(database_url, tables=tables)
    assert extra[0] == "remove_table"
    Table("note", tables, Column("words", Text), extend_existing=True)
    engine = build_engine(database_url, "read")
    (missing,) = differences(engine, tables=tables, made_by_hand=["search_"])
    engine.dispose()
    assert missing[0] == "add_column"


def test_a_moment_that_became_text_is_a_difference(database_url: str):
    tables = some_tables()
    with Store.open(database_url) as store:
        store.write_now(tables.create_all)
    changed = MetaData(naming_convention=NAMES)
    for table in tables.sorted_tables:
        table.to_metadata(changed)
    changed.tables["note"].c.at.type = Text()
    (found,) = differences(database_url, tables=changed)
    assert found[0][0] == "modify_type"


def test_the_migrations_that_ship_can_be_run(database_url: str):
    """The one that ships is the first release's; what follows it is a step of its own."""
    upgrade(database_url)
    upgrade(database_url)
    with Store.open(database_url) as store:
        assert store.read_now(version) == "r0001"


def test_a_fault_in_a_migration_is_the_migrations_own(sqlite_url: str, scripts: Scripts):
    with pytest.raises(OperationalError, match="nowhere"):
        upgrade(sqlite_url, scripts=scripts(FIRST, FAILS))
