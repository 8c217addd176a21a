"""A backup: whole, of one moment, while the bot writes; in a folder, where old ones go and the list of the erased stays."""

from __future__ import annotations

import json
import stat
import threading
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select

from bot.backups.folder import add_backup, find_backups
from bot.cli.startup import CONFIG
from bot.people.privacy import LIST
from bot.store import StoreRefused, metadata
from bot.store.backup_file import check_parts, read_manifest
from bot.store.migrate import upgrade
from bot.store.revisions import known_revisions
from bot.store.secret import DatabaseSecret
from bot.store.store import Store
from bot.store.unfinished import mark_unfinished
from tests.backups.conftest import run_and_kill
from tests.backups.filling import SECRET, WORDS, fill_everything

NOW = datetime(2026, 11, 29, 17, 45, tzinfo=UTC)
KILLED = """
import zipfile
from datetime import UTC, datetime
from bot.backups.folder import add_backup
zipfile.ZipFile.writestr = lambda *_: kill()
add_backup(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[2]), datetime(2026, 11, 29, tzinfo=UTC))
"""
KILLED_COPYING = KILLED.replace("import zipfile\n", "import bot.store.backup\n").replace(
    "zipfile.ZipFile.writestr", "bot.store.backup.sync_path"
)
"""The same while SQLite's file is copied, the longest step."""


def test_a_backup_is_private_names_what_is_in_it_and_holds_no_secret(database_url, tmp_path, tilth):
    fill_everything(database_url)
    done = tilth(tmp_path / "data", database_url, "backup")
    assert done.exit_code == 0, done.output
    [file] = find_backups(tmp_path / "data" / "backups")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    manifest = read_manifest(file)
    check_parts(file, manifest)
    name = DatabaseSecret(SECRET.encode()).fingerprint
    assert (manifest.schema, manifest.secret) == (known_revisions()[0], name)
    assert manifest.rows["member"] == 3
    assert set(manifest.rows) - set(metadata.tables) == {"alembic_version"}
    with zipfile.ZipFile(file) as whole:
        held = b"".join(whole.read(one) for one in whole.namelist())
    assert SECRET.encode() not in held
    assert ("SQLite" if database_url.startswith("sqlite") else "no pg_dump is needed") in done.output
    assert name in done.output
    assert "loud" in WORDS
    assert "loud" not in done.output
    told = json.loads(tilth(tmp_path / "data", database_url, "backup", tmp_path / "one.zip", "--json").output)
    assert (told["file"], told["rows"]) == (str(tmp_path / "one.zip"), manifest.total)


def test_a_backup_made_while_the_bot_writes_is_of_one_moment(database_url, tmp_path):
    fill_everything(database_url, rows=1)
    circuit, pace = metadata.tables["circuit"], metadata.tables["shelf"]
    stop, written = threading.Event(), 0
    with Store.open(database_url) as store:
        shelf = store.read_now(lambda conn: dict(conn.execute(select(pace)).one()._mapping))
        broken = store.read_now(lambda conn: dict(conn.execute(select(circuit)).one()._mapping))

        def pair(conn: Connection) -> None:
            conn.execute(insert(circuit), broken | {"lane": f"lane {written}"})
            conn.execute(
                insert(pace), shelf | {key.name: f"{key.name} {written}" for key in pace.primary_key.columns}
            )

        def write() -> None:
            nonlocal written
            while not stop.is_set():
                written += 1
                store.write_now(pair)

        writing = threading.Thread(target=write)
        writing.start()
        try:
            made = [
                add_backup(database_url, tmp_path, tmp_path / "kept", NOW + timedelta(minutes=n))
                for n in range(3)
            ]
        finally:
            stop.set()
            writing.join()
        last = store.read_now(lambda conn: conn.scalar(select(func.count()).select_from(circuit)))
    counts = [(one.manifest.rows["circuit"], one.manifest.rows["shelf"]) for one in made]
    assert all(one == other for one, other in counts), counts
    assert 0 < counts[0][0] <= counts[-1][0] <= last
    assert last > 1, "something was written meanwhile"


