"""`docs/performance.md` and what README quotes of it, written from the figures of one run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.bench.findings import DATABASE, Breakdown, Figure, Findings, Growth
from tests.bench.goals import ALLOWED, BY_NAME, ELSEWHERE, FAMILIES, GOALS, Goal, show

ROOT = Path(__file__).parents[2]
PAGE, README = ROOT / "docs" / "performance.md", ROOT / "README.md"
BEGIN, END = "<!-- quoted from docs/performance.md: begin -->", "<!-- end -->"
QUOTED = ("G1", "G2", "G4", "G5")

INTRO = """# How fast it is

Written by `make bench` from one run. Each figure is a ratio to something that ran beside it in the same minutes, turn by turn,
and is the median of its rounds: a busy machine is busy for both, and a faster one changes little. Under 1.2 is a tie. Nothing
fails on a time: tests count statements, calls and rows instead. `python -m tests.bench --compare before.json` shows two runs
of one machine side by side.
"""
OUTER = """
## What the platforms allow

Slack tells a workspace's app of 30,000 events an hour, about 8 a second; it takes one message a second in a channel. Discord
takes 50 calls a second. So speed is not what limits a community. What counts is that a command is answered at once while much
else happens, that nothing is lost, and that cost does not grow with what has gathered.
"""
REASONS = """
## Where a goal is out of reach

**G1, G1b, G2, G3.** slack-bolt and discord.py are taken as they are, and so is what Tilth promises of a message: before the
platform is told that it has arrived, it was understood, looked through for danger, and is on the disk with everything that follows
from it. The table above says what each of these costs. Its last line is the share that would be left with nothing but the library
and the database: already below the aims. One message alone shares none of it with others, so it waits for all of it (G3). A socket
loop of one's own would take in five times as many; it would have to follow every change of Slack's protocol, for 8 events a
second. We do not do that.

**G5c.** APScheduler calls a function for each job in memory. Ours draws a prompt, opens it, and leaves what is to be posted on the
disk.

**G7, G8.** A start imports 850 modules of Tilth at about 1.5 ms each beside the libraries, a fifth of it to make frozen dataclasses;
what words mean takes 20 MB more, all tables with what they import 16, and the rest of the modules 12. Features that are loaded at
their first use would be another architecture. One platform alone is nearly as much, because both adapters together are a tenth of it.

**G10-cold.** Most of a process's first chart is the start of Python and of the modules that charts stand on.

