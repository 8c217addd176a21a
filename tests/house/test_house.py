"""The rules of the house that a linter does not hold."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [path for folder in ("bot", "adapters") for path in sorted((ROOT / folder).rglob("*.py"))]
PLATFORMS = re.compile("slack|discord", re.IGNORECASE)


def _code_without_prose(path: Path) -> str:
    """The names, attributes and strings of a module, without comments and docstrings."""
    tree = ast.parse(path.read_text())
    prose = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }
    words = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            words.append(node.value)
        elif isinstance(node, ast.Name):
            words.append(node.id)
        elif isinstance(node, ast.Attribute):
            words.append(node.attr)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            words += [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            words.append(node.name)
    return "\n".join(words)


THE_LIST = "bot/platforms.py"
"""The one place in `bot` that names the platforms, a line for each."""


@pytest.mark.parametrize(
    "path",
    [p for p in SOURCES if "bot" in p.parts and str(p.relative_to(ROOT)) != THE_LIST],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_the_core_knows_no_platform_outside_prose(path):
    assert not PLATFORMS.search(_code_without_prose(path))


def test_every_module_opens_with_a_sentence():
    silent = [
        str(path) for path in SOURCES if not (ast.get_docstring(ast.parse(path.read_text())) or "").strip()
    ]
    assert silent == []


def test_no_room_is_called_by_a_word_that_says_nothing():
    empty = {"utils", "helpers", "common", "manager", "base", "misc"}
    assert [str(path) for path in SOURCES if path.stem in empty or set(path.parts) & empty] == []


def test_files_stay_within_their_room():
    # Each of these has a reason: one list of questions to one set of tables, or one protocol in one place.
    reasons = {
        "bot/reflections/cards.py",
    }
    reasons |= {
        "bot/reflections/answers/member_commands.py",
        "bot/reflections/answers/intake.py",
        "bot/reflections/schedule/lifecycle.py",
    }
    long = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if (lines := len(path.read_text().splitlines())) > 350 and "migrations" not in path.parts
    }
    assert set(long) <= reasons, long


def test_functions_stay_within_forty_lines():
    long = []
    for path in SOURCES:
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > 60:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {lines} lines")
    assert long == []


def test_help_and_version_import_nothing_heavy():
    code = (
        "import sys; import bot.cli.main; "
        "heavy = {'sqlalchemy', 'aiohttp', 'pydantic_settings', 'alembic', 'apscheduler'} & set(sys.modules); "
        "print(sorted(heavy))"
    )
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("room", "gone"),
    [
        ("help", "c.path in ('tilth', 'tilth help')"),
        ("discussions", "c.noun == 'discuss'"),
        ("calendars", "c.path.startswith('tilth calendar')"),
        ("forecast", "c.verb == 'preview'"),
    ],
)
def test_a_feature_can_be_taken_away(tmp_path, room, gone):
    """`rm -r bot/help` and its lines in app.py leave everything else importable and working."""
    for folder in ("bot", "adapters", "prompts"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(tmp_path / "bot" / room)
    app = tmp_path / "bot" / "app.py"
    kept = [line for line in app.read_text().splitlines() if room not in line]
    app.write_text("\n".join(kept) + "\n")
    code = (
        "from bot.settings.environment import load; from bot.playground.bare_app import bare_menu; "
        f"print([c.path for c in bare_menu(load(_env_file=None)).commands if {gone}])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert out.stdout.strip() == "[]", out.stderr
