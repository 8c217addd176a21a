"""A platform is one folder and one line: registered, it has settings, an adapter, a doctor, roles and commands."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from bot.cli.run import find_community, make_adapters
from bot.cli.startup import PlatformTools, is_set_up
from bot.runtime.clock import SystemClock
from bot.settings.environment import SettingsError, compose_settings, load, unknown_variables
from bot.settings.variables import list_variables
from tests.contract.conftest import Notebook
from tests.contract.paper.board import BOARDS, Board
from tests.contract.paper.room import REGISTERED


@pytest.fixture
def board(monkeypatch):
    monkeypatch.setitem(BOARDS, "hall", board := Board("hall", SystemClock().now))
    monkeypatch.setenv("TILTH_PAPER__BOARD", "hall")
    return board


def test_its_settings_are_read_listed_and_checked(board, monkeypatch):
    settings = load(REGISTERED, _env_file=None)
    assert is_set_up(settings)
    assert unknown_variables(settings) == {}
    assert "TILTH_PAPER__BOARD" in [one.name for one in list_variables(compose_settings(REGISTERED))]
    monkeypatch.setenv("TILTH_PAPER__BORAD", "hall")
    with pytest.raises(SettingsError, match="TILTH_PAPER__BOARD"):
        load(REGISTERED, _env_file=None)


def test_its_facts_make_moderators_and_admins(board):
    roles = load(REGISTERED, _env_file=None).roles
    assert {"paper:admin", "slack:admin", "local:admin"} <= roles.admins
    assert "paper:moderator" in roles.moderators


async def test_its_adapter_is_made_and_examined_and_knows_its_community(board):
    settings = load(REGISTERED, _env_file=None)
    [adapter] = make_adapters(settings, SystemClock().now, lambda _name: Notebook(), REGISTERED)
    assert find_community(settings, [adapter])(board.space) == settings.community.slug
    assert find_community(settings, [adapter])("slack:T1") is None
    [(level, _, _)] = await adapter.examine({board.space: {"c1"}})
    assert level == "ok"


def test_its_commands_are_commands_of_tilth(board, monkeypatch):
    monkeypatch.setattr("bot.platforms.PLATFORMS", REGISTERED)
    monkeypatch.setattr("bot.runtime.logs.configure_logs", lambda *_: None)
    paper, app = REGISTERED[-1], typer.Typer()
    app.callback()(lambda: None)
    app.add_typer(paper.commands(PlatformTools(paper.name)), name=paper.name)
    done = CliRunner().invoke(app, ("paper", "board"))
    assert (done.exit_code, done.stdout) == (0, "hall\n")
    monkeypatch.delenv("TILTH_PAPER__BOARD")
    done = CliRunner().invoke(app, ("paper", "board"))
    assert done.exit_code == 78
    assert "TILTH_PAPER__BOARD" in done.stderr
