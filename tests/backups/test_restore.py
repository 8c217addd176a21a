"""A restore: checked before anything is changed, the old database kept beside, nobody back who was erased."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from bot.backups.folder import add_backup
from bot.backups.restore import examine_backup, restore_backup
from bot.cli.startup import CONFIG, TEMPORARY
from bot.people.privacy import LIST, ErasedAccount, Erasures
from bot.store import StoreRefused, StoreUnavailable, metadata
from bot.store.backup import COPIES, back_up, delete_old_copies
from bot.store.backup_file import read_manifest
from bot.store.engine import database_file
from bot.store.migrate import upgrade
from bot.store.single_process import hold_database
from bot.store.sqlite import sqlite3
from bot.store.store import Store
from tests.backups.conftest import run_and_kill
from tests.backups.filling import SECRET, fill_everything, read_everything
from tests.exports.test_transfer import cut_off, in_manifest, rewrite

NOW = datetime(2026, 11, 29, 17, 45, tzinfo=UTC)
KILLED = """
from datetime import UTC, datetime
from bot.backups.restore import examine_backup, restore_backup
url, file, data, over, stop = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4] == "True", sys.argv[5]
restore_backup(
    file, examine_backup(file, url), url, data, datetime(2026, 11, 29, tzinfo=UTC), over=over,
    at=lambda point: kill() if point == stop else None,
)
"""


def restored(found: dict[str, list[bytes]]) -> dict[str, list[bytes]]:
    """What a database is after a restore: nobody knows it."""
    return found | {"epoch": []}


def rename(url: str, name: str) -> None:
    with Store.open(url) as store:
        store.write_now(
            lambda conn: conn.execute(text("UPDATE member SET name = :name"), {"name": name}).rowcount
        )


def next_id(url: str) -> int:
    """The id that somebody new gets."""
    table = metadata.tables["member"]
    values = {"community_id": 1, "name": "New", "created_at": NOW}
    with Store.open(url) as store:
        return store.write_now(lambda conn: int(conn.execute(insert(table), values).inserted_primary_key[0]))


def test_a_backup_arrives_elsewhere_as_it_was(two_urls, tmp_path, tilth):
    here, there = two_urls
    fill_everything(here)
    assert tilth(tmp_path / "data", here, "backup", tmp_path / "kept").exit_code == 0
    [file] = (tmp_path / "kept").glob("tilth-*.zip")
    done = tilth(tmp_path / "elsewhere", there, "restore", file)
    assert done.exit_code == 0, done.output
    assert "looks in the channels before it posts" in done.output
    assert read_everything(there) == restored(read_everything(here))
    upgrade(there)
    assert next_id(there) == next_id(here), "no id is given twice that was not given twice before"


def test_what_is_there_stays_unless_the_backup_may_take_its_place(two_urls, tmp_path, tilth):
    here, there = two_urls
    fill_everything(here, rows=1)
    assert tilth(tmp_path / "data", here, "backup", tmp_path / "old.zip").exit_code == 0
    rename(here, "Later")
    later = read_everything(here)
    refused = tilth(tmp_path / "data", here, "restore", tmp_path / "old.zip")
    assert refused.exit_code == CONFIG
    assert "--over" in refused.output
    assert read_everything(here) == later
    done = tilth(tmp_path / "data", here, "restore", tmp_path / "old.zip", "--over")
    assert done.exit_code == 0, done.output
    assert b"Later" not in b"".join(read_everything(here)["member"])
    [kept] = [*tmp_path.glob("tilth.db.replaced-*"), *(tmp_path / "data").glob("replaced-*.zip")]
    assert str(kept) in done.output
    back = tilth(tmp_path / "elsewhere", there, "restore", kept)
    assert back.exit_code == 0, back.output
    assert read_everything(there) == restored(later), "also what was kept can be restored"
    assert delete_old_copies(here, tmp_path / "data", timedelta(days=35)) == 0
    assert delete_old_copies(here, tmp_path / "data", timedelta(0)) == 1


def test_what_was_replaced_is_kept_for_35_days_from_the_restore_on(sqlite_url, tmp_path):
    fill_everything(sqlite_url, rows=1)
    file, database = add_backup(sqlite_url, tmp_path, tmp_path / "old.zip", NOW).path, tmp_path / "tilth.db"
    last_summer = time.time() - timedelta(days=90).total_seconds()
    os.utime(database, (last_summer, last_summer))
    kept = restore_backup(file, examine_backup(file, sqlite_url), sqlite_url, tmp_path, NOW, over=True).kept
    assert kept is not None
    assert delete_old_copies(sqlite_url, tmp_path, COPIES) == 0
    assert kept.exists()
    later = time.time() + timedelta(days=36).total_seconds()
    assert delete_old_copies(sqlite_url, tmp_path, COPIES, now=lambda: later) == 1


def test_what_a_killed_restore_or_migration_left_is_gone_after_a_start(two_urls, tmp_path):
    here, _ = two_urls
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    number = int(ended.stdout)
    names = (
        [".tilth.db.restoring", ".tilth.db.restoring-journal", f".tilth.db.before-r0001.1f3a-90c2.{number}"]
        if here.startswith("sqlite")
        else [f".before-r0001.1f3a-90c2.zip.{number}", f".replaced-20261129T174500Z.zip.{number}"]
    )
    running = names[-1].replace(str(number), str(os.getppid()))
    for one in (*names, running, ".mine.1"):
        (tmp_path / one).write_text("what members said")
    assert delete_old_copies(here, tmp_path, COPIES) == 0
    assert {one.name for one in tmp_path.glob(".*")} == {running, ".mine.1"}


@pytest.mark.postgres
def test_a_backup_that_does_not_count_a_table_is_damaged(postgres_url, tmp_path):
    fill_everything(postgres_url, rows=1)
    file = add_backup(postgres_url, tmp_path, tmp_path / "old.zip", NOW).path
    no_count(file)
    before, manifest = read_everything(postgres_url), examine_backup(file, postgres_url)
    with pytest.raises(StoreRefused, match="is damaged"):
        restore_backup(file, manifest, postgres_url, tmp_path, NOW, over=True)
    assert read_everything(postgres_url) == before


@pytest.mark.postgres
def test_a_bot_that_starts_while_postgresql_is_restored_waits(postgres_url, tmp_path):
    fill_everything(postgres_url, rows=1)
    file, waited = add_backup(postgres_url, tmp_path, tmp_path / "old.zip", NOW).path, []

    def start(point: str) -> None:
        with pytest.raises(StoreUnavailable, match="migrating or filling"):
            upgrade(postgres_url, patience_seconds=0.05)
        waited.append(point)

    manifest = examine_backup(file, postgres_url)
    restore_backup(file, manifest, postgres_url, tmp_path, NOW, over=True, at=start)
    assert waited == ["listed", "marked", "unpacked", "kept", "replaced"]
    upgrade(postgres_url, patience_seconds=0.05)


def test_a_bot_that_runs_is_not_disturbed(two_urls, tmp_path, tilth):
    here, _ = two_urls
    fill_everything(here, rows=1)
    add_backup(here, tmp_path, tmp_path / "old.zip", NOW)
    with Store.open(here) as running, hold_database(here):
        running.read_now(lambda conn: conn.scalar(text("SELECT 1")))
        refused = tilth(tmp_path / "data", here, "restore", tmp_path / "old.zip", "--over")
    assert refused.exit_code == TEMPORARY
    assert "is running on" in refused.output


def newer_format(file: Path) -> None:
    in_manifest(file, format=99)


def newer_schema(file: Path) -> None:
    in_manifest(file, schema="r9999")


def no_count(file: Path) -> None:
    rows = dict(read_manifest(file).rows)
    del rows["member"]
    in_manifest(file, rows=rows)


def no_zip(file: Path) -> None:
    file.write_bytes(b"\x00" * 999)


def another_word(file: Path) -> None:
    rewrite(file, lambda name, data: data if name == "manifest.json" else data.replace(b"loud", b"soft"))


def no_part(file: Path) -> None:
    with zipfile.ZipFile(file) as whole:
        manifest = whole.read("manifest.json")
    with zipfile.ZipFile(file, "w") as whole:
        whole.writestr("manifest.json", manifest)


def test_what_is_no_whole_backup_of_this_version_is_refused_and_changes_nothing(two_urls, tmp_path, tilth):
    here, there = two_urls
    fill_everything(here, rows=1)
    add_backup(here, tmp_path, tmp_path / "whole.zip", NOW)
    for change, words in (
        (cut_off, "is damaged"),
        (another_word, "is damaged"),
        (no_part, "is damaged"),
        (no_zip, "is damaged"),
        (newer_schema, "which is newer than this one"),
        (newer_format, "which is newer than this one"),
    ):
        broken = tmp_path / "broken.zip"
        shutil.copy(tmp_path / "whole.zip", broken)
        change(broken)
        refused = tilth(tmp_path / "elsewhere", there, "restore", broken)
        assert refused.exit_code == CONFIG, change.__name__
        assert words in refused.output
    assert (
        "There is no backup at"
        in tilth(tmp_path / "elsewhere", there, "restore", tmp_path / "none.zip").output
    )
    assert tilth(tmp_path / "elsewhere", there, "restore", tmp_path / "whole.zip").exit_code == 0


def test_a_backup_of_the_other_kind_of_database_is_refused_with_advice(sqlite_url, tmp_path, tilth):
    fill_everything(sqlite_url, rows=1)
    file = add_backup(sqlite_url, tmp_path, tmp_path / "whole.zip", NOW).path
    refused = tilth(tmp_path / "data", "postgresql://nobody@127.0.0.1:1/none", "restore", file)
    assert refused.exit_code == CONFIG
    assert "tilth copy" in refused.output


def test_the_secret_is_asked_for_and_has_to_be_the_right_one(sqlite_url, tmp_path, tilth):
    fill_everything(sqlite_url, rows=1)
    file = add_backup(sqlite_url, tmp_path, tmp_path / "whole.zip", NOW).path
    data, there = tmp_path / "elsewhere", f"sqlite:///{tmp_path}/elsewhere/tilth.db"
    for given, typed in (("", None), ("", "some other secret that is long enough\n"), ("x" * 40, None)):
        refused = tilth(data, there, "restore", file, secret=given, typed=typed)
        assert refused.exit_code == CONFIG
        assert read_manifest(file).secret in refused.output
        assert not (data / "secret.key").exists()
        assert not (data / "tilth.db").exists(), "nothing was made"
    shutil.copy(tmp_path / "tilth.db", data / "tilth.db")
    refused = tilth(data, there, "restore", file, secret="")
    assert "--over" in refused.output
    assert "Type or paste" not in refused.output, "it is said before anybody looks for the secret"
    assert not (data / "secret.key").exists(), "nothing was restored"
    (data / "tilth.db").unlink()
    done = tilth(data, there, "restore", file, secret="", typed=f"another that is long enough\n{SECRET}\n")
    assert done.exit_code == 0, done.output
    assert "Try again" in done.output, (
        "a wrong one sends nobody back to the shell, where the right one would be seen"
    )
    assert SECRET not in done.output
    assert (data / "secret.key").read_text().strip() == SECRET
    assert (data / "secret.key").stat().st_mode & 0o077 == 0


def test_who_was_erased_since_is_in_the_list_of_the_new_place(two_urls, tmp_path, tilth):
    here, there = two_urls
    fill_everything(here, rows=1)
    kept, data = tmp_path / "kept", tmp_path / "data"
    file = add_backup(here, data, kept, NOW - timedelta(days=2)).path
    nothing = tilth(tmp_path / "nowhere", there, "restore", shutil.copy(file, tmp_path / "alone.zip"))
    assert "No list of erased people was found" in nothing.output
    with Store.open(here) as store:
        one = ErasedAccount(1, "f" * 64, NOW - timedelta(days=1), asked=True)
        store.write_now(lambda conn: Erasures((), data).note(conn, [one]))
    add_backup(here, data, kept, NOW)
    done = tilth(tmp_path / "elsewhere", there, "restore", file, "--over")
    assert done.exit_code == 0, done.output
    assert "1 accounts were erased since then" in done.output
    assert one.line() in (tmp_path / "elsewhere" / LIST).read_text()
    shutil.rmtree(tmp_path / "elsewhere")
    (kept / LIST).unlink()
    over = tilth(tmp_path / "elsewhere", here, "restore", file, "--over")
    assert "1 accounts were erased since then" in over.output, "the database that is replaced knows it, too"


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.slow
def test_killed_it_leaves_the_old_database_or_says_that_it_is_unfinished(two_urls, tmp_path, over):
    here, there = two_urls
    fill_everything(here, rows=1)
    file = add_backup(here, tmp_path, tmp_path / "whole.zip", NOW).path
    wanted = restored(read_everything(here))
    if over:
        fill_everything(there, rows=1)
        rename(there, "Stands")
    for point in ("listed", "marked", "unpacked", "kept"):
        run_and_kill(KILLED, there, file, tmp_path, over, point)
        if over:
            assert b"Stands" in b"".join(read_everything(there)["member"]), point
        elif point != "listed":
            with pytest.raises(StoreRefused, match="did not come to its end"):
                upgrade(there)
    run_and_kill(KILLED, there, file, tmp_path, over, "replaced")
    upgrade(there)
    assert read_everything(there) == wanted
    again = restore_backup(file, examine_backup(file, there), there, tmp_path, NOW, over=True)
    assert read_everything(there) == wanted
    assert again.kept is not None
    assert not list(tmp_path.glob(".*restoring*"))


def test_the_copy_from_before_a_migration_is_a_backup_too(sqlite_url, tmp_path, tilth):
    fill_everything(sqlite_url, rows=1)
    before = read_everything(sqlite_url)
    copy = back_up(sqlite_url, tmp_path / "tilth.db.before-r0001.1f3a")
    with Store.open(sqlite_url) as store:
        store.write_now(
            lambda conn: conn.execute(text("UPDATE alembic_version SET version_num = 'r0002'")).rowcount
        )
    done = tilth(tmp_path / "data", sqlite_url, "restore", copy, "--over")
    assert done.exit_code == 0, done.output
    assert read_everything(sqlite_url) == restored(before), "a newer database goes aside for it"


def test_a_damaged_database_and_its_logs_go_aside_and_are_never_played_into_the_new_one(sqlite_url, tmp_path):
    fill_everything(sqlite_url, rows=1)
    file = add_backup(sqlite_url, tmp_path, tmp_path / "whole.zip", NOW).path
    wanted, database = restored(read_everything(sqlite_url)), database_file(sqlite_url)
    assert database is not None
    database.write_bytes(database.read_bytes()[:2048] + b"\x00" * 4096)
    for ending in ("-wal", "-journal"):
        database.with_name(database.name + ending).write_bytes(b"what a crash left")
    done = restore_backup(file, examine_backup(file, sqlite_url), sqlite_url, tmp_path, NOW, over=True)
    assert read_everything(sqlite_url) == wanted
    assert done.kept is not None
    assert done.kept.read_bytes()[2048:] == b"\x00" * 4096
    assert {one.name for one in tmp_path.glob("tilth.db*")} >= {"tilth.db", done.kept.name}
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
