"""What authors write: a deck and its files of prompts, checked key by key with a remedy for every mistake."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from bot.chat.language import _
from bot.content import Wrong
from bot.content.text_fields import KEBAB, Language, OneLine, Sheet, Slug, Title, distinct
from bot.reflections.prompts.answer_kinds.registry import answer_from_sheet
from bot.reflections.prompts.follow_ups import Tapped, read_after
from bot.reflections.prompts.model import Prompt, Question
from bot.reflections.prompts.taxonomy import Level, Month, PromptForm, Reason

if TYPE_CHECKING:
    AnswerSheet = str | Sheet
else:
    from bot.reflections.prompts.answer_kinds.registry import AnswerSheet


def _lesson(text: str) -> str:
    if not re.fullmatch(f"{KEBAB}/{KEBAB}", text):
        problem = _('"{text}" does not name a lesson.', text=text)
        raise Wrong(problem, _('Write it like "{like}".', like="root-causes/prepare-your-soil"))
    return text


def _file(text: str) -> str:
    if not re.fullmatch(rf"{KEBAB}\.yaml", text) or text == "deck.yaml":
        raise Wrong(
            f'"{text}" cannot be a file of prompts.', 'Write the name of a file beside it, "general.yaml".'
        )
    return text


_Text = Annotated[str, Field(min_length=1)]
_Ask = Annotated[str, Field(min_length=1, max_length=299)]
_Hint = Annotated[str, Field(min_length=1, max_length=120), OneLine]
_Quick = Annotated[
    str, Field(min_length=1, max_length=140, description="The quick way to take part."), OneLine
]
_Deeper = Annotated[str, Field(min_length=1, max_length=200, description="One step up."), OneLine]


def _question(ask: str, written: str | Sheet, reason: Reason | None) -> Question:
    """One question as asked; Wrong when it asks for a reason where the answer itself is one."""
    answer = answer_from_sheet(written)
    if answer.free_text and reason in ("optional", "asked"):
        fix = _('Delete "reason", or change "answer".')
        raise Wrong(_("a text answer is asked for no further reason."), fix)
    return Question(ask, answer, "none" if answer.free_text else reason or "optional")


class QuestionSheet(Sheet):
    """One of the two or three questions of a prompt that asks several."""

    ask: _Ask
    answer: AnswerSheet = "text"
    reason: Reason | None = None
    after: Annotated[
        Tapped | Annotated[tuple[Tapped, ...], Field(min_length=1)] | None,
        Field(
            description="Ask this only after one of these answers to the question before it that one tap answers."
        ),
    ] = None

    def value(self) -> Question:
        return _question(self.ask, self.answer, self.reason)

    def follows(self, before: Sequence[Question]) -> Question:
        """The question after those before it; Wrong when it follows an answer that none of them has."""
        written = self.after if isinstance(self.after, tuple) else () if self.after is None else (self.after,)
        return replace(self.value(), after=read_after(before, written) if written else ())

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
    form: PromptForm
    level: Level
    question: _Ask | None = None
    answer: AnswerSheet | None = None
    reason: Reason | None = None
    questions: Annotated[tuple[QuestionSheet, ...], Field(min_length=2, max_length=3)] | None = None
    one_line: _Quick
    deeper: _Deeper | None = None
    help: HelpSheet | None = None
    tags: Annotated[tuple[Slug, ...], Field(max_length=10), AfterValidator(distinct)] = ()
    audience: Annotated[
        Literal["me", "anonymous"] | None,
        Field(description="For sensitive prompts: who reads the answers unless their writer shares them."),
    ] = None
    months: Annotated[
        tuple[Month, ...],
        Field(description="The months in which it may be asked; leave it out for all of them."),
        AfterValidator(distinct),
    ] = ()
    completes: Annotated[
        bool, Field(description="Whether it asks what was done in its lesson; it waits until that is open.")
    ] = False

    def asked(self) -> tuple[Question, ...]:
        if self.questions is not None:
            if self.question or self.answer or self.reason:
                fix = _('Beside "questions", leave out "question", "answer" and "reason"; each has its own.')
                raise Wrong(_("this prompt asks in two ways."), fix)
            found: list[Question] = []
            for sheet in self.questions:
                found.append(sheet.follows(found))
            return tuple(found)
        if self.question is None:
            fix = _('Add "question:" to it, or "questions:" for several.')
            raise Wrong(_("this prompt asks nothing."), fix)
        return (_question(self.question, self.answer or "text", self.reason),)

    @model_validator(mode="after")
    def _check(self) -> PromptSheet:
        self.asked()
        return self

    def value(self, theme: str, lesson: str | None) -> Prompt:
        full, half = (self.help.full, self.help.half) if self.help else ((), ())
        return Prompt(
            self.id, self.title, self.form, self.level, theme, lesson, self.asked(),
            self.one_line, self.deeper or "", full, half, self.tags, audience=self.audience or "",
            months=tuple(get_args(Month).index(one) + 1 for one in self.months), completes=self.completes,
        )  # fmt: skip


class PromptsSheet(Sheet):
    """A file of prompts about the same thing: `<group>.yaml` beside a `deck.yaml`."""

    theme: Title
    lesson: Annotated[str, AfterValidator(_lesson), Field(description="course/lesson")] | None = None
    prompts: Annotated[tuple[PromptSheet, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _completes_a_lesson(self) -> PromptsSheet:
        if self.lesson is None and any(one.completes for one in self.prompts):
            raise Wrong(
                _("a prompt here completes a lesson, and none is named."),
                _('Add "lesson:", or take "completes" out.'),
            )
        return self


class DeckSheet(Sheet):
    """A deck: `deck.yaml` in a folder of its own."""

    title: Title
    about: _Text
    language: Language = "en"
    anonymous: Annotated[
        bool,
        Field(description="Whether its prompts may be answered anonymously, where a schedule does not say."),
    ] = False
    files: Annotated[
        tuple[Annotated[str, AfterValidator(_file)], ...],
        Field(
            min_length=1,
            max_length=50,
            description="The files of prompts beside this one, in the order of asking.",
        ),
        AfterValidator(distinct),
    ]
