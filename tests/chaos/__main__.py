"""`python -m tests.chaos --minutes 2`: storms on SQLite and PostgreSQL, and one without looking first, which must show.

Prints the table of each, and the seed with which it can be run again. Exit 0 when the storms left nothing lost,
doubled or disagreeing, and the one without looking found doubles.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.audit import Audit, table_of
from tests.chaos.storm import StormPlan, run_storm
from tests.chaos.weather import strike_server
from tests.databases import OwnServer
from tests.mutations.catalog import find_mutation
from tests.mutations.trial import copied_tree

PROCESSES = 3
"""How many share the PostgreSQL."""


def storm_on_sqlite(seed: int, seconds: float) -> Audit:
    """One process on a file."""
    with tempfile.TemporaryDirectory(prefix="tilth-chaos-") as folder:
        plan = StormPlan(seed, seconds, f"sqlite:///{folder}/tilth.db", Path(folder))
        return _run("SQLite", plan)


def storm_on_postgres(seed: int, seconds: float) -> Audit:
    """Several processes on a server whose connections end, and which is restarted now and then."""
    with tempfile.TemporaryDirectory(prefix="tilth-chaos-") as folder, own_server() as server:
        plan = StormPlan(
            seed, seconds, server.url, Path(folder), processes=PROCESSES, strike=strike_server(server)
        )
        return _run("PostgreSQL", plan)


def storm_without_looking(seed: int, seconds: float) -> Audit:
    """The same as on SQLite, in a copy of the tree in which nobody looks before saying it again."""
    with tempfile.TemporaryDirectory(prefix="tilth-chaos-") as folder, copied_tree() as root:
        find_mutation("look first").apply(root)
        plan = StormPlan(seed, seconds, f"sqlite:///{folder}/tilth.db", Path(folder), root=root)
        return _run("without looking first", plan)


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """A PostgreSQL of our own, removed afterwards."""
    server = OwnServer(Path(tempfile.mkdtemp(prefix="tilth-pg-")))
    try:
        yield server
    finally:
        server.remove()


def _run(name: str, plan: StormPlan) -> Audit:
    audit, deeds = asyncio.run(run_storm(plan))
    done = ", ".join(f"{what} {times}" for what, times in sorted(deeds.items()))
    print(f"{table_of({name: audit})}\n    {done}", flush=True)
    return audit


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=2.0, help="of storm, calms not counted")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    given = parser.parse_args()
    seconds = given.minutes * 60
    print(f"seed {given.seed}", flush=True)
    storms = [storm_on_sqlite(given.seed, seconds * 0.4), storm_on_postgres(given.seed, seconds * 0.4)]
    control = storm_without_looking(given.seed, min(seconds * 0.2, 120))
    well = all(one.clean for one in storms) and control.doubled > 0
    print("as promised" if well else "NOT as promised", flush=True)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
