"""A yes or a no."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from bot.chat.forms import Choice, Input
from bot.chat.language import _
from bot.reflections.prompts.answer_kinds.kind import AnswerKind


@dataclass(frozen=True, slots=True)
class YesNoAnswer(AnswerKind):
    """Answered with one tap: yes or no."""

    key = "yes_no"
    example = "yes or no"
    prompt_form = "which-of-three"

    def words(self) -> str:
        return "yes or no"

    @classmethod
    def from_words(cls, text: str) -> Self | None:
        return cls() if re.fullmatch(r"yes\s*(?:/|or|_|-)?\s*no", text.strip().lower()) else None

    def field(self, name: str, label: str, before: object) -> Input:
        return Choice(name, label, (("yes", _("Yes")), ("no", _("No"))), value=str(before or ""))

    def reply(self, given: object) -> tuple[str, object]:
        return (_("Yes") if given == "yes" else _("No")), str(given)

    def ways(self) -> str:
        return _("Yes or no")
