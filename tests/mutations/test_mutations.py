"""Every mechanism can be switched off, and the page lists them all."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.mutations.catalog import MUTATIONS
from tests.mutations.mutation import ROOT, Mutation, MutationMisplaced
from tests.mutations.page import PAGE, write_page
from tests.mutations.scenarios import SCENARIOS
from tests.mutations.trial import TestVerdict, explain_escape


@cache
def _functions(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text())
    return {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.name)
def test_a_mutation_finds_its_text_and_its_tests(mutation: Mutation):
    assert (ROOT / mutation.file).read_text().count(mutation.old) == 1
    assert mutation.tests
    for file, _, name in (test.partition("::") for test in mutation.tests):
        assert name.partition("[")[0] in _functions(file)
    assert set(mutation.scenarios) <= SCENARIOS.keys()


@pytest.mark.parametrize("text", ["x = 2\n", "x = 1\ny = 1\n"], ids=["gone", "twice"])
def test_a_text_that_is_not_there_once_is_told(tmp_path: Path, text: str):
    (tmp_path / "a.py").write_text(text)
    with pytest.raises(MutationMisplaced, match=r"stands \d times in a\.py"):
        Mutation("one", (), "a.py", "= 1", "= 0", ()).apply(tmp_path)


def test_a_mutation_is_undone(tmp_path: Path):
    (tmp_path / "a.py").write_text("x = 1\n")
    one = Mutation("one", (), "a.py", "= 1", "= 0", ())
    before = one.apply(tmp_path)
    assert (tmp_path / "a.py").read_text() == "x = 0\n"
    one.undo(tmp_path, before)
    assert (tmp_path / "a.py").read_text() == "x = 1\n"


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        ([TestVerdict("t::a[1]", "passed", ""), TestVerdict("t::a[2]", "failed", "AssertionError")], ""),
        ([TestVerdict("t::a", "failed", "Failed")], ""),
        ([TestVerdict("t::a", "failed", "KeyError")], ""),
        ([TestVerdict("t::a", "failed", "NameError")], "t::a failed by NameError, not by an assertion"),
        ([TestVerdict("t::a", "passed", "")], "t::a passes without it"),
        ([TestVerdict("t::a", "skipped", "")], "t::a passes without it"),
        ([TestVerdict("t", "uncollected", "")], "t::a could not be run"),
        ([TestVerdict("t::ab", "failed", "AssertionError")], "t::a could not be run"),
    ],
)
def test_only_a_failed_assertion_of_the_test_itself_catches(seen: list[TestVerdict], why: str):
    one = Mutation("one", (), "a.py", "", "", ("t::a",), by="KeyError")
    assert explain_escape("t::a", one, seen) == why


def test_mechanisms_have_names_of_their_own():
    assert len({one.name for one in MUTATIONS}) == len(MUTATIONS) >= 45


def test_the_page_lists_every_mechanism():
    assert PAGE.read_text() == write_page(), "run `python -m tests.mutations.page`"
