"""The schema of course and lesson files, with a remedy for every mistake."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from bot.content import Wrong
from bot.content.text_fields import KEBAB, Language, OneLine, Sheet, Slug, Title, distinct
from bot.courses.lessons.model import (
    Course,
    LeaderTask,
    Lesson,
    LessonPrompt,
    LessonSheet,
    MeetingPart,
    Pacing,
    PlanPartName,
    Protocol,
    Release,
    Step,
)
from bot.courses.quizzes.file_schema import QuizSheet

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday"]
"""Nothing comes by itself at a weekend."""
LONGEST = 60
"""Characters of a lesson's file name: it travels in buttons, which carry 100."""
MEETING = 45
"""Minutes of a team protocol where the author says nothing else: one lesson hour."""


def _file(text: str) -> str:
    if not re.fullmatch(rf"{KEBAB}\.yaml", text) or text == "course.yaml" or len(text) > LONGEST:
        raise Wrong(
            f'"{text}" cannot be a lesson.', 'Write the name of a file beside it, "first-lesson.yaml".'
        )
    return text


def _link(text: str) -> str:
    try:
        parts = urlsplit(text)
        safe = parts.scheme == "https" and parts.hostname and "@" not in parts.netloc and " " not in text
    except ValueError:
        safe = False
    if not safe:
        raise Wrong(
            f'"{text}" is not a link that I pass on.', 'Write the whole address, beginning with "https://".'
        )
    return text


def _clock(text: str) -> str:
    if not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise Wrong(f'"{text}" is not a time of day.', 'Write it in quotes like "09:00".')
    return text


_Line = Annotated[str, Field(min_length=1, max_length=200), OneLine]
_Short = Annotated[str, Field(min_length=1, max_length=120), OneLine]
_Text = Annotated[str, Field(min_length=1, max_length=600), OneLine]
_Minutes = Annotated[int, Field(ge=1, le=480)]


_Plan = Annotated[PlanPartName, Field(description="The part of the team's plan that this fills.")]


class StepSheet(Sheet):
    """One thing to do, with its minutes."""

    do: _Line
    minutes: _Minutes
    plan: _Plan | None = None

    def value(self) -> Step:
        return Step(self.do, self.minutes, self.plan or "")


class MeetingPartSheet(Sheet):
    """One part of a team's meeting, with its minutes."""

    do: _Line
    minutes: _Minutes
    say: Annotated[_Line, Field(description="One line that the person leading says.")] | None = None
    online: Annotated[_Line, Field(description="How this part goes on a video call.")] | None = None
    plan: _Plan | None = None

    def value(self) -> MeetingPart:
        return MeetingPart(self.do, self.minutes, self.say or "", self.online or "", self.plan or "")


class LeaderSheet(Sheet):
    """What one kind of leader does for the lesson."""

    who: _Short
    does: _Line

    def value(self) -> LeaderTask:
        return LeaderTask(self.who, self.does)


class PrintSheet(Sheet):
    """A page to print or to read from: questions, words of consent, categories."""

    title: Title
    lines: Annotated[tuple[_Line, ...], Field(min_length=1, max_length=14)]

    def value(self) -> LessonSheet:
        return LessonSheet(self.title, self.lines)


class LessonPromptSheet(Sheet):
    """A question to reflect on."""

    id: Annotated[
        Slug, Field(description="Only once in a course. A deck's prompt of the same id counts as this one.")
    ]
    ask: Annotated[str, Field(min_length=1, max_length=299), OneLine]
    completes: Annotated[
        bool, Field(description="Answering it finishes the lesson; one prompt of a lesson.")
    ] = False


class RoleSheet(Sheet):
    """Who does what in a team's meeting."""

    role: _Short
    does: _Line


class ProtocolSheet(Sheet):
    """A team's meeting about the lesson; the minutes of its parts add up."""

    minutes: _Minutes = MEETING
    materials: Annotated[
        tuple[_Line, ...],
        Field(max_length=6, description="To have in the room or online."),
        AfterValidator(distinct),
    ] = ()
    bring: Annotated[tuple[_Line, ...], Field(max_length=6), AfterValidator(distinct)] = ()
    roles: Annotated[tuple[RoleSheet, ...], Field(max_length=6)] = ()
    parts: Annotated[tuple[MeetingPartSheet, ...], Field(min_length=1, max_length=8)]
    write_down: _Line
    end: _Line

    @model_validator(mode="after")
    def _adds_up(self) -> ProtocolSheet:
        total = sum(part.minutes for part in self.parts)
        if total != self.minutes:
            raise Wrong(
                f"the parts take {total} minutes, and the meeting {self.minutes}.", "Make them agree."
            )
        return self

    def value(self) -> Protocol:
        roles = tuple((one.role, one.does) for one in self.roles)
        parts = tuple(one.value() for one in self.parts)
        return Protocol(self.minutes, self.bring, roles, parts, self.write_down, self.end, self.materials)


