"""The commands as an operator types them: words for people, JSON for programs, exit codes for supervisors."""

from __future__ import annotations

import json
import socket
from contextlib import closing

import pytest
from typer.testing import CliRunner

from bot.cli.main import CONFIG, app
from bot.cli.startup import TEMPORARY
from bot.playground.app import reset
from bot.settings.environment import load
from bot.store.single_process import hold_database
from bot.store.sqlite import sqlite3


@pytest.fixture
def tilth(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TILTH_STORE__URL", f"sqlite:///{tmp_path}/tilth.db")
    monkeypatch.setenv("TILTH_STORE__FOLDER", str(tmp_path))
    monkeypatch.setattr("bot.runtime.logs.configure_logs", lambda _level, _form: None)
    return lambda *words: CliRunner().invoke(app, words)


def test_check_counts_the_prompts_of_each_deck(tilth):
    done = tilth("check", "--json")
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert found["problems"] == []
    assert found["decks"]["a-year-of-noticing"] >= 36


def test_check_names_file_line_and_column_of_a_broken_deck(tilth, tmp_path):
    deck = tmp_path / "mine" / "reflections" / "weekly"
    deck.mkdir(parents=True)
    (deck / "deck.yaml").write_text("title: Weekly\nabuot: Ours.\nfiles: []\n")
    done = tilth("check", str(tmp_path / "mine"))
    assert done.exit_code == CONFIG
    assert "reflections/weekly/deck.yaml:2:1" in done.stderr
    assert 'Did you mean "about"?' in done.stderr


def test_a_wrong_setting_exits_with_78(tilth, monkeypatch):
    monkeypatch.setenv("TILTH_COMMUNITY__ZONE", "Europe/Dublim")
    done = tilth("gallery")
    assert done.exit_code == CONFIG
    assert "TILTH_COMMUNITY__ZONE" in done.stderr


@pytest.mark.parametrize("words", [("slack", "manifest"), ("discord", "invite")])
def test_a_platforms_own_command_says_which_setting_is_wrong(tilth, monkeypatch, words):
    monkeypatch.setenv("TILTH_COMMUNITY__ZONE", "Europe/Dublim")
    done = tilth(*words)
    assert done.exit_code == CONFIG
    assert "TILTH_COMMUNITY__ZONE" in done.stderr


def test_preview_marks_the_clock_changes(tilth):
    done = tilth("preview", "every sun 01:30 Europe/Dublin", "--from", "2026-10-18", "--weeks", "3")
    assert done.exit_code == 0
    assert "Sun, Oct 25, 2026   1:30 AM" in done.stdout
    assert "this time comes twice" in done.stdout
    dates = json.loads(
        tilth("preview", "every mon 09:00", "--from", "2026-12-21", "--weeks", "3", "--json").stdout
    )
    assert [row["key"] for row in dates["dates"]] == ["2026-W52", "2026-W53", "2027-W01"]


@pytest.mark.parametrize("rhythm", ["every blue moon", "every mon 25:00", "every mon 09:00 Europe/Dublim"])
def test_preview_says_what_it_did_not_understand(tilth, rhythm):
    done = tilth("preview", rhythm)
    assert done.exit_code == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_the_gallery_shows_every_room_and_can_be_narrowed(tilth):
    rooms = [row["from"] for row in json.loads(tilth("gallery", "--json").stdout)]
    assert {"reflections", "account", "help"} <= set(rooms)
    assert rooms[-1] == "errors"
    narrowed = tilth("gallery", "reflections").stdout
    assert "A new schedule" in narrowed
    assert narrowed.startswith("reflections: ")
    assert "── help" not in tilth("gallery", "--find", "a new PROMPT schedule").stdout
    assert tilth("gallery", "attic").exit_code == 2
    assert tilth("gallery", "--language", "xx").exit_code == 2


def test_health_says_that_nothing_runs_here(tilth):
    done = tilth("health")
    assert done.exit_code == 1
    assert "No Tilth is running here" in done.stdout


def test_the_playground_refuses_to_be_reset_on_a_server(tilth, monkeypatch):
    monkeypatch.setenv("TILTH_STORE__URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    done = tilth("play", "--reset")
    assert done.exit_code == CONFIG
    assert "PostgreSQL" in done.stderr


def test_a_rehearsal_holds_and_tells_in_json(tilth):
    done = tilth("rehearse", "--weeks", "3", "--members", "12", "--json")
    assert done.exit_code == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["problems"] == []
    assert found["prompts asked"] == 3


@pytest.mark.parametrize("words", [("preview",), ("run",), ("play",)])
def test_a_database_that_is_away_exits_with_75_so_that_it_is_tried_again(tilth, monkeypatch, words):
    monkeypatch.setenv("TILTH_STORE__URL", "postgresql://tilth:secret@127.0.0.1:9/tilth")
    done = tilth(*words)
    assert done.exit_code == TEMPORARY
    assert "No connection to PostgreSQL" in done.stderr
    assert "TILTH_STORE__URL" in done.stderr
    assert "secret" not in done.stderr


@pytest.mark.postgres
def test_a_database_that_the_server_does_not_have_is_a_wrong_setting(tilth, monkeypatch, postgres_server):
    monkeypatch.setenv("TILTH_STORE__URL", postgres_server.format(name="nowhere"))
    done = tilth("preview")
    assert done.exit_code == CONFIG
    assert "nowhere" in done.stderr


def test_a_second_process_may_be_started_again_until_the_first_is_gone(tilth, tmp_path):
    with hold_database(f"sqlite:///{tmp_path}/tilth.db"):
        done = tilth("run", "--hold")
    assert done.exit_code == TEMPORARY
    assert "Another Tilth" in done.stderr


@pytest.mark.parametrize("words", [("run",), ("play",)])
def test_a_taken_port_is_named_before_a_database_is_made(tilth, tmp_path, monkeypatch, words):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("TILTH_WEB__PORT", str(port))
        done = tilth(*words)
    assert done.exit_code == CONFIG
    assert f"TILTH_WEB__PORT is {port}" in done.stderr
    assert f"TILTH_WEB__PORT={port + 1}" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_second_process_on_a_taken_port_is_told_of_the_first(tilth, tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as other, hold_database(f"sqlite:///{tmp_path}/tilth.db"):
        monkeypatch.setenv("TILTH_WEB__PORT", str(other.getsockname()[1]))
        done = tilth("run")
    assert done.exit_code == TEMPORARY
    assert "Another Tilth" in done.stderr


def test_a_damaged_database_is_not_tried_again(tilth, tmp_path):
    (tmp_path / "tilth.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 8000)
    done = tilth("run")
    assert done.exit_code == CONFIG
    assert "restore" in done.stderr or "not a database" in done.stderr


def test_a_playground_from_before_the_first_release_is_refused_until_it_starts_over(tilth, tmp_path):
    with closing(sqlite3.connect(tmp_path / "tilth.db")) as old:
        old.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
        old.execute("INSERT INTO alembic_version VALUES ('0005')")
        old.commit()
    done = tilth("play")
    assert done.exit_code == CONFIG
    assert "made before Tilth's first release" in done.stderr
    assert "make play RESET=1" in done.stderr
    reset(load())
    assert not (tmp_path / "tilth.db").exists()
