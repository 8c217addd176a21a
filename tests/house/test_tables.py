"""The tables that the code defines are the tables that the migrations make."""

from __future__ import annotations

from bot import all_tables
from bot.store.engine import build_engine
from bot.store.migrate import upgrade
from bot.store.migration_scripts import differences


def test_models_and_migrations_agree(database_url):
    upgrade(database_url)
    assert differences(database_url) == []


def test_every_row_of_a_member_or_message_carries_its_community():
    # These belong to nobody's community: they are about processes, spaces, or the tables themselves.
    free = {"community", "shelf", "lease", "epoch", "secret_name"}
    without = {
        name
        for name, table in all_tables.metadata.tables.items()
        if "community_id" not in table.c and name not in free
    }
    # Pacing, circuits and lanes are about a space's credentials, which one community owns.
    assert without <= {"pace", "circuit", "bucket", "reading", "lane", "lane_change"}, without


def test_every_member_id_points_to_its_member():
    """By that, linking two accounts finds the rows that move."""
    loose = {
        f"{name}.{column.name}"
        for name, table in all_tables.metadata.tables.items()
        for column in table.columns
        if column.name == "member_id" and not column.foreign_keys
    }
    assert loose == set()


def test_upgrading_twice_changes_nothing(sqlite_url):
    upgrade(sqlite_url)
    upgrade(sqlite_url)
    engine = build_engine(sqlite_url, "read")
    with engine.connect() as conn:
        assert conn.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    engine.dispose()
