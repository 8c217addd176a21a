"""Decks, prompts and their questions as the rest of the bot sees them, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.reflections.prompts.answer_kinds.kind import AnswerKind
from bot.reflections.prompts.answer_kinds.registry import answer_from_json, answer_to_json
from bot.reflections.prompts.answer_kinds.text import TextAnswer
from bot.reflections.prompts.taxonomy import Level, PromptAudience, PromptForm, Reason

_IN_WORDS = TextAnswer()


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked, and how it is answered."""

    ask: str
    answer: AnswerKind = _IN_WORDS
    reason: Reason = "none"
    after: tuple[str, ...] = ()
    """It is asked only after one of these taps on a question before it; see `follow_ups`. Empty: it is always asked."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One to three questions to reflect on, with what helps to answer them.

    `slug` is unique in its deck. `lesson` is `course/lesson`, or None. `deeper` is "" and the hints are empty where
    the author wrote none; otherwise there are three hints in `help_full` and two in `help_half`. `months` are those it
    may be asked in (1 is January); none are all. `completes`: it asks what was done in its lesson and finishes it, so
    it waits until the lesson is open.
    """

    slug: str
    title: str
    form: PromptForm
    level: Level
    theme: str
    lesson: str | None
    questions: tuple[Question, ...]
    one_line: str
    deeper: str = ""
    help_full: tuple[str, ...] = ()
    help_half: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    anonymous: bool = False
    """Whether its deck allows anonymous answers."""
    audience: PromptAudience = ""
    months: tuple[int, ...] = ()
    completes: bool = False
    language: str = ""
    """The language of its deck, which frames its card; empty where the community's own does."""

    def to_json(self) -> dict[str, Any]:
        """All of it as plain lists, dicts and text, for a database column; `from_json` gives it back."""
        plain: dict[str, Any] = {name: getattr(self, name) for name in _PLAIN}
        lists = {name: list(getattr(self, name)) for name in _LISTS}
        asked = [
            {"ask": each.ask, "answer": answer_to_json(each.answer), "reason": each.reason}
            | ({"after": list(each.after)} if each.after else {})
            for each in self.questions
        ]
        rare = {name: getattr(self, name) for name in _RARE if getattr(self, name)}
        seasons = {"months": list(self.months)} if self.months else {}
        return plain | lists | {"questions": asked} | rare | seasons

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Prompt:
        """The prompt that `to_json` stored; KeyError or ValueError when it is something else."""
        plain: dict[str, Any] = {name: stored[name] for name in _PLAIN}
        lists: dict[str, Any] = {name: tuple(stored[name]) for name in _LISTS}
        asked = (
            Question(
                each["ask"], answer_from_json(each["answer"]), each["reason"], tuple(each.get("after", ()))
            )
            for each in stored["questions"]
        )
        rare: dict[str, Any] = {name: stored[name] for name in _RARE if name in stored}
        return cls(**plain, **lists, **rare, questions=tuple(asked), months=tuple(stored.get("months", ())))


_PLAIN: Final = ("slug", "title", "form", "level", "theme", "lesson", "one_line", "deeper")
_LISTS: Final = ("help_full", "help_half", "tags")
_RARE: Final = ("anonymous", "audience", "completes", "language")
"""Stored only where a prompt has them."""


@dataclass(frozen=True, slots=True)
class Deck:
    """An ordered bank of prompts. `slug` is the name of its folder, `language` a code like `en` or `pt-BR`."""

    slug: str
    title: str
    about: str
    language: str
    prompts: tuple[Prompt, ...]
