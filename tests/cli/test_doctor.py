"""What `tilth doctor` says of a database that is not well: what it is, and what really mends it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from bot.cli.doctor import examine_deployment
from bot.platforms import PLATFORMS
from bot.settings.environment import load
from bot.store import file_system
from bot.store.migrate import upgrade
from bot.store.sqlite import sqlite3

PAGE = 4096


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A database that Tilth has made, with enough in it to have something to damage."""
    monkeypatch.setenv("TILTH_STORE__URL", f"sqlite:///{tmp_path}/tilth.db")
    monkeypatch.setenv("TILTH_STORE__FOLDER", str(tmp_path))
    upgrade(f"sqlite:///{tmp_path}/tilth.db")
    return tmp_path / "tilth.db"


async def about_database() -> tuple[str, str, str]:
    """The line of the doctor about the database."""
    found = await examine_deployment(load(PLATFORMS, _env_file=None), offline=True)
    return next(one for one in found if one[1].startswith(("The database", "There is no database")))


def damage(file: Path, at: int, words: bytes) -> None:
    with file.open("r+b") as whole:
        whole.seek(at)
        whole.write(words)


@pytest.mark.parametrize(
    "at", [PAGE - 200, 5 * PAGE, 40 * PAGE], ids=["where tables are listed", "a table", "deep inside"]
)
async def test_a_damaged_file_is_restored_and_not_started(file, at):
    damage(file, at, b"\x00\xff" * 90)
    level, what, fix = await about_database()
    assert level == "error"
    assert "damaged" in what
    assert "migrates" not in fix
    assert "restore" in fix.lower()


async def test_what_is_no_database_is_a_wrong_setting(file):
    file.write_bytes(b"minutes of the staff meeting " * 300)
    level, what, fix = await about_database()
    assert (level, "migrates" in fix) == ("error", False)
    assert "not a database" in what
    assert "TILTH_STORE__URL" in fix


async def test_it_says_which_journal_a_start_takes_and_changes_none(file, monkeypatch):
    def mode() -> str:
        with closing(sqlite3.connect(file)) as looking:
            return str(looking.execute("PRAGMA journal_mode").fetchone()[0])

    before = mode()
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 53, 4))
    monkeypatch.setattr(file_system, "read_mounts", lambda: "27 1 254:0 / / rw,relatime - ext4 x rw\n")
    found = await examine_deployment(load(PLATFORMS, _env_file=None), offline=True)
    [said] = [one for one in found if "write-ahead log (WAL)" in one[1]]
    assert said[0] == "ok"
    assert "ext4 is a local file system" in said[1]
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    monkeypatch.setenv("TILTH_STORE__JOURNAL", "wal")
    found = await examine_deployment(load(PLATFORMS, _env_file=None), offline=True)
    assert [one[0] for one in found if "can corrupt a database in WAL mode" in one[1]] == ["error"]
    assert mode() == before


async def test_a_log_of_another_database_is_found_and_not_taken_in(file):
    beside = file.with_name(file.name + "-wal")
    beside.write_bytes(b"a log")
    level, what, fix = await about_database()
    assert level == "error"
    assert "belongs to the database that stood here before this one" in what
    assert "Start Tilth, which removes it" in fix
    assert beside.read_bytes() == b"a log"


async def test_a_database_without_its_tables_is_migrated_by_a_start(file):
    file.unlink()
    with closing(sqlite3.connect(file)) as blank:
        blank.execute("CREATE TABLE other (id INTEGER)")
    level, _, fix = await about_database()
    assert (level, fix) == ("error", "Start Tilth once; it migrates.")


async def test_a_server_that_is_away_is_started_first(file, monkeypatch):
    monkeypatch.setenv("TILTH_STORE__URL", "postgresql://tilth:secret@127.0.0.1:9/tilth")
    level, what, fix = await about_database()
    assert level == "error"
    assert "No connection to PostgreSQL" in what
    assert "secret" not in what + fix
    assert "migrates" not in fix


async def test_a_sound_database_is_well(file):
    assert (await about_database())[0] == "ok"


async def test_a_time_zone_that_nobody_set_is_told(file, monkeypatch):
    async def about_zone() -> list[tuple[str, str, str]]:
        return [
            one
            for one in await examine_deployment(load(PLATFORMS, _env_file=None), offline=True)
            if "time zone" in one[1]
        ]

    [(level, what, fix)] = await about_zone()
    assert (level, "America/Chicago" in what, "TILTH_COMMUNITY__ZONE" in fix) == ("warning", True, True)
    monkeypatch.setenv("TILTH_COMMUNITY__ZONE", "America/Denver")
    [(level, what, fix)] = await about_zone()
    assert (level, what, fix) == ("ok", "The time zone is America/Denver.", "")
    monkeypatch.setenv("TILTH_COMMUNITIES__NORTH__NAME", "North")
    [(level, what, fix)] = await about_zone()
    assert (level, what) == (
        "warning", "No time zone is set for North: days and times are those of America/Chicago.",
    )  # fmt: skip
