"""The pages for whoever works on Tilth name only files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
PATH = re.compile(r"`((?:bot|adapters|tests|docs|prompts)/[\w./-]+)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_points_to_exists(page: Path):
    text = page.read_text()
    missing = [link for link in LINK.findall(text) if not (page.parent / link).exists()]
    missing += [path for path in PATH.findall(text) if not (ROOT / path).exists() and path not in INVENTED]
    assert missing == []


INVENTED: frozenset[str] = frozenset()
"""Files that a recipe tells its reader to make."""


def test_every_decision_is_listed():
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text())
    assert listed == sorted(path.name for path in folder.glob("0*.md"))


def test_what_is_written_in_the_code_names_modules_that_exist():
    files = [path for folder in ("bot", "adapters", "tests") for path in (ROOT / folder).rglob("*.py")]
    known = {path.name for path in files}
    named = (
        (path, name) for path in files for name in re.findall(r"`(?:[\w/]+/)?(\w+\.py)`", path.read_text())
    )
    assert [f"{path.relative_to(ROOT)} names {name}" for path, name in named if name not in known] == []


def test_what_the_architecture_page_calls_by_name_exists():
    defined = {
        name
        for path in (ROOT / "bot").rglob("*.py")
        for name in re.findall(r"^ *(?:async )?(?:class|def) (\w+)", path.read_text(), re.MULTILINE)
    }
    called = re.findall(r"`([A-Z]\w+)(?:\.(\w+))?`", (ROOT / "docs" / "architecture.md").read_text())
    assert [name for pair in called for name in pair if name and name not in defined] == []
