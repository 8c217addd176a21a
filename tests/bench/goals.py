"""The goals: what is measured against what, and how much of it is aimed at.

The numbers are those that design and trials came to before there was a bot; a goal keeps its number for good.
"""

from __future__ import annotations

from dataclasses import dataclass

FAMILIES = {
    "slack": "Taking in answers on Slack",
    "discord": "Taking in answers on Discord",
    "commands": "Commands while much else happens",
    "planner": "The planner",
    "recurrence": "When a schedule is next due",
    "process": "Starting, and memory",
    "reports": "Reports",
    "finding": "Finding",
    "pictures": "Pictures",
    "sending": "Sending",
    "writer": "The one writer",
    "growth": "How cost grows",
}
"""A family is a module, `bench_<family>`, and measures in a process of its own."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that is aimed at. `least`: the aim is the least it may be; otherwise the most."""

    name: str
    family: str
    what: str
    aim: float
    least: bool = False
    unit: str = ""

    def met(self, value: float) -> bool:
        """Whether a measured figure is as good as the aim."""
        return value >= self.aim if self.least else value <= self.aim

    @property
    def aimed(self) -> str:
        return f"{'≥' if self.least else '≤'} {show(self.aim, self.unit)}"


def show(value: float, unit: str = "") -> str:
    """A figure with as many digits as it is worth."""
    size = abs(value)
    digits = 0 if size >= 100 or value == int(value) else 1 if size >= 10 else 2
    return f"{value:,.{digits}f}{' ' + unit if unit else ''}"


GOALS = (
    Goal("G1", "slack", "Answers in a Slack thread (Socket Mode), no two alike, each on the disk before Slack is told that it has arrived, 64 under way: a second, of what slack-bolt takes in with a handler that does nothing", 0.40, True),
    Goal("G1-http", "slack", "The same as signed HTTP requests", 0.40, True),
    Goal("G1b", "slack", "The same on PostgreSQL, with its own syncing to disk", 0.30, True),
    Goal("G2", "discord", "Answers in a Discord thread, no two alike: a second, of what discord.py takes in with an `on_message` that does nothing", 0.40, True),
    Goal("G3", "slack", "One answer alone, from its arrival until it is on the disk: the median, over a bare SQLite commit", 2.5, unit="×"),
    Goal("G4", "commands", "A slash command that reads the database, by HTTP: the median wait, over that of a bare slack-bolt command", 0.45),
    Goal("G4b-100", "commands", "The slowest command of a hundred while 100 people a second give their first answer, over the same with nothing else to do", 2.0, unit="×"),
    Goal("G4b-300", "commands", "The same with 300 first answers a second", 3.0, unit="×"),
    Goal("G4c", "commands", "The slowest command of a hundred while 200 prompts come due at once, over the same with nothing else to do", 1.5, unit="×"),
    Goal("G5", "planner", "A look of the planner with nothing due: most schedules over fewest", 2.0, unit="×"),
    Goal("G5b", "planner", "A tick with 100 due: most schedules over fewest", 2.0, unit="×"),
    Goal("G5b-10k", "planner", "A tick with 10,000 due: most schedules over fewest", 5.0, unit="×"),
    Goal("G5c", "planner", "10,000 due at once: what APScheduler takes with its jobs in memory, over a tick", 6.0, True, "×"),
    Goal("G6", "recurrence", "The next date of a weekly rule: what APScheduler's CronTrigger takes, over ours", 8.0, True, "×"),
    Goal("G7", "process", "From nothing to connected on Slack and Discord, over importing the libraries it is made of", 1.25, unit="×"),
    Goal("G7-slack", "process", "The same with Slack alone, over both", 0.75),
    Goal("G7-discord", "process", "The same with Discord alone, over both", 0.75),
    Goal("G7b", "growth", "Starting with most answers in the database, over an empty one", 1.1, unit="×"),
    Goal("G7c-help", "process", "`tilth --help`, over `python -c 'import argparse'`", 5.0, unit="×"),
    Goal("G7c-version", "process", "`tilth --version`, over the same", 5.0, unit="×"),
    Goal("G8", "process", "Memory when connected, over that of the libraries alone", 1.15, unit="×"),
    Goal("G8-one", "process", "Memory with Slack alone, over both", 0.75),
    Goal("G8b", "slack", "Memory after many more answers of the same people, more than before", 2.0, unit="%"),
    Goal("G9", "reports", "A year's turnout: from the answers, over from the counts that are kept", 15.0, True, "×"),
    Goal("G9-page", "reports", "The slowest page of reports, finding and reading, each opened twenty times (p95)", 1000.0, unit="ms"),
    Goal("G9-page-pg", "reports", "The same on PostgreSQL", 1000.0, unit="ms"),
    Goal("G9c", "growth", "“My last answers” with most answers in the database, over fewest", 1.5, unit="×"),
    Goal("G9d", "finding", "Answers taken in with their words indexed, a second, of the same without the index", 0.65, True),
    Goal("G9d-page", "finding", "The slowest page found of twenty (p95)", 1000.0, unit="ms"),
    Goal("G10", "pictures", "A chart drawn, over the same by matplotlib, both warm", 0.30),
    Goal("G10-cold", "pictures", "The first chart of a process, over the same by matplotlib", 0.20),
    Goal("G11", "sending", "Messages to many people against a platform that holds its limits: the time, over what the limits allow", 1.05),
    Goal("G11-429", "sending", "Of these, calls that came sooner than the limits allow", 0),
    Goal("G11-claim", "sending", "One claim in the writer with the most messages waiting", 1.0, unit="ms"),
    Goal("P1", "writer", "The longest that one piece of work holds the writer, of twenty kinds in a community of 5,000", 20.0, unit="ms"),
)  # fmt: skip
BY_NAME = {one.name: one for one in GOALS}

ELSEWHERE = {
    "G1c": (
        "Against a transaction of its own for each message through an asynchronous ORM, the usual shape: 20 to 40 times in a "
        "trial. Its libraries are not among ours, so it is not measured again."
    ),
    "G5e": "Several processes claim what is due, none twice, and one that is killed loses none: exact, so tests hold it.",
    "G9b": "Reports cost an answer nothing: they are counted when a prompt closes. So there is nothing to measure.",
    "G12": (
        "Many workspaces in one process. Each has a token of its own in the settings and a slack-bolt app of its own, so no event "
        "looks a token up: what slack-bolt's store costs there (25 times, in a trial) is not paid."
    ),
    "G13": (
        "Against other bots. They store without deduplication, index or syncing, and start in ways of their own; a ratio of two "
        "different things is no figure of this run. slack-bolt and discord.py, which all of them stand on, are the floors here."
    ),
}  # fmt: skip
"""Goals that no bench is about, and why."""

ALLOWED = {
    "an answer taken in": "about 0: the same however many there are",
    "the planner, nothing due": "0",
    "the planner, 100 due": "about 0: what is due costs, not what exists",
    "the planner, 10,000 due": "about 0.3: pages that are no longer in memory",
    "a look of every job, nothing due": "0",
    "one claim, so many waiting": "0",
    "one message sent, so many waiting": "0",
    "“my last answers”": "about 0",
    "a report of the week": "about 0: from counts",
    "erasing a member with 200 answers": "about 0: by what they wrote",
    "starting": "0",
    "size of the database, an answer": "0",
}  # fmt: skip
"""How the cost of a piece of work may grow with what it is plotted against: the slope on log-log paper."""
