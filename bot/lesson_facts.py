"""The facts about lessons that courses tell and other features hear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
