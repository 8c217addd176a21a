"""Measure the goals on the real application, each against what stands beside it, and write `docs/performance.md`.

    python -m tests.bench [family …]          all goals, or those of some families; the usual sizes
    python -m tests.bench --quick             small sizes, few rounds: about three minutes, writes no page
    python -m tests.bench --whole             a million rows where that is meant
    python -m tests.bench --compare old.json  also print two runs of one machine side by side
    python -m tests.bench --page run.json     write the page from a run that was made before

The figures of a run are `var/bench/figures.json`. Each family runs in a process of its own; one that fails is noted, and
the others go on. Nothing fails on a time.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.findings import SCALES, Findings
from tests.bench.goals import FAMILIES, GOALS
from tests.bench.page import PAGE, README, ROOT, put_quote, show, write_comparison, write_page, write_quote

FIGURES = ROOT / "var" / "bench" / "figures.json"
PATIENCE = 3600
"""Seconds that one family may take."""


def main() -> None:
    words = read_words()
    if words.alone:
        return measure_alone(words.alone, words.scale, Path(words.out))
    run = json.loads(Path(words.page).read_text()) if words.page else measure_all(words)
    if words.page or (not words.quick and not words.family):
        PAGE.write_text(write_page(run))
        README.write_text(put_quote(README.read_text(), write_quote(Findings.from_json(run))))
        print(f"written: {PAGE.relative_to(ROOT)}")
    if words.compare:
        print(write_comparison(json.loads(Path(words.compare).read_text()), run))
    return None


def read_words() -> argparse.Namespace:
    """What was asked for."""
    asked = argparse.ArgumentParser(
        prog="python -m tests.bench", description=(__doc__ or "").split("\n", 1)[0]
    )
    asked.add_argument("family", nargs="*", help="only these")
    asked.add_argument("--quick", action="store_true", help="small sizes, about three minutes")
    asked.add_argument("--whole", action="store_true", help="also the largest sizes")
    asked.add_argument(
        "--compare", metavar="JSON", help="print an earlier run of this machine beside this one"
    )
    asked.add_argument("--page", metavar="JSON", help="write the page from this run, and measure nothing")
    asked.add_argument("--out", default=str(FIGURES), help="where the figures go")
    asked.add_argument("--alone", help=argparse.SUPPRESS)
    words = asked.parse_args()
    if unknown := [one for one in words.family if one not in FAMILIES]:
        asked.error(f"no family {', '.join(unknown)}; there are {', '.join(FAMILIES)}")
    words.scale = "quick" if words.quick else "whole" if words.whole else "usual"
    return words


def measure_alone(family: str, scale: str, out: Path) -> None:
    """One family, in this process; what is logged of long work would hide what is printed."""
    logging.disable(logging.WARNING)
    found: Findings = importlib.import_module(f"tests.bench.bench_{family}").measure(SCALES[scale])
    out.write_text(json.dumps(found.as_json()))


def measure_all(words: argparse.Namespace) -> dict[str, Any]:
    """Every family after the other, each in a process of its own."""
    found, spent = Findings(), {}
    for family in words.family or FAMILIES:
        begun = time.monotonic()
        print(f"{family} …", flush=True)
        one = measure_apart(family, words.scale)
        spent[family] = round(time.monotonic() - begun)
        found.update(one)
        print_findings(one)
    run = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}", "scale": words.scale, "machine": describe_machine(), "seconds": spent,
        **found.as_json(),
    }  # fmt: skip
    out = Path(words.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(run, indent=1, ensure_ascii=False))
    print(f"{sum(spent.values())} s in all; figures in {out.name}")
    return run


def measure_apart(family: str, scale: str) -> Findings:
    """One family in a process of its own, so that none finds the memory and the threads of another."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "found.json"
        words = [sys.executable, "-m", "tests.bench", "--alone", family, "--out", str(out)]
        words += [f"--{scale}"] if scale != "usual" else []
        try:
            done = subprocess.run(words, cwd=ROOT, timeout=PATIENCE, check=False)
            why = "" if done.returncode == 0 else "the bench ended with an error"
        except subprocess.TimeoutExpired:
            why = f"it took more than {PATIENCE} s"
        if not why:
            return Findings.from_json(json.loads(out.read_text()))
    found = Findings()
    for goal in GOALS:
        if goal.family == family:
            found.leave(goal.name, why)
    return found


def print_findings(found: Findings) -> None:
    """What was found, as it comes."""
    aims = {one.name: one for one in GOALS}
    for one in found.figures:
        goal = aims[one.goal]
        spread = " ".join(show(each) for each in sorted(one.rounds)) if len(one.rounds) > 1 else ""
        said = "met" if goal.met(one.value) else "MISSED"
        print(
            f"  {one.goal:<12}{show(one.value, goal.unit):>10}  {goal.aimed:<10} {said:<7} {spread}  {one.detail}"
        )
    for one in found.left:
        print(f"  {one.goal:<12} not measured: {one.why}")
    for each in found.growth:
        points = "  ".join(f"{size:,}: {show(value)}" for size, value in each.points.items())
        print(f"  {each.work} ({each.unit}): {points}  slope {each.slope:+.2f}", flush=True)


def describe_machine() -> dict[str, str]:
    """What the figures depend on; no name and no path of it."""
    from bot.settings.environment import load
    from tests.bench.rig import journal_as_shipped

    library = journal_as_shipped(load(_env_file=None))
    return {
        "cores": str(os.cpu_count()), "architecture": platform.machine(), "Python": platform.python_version(),
        "SQLite": library[0], "journal": library[1],
    }  # fmt: skip


if __name__ == "__main__":
    main()
