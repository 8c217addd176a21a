"""Decks of prompts as the rest of the bot sees them: questions, how each is answered, and all of it as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

# fmt: off
Form = Literal[
    "one-moment", "sentence-heard", "finish-the-line", "picture-described", "before-after", "scale-with-reason",
    "which-of-three", "question-for-a-student", "why-behind-a-why", "borrow-an-idea", "letter-to-next-month",
    "small-test", "thank-a-condition", "stopped-doing",
]
# fmt: on
Level = Literal["reporting", "relating", "reasoning", "reconstructing"]
Reason = Literal["optional", "asked", "none"]
"""Whether a person is asked why, after tapping an answer. Text answers have "none": they are the reason."""


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """Answered in words."""


@dataclass(frozen=True, slots=True)
class YesNoAnswer:
    """Answered with one tap: yes or no."""


@dataclass(frozen=True, slots=True)
class ChoiceAnswer:
    """Answered with one tap: one of 2 to 5 options of up to 75 characters."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScaleAnswer:
    """Answered with one tap: a whole number from `start` to `end`, whose ends mean `low` and `high`."""

    start: int
    end: int
    low: str
    high: str


Answer = TextAnswer | YesNoAnswer | ChoiceAnswer | ScaleAnswer


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked, and how it is answered."""

    ask: str
    answer: Answer = TextAnswer()
    reason: Reason = "none"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One to three questions to reflect on, with what helps to answer them.

    `slug` is unique in its deck. `lesson` is `course/lesson`, or None. `deeper` is "" and the hints are empty where
    the author wrote none; otherwise there are three hints in `help_full` and two in `help_half`.
    """

    slug: str
    title: str
    form: Form
    level: Level
    theme: str
    lesson: str | None
    questions: tuple[Question, ...]
    one_line: str
    deeper: str = ""
    help_full: tuple[str, ...] = ()
    help_half: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """All of it as plain lists, dicts and text, for a database column; `from_json` gives it back."""
        plain: dict[str, Any] = {name: getattr(self, name) for name in _PLAIN}
        lists = {name: list(getattr(self, name)) for name in _LISTS}
        asked = [
            {"ask": each.ask, "answer": write_answer(each.answer), "reason": each.reason}
            for each in self.questions
        ]
        return plain | lists | {"questions": asked}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Prompt:
        """The prompt that `to_json` stored; KeyError or ValueError when it is something else."""
        plain: dict[str, Any] = {name: stored[name] for name in _PLAIN}
        lists: dict[str, Any] = {name: tuple(stored[name]) for name in _LISTS}
        asked = (
            Question(each["ask"], read_answer(each["answer"]), each["reason"]) for each in stored["questions"]
        )
        return cls(**plain, **lists, questions=tuple(asked))


_PLAIN: Final = ("slug", "title", "form", "level", "theme", "lesson", "one_line", "deeper")
_LISTS: Final = ("help_full", "help_half", "tags")


@dataclass(frozen=True, slots=True)
class Deck:
    """An ordered bank of prompts. `slug` is the name of its folder, `language` a code like `en` or `pt-BR`."""

    slug: str
    title: str
    about: str
    language: str
    prompts: tuple[Prompt, ...]


def write_answer(answer: Answer) -> Any:
    """An answer as plain lists, dicts and text; `read_answer` gives it back."""
    match answer:
        case TextAnswer():
            return "text"
        case YesNoAnswer():
            return "yes_no"
        case ChoiceAnswer(options):
            return {"choice": list(options)}
        case ScaleAnswer(start, end, low, high):
            return {"scale": {"from": start, "to": end, "low": low, "high": high}}


def read_answer(stored: Any) -> Answer:
    """The answer that `write_answer` made; ValueError when it is something else."""
    match stored:
        case "text":
            return TextAnswer()
        case "yes_no":
            return YesNoAnswer()
        case {"choice": options}:
            return ChoiceAnswer(tuple(options))
        case {"scale": {"from": start, "to": end, "low": low, "high": high}}:
            return ScaleAnswer(start, end, low, high)
    raise ValueError("not a stored answer")
