"""Every mechanism can be switched off, the page lists them all, and a few of them, chosen by the commit, are missed."""

from __future__ import annotations

import ast
import datetime
import shutil
import subprocess
from functools import cache

import pytest

from tests.mutations.__main__ import try_all
from tests.mutations.catalog import MUTATIONS
from tests.mutations.mutation import ROOT, Mutation
from tests.mutations.page import PAGE, write_page
from tests.mutations.scenarios import SCENARIOS

SLICE = 4
"""How many are tried in a run of all tests."""


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


def test_mechanisms_have_names_of_their_own():
    assert len({one.name for one in MUTATIONS}) == len(MUTATIONS) >= 45


def test_the_page_lists_every_mechanism():
    assert PAGE.read_text() == write_page(), "run `python -m tests.mutations.page`"


def _turn() -> int:
    """A number that changes with the commit; without git, with the day."""
    if shutil.which("git"):
        asked = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, check=False)
        if asked.returncode == 0:
            return int(asked.stdout[:8], 16)
    return datetime.datetime.now(datetime.UTC).toordinal()


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(shutil.which("git") is None, reason="the copy is made of what git knows")
def test_some_mechanisms_are_missed_when_they_are_switched_off():
    slices = -(-len(MUTATIONS) // SLICE)
    chosen = MUTATIONS[_turn() % slices :: slices]
    assert [(one.mutation.name, one.why) for one in try_all(chosen, 1) if not one.caught] == []
