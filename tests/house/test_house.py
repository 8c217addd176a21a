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


def test_the_core_knows_no_platform_outside_prose():
    core = [p for p in SOURCES if "bot" in p.relative_to(ROOT).parts]
    named = {str(p.relative_to(ROOT)) for p in core if PLATFORMS.search(_code_without_prose(p))}
    assert named == {THE_LIST}


def test_every_module_opens_with_a_sentence():
    silent = [
        str(path) for path in SOURCES if not (ast.get_docstring(ast.parse(path.read_text())) or "").strip()
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("room", "gone"),
    [
        ("help", "c.path in ('tilth', 'tilth help')"),
        ("discussions", "c.noun == 'discuss'"),
        ("calendars", "c.path.startswith('tilth calendar')"),
        ("forecast", "c.verb == 'preview'"),
        ("finder", "c.noun == 'find'"),
    ],
)
def test_a_feature_can_be_taken_away(tmp_path, room, gone):
    """`rm -r bot/help` and its lines in the lists of features leave everything else importable and working."""
    for folder in ("bot", "adapters", "prompts"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.rmtree(tmp_path / "bot" / room)
    for module in ("app.py", "all_features.py"):
        file = tmp_path / "bot" / module
        kept = [line for line in file.read_text().splitlines() if room not in line]
        file.write_text("\n".join(kept) + "\n")
    code = (
        "from bot.settings.environment import load; from bot.playground.bare_app import bare_menu; "
        f"print([c.path for c in bare_menu(load(_env_file=None)).commands if {gone}])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert out.stdout.strip() == "[]", out.stderr


@pytest.mark.parametrize("fake", ["slack", "discord"])
def test_a_fake_platform_knows_nothing_of_the_bot(fake):
    """Neither of ours nor of the other fake: each could serve any other bot, and says in its README what it shows.

    How they wait, which knows of no platform, they have in common.
    """
    folder = ROOT / "tests" / "fakes" / fake
    assert (folder / "README.md").is_file()
    own, foreign, common = f"tests.fakes.{fake}", set(), folder.parent / "quiet.py"
    for path in (common, *sorted(folder.rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            foreign |= {
                f"{path.relative_to(ROOT)}: {name}"
                for name in names
                if name.partition(".")[0] in {"bot", "adapters", "tests"}
                and not f"{name}.".startswith((f"{own}.", "tests.fakes.quiet."))
            }
    assert foreign == set()
