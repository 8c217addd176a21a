"""A copy of a whole database: every table and type both ways, verified, refused where somebody is, and all or nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, insert, select, text

from bot.backups import copy
from bot.cli.startup import CONFIG, TEMPORARY
from bot.store import StoreRefused, StoreUnavailable, metadata
from bot.store.engine import build_engine
from bot.store.migrate import upgrade
from bot.store.rows import highest_id, read_lines
from bot.store.single_process import hold_database
from bot.store.store import Store
from tests.backups.conftest import run_and_kill
from tests.backups.filling import fill_everything, read_everything

KILLED = """
import bot.all_tables
from bot.backups.copy import copy_rows
copy_rows(sys.argv[1], sys.argv[2], lambda point: kill() if point == sys.argv[3] else None)
"""


def without(found: dict[str, list[bytes]]) -> dict[str, list[bytes]]:
    return {name: rows for name, rows in found.items() if name not in copy.STAYS}


def ids(url: str) -> dict[str, int]:
    engine = build_engine(url, "read")
    try:
        with engine.connect() as conn:
            return {table.name: highest_id(conn, table) for table in metadata.sorted_tables}
    finally:
        engine.dispose()


@pytest.fixture(params=["to PostgreSQL", "to SQLite"])
def way(request, sqlite_url, postgres_url) -> tuple[str, str]:
    """From where to where."""
    return (sqlite_url, postgres_url) if request.param == "to PostgreSQL" else (postgres_url, sqlite_url)


@pytest.mark.postgres
def test_every_table_arrives_as_it_was_in_the_other_database_and_back(
    tmp_path, sqlite_url, postgres_url, tilth
):
    fill_everything(sqlite_url)
    before, back = read_everything(sqlite_url), f"sqlite:///{tmp_path}/back.db"
    assert min(map(len, before.values())) == 1, "there is something in every table"
    for source, target in ((sqlite_url, postgres_url), (postgres_url, back)):
        done = tilth(tmp_path / "data", source, "copy", source, target)
        assert done.exit_code == 0, done.output
        assert "all were read back and compared" in done.output
        found = read_everything(target)
        assert without(found) == without(before)
        assert ids(target) == ids(sqlite_url) | dict.fromkeys(copy.STAYS, 0), "no id is given twice"
        assert [name for name in copy.STAYS if found[name]] == [], (
            "everybody takes it for a database of its own"
        )
    assert read_everything(sqlite_url) == before, "nothing was changed where it came from"
    with Store.open(postgres_url) as store:
        table = metadata.tables["member"]
        values = {
            "community_id": 1,
            "name": "New",
            "created_at": store.read_now(lambda conn: conn.scalar(select(table.c.created_at))),
        }
        given = store.write_now(lambda conn: conn.execute(insert(table), values).inserted_primary_key[0])
    assert given > ids(sqlite_url)["member"]


@pytest.mark.postgres
@pytest.mark.slow
def test_killed_it_leaves_a_target_that_says_so_and_is_taken_again(way):
    source, target = way
    fill_everything(source)
    before = read_everything(source)
    for point in ("marked", "half filled", "filled"):
        run_and_kill(KILLED, source, target, point)
        assert read_everything(source) == before
        with pytest.raises(StoreRefused, match="did not come to its end"):
            upgrade(target)
    run_and_kill(KILLED, source, target, "committed")
    upgrade(target)
    assert without(read_everything(target)) == without(before)


@pytest.mark.postgres
def test_a_target_in_use_and_one_with_something_in_it_are_refused(way, tmp_path, tilth):
    source, target = way
    fill_everything(source)
    with Store.open(target) as running, hold_database(target):
        running.read_now(lambda conn: conn.scalar(text("SELECT 1")))
        refused = tilth(tmp_path / "data", source, "copy", source, target)
        assert refused.exit_code == TEMPORARY
        assert "is running on" in refused.output
    upgrade(target)
    refused = tilth(tmp_path / "data", source, "copy", source, target)
    assert refused.exit_code == CONFIG
    assert "There is something in" in refused.output
    assert read_everything(target)["member"] == []


@pytest.mark.postgres
def test_a_source_in_use_is_refused(way):
    source, target = way
    fill_everything(source, rows=1)
    with Store.open(source) as running, hold_database(source):
        running.read_now(lambda conn: conn.scalar(text("SELECT 1")))
        with pytest.raises(StoreRefused, match="is running on"):
            copy.copy_rows(source, target)


@pytest.mark.postgres
def test_a_bot_that_starts_on_postgresql_while_it_is_copied_waits(way):
    source, target = way
    server = source if source.startswith("postgresql") else target
    fill_everything(source, rows=1)
    waited = []

    def start(point: str) -> None:
        with pytest.raises(StoreUnavailable, match="migrating or filling"):
            upgrade(server, patience_seconds=0.05)
        waited.append(point)

    copy.copy_rows(source, target, at=start)
    assert waited == ["marked", "half filled", "filled", "committed"]
    upgrade(server, patience_seconds=0.05)


def test_what_cannot_be_copied_is_refused_with_advice(sqlite_url, tmp_path):
    with pytest.raises(StoreRefused, match="no database at"):
        copy.copy_rows(sqlite_url, f"sqlite:///{tmp_path}/new.db")
    upgrade(sqlite_url)
    with pytest.raises(StoreRefused, match="the same database"):
        copy.copy_rows(sqlite_url, f"sqlite:///{tmp_path}/./tilth.db")
    with Store.open(sqlite_url) as store:
        store.write_now(
            lambda conn: conn.execute(text("UPDATE alembic_version SET version_num = 'r0000'")).rowcount
        )
    with pytest.raises(StoreRefused, match="Start it there once"):
        copy.copy_rows(sqlite_url, f"sqlite:///{tmp_path}/new.db")


@pytest.mark.postgres
def test_a_row_that_did_not_arrive_undoes_the_copy(postgres_url, sqlite_url):
    fill_everything(sqlite_url, rows=1)
    upgrade(postgres_url)
    engine = build_engine(postgres_url, "write")
    with engine.begin() as new:
        member = metadata.tables["member"]
        digest = copy.TableDigest(1, 7, 1)
        new.execute(delete(member))
        with pytest.raises(StoreRefused, match="did not arrive as it was"):
            copy._verify(new, [member], {"member": digest})
        assert list(read_lines(new, member)) == []
    engine.dispose()


@pytest.mark.postgres
def test_a_row_that_the_other_database_cannot_hold_is_named_by_its_table_alone(sqlite_url, postgres_url):
    fill_everything(sqlite_url, rows=1)
    with Store.open(sqlite_url) as store:
        store.write_now(
            lambda conn: conn.execute(text("UPDATE member SET name = 'Ida' || char(0) || 'Vale'")).rowcount
        )
    with pytest.raises(StoreRefused, match="the table member cannot be copied") as refused:
        copy.copy_rows(sqlite_url, postgres_url)
    assert "Ida" not in str(refused.value)
    with pytest.raises(StoreRefused, match="did not come to its end"):
        upgrade(postgres_url)
