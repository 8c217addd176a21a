"""How long the bot takes to start, against importing the libraries it is made of, and `tilth --help` against argparse.

    python -m tests.bench.bench_start [rounds]

Every measurement is a process of its own, on a database whose schema is current; a start ends where it would connect to
its platforms. All ways run once in each round, and their ratios inside a round count.

What the files of decks and courses say is known from the start before (`bot/content/known_files.py`): to take them apart
was a third of what importing the libraries takes.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table as Sheet

from bot.store.migrate import upgrade
from tests.cli.test_imports import DISCORD, ROOT, SLACK, START

ROUNDS = 5
LIBRARIES = """
import importlib, json, sys
for name in json.loads(sys.argv[1]):
    try:
        importlib.import_module(name)
    except ImportError:
        pass
"""
OURS = {"adapters", "bot", "__main__", "__mp_main__"}


def seconds(code: Sequence[str], variables: Mapping[str, str]) -> float:
    """How long a process takes, from its start to its end."""
    began = time.perf_counter()
    subprocess.run(code, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, check=True)
    return time.perf_counter() - began


def libraries(variables: Mapping[str, str]) -> list[str]:
    """The modules that are not ours and that a start imports, in its order."""
    asked = [sys.executable, "-W", "ignore", "-c", START]
    done = subprocess.run(
        asked, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True, check=True
    )
    return [one for one in done.stderr.splitlines()[-1].split() if one.partition(".")[0] not in OURS]


def main(rounds: int) -> None:
    """Run every way once in each round, and print the medians and ratios."""
    python = [sys.executable, "-W", "ignore", "-c"]
    tilth = "import sys; sys.argv = ['tilth', '{}']; from bot.cli.entry import main; main()"
    with tempfile.TemporaryDirectory() as folder:
        home = {"TILTH_STORE__URL": f"sqlite:///{folder}/tilth.db", "TILTH_STORE__FOLDER": str(Path(folder))}
        upgrade(home["TILTH_STORE__URL"])
        slack, discord = {**home, **SLACK}, {**home, **DISCORD}
        imported = json.dumps(libraries({**slack, **discord}))
        ways: dict[str, tuple[list[str], Mapping[str, str], str]] = {
            "import argparse": ([*python, "import argparse"], home, ""),
            "import typer": ([*python, "import typer"], home, "import argparse"),
            "tilth --help": ([*python, tilth.format("--help")], home, "import argparse"),
            "tilth --version": ([*python, tilth.format("--version")], home, "import argparse"),
            "the libraries": ([*python, LIBRARIES, imported], home, ""),
            "start, both platforms": ([*python, START], {**slack, **discord}, "the libraries"),
            "start, Slack alone": ([*python, START], slack, "start, both platforms"),
            "start, Discord alone": ([*python, START], discord, "start, both platforms"),
        }
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, (code, variables, _against) in ways.items():
                taken[name].append(seconds(code, variables))
    sheet = Sheet(title=f"from the start of a process to its end, median of {rounds} rounds")
    for heading in ("way", "seconds", "ratio", "to"):
        sheet.add_column(heading, justify="right" if heading in ("seconds", "ratio") else "left")
    for name, (_code, _variables, against) in ways.items():
        ratio = [one / base for one, base in zip(taken[name], taken[against], strict=True)] if against else []
        shown = f"{statistics.median(ratio):.2f}" if ratio else ""
        sheet.add_row(name, f"{statistics.median(taken[name]):.2f}", shown, against)
    Console().print(sheet)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
