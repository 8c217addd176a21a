"""An answer that is any number of options."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import Field

from bot.chat.forms import Choices, Input
from bot.content.text_fields import Sheet
from bot.reflections.prompts.answer_kinds.kind import AnswerKind, Label


class SeveralSheet(Sheet):
    """Taps on any of 2 to 10 options."""

    several: Annotated[tuple[Label, ...], Field(min_length=2, max_length=10)]


@dataclass(frozen=True, slots=True)
class SeveralAnswer(AnswerKind):
    """Answered with any number of taps; the pick is the options' numbers."""

    key = "several"
    sheet = SeveralSheet
    example = "any of: desk / hall / yard"
    prompt_form = "which-of-three"

    options: tuple[str, ...]

    def content(self) -> Any:
        return list(self.options)

    @classmethod
    def from_content(cls, content: Any) -> Self:
        return cls(tuple(content))

    def words(self) -> str:
        return f"any of: {' / '.join(self.options)}"

    @classmethod
    def from_words(cls, text: str) -> Self | None:
        found = re.fullmatch(r"any of:(.+)", text.strip())
        return cls(tuple(one.strip() for one in found[1].split("/"))) if found else None

    def field(self, name: str, label: str, before: object) -> Input:
        chosen = tuple(map(str, before)) if isinstance(before, list) else ()
        return Choices(name, label, tuple((str(n), one) for n, one in enumerate(self.options)), value=chosen)

    def reply(self, given: object) -> tuple[str, object]:
        picked = [str(one) for one in given] if isinstance(given, tuple) else []
        return ", ".join(self.options[int(one)] for one in picked), picked

    def ways(self) -> str:
        return f"Any of {', '.join(self.options)}"