class LessonPage(Sheet):
    """A lesson: `<lesson>.yaml` beside a `course.yaml`; the name of the file is the lesson's own."""

    title: Title
    purpose: Annotated[str, Field(min_length=1, max_length=240, description="In one sentence."), OneLine]
    link: (
        Annotated[str, AfterValidator(_link), Field(description="Where the lesson is hosted, if anywhere.")]
        | None
    ) = None
    steps: Annotated[tuple[StepSheet, ...], Field(min_length=1, max_length=8)]
    prompts: Annotated[tuple[LessonPromptSheet, ...], Field(max_length=5)] = ()
    protocol: ProtocolSheet | None = None
    starter: (
        Annotated[_Text, Field(description="What to write in the channel to get people talking.")] | None
    ) = None
    reminders: Annotated[
        tuple[_Text, ...],
        Field(
            min_length=1,
            max_length=3,
            description="For the first, second and last reminder: each is said once, and then none comes.",
        ),
    ]
    open_days: (
        Annotated[int, Field(ge=1, le=90, description="Days before I ask about it, if not the course's.")]
        | None
    ) = None
    after_days: Annotated[
        int,
        Field(ge=0, le=180, description="It comes at the earliest so many days after the lesson before it."),
    ] = 0
    waits_for: Annotated[
        tuple[Slug, ...],
        Field(max_length=5, description="Lessons before it; until they are done it does not come by itself."),
        AfterValidator(distinct),
    ] = ()
    example: (
        Annotated[_Text, Field(description="What the invented school of the course did in this lesson.")]
        | None
    ) = None
    leaders: Annotated[tuple[LeaderSheet, ...], Field(max_length=6)] = ()
    sheets: Annotated[tuple[PrintSheet, ...], Field(max_length=5)] = ()

    quiz: Annotated[
        tuple[QuizSheet, ...],
        Field(max_length=5, description="Questions with one right answer, answered once."),
    ] = ()

    @model_validator(mode="after")
    def _one_completes(self) -> LessonPage:
        if sum(one.completes for one in self.prompts) > 1:
            raise Wrong("two prompts complete this lesson.", 'Keep "completes: yes" at one of them.')
        distinct(tuple(one.id for one in self.prompts))
        return self

    def value(self, slug: str) -> Lesson:
        return Lesson(
            slug, self.title, self.purpose, self.link or "",
            tuple(one.value() for one in self.steps),
            tuple(LessonPrompt(one.id, one.ask, one.completes) for one in self.prompts),
            self.protocol.value() if self.protocol else None,
            self.starter or "", self.reminders, self.open_days, self.after_days, self.waits_for, self.example or "",
            tuple(one.value() for one in self.leaders), tuple(one.value() for one in self.sheets),
            tuple(one.value() for one in self.quiz),
        )  # fmt: skip


class PacingSheet(Sheet):
    """How lessons arrive: `weekly` on a `weekday`, `days` apart, or when the `previous` one is done."""

    release: Release
    weekday: Weekday | None = None
    every: Annotated[int, Field(ge=1, le=90, description="Days between two lessons.")] | None = None
    at: Annotated[str, AfterValidator(_clock), Field(description="In the member's own time.")] = "09:00"
    open_days: Annotated[
        int, Field(ge=1, le=90, description="Days a lesson may stay open before I ask after it.")
    ] = 5

    @model_validator(mode="after")
    def _fits(self) -> PacingSheet:
        wanted = {"weekly": "weekday", "days": "every"}.get(self.release)
        for name in ("weekday", "every"):
            given = getattr(self, name) is not None
            if given and name != wanted:
                raise Wrong(f'"{name}" means nothing beside "release: {self.release}".', f'Delete "{name}".')
            if name == wanted and not given:
                example = "weekday: monday" if name == "weekday" else "every: 7"
                raise Wrong(f'"release: {self.release}" needs "{name}" as well.', f'Add "{example}".')
        return self

    def value(self) -> Pacing:
        day = get_args(Weekday).index(self.weekday) if self.weekday else 0
        return Pacing(self.release, day, self.every or 0, time.fromisoformat(self.at), self.open_days)


class CourseSheet(Sheet):
    """A course: `course.yaml` in a folder of its own."""

    title: Title
    about: Annotated[_Text, Field(description="What to expect, for somebody who thinks about joining.")]
    language: Language = "en"
    alone: Annotated[_Text, Field(description="How somebody takes this course without a team.")] | None = None
    example: (
        Annotated[
            _Text, Field(description="One paragraph that introduces the invented school of the lessons.")
        ]
        | None
    ) = None
    pacing: PacingSheet
    lessons: Annotated[
        tuple[Annotated[str, AfterValidator(_file)], ...],
        Field(
            min_length=1, max_length=30, description="The files of lessons beside this one, in their order."
        ),
        AfterValidator(distinct),
    ]

    def value(self, slug: str, lessons: tuple[Lesson, ...]) -> Course:
        return Course(
            slug, self.title, self.about, self.language, self.pacing.value(), lessons, self.alone or "", self.example or "",
        )  # fmt: skip
