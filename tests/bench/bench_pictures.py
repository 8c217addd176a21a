"""A chart as the bot draws it, beside the same by matplotlib: warm, each time with other numbers, and the first of a process.

matplotlib is not among the libraries of the bot or of its tests: where it is not installed, this is left out.

    python -m tests.bench pictures
"""

from __future__ import annotations

import gc
import io
import random
import subprocess
import sys
import time
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path

from tests.bench.findings import Findings, Scale, ratios

ROOT = Path(__file__).parents[2]
WEEKS, TEAMS = 7, 8
MONDAY = date(2026, 10, 5)
COLD = "from tests.bench.bench_pictures import {way}; import random; {way}(random.Random(1))"


def by_us(dice: random.Random) -> bytes:
    """Bars for teams, and columns for weeks, as `/team progress` shows them."""
    from bot.pictures.bars import Bar, bar_chart

    bars = [Bar(f"Team {number}", dice.randrange(20), dice.randrange(10), 30) for number in range(TEAMS)]
    weeks = [(MONDAY + timedelta(weeks=number), dice.randrange(50)) for number in range(WEEKS)]
    return bar_chart("Progress", "Course of the autumn", bars, "people", weeks).png


def by_matplotlib(dice: random.Random) -> bytes:
    """The same bars and columns, 800 pixels across."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (above, below) = plt.subplots(2, 1, figsize=(8, 7), dpi=100)
    names, done = [f"Team {number}" for number in range(TEAMS)], [dice.randrange(20) for _ in range(TEAMS)]
    above.barh(names, [30] * TEAMS, color="#dddddd")
    above.barh(names, done, color="#00558c")
    above.barh(names, [dice.randrange(10) for _ in range(TEAMS)], left=done, color="#f4d38a", hatch="//")
    above.set_title("Progress")
    for place, count in enumerate(done):
        above.text(30, place, f"{count} of 30", va="center")
    counts = [dice.randrange(50) for _ in range(WEEKS)]
    below.bar([f"Week {number}" for number in range(WEEKS)], counts, color="#00558c")
    for place, count in enumerate(counts):
        below.text(place, count, str(count), ha="center")
    written = io.BytesIO()
    figure.savefig(written, format="png")
    plt.close(figure)
    return written.getvalue()


def warm(way: object, dice: random.Random, count: int) -> float:
    """Seconds of this thread for so many charts, each with other numbers."""
    gc.collect()
    start = time.thread_time()
    for _ in range(count):
        assert way(dice).startswith(b"\x89PNG")  # type: ignore[operator]
    return time.thread_time() - start


def cold(way: str) -> float:
    """Seconds of a process that draws one chart and ends."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", COLD.format(way=way)], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - start


def measure(scale: Scale) -> Findings:
    """G10."""
    found = Findings()
    if find_spec("matplotlib") is None:
        for goal in ("G10", "G10-cold"):
            found.leave(goal, "matplotlib is not installed here, and is none of our libraries")
        return found
    dice, count = random.Random(1), scale.pick(3, 10)
    by_us(dice), by_matplotlib(dice)
    spent = [(warm(by_us, dice, count), warm(by_matplotlib, dice, count)) for _ in range(scale.rounds)]
    ours, theirs = zip(*spent, strict=True)
    middle = sorted(ours)[len(ours) // 2] * 1000 / count
    found.add("G10", ratios(ours, theirs), f"{middle:.0f} ms a chart, processor time")
    first = [(cold("by_us"), cold("by_matplotlib")) for _ in range(scale.rounds)]
    ours, theirs = zip(*first, strict=True)
    found.add(
        "G10-cold", ratios(ours, theirs), f"{sorted(ours)[len(ours) // 2]:.1f} s with the start of Python"
    )
    return found
