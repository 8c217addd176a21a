"""Trials: a copy of the tree in which one mechanism after another is switched off, and what its tests say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.checkout import copy_checkout
from tests.mutations import verdicts
from tests.mutations.mutation import Mutation, MutationMisplaced, forget_bytecode

SECONDS = 60
"""How long one test may take; it then fails, as one that a mutation keeps from ending does."""
ASSERTED = ("AssertionError", "Failed")
"""What an assertion raises, and what `pytest.raises` and the timeout do."""


@dataclass(frozen=True, slots=True)
class TestVerdict:
    """How one test ended: `passed`, `failed`, `skipped` or `uncollected`, and the type of what it raised."""

    __test__ = False

    test: str
    outcome: str
    kind: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a mutation; `why` is empty when every one of its tests caught it."""

    mutation: Mutation
    why: str

    @property
    def caught(self) -> bool:
        return not self.why


@contextmanager
def copied_tree() -> Iterator[Path]:
    """A copy of everything that git knows or would take, removed afterwards; the working tree is never touched."""
    with tempfile.TemporaryDirectory(prefix="tilth-mutated-") as folder:
        root = Path(folder)
        copy_checkout(root)
        yield root


def run_tests(root: Path, tests: Sequence[str], options: Sequence[str], jobs: int = 0) -> list[TestVerdict]:
    """Run these tests in a tree, each to its end, in a process of its own; with `jobs`, in so many side by side."""
    with tempfile.TemporaryDirectory(prefix="tilth-verdicts-") as folder:
        file = Path(folder) / "verdicts"
        file.touch()
        environment = os.environ | {verdicts.VARIABLE: str(file)}
        for name in list(environment):
            if name.startswith(("PYTEST_", "COVERAGE_", "COV_")):  # of the run that this is a part of
                del environment[name]
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n", str(jobs), "--timeout", str(SECONDS), "-p", "no:cacheprovider", "-p", verdicts.__name__,
             "--basetemp", f"{folder}/run", *options, *tests],
            cwd=root, env=environment, capture_output=True, check=False,
        )  # fmt: skip
        return [TestVerdict(**json.loads(line)) for line in file.read_text().splitlines()]


def find_red(root: Path, mutations: Sequence[Mutation], jobs: int = 0) -> set[str]:
    """Which tests of these mutations do not pass in a tree where nothing is switched off; none may."""
    red: set[str] = set()
    for options in sorted({one.options for one in mutations}):
        wanted = sorted({test for one in mutations if one.options == options for test in one.tests})
        seen = run_tests(root, wanted, options, jobs if len(wanted) > 8 else 0)
        red |= {test for test in wanted if not _passes(test, seen)}
    return red


def try_mutation(root: Path, mutation: Mutation) -> Trial:
    """Switch one mechanism off in a copy, run its tests, switch it on again."""
    try:
        before = mutation.apply(root)
    except (MutationMisplaced, FileNotFoundError) as error:
        return Trial(mutation, str(error))
    try:
        if mutation.file.endswith(".py"):
            compile((root / mutation.file).read_text(), mutation.file, "exec")
        seen = run_tests(root, mutation.tests, mutation.options)
    except SyntaxError as error:
        return Trial(mutation, f"what takes its place is no Python: {error}")
    finally:
        mutation.undo(root, before)
        forget_bytecode(root / mutation.file)
    return Trial(
        mutation, "; ".join(filter(None, (explain_escape(test, mutation, seen) for test in mutation.tests)))
    )


def _of(test: str, seen: Sequence[TestVerdict]) -> list[TestVerdict]:
    """The verdicts on a test, with all its parameters, or on all of a file."""
    return [one for one in seen if one.test == test or one.test.startswith((f"{test}[", f"{test}::"))]


def _passes(test: str, seen: Sequence[TestVerdict]) -> bool:
    outcomes = {one.outcome for one in _of(test, seen)}
    return "passed" in outcomes and not outcomes & {"failed", "uncollected"}


def explain_escape(test: str, mutation: Mutation, seen: Sequence[TestVerdict]) -> str:
    """Why a test did not catch a mutation; empty when it did."""
    failed = [one for one in _of(test, seen) if one.outcome == "failed"]
    if any(one.kind in (*ASSERTED, *filter(None, [mutation.by])) for one in failed):
        return ""
    if failed:
        return f"{test} failed by {failed[0].kind}, not by an assertion"
    return f"{test} " + ("passes without it" if _of(test, seen) else "could not be run")
