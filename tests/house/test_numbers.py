"""The numbers of the house: how long files and functions may be, and which names say enough.

Every exemption stands here by name, with a reason a reader would agree with; one that is no longer needed fails.
"""

from __future__ import annotations

import ast
import functools
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINES_OF_A_FILE = 300
LINES_OF_A_FUNCTION = 40
GERUNDS = 6
VAGUE = {"find", "look", "take", "keep", "leave", "tell", "go", "note"}
EMPTY = {"utils", "helpers", "common", "manager", "base", "misc"}

LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}
NAMED_TWICE: dict[str, str] = {}


@functools.cache
def modules() -> tuple[tuple[str, str, ast.Module], ...]:
    """Each module of the source but the migrations: its path from the root, its text, its tree."""
    paths = [path for folder in ("bot", "adapters") for path in sorted((ROOT / folder).rglob("*.py"))]
    texts = [(path, path.read_text()) for path in paths if "migrations" not in path.parts]
    return tuple((str(path.relative_to(ROOT)), text, ast.parse(text)) for path, text in texts)


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))


def _judge(found: dict[str, str], exempt: dict[str, str]) -> None:
    """Fail for what is not exempt, and for an exemption that nothing needs."""
    assert {where: what for where, what in found.items() if where not in exempt} == {}
    assert exempt.keys() - found.keys() == set(), "no longer needed: take it off the list"


def test_files_stay_within_300_lines():
    long = {
        where: f"{lines} lines"
        for where, text, _ in modules()
        if (lines := len(text.splitlines())) > LINES_OF_A_FILE
    }
    _judge(long, LONG_FILES)


def test_functions_stay_within_40_lines():
    long = {
        f"{where}:{one.name}": f"{lines} lines"
        for where, _, tree in modules()
        for one in _functions(tree)
        if (lines := (one.end_lineno or 0) - one.lineno + 1) > LINES_OF_A_FUNCTION
    }
    _judge(long, LONG_FUNCTIONS)


def test_a_class_is_the_only_one_of_its_name():
    seen: dict[str, list[str]] = defaultdict(list)
    for where, _, tree in modules():
        for one in ast.walk(tree):
            if isinstance(one, ast.ClassDef) and not one.name.startswith("_"):
                seen[one.name].append(where)
    twice = {name: ", ".join(places) for name, places in seen.items() if len(places) > 1}
    _judge(twice, NAMED_TWICE)
    assert len(NAMED_TWICE) <= 3


def test_modules_are_called_by_nouns():
    gerunds = [where for where, _, _ in modules() if _name(where).endswith("ing")]
    assert len(gerunds) <= GERUNDS, gerunds


def test_no_module_is_called_by_a_word_that_says_nothing():
    assert [where for where, _, _ in modules() if {*Path(where).with_suffix("").parts} & EMPTY] == []


def test_functions_of_a_module_say_what_they_do_it_to():
    vague = {
        f"{where}:{one.name}": "a verb without its object"
        for where, _, tree in modules()
        for one in tree.body
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name in VAGUE
    }
    _judge(vague, {})


def _name(where: str) -> str:
    path = Path(where)
    return path.parent.name if path.stem == "__init__" else path.stem
