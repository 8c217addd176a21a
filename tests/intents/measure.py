"""The measurement of how messages are understood: a table of confusion, and the shares that the tests hold.

Each set is a file of invented messages with labels. `own` was written by whoever wrote the phrases, `stranger` by
somebody who had not seen them, and `unread` by another; they are reported apart.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.intents.classifier import understand
from bot.intents.intent import Intent, TalkFacts, TapQuestion
from bot.intents.open_prompts import want_question

CORPUS = Path(__file__).parent / "corpus"
SETS = ("own", "stranger")
UNREAD = "unread"
"""A second stranger's set, which nobody who works on the phrases or the weights has read: only its shares are printed. Read
it and it is worth nothing; then have another one written."""
LABELS = (
    "help", "greeting", "thanks", "stop", "start", "my_data", "delete_data", "my_course", "my_answers", "take_back",
    "command", "question", "value", "answer", "unclear",
)  # fmt: skip
STORED = ("value", "answer")
"""What is kept without asking."""
REQUESTS = tuple(one for one in LABELS if one not in (*STORED, "unclear"))
_TAPS = {
    "scale": TapQuestion(tuple((str(one), str(one)) for one in range(1, 11))),
    "yesno": TapQuestion((("yes", "Yes"), ("no", "No"))),
    # Nobody who labels knows the options: by their words no choice can be told from an answer here.
    "choice": TapQuestion((("0", "Option alpha"), ("1", "Option beta"), ("2", "Option gamma"))),
}
_COMMANDS = {Intent.SETTINGS: "command", Intent.PROMPTS: "command", Intent.TEAM: "command"}


@dataclass(frozen=True, slots=True)
class Said:
    """A message with what its author meant, and what it is taken for."""

    text: str
    label: str
    found: str
    hard: bool
    language: str


@cache
def messages(name: str) -> tuple[dict[str, Any], ...]:
    """The messages of a set."""
    lines = (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines if line.strip())


@cache
def measured(name: str, *, asked: bool = False) -> tuple[Said, ...]:
    """Each message of a set with what it is taken for; `asked`: as if an open prompt asked for a question."""
    return tuple(
        Said(one["text"], one["label"], _found(one, asked), bool(one.get("hard")), one.get("language", "en"))
        for one in messages(name)
    )


def _found(one: dict[str, Any], asked: bool) -> str:
    from tests.intents.lines import is_command

    if is_command(one["text"]):
        return "command"
    tap = _TAPS.get(one.get("open", "text"))
    facts = TalkFacts(
        (tap,) if tap else (), one.get("after") == "answer", one.get("after") == "lesson",
        asked or want_question([one["prompt"]] if "prompt" in one else []),
    )  # fmt: skip
    intent = understand(one["text"], facts)
    return _COMMANDS.get(intent, intent.value)


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
    """Wishes that would be kept as an answer."""
    return [one for one in rows if one.label in REQUESTS and one.found in STORED]


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
