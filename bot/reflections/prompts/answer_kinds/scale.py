"""An answer that is a number between two ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from bot.chat.forms import Input, Scale
from bot.chat.language import _
from bot.content import Wrong
from bot.content.text_fields import Sheet
from bot.reflections.prompts.answer_kinds.kind import LABEL_LENGTH, AnswerKind, Label

_WORDS = re.compile(r"(-?\d{1,3})\s*(?:-|–|to|\.\.)\s*(-?\d{1,3})(?:\s*[:,]?\s+(.+))?")
_ENDS = re.compile(r"\s*(?:,|/|;|\bto\b|…|\.\.\.)\s*")


class ScaleEnds(Sheet):
    """A scale of 2 to 10 whole numbers, with words for its ends."""

    start: Annotated[int, Field(alias="from")]
    end: Annotated[int, Field(alias="to")]
    low: Label
    high: Label

    @model_validator(mode="after")
    def _has_steps(self) -> ScaleEnds:
        _check_steps(self.start, self.end, 'Write it like "from: 1" and "to: 5".')
        return self


class ScaleSheet(Sheet):
    """One tap on a number."""

    scale: ScaleEnds


@dataclass(frozen=True, slots=True)
class ScaleAnswer(AnswerKind):
    """Answered with one tap: a whole number from `start` to `end`, whose ends mean `low` and `high`."""

    key = "scale"
    sheet = ScaleSheet
    example = "1 to 5: none, plenty"
    prompt_form = "scale-with-reason"

    start: int
    end: int
    low: str
    high: str

    def content(self) -> Any:
        return {"from": self.start, "to": self.end, "low": self.low, "high": self.high}

    @classmethod
    def from_content(cls, content: Any) -> Self:
        return cls(content["from"], content["to"], content["low"], content["high"])

    def words(self) -> str:
        return f"{self.start} to {self.end}: {self.low}, {self.high}"

    @classmethod
    def from_words(cls, text: str) -> Self | None:
        found = _WORDS.fullmatch(" ".join(text.split()))
        if found is None:
            return None
        start, end = int(found[1]), int(found[2])
        _check_steps(start, end, cls._way())
        low, *rest = [one for one in _ENDS.split(found[3] or "") if one] or ["low", "high"]
        if len(rest) != 1 or max(len(low), len(rest[0])) > LABEL_LENGTH:
            raise Wrong(_("a scale has a word for each of its two ends."), cls._way())
        return cls(start, end, low, rest[0])

    @classmethod
    def _way(cls) -> str:
        return _("Write it like {example}.", example=cls.example)

    def field(self, name: str, label: str, before: object) -> Input:
        given = before if isinstance(before, int) else None
        return Scale(name, label, self.start, self.end, self.low, self.high, value=given)

    def reply(self, given: object) -> tuple[str, object]:
        return _("{number} of {end}", number=given, end=self.end), given

    def ways(self) -> str:
        return _(
            "{start} ({low}) to {end} ({high})", start=self.start, low=self.low, end=self.end, high=self.high
        )


def _check_steps(start: int, end: int, fix: str) -> None:
    if not 2 <= end - start + 1 <= 10:
        raise Wrong(_("a scale has 2 to 10 steps."), fix)
