"""A team's progress as far as one viewer may see it: who is named, what is counted, what is left out.

The rules, as members read them:
- Somebody is named only to whom they allow it (`/my settings progress:`); everybody sees their own.
- Nobody stands there by name with nothing begun: who has not begun is a number.
- Lessons are counted of those who are named, which anybody could count for themselves.
- Of those who show theirs to nobody there is one total for the team, if they are five or more. It is counted once a week
  (`team_totals.py`) and is the same for every viewer, so that nobody can be worked out from two of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.chat.models import Sharing
from bot.people.audience import Reader, SharedItem


@dataclass(frozen=True, slots=True)
class Learner:
    """A member of a team who takes the course: how far they are, and who may see it. Lessons are slugs."""

    member_id: int
    name: str
    sharing: Sharing
    done: frozenset[str]
    started: frozenset[str]

    def state(self, lesson: str) -> str:
        """`done`, `started` or `open`."""
        return "done" if lesson in self.done else "started" if lesson in self.started else "open"

    @property
    def begun(self) -> bool:
        """Whether they have begun any lesson."""
        return bool(self.done or self.started)


@dataclass(frozen=True, slots=True)
class LessonCount:
    """How many of a group are done with a lesson, and how many have begun it."""

    title: str
    done: int
    started: int
    of: int


@dataclass(frozen=True, slots=True)
class TeamTotal:
    """How many lessons, of how many, so many people have finished who show theirs to nobody, as it was then."""

    people: int
    done: int
    of: int
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class TeamProgressView:
    """What a viewer may see of a team. `lessons` counts those who are named, and is empty where only the viewer is."""

    team: str
    course: str
    lessons: tuple[LessonCount, ...]
    named: tuple[tuple[str, tuple[str, ...]], ...]
    """(name, state of each lesson) of those who have begun one."""
    waiting: int
    """How many others, of those whom the viewer may see, have begun no lesson."""
    total: TeamTotal | None
    whole: bool
    """Whether everybody in the team shows the viewer their progress."""


def may_see(learner: Learner, viewer: Reader) -> bool:
    """Whether a viewer may see by name how far somebody is."""
    return viewer.may_read(SharedItem(viewer.community_id, learner.member_id, learner.sharing))


def view_progress(
    team: str, course: str, size: int, learners: Sequence[Learner], lessons: Mapping[str, str], viewer: Reader,
    total: TeamTotal | None,
) -> TeamProgressView:  # fmt: skip
    """What this viewer may see of a team of this size. `lessons` maps slugs to titles, in order."""
    named = [one for one in learners if may_see(one, viewer)]
    others = any(one.member_id != viewer.member_id for one in named)
    counts = tuple(
        LessonCount(
            title,
            sum(one.state(slug) == "done" for one in named),
            sum(one.state(slug) == "started" for one in named),
            len(named),
        )
        for slug, title in lessons.items()
    )
    begun = [one for one in named if one.begun]
    rows = tuple((one.name, tuple(one.state(slug) for slug in lessons)) for one in begun)
    waiting = sum(not one.begun and one.member_id != viewer.member_id for one in named)
    return TeamProgressView(team, course, counts if others else (), rows, waiting, total, len(named) == size)