**P1** is the longest of some ten thousand pieces, by the clock of the writer's thread. Pieces begin nothing more after 12 ms; the
first of a kind takes longer, because its statements are compiled in it, and on a machine that others use any may now and then.
"""


def verdict(goal: Goal, value: float) -> str:
    return "met" if goal.met(value) else "**not met**"


def goal_row(goal: Goal, figures: dict[str, Figure], left: dict[str, str]) -> str:
    """One line of the table."""
    found = figures.get(goal.name)
    if found is None:
        why = left.get(goal.name, "not in this run")
        return f"| {goal.name} | {goal.what} | {goal.aimed} | – | not measured: {why} |"
    detail = f" ({found.detail})" if found.detail else ""
    return f"| {goal.name} | {goal.what}{detail} | {goal.aimed} | {show(found.value, goal.unit)} | {verdict(goal, found.value)} |"


def write_goals(found: Findings) -> str:
    """The table of the goals, family by family."""
    figures = {one.goal: one for one in found.figures}
    left = {one.goal: one.why for one in found.left}
    lines = ["## The goals", ""]
    for family, title in FAMILIES.items():
        rows = [goal_row(goal, figures, left) for goal in GOALS if goal.family == family]
        if rows:
            lines += [f"### {title}", "", "| | what | aim | measured | |", "|---|---|---|---|---|", *rows, ""]
    lines += ["### Not measured here", "", *(f"* **{name}** {why}" for name, why in ELSEWHERE.items())]
    return "\n".join(lines)


def write_growth(growth: list[Growth]) -> str:
    """What grows, and how."""
    sizes = sorted({size for one in growth for size in one.points})
    head = ["work", "", *(f"{size:,}" for size in sizes), "slope", "allowed"]
    lines = [
        "## How cost grows", "",
        "The slope is that of a line through the sizes on log-log paper: 0 costs the same at any size, 1 grows as they do.", "",
        f"| {' | '.join(head)} |", f"|{'---|' * len(head)}",
    ]  # fmt: skip
    for one in growth:
        cells = [show(one.points[size]) if size in one.points else "" for size in sizes]
        allowed = ALLOWED.get(one.work, "")
        lines.append(f"| {one.work} | {one.unit} | {' | '.join(cells)} | {one.slope:+.2f} | {allowed} |")
    return "\n".join(lines)


def write_breakdowns(breakdowns: list[Breakdown]) -> str:
    """What each cost is made of, a column each, and the share of its floor that would be left without all but one part."""
    names = list(dict.fromkeys(part for one in breakdowns for part in one.parts))
    lines = [
        "## Where a message's time goes", "",
        "Of an answer in a thread, no two alike, with many under way; microseconds of the processor.", "",
        f"| | {' | '.join(one.work for one in breakdowns)} |", f"|{'---|' * (len(breakdowns) + 1)}",
    ]  # fmt: skip
    lines += [
        f"| {name} | {' | '.join(f'{one.parts.get(name, 0):,.0f}' for one in breakdowns)} |" for name in names
    ]
    sums = [sum(one.parts.values()) for one in breakdowns]
    floors = [next(iter(one.parts.values())) for one in breakdowns]
    kept = [one.parts.get(DATABASE, 0) for one in breakdowns]
    rows = (
        ("together", [f"{one:,.0f}" for one in sums]),
        ("the library's share", [f"{floor / one:.2f}" for floor, one in zip(floors, sums, strict=True)]),
        (
            "its share, were there nothing else than the database",
            [f"{floor / (floor + one):.2f}" for floor, one in zip(floors, kept, strict=True)],
        ),
    )
    return "\n".join([*lines, *(f"| {name} | {' | '.join(cells)} |" for name, cells in rows)])


def write_quote(found: Findings) -> str:
    """Two or three sentences for README, in the numbers of the page."""
    figures = {one.goal: one.value for one in found.figures}
    if any(name not in figures for name in QUOTED):
        return "How fast it is, and beside what: [how fast it is](docs/performance.md)."
    shown = {name: show(figures[name], BY_NAME[name].unit) for name in QUOTED}
    met = sum(BY_NAME[one.goal].met(one.value) for one in found.figures)
    return (
        f"Answers are on the disk before Slack or Discord is told that they have arrived, and still come in at {shown['G1']} of the\n"
        f"speed of slack-bolt and {shown['G2']} of that of discord.py, each with a handler that does nothing. A command takes\n"
        f"{shown['G4']} of the time of a bare slack-bolt command. The planner's look costs {shown['G5']} with the most schedules of the\n"
        f"run, against the fewest. {met} of {len(found.figures)} goals are met: [how fast it is](docs/performance.md)."
    )


def write_page(run: dict[str, Any]) -> str:
    """The whole page."""
    found, machine = Findings.from_json(run), run["machine"]
    about = f"{run['date']} · " + " · ".join(f"{name} {value}" for name, value in machine.items())
    size = (
        "" if run["scale"] == "whole" else f" A {run['scale']} run; the largest sizes are left to `--whole`."
    )
    short = write_quote(found).replace("](docs/performance.md)", "](#the-goals)")
    parts = [
        INTRO,
        f"{about}.{size}",
        "",
        short,
        OUTER,
        write_goals(found),
        "",
        write_growth(found.growth),
        "",
        write_breakdowns(found.breakdowns),
        REASONS,
    ]
    return "\n".join(parts).rstrip() + "\n"


def put_quote(readme: str, quote: str) -> str:
    """README with the sentences in their place."""
    block = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    return block.sub(lambda _found: f"{BEGIN}\n{quote}\n{END}", readme)


def write_comparison(before: dict[str, Any], after: dict[str, Any]) -> str:
    """Two runs of one machine side by side."""
    old, new = Findings.from_json(before), Findings.from_json(after)
    was, now = ({one.goal: one.value for one in found.figures} for found in (old, new))
    lines = [f"| goal | aim | {before['date']} | {after['date']} | |", "|---|---|---|---|---|"]
    for goal in GOALS:
        if goal.name in was or goal.name in now:
            cells = [show(one[goal.name], goal.unit) if goal.name in one else "–" for one in (was, now)]
            met = verdict(goal, now[goal.name]) if goal.name in now else ""
            lines.append(f"| {goal.name} | {goal.aimed} | {cells[0]} | {cells[1]} | {met} |")
    earlier = {one.work: one for one in old.growth}
    lines += [
        "",
        "| work | slope before | slope after | at the most before | after |",
        "|---|---|---|---|---|",
    ]
    for one in new.growth:
        other = earlier.get(one.work)
        if other is not None and one.points and other.points:
            cells = [
                f"{show(each.points[max(each.points)])} {each.unit} ({max(each.points):,})"
                for each in (other, one)
            ]
            lines.append(f"| {one.work} | {other.slope:+.2f} | {one.slope:+.2f} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)
