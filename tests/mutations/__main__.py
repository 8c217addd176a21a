"""`python -m tests.mutations`: every mechanism is switched off, one at a time, and must be missed.

Names after it choose mutations; `--jobs` is how many run side by side. Exit 0 when all were caught.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue

from tests.mutations.catalog import MUTATIONS
from tests.mutations.mutation import Mutation
from tests.mutations.trial import Trial, copied_tree, find_red, try_mutation


def try_all(mutations: Sequence[Mutation], jobs: int) -> list[Trial]:
    """Try each in one of `jobs` copies of the tree, saying what became of it; first all of their tests must pass."""
    with ExitStack() as stack, ThreadPoolExecutor(jobs) as pool:
        copies: SimpleQueue[Path] = SimpleQueue()
        for _ in range(jobs):
            copies.put(stack.enter_context(copied_tree()))
        first = copies.get()
        red = find_red(first, mutations, jobs)
        copies.put(first)

        def attempt(mutation: Mutation) -> Trial:
            wrong = [test for test in mutation.tests if test in red]
            if wrong:
                trial = Trial(mutation, f"red before: {', '.join(wrong)}")
            else:
                root = copies.get()
                try:
                    trial = try_mutation(root, mutation)
                finally:
                    copies.put(root)
            print("caught  " if trial.caught else "SURVIVED", mutation.name, trial.why, flush=True)
            return trial

        return list(pool.map(attempt, mutations))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("names", nargs="*", help="these only; a part of a name is enough")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    chosen = [one for one in MUTATIONS if not given.names or any(name in one.name for name in given.names)]
    trials = try_all(chosen, given.jobs)
    survived = [one for one in trials if not one.caught]
    print(f"{len(trials) - len(survived)} of {len(trials)} mechanisms are missed when they are switched off")
    return 1 if survived or not trials else 0


if __name__ == "__main__":
    sys.exit(main())
