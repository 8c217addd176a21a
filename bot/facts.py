"""The facts that travel between features: what became true of a member, told to whoever subscribed to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """A member answered a prompt; `lesson` is the lesson (`course/lesson`) the prompt belongs to, if any.

    `prompt` is the prompt's own id in its deck.
    """

    community_id: int
    member_id: int
    occurrence_id: int
    lesson: str | None
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class LessonArrived:
    """A lesson (`course/lesson`) came to a member `at` an instant; `prompt` is the id of the one that completes it, or ""."""

    community_id: int
    member_id: int
    lesson: str
    prompt: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LessonDone:
    """A member finished a lesson (`course/lesson`)."""

    community_id: int
    member_id: int
    lesson: str


@dataclass(frozen=True, slots=True)
class MessagesResumed:
    """A member wants to hear from the bot again."""

    community_id: int
    member_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CurrentLesson:
    """The lesson that most of a community has come to, and the words to start a conversation about it, or ""."""

    title: str
    starter: str


@dataclass(frozen=True, slots=True)
class MemberErased:
    """A member was forgotten."""

    community_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class PlanChanged:
    """A member changed the plan of a team; `part` names what of it, as its forms do (`causes`, `whys`, `look`, …)."""

    community_id: int
    team_id: int
    part: str
    member_id: int
