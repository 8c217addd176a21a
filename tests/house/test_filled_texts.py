"""Texts of the catalog are filled in with exactly what they name, and said only once somebody reads them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from string import Formatter

import pytest

from tests.house.bare_texts import ROOMS, ROOT

SAYING = ("_", "ngettext", "compose")
NUMBER = {"count"}
"""What `ngettext` fills in by itself."""
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def names_in(text: str) -> set[str]:
    return {name for _before, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def called(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def wrongly_filled(tree: ast.AST) -> Iterator[str]:
    """What is said with a name too many or too few."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            calls = [one for one in ast.walk(function) if isinstance(one, ast.Call) and called(one) in SAYING]
            composed = [_given(one) for one in calls if called(one) == "compose"]
            for one in calls:
                if _is_wrong(one, composed):
                    yield f"{one.lineno}: {ast.unparse(one)}"


def _given(call: ast.Call) -> set[str] | None:
    """The names that a call fills in; None where only a mapping knows them."""
    names = {one.arg for one in call.keywords}
    return None if None in names else {name for name in names if name is not None}


def _is_wrong(call: ast.Call, composed: list[set[str] | None]) -> bool:
    kind, given = called(call), _given(call)
    if kind == "compose":  # wrong where no text of its function has these names
        return given == set()
    literals = call.args[: 2 if kind == "ngettext" else 1]
    texts = [one.value for one in literals if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if not texts or given is None:
        return False
    named = set().union(*map(names_in, texts)) - (NUMBER if kind == "ngettext" else set())
    if named and not given and kind == "_":  # filled in by the `compose` around it
        return named not in composed and None not in composed
    return named != given


def said_at_import(tree: ast.AST) -> Iterator[str]:
    """What is said before anybody reads it, in the language of nobody."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, FUNCTIONS):
            early = [*getattr(node, "decorator_list", ()), *node.args.defaults, *node.args.kw_defaults]
            for one in early:
                yield from () if one is None else said_at_import(ast.Tuple([one]))
            continue
        if called(node) in SAYING:
            yield f"{node.lineno}: {ast.unparse(node)}"  # type: ignore[attr-defined]
        yield from said_at_import(node)


def in_all_modules(find) -> dict[str, list[str]]:
    files = [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))]
    found = {str(file.relative_to(ROOT)): list(find(ast.parse(file.read_text()))) for file in files}
    return {file: wrong for file, wrong in found.items() if wrong}


def test_each_text_is_filled_in_with_what_it_names():
    assert in_all_modules(wrongly_filled) == {}


def test_no_text_is_said_at_import():
    assert in_all_modules(said_at_import) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        '_("No prompt {id}.", name=id)',
        '_("No prompt {id}.")',
        '_("No prompt.", id=id)',
        'ngettext("{count} by {who}", "{count} by {who}", n)',
        'compose(_("Until {when}."), at=at)',
        'compose(_("Until then."))',
    ],
)
def test_what_is_filled_in_wrongly_is_found(wrong: str):
    assert list(wrongly_filled(ast.parse(f"def say():\n    return {wrong}")))


def test_what_is_said_at_import_is_found():
    for early in ('A = _("Now")', 'def f(a=_("Now")): ...', 'class A:\n    b: str = _("Now")'):
        assert list(said_at_import(ast.parse(early)))
    for late in ('A = N_("Now")', 'def f():\n    return _("Now")', 'A = lambda: _("Now")'):
        assert not list(said_at_import(ast.parse(late)))