def test_the_newest_stay_and_what_is_no_backup_is_left_alone(sqlite_url, tmp_path):
    fill_everything(sqlite_url, rows=1)
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "tilth-notes.zip").write_text("mine")
    for day in range(4):
        made = add_backup(sqlite_url, tmp_path, kept, NOW + timedelta(days=day), keep=2)
    assert made.deleted == 1
    assert [one.name for one in find_backups(kept)] == [
        "tilth-20261202T174500Z.zip",
        "tilth-20261201T174500Z.zip",
    ]
    assert {one.name for one in kept.iterdir()} - {one.name for one in find_backups(kept)} == {
        LIST,
        "tilth-notes.zip",
    }


def test_killed_it_leaves_no_backup_and_the_next_one_clears_up(database_url, tmp_path):
    fill_everything(database_url, rows=1)
    kept = tmp_path / "kept"
    whole = add_backup(database_url, tmp_path, kept, NOW).path.read_bytes()
    run_and_kill(KILLED, database_url, kept)
    [before] = find_backups(kept)
    assert before.read_bytes() == whole
    assert [one for one in kept.iterdir() if one.name.startswith(".")], "it was killed in the middle"
    add_backup(database_url, tmp_path, kept, NOW + timedelta(days=1))
    assert not [one for one in kept.iterdir() if one.name.startswith(".")]


@pytest.mark.parametrize("killed", [KILLED, KILLED_COPYING], ids=["at the end", "while copying"])
@pytest.mark.parametrize("name", ["kept", "kept/today.zip"])
def test_nothing_of_a_killed_backup_of_sqlite_is_left_by_the_next(sqlite_url, tmp_path, killed, name):
    fill_everything(sqlite_url, rows=1)
    kept, target = tmp_path / "kept", tmp_path / name
    kept.mkdir()
    add_backup(sqlite_url, tmp_path, target, NOW)
    (kept / ".today.zip.mine").write_text("not ours")
    run_and_kill(killed, sqlite_url, target)
    left = {one.name for one in kept.iterdir() if one.name.startswith(".")}
    assert len(left) > 1, "it was killed in the middle"
    add_backup(sqlite_url, tmp_path, target, NOW + timedelta(days=1))
    assert [one.name for one in kept.iterdir() if one.name.startswith(".")] == [".today.zip.mine"]


def test_the_list_beside_a_backup_knows_what_the_database_and_the_data_folder_know(sqlite_url, tmp_path):
    fill_everything(sqlite_url)
    (tmp_path / LIST).write_text("1 abc 2026-10-05T08:00:00+00:00 asked\n")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / LIST).write_text("1 cut-of")
    beside = add_backup(sqlite_url, tmp_path, tmp_path / "kept", NOW).list.read_text().splitlines()
    assert beside[:2] == ["1 cut-of", "1 abc 2026-10-05T08:00:00+00:00 asked"], (
        "what was cut off takes nothing along"
    )
    assert len(beside) > 2


def test_the_list_is_beside_a_backup_also_where_nobody_was_erased(database_url, tmp_path, tilth):
    upgrade(database_url)
    made = add_backup(database_url, tmp_path, tmp_path / "kept", NOW)
    assert made.list.read_text() == ""
    assert made.list.stat().st_mode & 0o077 == 0


def test_a_number_to_keep_needs_a_folder_and_an_unfinished_database_is_no_backup(sqlite_url, tmp_path, tilth):
    refused = tilth(tmp_path / "data", sqlite_url, "backup", tmp_path / "one.zip", "--keep", "3")
    assert refused.exit_code == 2
    assert "Name a folder" in refused.output
    assert tilth(tmp_path / "data", sqlite_url, "backup", tmp_path / "one.zip").exit_code == CONFIG
    mark_unfinished(sqlite_url)
    with pytest.raises(StoreRefused, match="did not come to its end"):
        add_backup(sqlite_url, tmp_path, tmp_path / "one.zip", NOW)
    assert not Path(tmp_path / "one.zip").exists()
