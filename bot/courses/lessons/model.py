"""Courses and lessons as frozen values, and their JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import time
from typing import Any, Final, Literal

from bot.courses.quizzes.questions import QuizQuestion

Release = Literal["weekly", "days", "previous"]
"""When the next lesson comes: on a weekday, so many days after the last, or when the previous one is done."""

PlanPartName = Literal["problem", "causes", "choice", "whys", "voices", "aim", "change", "look", "next"]
"""The parts of a team's plan that a step of a lesson can fill."""
LOOK: Final = "look"
"""The part that is filled more than once: a team looks again."""


@dataclass(frozen=True, slots=True)
class Pacing:
    """How a course arrives. `weekday` (0 is Monday) is used by `weekly`, `every` (days) by `days`.

    `at` is the member's own local time. `open_days` is how long a lesson is meant to take before anybody asks.
    """

    release: Release
    weekday: int
    every: int
    at: time
    open_days: int


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do in a lesson, how many minutes it takes, and the part of the team's plan that it fills ("": none)."""

    do: str
    minutes: int
    plan: str = ""


@dataclass(frozen=True, slots=True)
class MeetingPart:
    """One part of a meeting: what to do, what the person leading says, how it goes on a video call, what the scribe fills."""

    do: str
    minutes: int
    say: str = ""
    online: str = ""
    plan: str = ""


@dataclass(frozen=True, slots=True)
class LessonPrompt:
    """A question to reflect on; answering the one that `completes` finishes the lesson."""

    id: str
    ask: str
    completes: bool


@dataclass(frozen=True, slots=True)
class Protocol:
    """A meeting in which a team does the lesson together. Minutes of `parts` add up to `minutes`."""

    minutes: int
    bring: tuple[str, ...]
    roles: tuple[tuple[str, str], ...]
    """(role, what it does)"""
    parts: tuple[MeetingPart, ...]
    write_down: str
    end: str
    materials: tuple[str, ...] = ()
    """What has to be in the room or on the screen; `bring` is what each person has with them."""


@dataclass(frozen=True, slots=True)
class LeaderTask:
    """What one kind of leader does for a lesson: a principal, an aide, somebody of the district."""

    who: str
    does: str


@dataclass(frozen=True, slots=True)
class LessonSheet:
    """A page to print or to read from: questions, words of consent, categories."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson. `slug` is unique in its course; `reminders` are the first, second and last text.

    `open_days` is how long it is meant to take before anybody asks; None: as the course's pacing says. It comes at the
    earliest `after_days` days after the lesson before it came, and by itself only when the lessons are done that it
    `waits_for`. `example` tells what the invented school of the course did.
    """

    slug: str
    title: str
    purpose: str
    link: str
    steps: tuple[Step, ...]
    prompts: tuple[LessonPrompt, ...]
    protocol: Protocol | None
    starter: str
    reminders: tuple[str, ...]
    open_days: int | None = None
    after_days: int = 0
    waits_for: tuple[str, ...] = ()
    example: str = ""
    leaders: tuple[LeaderTask, ...] = ()
    sheets: tuple[LessonSheet, ...] = ()
    quiz: tuple[QuizQuestion, ...] = ()

    @property
    def plan_needs(self) -> dict[str, int]:
        """The parts of a team's plan that its steps fill, and how often: each once, and a look at every look."""
        parts = Counter(step.plan for step in self.steps if step.plan)
        return {part: times if part == LOOK else 1 for part, times in parts.items()}

    @property
    def minutes(self) -> int:
        """Minutes of all steps together."""
        return sum(step.minutes for step in self.steps)

    @property
    def completing(self) -> LessonPrompt | None:
        """The prompt that finishes the lesson."""
        return next((one for one in self.prompts if one.completes), None)

    def to_json(self) -> dict[str, Any]:
        """All of it as plain lists, dicts and text; `from_json` gives it back."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Lesson:
        """The lesson that `to_json` stored; KeyError or TypeError when it is something else."""
        protocol = stored["protocol"]
        return cls(
            **{name: stored[name] for name in ("slug", "title", "purpose", "link", "starter")},
            steps=tuple(Step(**one) for one in stored["steps"]),
            prompts=tuple(LessonPrompt(**one) for one in stored["prompts"]),
            protocol=None if protocol is None else _protocol(protocol),
            reminders=tuple(stored["reminders"]),
            open_days=stored.get("open_days"),
            after_days=stored.get("after_days", 0),
            waits_for=tuple(stored.get("waits_for", ())),
            example=stored.get("example", ""),
            leaders=tuple(LeaderTask(**one) for one in stored.get("leaders", ())),
            sheets=tuple(LessonSheet(one["title"], tuple(one["lines"])) for one in stored.get("sheets", ())),
            quiz=tuple(QuizQuestion.from_json(one) for one in stored.get("quiz", ())),
        )


@dataclass(frozen=True, slots=True)
class Course:
    """An ordered course. `slug` is the name of its folder, `about` what to expect.

    `alone` says how somebody takes it without a team; `example` introduces the invented school of its lessons.
    """

    slug: str
    title: str
    about: str
    language: str
    pacing: Pacing
    lessons: tuple[Lesson, ...]
    alone: str = ""
    example: str = ""

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)

    def to_json(self) -> dict[str, Any]:
        """All of it as plain lists, dicts and text; `from_json` gives it back."""
        pacing = asdict(self.pacing) | {"at": self.pacing.at.isoformat("minutes")}
        names = ("slug", "title", "about", "language", "alone", "example")
        plain = {name: getattr(self, name) for name in names}
        return plain | {"pacing": pacing, "lessons": [one.to_json() for one in self.lessons]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Course:
        """The course that `to_json` stored."""
        pacing = dict(stored["pacing"])
        return cls(
            **{name: stored[name] for name in ("slug", "title", "about", "language")},
            pacing=Pacing(**pacing | {"at": time.fromisoformat(pacing["at"])}),
            lessons=tuple(Lesson.from_json(one) for one in stored["lessons"]),
            alone=stored.get("alone", ""),
            example=stored.get("example", ""),
        )


def _protocol(stored: Mapping[str, Any]) -> Protocol:
    return Protocol(
        stored["minutes"],
        tuple(stored["bring"]),
        tuple((role, does) for role, does in stored["roles"]),
        tuple(MeetingPart(**one) for one in stored["parts"]),
        stored["write_down"],
        stored["end"],
        tuple(stored.get("materials", ())),
    )
