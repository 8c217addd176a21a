"""The measurement of how messages are understood: a table of confusion, and the shares that the tests hold.

Each set is a file of invented messages with labels. `own` was written by whoever wrote the phrases, `stranger` by
somebody who had not seen them, `unread`, `visitor` and `newcomer` by three others; they are reported apart.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.danger.recognition import discloses_danger
from bot.intents.classifier import understand
from bot.intents.intent import Intent, Invited, TalkFacts, TapQuestion
from bot.intents.open_prompts import read_invitations

CORPUS = Path(__file__).parent / "corpus"
SETS = ("own", "stranger")
UNREAD = "unread"
"""A second stranger's set, which nobody who works on the phrases or the weights has read: only its shares are printed. Read
it and it is worth nothing; then have another one written."""
NEWCOMER = "newcomer"
"""A fourth stranger's set, which nobody of us has read either; more than half of it is hard on purpose."""
VISITOR = "visitor"
"""A third stranger's set. Who works on the rules reads and learns from two thirds of it; each third line is only measured."""
AMBIGUOUS = frozenset((31, 119, 185, 249))
"""Its lines whose label nobody can tell by the words alone: counted with and without, and named in the corpus' README."""
NEEDS = ("stop", "start", "help", "my_data", "delete_data", "my_answers", "take_back")
"""The wishes that must never be kept; to keep one of the others costs its author one tap on the receipt."""
LABELS = (
    "help", "greeting", "thanks", "stop", "start", "my_data", "delete_data", "my_course", "my_answers", "take_back",
    "command", "question", "danger", "other", "value", "answer", "unclear",
)  # fmt: skip
STORED = ("value", "answer")
"""What is kept without asking."""
REQUESTS = tuple(one for one in LABELS if one not in (*STORED, "unclear"))
_TAPS = {
    "scale": TapQuestion(tuple((str(one), str(one)) for one in range(1, 11))),
    "scale5": TapQuestion(tuple((str(one), str(one)) for one in range(1, 6))),
    "yesno": TapQuestion((("yes", "Yes"), ("no", "No"))),
    # Nobody who labels knows the options: by their words no choice can be told from an answer here.
    "choice": TapQuestion((("0", "Option alpha"), ("1", "Option beta"), ("2", "Option gamma"))),
}
_COMMANDS = {
    Intent.SETTINGS: "command", Intent.PROMPTS: "command", Intent.TEAM: "command", Intent.AWAY: "command",
    Intent.OTHERS: "question", Intent.READERS: "my_data",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A message with what its author meant, and what it is taken for."""

    text: str
    label: str
    found: str
    hard: bool
    language: str
    number: int
    """Its line in the file, from 1."""
    alarms: bool = False
    """Whether it is taken for somebody in danger, before anything else looks at it."""


@cache
def messages(name: str) -> tuple[dict[str, Any], ...]:
    """The messages of a set."""
    lines = (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines if line.strip())


@cache
def measured(name: str, *, asked: bool = False) -> tuple[Said, ...]:
    """Each message of a set with what it is taken for; `asked`: as if an open prompt asked for a question."""
    return tuple(
        Said(
            one["text"], one["label"], _found(one, asked), bool(one.get("hard")), one.get("language", "en"), number,
            discloses_danger(one["text"]),
        )
        for number, one in enumerate(messages(name), 1)
    )  # fmt: skip


def visited(*, held: bool, asked: bool = False) -> list[Said]:
    """The visitor's messages: those that are `held` back from whoever works on the rules, or those that are read."""
    return [one for one in measured(VISITOR, asked=asked) if is_held(one.number) is held]


def _found(one: dict[str, Any], asked: bool) -> str:
    from tests.intents.lines import is_command

    if one["label"] == "danger" and discloses_danger(one["text"]):
        return "danger"
    if is_command(one["text"]):
        return "command"
    tap = _TAPS.get(one.get("open", "text"))
    facts = TalkFacts(
        (tap,) if tap else (), one.get("after") == "answer", one.get("after") == "lesson",
        read_invitations([one["prompt"]] if "prompt" in one else []) | (Invited.QUESTION if asked else 0),
        one.get("open") != "none" and not one.get("after"),
    )  # fmt: skip
    intent = understand(one["text"], facts)
    return _COMMANDS.get(intent, intent.value)


def is_held(number: int) -> bool:
    """Whether a line of the visitor's set is only measured."""
    return number % 3 == 0


def table(rows: Iterable[Said]) -> str:
    """The table of confusion: a line for what was meant, a column for what it was taken for."""
    counts = Counter((one.label, one.found) for one in rows)
    width = max(map(len, LABELS)) + 1
    heads = [*LABELS, "all"]
    lines = ["".join((" " * width, *(f"{one[:8]:>9}" for one in heads)))]
    for label in LABELS:
        cells = [counts[label, found] for found in LABELS]
        if sum(cells):
            lines.append(
                "".join((f"{label:<{width}}", *(f"{one or '.':>9}" for one in [*cells, sum(cells)])))
            )
    return "\n".join(lines)


def stored_requests(rows: Iterable[Said]) -> list[Said]:
    """Wishes that would be kept as an answer; words of danger are answered before that where they are understood."""
    return [one for one in rows if one.label in REQUESTS and one.found in STORED]


def stored_needs(rows: Iterable[Said]) -> list[Said]:
    """Those of them that must never be kept."""
    return [one for one in stored_requests(rows) if one.label in (*NEEDS, "danger")]


def stored_unclear(rows: Iterable[Said]) -> list[Said]:
    """Unclear words that would be kept without asking."""
    return [one for one in rows if one.label == "unclear" and one.found in STORED]


def unkept_answers(rows: Iterable[Said]) -> list[Said]:
    """Answers and values that would be asked about, or taken for a wish."""
    return [one for one in rows if one.label in STORED and one.found not in STORED]


def right(rows: Iterable[Said]) -> float:
    """The share of messages that are taken for what was meant."""
    every = tuple(rows)
    return sum(one.label == one.found for one in every) / len(every)
