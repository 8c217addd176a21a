"""An answer in the member's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from bot.chat.forms import LONGEST, Input, LongText
from bot.reflections.prompts.answer_kinds.kind import AnswerKind


@dataclass(frozen=True, slots=True)
class TextAnswer(AnswerKind):
    """Answered in words."""

    key = "text"
    example = "text"
    prompt_form = "one-moment"
    free_text = True

    def words(self) -> str:
        return "text"

    @classmethod
    def from_words(cls, text: str) -> Self | None:
        return cls() if text.strip().lower() in ("", "text", "words", "in words") else None

    def field(self, name: str, label: str, before: object) -> Input:
        return LongText(name, label, value=str(before or ""), limit=LONGEST)

    def reply(self, given: object) -> tuple[str, object]:
        return str(given), None

    def ways(self) -> str:
        return ""
