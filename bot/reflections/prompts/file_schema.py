"""What authors write: a deck and its files of prompts, checked key by key with a remedy for every mistake."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator
from pydantic import BeforeValidator as Before

from bot.content import Wrong
from bot.content.text_fields import KEBAB, Language, OneLine, Sheet, Slug, Title, distinct
from bot.reflections.prompts.model import Form, Level, Prompt, Question, Reason, read_answer


def _lesson(text: str) -> str:
    if not re.fullmatch(f"{KEBAB}/{KEBAB}", text):
        raise Wrong(f'"{text}" does not name a lesson.', 'Write it like "root-causes/prepare-your-soil".')
    return text


def _file(text: str) -> str:
    if not re.fullmatch(rf"{KEBAB}\.yaml", text) or text == "deck.yaml":
        raise Wrong(
            f'"{text}" cannot be a file of prompts.', 'Write the name of a file beside it, "general.yaml".'
        )
    return text


def _answer_word(value: object) -> object:
    if value not in ("text", "yes_no"):
        known = 'Write "text" or "yes_no", or put "choice:" or "scale:" below it.'
        raise Wrong("this is not a kind of answer.", known)
    return value


def _answer_kind(value: object) -> str:
    if isinstance(value, Mapping):
        return "a scale" if "scale" in value else "a choice"
    return "a word"


_Text = Annotated[str, Field(min_length=1)]
_Ask = Annotated[str, Field(min_length=1, max_length=299)]
_Label = Annotated[str, Field(min_length=1, max_length=75), OneLine]
_Hint = Annotated[str, Field(min_length=1, max_length=120), OneLine]
_Quick = Annotated[
    str, Field(min_length=1, max_length=140, description="The quick way to take part."), OneLine
]
_Deeper = Annotated[str, Field(min_length=1, max_length=200, description="One step up."), OneLine]


class ScaleEnds(Sheet):
    """A scale of 2 to 10 whole numbers, with words for its ends."""

    start: Annotated[int, Field(alias="from")]
    end: Annotated[int, Field(alias="to")]
    low: _Label
    high: _Label

    @model_validator(mode="after")
    def _has_steps(self) -> ScaleEnds:
        if not 2 <= self.end - self.start + 1 <= 10:
            raise Wrong("a scale has 2 to 10 steps.", 'Write it like "from: 1" and "to: 5".')
        return self


class ScaleSheet(Sheet):
    """One tap on a number."""

    scale: ScaleEnds


class ChoiceSheet(Sheet):
    """One tap on one of 2 to 5 options."""

    choice: Annotated[tuple[_Label, ...], Field(min_length=2, max_length=5), AfterValidator(distinct)]


_AnswerSheet = Annotated[
    Annotated[Literal["text", "yes_no"], Before(_answer_word), Tag("a word")]
    | Annotated[ChoiceSheet, Tag("a choice")]
    | Annotated[ScaleSheet, Tag("a scale")],
    Discriminator(_answer_kind),
]


def _question(ask: str, answer: str | ChoiceSheet | ScaleSheet, reason: Reason | None) -> Question:
    """One question as asked; Wrong when it asks for a reason where the answer itself is one."""
    plain = answer if isinstance(answer, str) else answer.model_dump(by_alias=True)
    if plain == "text" and reason in ("optional", "asked"):
        raise Wrong("a text answer is asked for no further reason.", 'Delete "reason", or change "answer".')
    return Question(ask, read_answer(plain), "none" if plain == "text" else reason or "optional")


class QuestionSheet(Sheet):
    """One of the two or three questions of a prompt that asks several."""

    ask: _Ask
    answer: _AnswerSheet = "text"
    reason: Reason | None = None

    def value(self) -> Question:
        return _question(self.ask, self.answer, self.reason)

    @model_validator(mode="after")
    def _check(self) -> QuestionSheet:
        self.value()
        return self


class HelpSheet(Sheet):
    """Hints in two sizes: three for people who have just started, two for those who have been at it for a while."""

    full: Annotated[tuple[_Hint, ...], Field(min_length=3, max_length=3)]
    half: Annotated[tuple[_Hint, ...], Field(min_length=2, max_length=2)]


class PromptSheet(Sheet):
    """One prompt: `question` with `answer` and `reason`, or two or three `questions`."""

    id: Annotated[Slug, Field(description="Only once in a deck. Never change it: answers are kept under it.")]
    title: Title
    form: Form
    level: Level
    question: _Ask | None = None
    answer: _AnswerSheet | None = None
    reason: Reason | None = None
    questions: Annotated[tuple[QuestionSheet, ...], Field(min_length=2, max_length=3)] | None = None
    one_line: _Quick
    deeper: _Deeper | None = None
    help: HelpSheet | None = None
    tags: Annotated[tuple[Slug, ...], Field(max_length=10), AfterValidator(distinct)] = ()

    def asked(self) -> tuple[Question, ...]:
        if self.questions is not None:
            if self.question or self.answer or self.reason:
                fix = 'Beside "questions", leave out "question", "answer" and "reason"; each has its own.'
                raise Wrong("this prompt asks in two ways.", fix)
            return tuple(sheet.value() for sheet in self.questions)
        if self.question is None:
            raise Wrong("this prompt asks nothing.", 'Add "question:" to it, or "questions:" for several.')
        return (_question(self.question, self.answer or "text", self.reason),)

    @model_validator(mode="after")
    def _check(self) -> PromptSheet:
        self.asked()
        return self

    def value(self, theme: str, lesson: str | None) -> Prompt:
        full, half = (self.help.full, self.help.half) if self.help else ((), ())
        return Prompt(
            self.id, self.title, self.form, self.level, theme, lesson, self.asked(),
            self.one_line, self.deeper or "", full, half, self.tags,
        )  # fmt: skip


class PromptsSheet(Sheet):
    """A file of prompts about the same thing: `<group>.yaml` beside a `deck.yaml`."""

    theme: Title
    lesson: Annotated[str, AfterValidator(_lesson), Field(description="course/lesson")] | None = None
    prompts: Annotated[tuple[PromptSheet, ...], Field(min_length=1)]


class DeckSheet(Sheet):
    """A deck: `deck.yaml` in a folder of its own."""

    title: Title
    about: _Text
    language: Language = "en"
    files: Annotated[
        tuple[Annotated[str, AfterValidator(_file)], ...],
        Field(
            min_length=1,
            max_length=50,
            description="The files of prompts beside this one, in the order of asking.",
        ),
        AfterValidator(distinct),
    ]
