"""Questions of a quiz as frozen values, and what an answer to all of them is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class QuizQuestion:
    """A question with its choices. `right` is the place of the right one; `why` explains it to whoever chose another.

    `says` is what is said to whoever chose each of them, if the author wrote that.
    """

    ask: str
    choices: tuple[str, ...]
    right: int
    why: str
    says: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> QuizQuestion:
        """The question that was stored as plain JSON."""
        return cls(
            stored["ask"],
            tuple(stored["choices"]),
            stored["right"],
            stored["why"],
            tuple(stored.get("says", ())),
        )


def count_right(quiz: Sequence[QuizQuestion], chosen: Sequence[int]) -> int:
    """How many of the choices are the right ones."""
    return sum(question.right == choice for question, choice in zip(quiz, chosen, strict=True))
