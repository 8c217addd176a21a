"""`tilth import-roster`: looked at without a trace, imported once, the rest handed back, taken back by number."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from bot.chat.models import Person
from bot.cli.main import app
from bot.cli.startup import TEMPORARY
from bot.courses.notices.tables import membership_notice
from bot.courses.teams import tables as teams
from bot.people import accounts
from bot.people import tables as people
from bot.settings.environment import load
from bot.store.single_process import hold_database
from bot.store.startup import open_store

NOW = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
TABLE = "Team;Person;Lead\nNorth;Ada Quinn;yes\nNorth;Ben Okafor;\nSouth;Nobody Here;no\n"


@pytest.fixture
def tilth(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TILTH_STORE__URL", f"sqlite:///{tmp_path}/tilth.db")
    monkeypatch.setenv("TILTH_STORE__FOLDER", str(tmp_path))
    monkeypatch.setattr("bot.runtime.logs.configure_logs", lambda _level, _form: None)
    (tmp_path / "teams.csv").write_text(TABLE, "utf-8-sig")
    store, release = open_store(load())

    def fill(conn):
        home = people.ensure_community(conn, load().community.slug, "Here", "Europe/Dublin", NOW)
        people.see_space(conn, "local:here", "Here", home.id, NOW)
        for id, name in (("p1", "Ada Quinn"), ("p2", "Ben Okafor")):
            accounts.member_of(conn, Person("local:here", id, name), home, NOW)

    store.write_now(fill)
    store.close_now()
    release()
    return lambda *words: CliRunner().invoke(app, words)


def there() -> tuple[dict[str, list[tuple[str, bool]]], int]:
    """Who is in which team and whether they lead, and how many notices are owed."""
    store, release = open_store(load())

    def look(conn):
        home = people.communities(conn)[0]
        found = {
            one.name: [(mate.name, mate.lead) for mate in teams.team_members(conn, one.id)]
            for one in teams.teams(conn, home.id)
        }
        return found, len(conn.execute(membership_notice.select()).all())

    try:
        return store.read_now(look)
    finally:
        store.close_now()
        release()


def test_a_dry_run_shows_everything_and_changes_nothing(tilth, tmp_path):
    with hold_database(f"sqlite:///{tmp_path}/tilth.db"):  # a bot runs
        done = tilth("import-roster", "teams.csv", "--dry-run")
    assert "New teams" in done.stdout
    assert "I found nobody called “Nobody Here”." in done.stdout
    assert done.exit_code == 1, "a line was left out"
    assert there() == ({}, 0)
    assert "Nobody Here" in (tmp_path / "teams-not-found.csv").read_text("utf-8-sig")


def test_an_import_adds_what_is_not_there_and_the_second_changes_nothing(tilth):
    done = tilth("import-roster", "teams.csv")
    assert "Imported: 1 new teams, 2 people joined, 1 lead" in done.stdout
    wanted = ({"North": [("Ada Quinn", True), ("Ben Okafor", False)]}, 3)
    assert there() == wanted
    again = tilth("import-roster", "teams.csv")
    assert "Imported" not in again.stdout
    assert there() == wanted


def test_an_import_is_taken_back_by_its_number(tilth):
    tilth("import-roster", "teams.csv")
    done = tilth("import-roster", "--undo", "1")
    assert "2 people taken out of a team" in done.stdout
    assert there()[0] == {}
    assert tilth("import-roster", "--undo", "7").exit_code == 2


def test_while_a_bot_runs_on_the_file_nothing_is_imported(tilth, tmp_path):
    with hold_database(f"sqlite:///{tmp_path}/tilth.db"):
        done = tilth("import-roster", "teams.csv")
    assert done.exit_code == TEMPORARY
    assert "is running on" in done.stderr


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 a workbook", "Save the table as CSV"),
        (b"only words", "two columns at least"),
        (b"", "nothing in it"),
    ],
)
def test_what_is_no_table_is_named(tilth, tmp_path, data, said):
    (tmp_path / "teams.csv").write_bytes(data)
    done = tilth("import-roster", "teams.csv")
    assert done.exit_code == 2
    assert said in done.stderr
    assert there() == ({}, 0)


def test_a_file_or_an_undo_is_needed(tilth):
    assert tilth("import-roster").exit_code == 2
