"""What a command imports: no more than it needs, because importing is most of what a start takes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.store.migrate import upgrade

ROOT = Path(__file__).parents[2]
SLACK = {"TILTH_SLACK__BOT_TOKEN": "xoxb-1", "TILTH_SLACK__APP_TOKEN": "xapp-1"}
DISCORD = {"TILTH_DISCORD__TOKEN": "MTIz.a.b"}
COMMAND = """
import sys
sys.argv = ["tilth", {option!r}]
from bot.cli.entry import main
try:
    main()
except SystemExit:
    pass
print(*sys.modules, file=sys.stderr)
"""
START = """
import asyncio, sys
from bot.cli import run
from bot.platforms import PLATFORMS
from bot.runtime.clock import SystemClock
from bot.runtime.logs import configure_logs
from bot.settings.environment import load

configure_logs("warning")

async def start():
    app, _adapters = run._open_app(load(PLATFORMS, _env_file=None), SystemClock(), PLATFORMS, None)
    await app.stop()

asyncio.run(start())
print(*sys.modules, file=sys.stderr)
"""


def imported_by(code: str, **variables: str) -> set[str]:
    """The modules that a process of Python has imported, whole packages by their first name."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TILTH_")}
    asked = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(
        asked, cwd=ROOT, env={**inherited, **variables}, capture_output=True, text=True, check=True
    )
    modules = done.stderr.splitlines()[-1].split()
    return {*modules, *(one.partition(".")[0] for one in modules)}


def test_the_version_is_said_without_a_library():
    found = imported_by(COMMAND.format(option="--version"))
    assert found & {"typer", "rich", "pydantic", "sqlalchemy", "bot.cli.main"} == set()


def test_help_needs_only_the_library_of_commands():
    found = imported_by(COMMAND.format(option="--help"))
    assert "typer" in found
    heavy = {
        "rich",
        "pydantic",
        "sqlalchemy",
        "aiohttp",
        "alembic",
        "apscheduler",
        "zoneinfo",
        "bot.chat.cards",
    }
    assert found & heavy == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variables", "ours", "other"),
    [(SLACK, {"slack_sdk", "slack_bolt"}, {"discord"}), (DISCORD, {"discord"}, {"slack_sdk", "slack_bolt"})],
    ids=["slack", "discord"],
)
def test_a_start_with_nothing_to_migrate_imports_one_platform_and_no_migrations(
    tmp_path, variables, ours, other
):
    url = f"sqlite:///{tmp_path}/tilth.db"
    upgrade(url)
    where = {"TILTH_STORE__URL": url, "TILTH_STORE__FOLDER": str(tmp_path)}
    imported_by(START, **variables, **where)  # a first start reads the content; later ones know it
    found = imported_by(START, **variables, **where)
    assert ours <= found
    unused = {"alembic", "cryptography", "mako", "pygments", "rich", "ruamel.yaml", "bot.playground.app"}
    assert found & (other | unused) == set()
