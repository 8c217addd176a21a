"""The import contracts refuse every kind of import that the house forbids, and every package that nobody placed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts over a copy of the code."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    for name in ("bot", "adapters"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_house_as_it_stands_is_kept(house):
    assert lint(house).returncode == 0


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("bot/discussions/cards.py", "import bot.reflections.cards"),
        ("bot/reflections/cards.py", "import bot.discussions.cards"),
        ("bot/forecast/year.py", "import bot.courses.cards"),
        ("bot/store/types.py", "import bot.discussions.tables"),
        ("bot/people/roles.py", "import bot.capture.tables"),
        ("bot/schedules/recurrence.py", "import bot.delivery.outbox"),
        ("bot/chat/models.py", "import bot.store.types"),
        ("bot/feature.py", "import bot.dispatch"),
        ("bot/discussions/cards.py", "import adapters.local.model"),
        ("bot/dispatch.py", "import slack_sdk"),
        ("bot/reflections/cards.py", "import discord"),
        ("adapters/slack/say.py", "import bot.discussions.cards"),
        ("adapters/discord/say.py", "import bot.store.types"),
        ("adapters/local/model.py", "import bot.settings.model"),
        ("adapters/slack/say.py", "import adapters.discord.say"),
        ("adapters/discord/say.py", "import sqlalchemy"),
    ],
)
def test_a_forbidden_import_is_refused(house, module, line):
    path = house / module
    before = path.read_text()
    path.write_text(f"{before}\n{line}\n")
    try:
        assert lint(house).returncode == 1
    finally:
        path.write_text(before)


@pytest.mark.parametrize("package", ["bot/newcomer", "adapters/newcomer"])
def test_a_package_that_nobody_placed_is_refused(house, package):
    folder = house / package
    folder.mkdir()
    (folder / "__init__.py").write_text('"""A package that nobody placed."""\n')
    try:
        result = lint(house)
        assert result.returncode == 1
        assert "newcomer" in result.stdout
    finally:
        shutil.rmtree(folder)
