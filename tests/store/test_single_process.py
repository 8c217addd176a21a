"""One process for each SQLite file."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.store import AlreadyRunning
from bot.store.single_process import hold_database

HOLD = """
import sys
from bot.store import AlreadyRunning
from bot.store.single_process import hold_database
try:
    held = hold_database(sys.argv[1])
except AlreadyRunning as error:
    print(error)
    sys.exit(3)
print("held", flush=True)
sys.stdin.readline()
"""


def start(url: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_a_second_process_is_told_who_is_there(sqlite_url: str):
    with hold_database(sqlite_url), start(sqlite_url) as second:
        output, _ = second.communicate(timeout=30)
    assert second.returncode == 3
    assert f"process {os.getpid()} on " in output
    assert "Stop that one first" in output


def test_a_killed_process_leaves_no_lock_behind(sqlite_url: str):
    with start(sqlite_url) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning, match=rf"process {first.pid} on .*, since 20\d\d-"):
            hold_database(sqlite_url)
        first.send_signal(signal.SIGKILL)
        first.wait(30)
    hold_database(sqlite_url).release()


def test_whoever_comes_after_a_release_gets_it(sqlite_url: str):
    first = hold_database(sqlite_url)
    with pytest.raises(AlreadyRunning):
        hold_database(sqlite_url)
    first.release()
    first.release()
    with hold_database(sqlite_url):
        words = Path(sqlite_url.removeprefix("sqlite:///") + ".lock").read_text()
    assert words.startswith(f"{os.getpid()} ")


def test_two_names_of_one_file_are_one_file(tmp_path: Path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with hold_database(f"sqlite:///{tmp_path}/real/tilth.db"), pytest.raises(AlreadyRunning):
        hold_database(f"sqlite:///{tmp_path}/link/tilth.db")


def test_a_hard_link_is_the_same_file(tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    url, linked = f"sqlite:///{tmp_path}/tilth.db", f"sqlite:///{tmp_path}/elsewhere/other.db"
    with hold_database(url):
        (tmp_path / "elsewhere" / "other.db").hardlink_to(tmp_path / "tilth.db")
        with start(linked) as second:
            output, _ = second.communicate(timeout=30)
        assert second.returncode == 3
        assert "another name" in output
    with start(linked) as third:
        assert third.stdout is not None
        assert third.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning):
            hold_database(url)
        third.communicate("\n", timeout=30)


def test_a_file_that_was_moved_away_is_still_held(tmp_path: Path):
    with hold_database(f"sqlite:///{tmp_path}/tilth.db"):
        (tmp_path / "tilth.db").rename(tmp_path / "moved.db")
        with pytest.raises(AlreadyRunning):
            hold_database(f"sqlite:///{tmp_path}/moved.db")


def test_postgresql_is_not_held():
    with hold_database("postgresql://host/tilth"), hold_database("postgresql://host/tilth"):
        pass
