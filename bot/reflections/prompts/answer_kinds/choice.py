"""An answer that is one of a few options."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field

from bot.chat.forms import Choice, Input
from bot.chat.language import _
from bot.content import Wrong
from bot.content.text_fields import Sheet, distinct
from bot.reflections.prompts.answer_kinds.kind import LABEL_LENGTH, AnswerKind, Label

FEWEST, MOST = 2, 5


class ChoiceSheet(Sheet):
    """One tap on one of 2 to 5 options."""

    choice: Annotated[tuple[Label, ...], Field(min_length=FEWEST, max_length=MOST), AfterValidator(distinct)]


@dataclass(frozen=True, slots=True)
class ChoiceAnswer(AnswerKind):
    """Answered with one tap: one of 2 to 5 options of up to 75 characters. The pick is the option's number."""

    key = "choice"
    sheet = ChoiceSheet
    example = "at home / at school / both"
    prompt_form = "which-of-three"

    options: tuple[str, ...]

    def content(self) -> Any:
        return list(self.options)

    @classmethod
    def from_content(cls, content: Any) -> Self:
        return cls(tuple(content))

    def words(self) -> str:
        return " / ".join(self.options)

    @classmethod
    def from_words(cls, text: str) -> Self | None:
        options = [one.strip() for one in re.split(r"[/|\n]", text) if one.strip()]
        if not FEWEST <= len(options) <= MOST:
            return None
        if any(len(one) > LABEL_LENGTH for one in options):
            raise Wrong(_("an option has at most {most} characters.", most=LABEL_LENGTH), _("Shorten it."))
        if len({one.casefold() for one in options}) < len(options):
            raise Wrong(_("an option appears twice."), _("Keep one of the two."))
        return cls(tuple(options))

    def field(self, name: str, label: str, before: object) -> Input:
        options = tuple((str(number), option) for number, option in enumerate(self.options))
        return Choice(name, label, options, value="" if before is None else str(before))

    def reply(self, given: object) -> tuple[str, object]:
        return self.options[int(str(given))], str(given)

    def ways(self) -> str:
        return " · ".join(self.options)
