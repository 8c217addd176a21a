"""The facts that travel between features: what became true of a member, told to whoever subscribed to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.chat.models import Place


@dataclass(frozen=True, slots=True)
class Answered:
    """A member answered a prompt."""

    community_id: int
    member_id: int
    occurrence_id: int


@dataclass(frozen=True, slots=True)
class LessonAnswered:
    """A member gave or changed an answer to a prompt (by its own id in its deck) of a lesson (`course/lesson`).

    `says_something`: what it says now is more than "idk" or a few dots.
    """

    community_id: int
    member_id: int
    lesson: str
    prompt: str
    says_something: bool


@dataclass(frozen=True, slots=True)
class LessonArrived:
    """A lesson (`course/lesson`) came to a member `at` an instant, to be done by `due`.

    `prompt` is the id of the one that completes it, or "".
    """

    community_id: int
    member_id: int
    lesson: str
    prompt: str
    at: datetime
    due: datetime


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
class MessageDeleted:
    """A message that a feature owns (`Feature.owns_message`) is no longer there, as the platform tells."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class PlanChanged:
    """Somebody changed the plan of a team: a member, or (None) people on the canvas of its place.

    `part` names what of it, as its forms do (`causes`, `whys`, `look`, …).

    `filled` is False where nothing of that part stands there any more.
    """

    community_id: int
    team_id: int
    part: str
    member_id: int | None
    filled: bool = True


@dataclass(frozen=True, slots=True)
class LessonLearned:
    """What a team learned from a change, after its last look; told again when that look is edited.

    `change_id` and `look_id` are entries of the team's plan. `verdict` is `keep`, `change` or `drop`, `result` what
    happened, and `learned` what the team makes of it, perhaps "". Nobody outside the team has read any of it yet.
    """

    community_id: int
    team_id: int
    change_id: int
    look_id: int
    cause: str
    change: str
    prediction: str
    result: str
    verdict: str
    learned: str


@dataclass(frozen=True, slots=True)
class StrategyShared:
    """Everybody may read a strategy from now on: its author saved or agreed to it."""

    community_id: int
    strategy_id: int


@dataclass(frozen=True, slots=True)
class LookDue:
    """A team is to look at how its change went: the check with this number in its agenda."""

    community_id: int
    team_id: int
    check_id: int


@dataclass(frozen=True, slots=True)
class TriedThingChanged:
    """What people can have tried changed, or somebody no longer says that they tried it: a `kind` of thing and its number.

    It may be gone by now.
    """

    community_id: int
    kind: str
    ref: int


@dataclass(frozen=True, slots=True)
class TeamArchived:
    """A team was archived, or opened again (`archived` is False). `at` is when it was archived, in both cases."""

    community_id: int
    team_id: int
    archived: bool
    at: datetime
