"""What authors write: a deck and its files of prompts, checked key by key with a remedy for every mistake."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic import BeforeValidator as Before

from bot.library import Wrong
from bot.reflections.prompts import Form, Level, Prompt, Question, Reason, read_answer


def _one_line(text: str) -> str:
    if "\n" in text:
        raise Wrong("this must be on one line.", 'Start longer text with ">-" instead of "|".')
    return text


def _kebab(text: str) -> str:
    if not re.fullmatch(KEBAB, text):
        letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        like = re.sub(r"[^a-z0-9]+", "-", letters).strip("-") or "a-quiet-corner"
        raise Wrong(f'"{text}" is not made of small letters, digits and hyphens.', f'Write it like "{like}".')
    return text


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


def _language(text: str) -> str:
    if not re.fullmatch("[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", text):
        raise Wrong(f'"{text}" is not the code of a language.', 'Write it like "en", "es" or "pt-BR".')
    return text


def _distinct(items: tuple[str, ...]) -> tuple[str, ...]:
    seen: set[str] = set()
    for item in items:
        if item.casefold() in seen:
            raise Wrong(f'"{item}" is in this list twice.', "Keep one of the two.")
        seen.add(item.casefold())
    return items


def _answer_word(value: object) -> object:
    if value not in ("text", "yes_no"):
        known = 'Write "text" or "yes_no", or put "choice:" or "scale:" below it.'
        raise Wrong("this is not a kind of answer.", known)
    return value


def _answer_kind(value: object) -> str:
    if isinstance(value, Mapping):
        return "a scale" if "scale" in value else "a choice"
    return "a word"


KEBAB: Final = "[a-z0-9]+(?:-[a-z0-9]+)*"
"""How slugs, ids and the names of files and folders are written."""
_Text = Annotated[str, Field(min_length=1)]
_Ask = Annotated[str, Field(min_length=1, max_length=299)]
_OneLine = AfterValidator(_one_line)
_Title = Annotated[str, Field(min_length=1, max_length=60), _OneLine]
_Label = Annotated[str, Field(min_length=1, max_length=75), _OneLine]
_Hint = Annotated[str, Field(min_length=1, max_length=120), _OneLine]
_Quick = Annotated[
    str, Field(min_length=1, max_length=140, description="The quick way to take part."), _OneLine
]
_Deeper = Annotated[str, Field(min_length=1, max_length=200, description="One step up."), _OneLine]
_Slug = Annotated[str, AfterValidator(_kebab), Field(json_schema_extra={"pattern": f"^{KEBAB}$"})]


class _Sheet(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class ScaleEnds(_Sheet):
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


class ScaleSheet(_Sheet):
    """One tap on a number."""

    scale: ScaleEnds


class ChoiceSheet(_Sheet):
    """One tap on one of 2 to 5 options."""

    choice: Annotated[tuple[_Label, ...], Field(min_length=2, max_length=5), AfterValidator(_distinct)]


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


class QuestionSheet(_Sheet):
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


class HelpSheet(_Sheet):
    """Hints in two sizes: three for people who have just started, two for those who have been at it for a while."""

    full: Annotated[tuple[_Hint, ...], Field(min_length=3, max_length=3)]
    half: Annotated[tuple[_Hint, ...], Field(min_length=2, max_length=2)]


class PromptSheet(_Sheet):
    """One prompt: `question` with `answer` and `reason`, or two or three `questions`."""

    id: Annotated[
        _Slug, Field(description="Only once in a deck. Never change it: answers are kept under it.")
    ]
    title: _Title
    form: Form
    level: Level
    question: _Ask | None = None
    answer: _AnswerSheet | None = None
    reason: Reason | None = None
    questions: Annotated[tuple[QuestionSheet, ...], Field(min_length=2, max_length=3)] | None = None
    one_line: _Quick
    deeper: _Deeper | None = None
    help: HelpSheet | None = None
    tags: Annotated[tuple[_Slug, ...], Field(max_length=10), AfterValidator(_distinct)] = ()

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


class PromptsSheet(_Sheet):
    """A file of prompts about the same thing: `<group>.yaml` beside a `deck.yaml`."""

    theme: _Title
    lesson: Annotated[str, AfterValidator(_lesson), Field(description="course/lesson")] | None = None
    prompts: Annotated[tuple[PromptSheet, ...], Field(min_length=1)]


class DeckSheet(_Sheet):
    """A deck: `deck.yaml` in a folder of its own."""

    title: _Title
    about: _Text
    language: Annotated[str, AfterValidator(_language), Field(description="A code like en, es or pt-BR.")] = (
        "en"
    )
    files: Annotated[
        tuple[Annotated[str, AfterValidator(_file)], ...],
        Field(
            min_length=1,
            max_length=50,
            description="The files of prompts beside this one, in the order of asking.",
        ),
        AfterValidator(_distinct),
    ]
