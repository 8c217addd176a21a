"""A team's progress as far as one viewer may see it: who is named, what is counted, what is left out.

The rules, as members read them:
- Somebody is named only to whom they allow it (`/my settings progress:`); everybody sees their own.
- Counts over everybody are shown only where nobody can be worked out from them: nobody is hidden, or at least five
  are, or nobody but the viewer is named in a team of five or more. Otherwise the counts are of those who are named.
- A team of three or four with nobody named is shown as one total, without lessons. A smaller one is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.chat.models import Sharing
from bot.people.audience import Reader, SharedItem

MINIMUM = 5
"""The smallest group whose counts are broken down."""
TOTAL = 3
"""The smallest group that is shown as one total."""


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


@dataclass(frozen=True, slots=True)
class LessonCount:
    """How many of a group are done with a lesson, and how many have begun it."""

    title: str
    done: int
    started: int
    of: int


@dataclass(frozen=True, slots=True)
class TeamProgressView:
    """What a viewer may see. `lessons` is empty where nothing is broken down; `total` is (done, of)."""

    team: str
    course: str
    size: int
    taking: int | None
    """How many of the team take the course; None where that is not told."""
    total: tuple[int, int] | None
    lessons: tuple[LessonCount, ...]
    named: tuple[tuple[str, tuple[str, ...]], ...]
    """(name, state of each lesson)"""
    hidden: int
    whole: bool
    """Whether the counts are of everybody, and not only of those who are named."""


def may_see(learner: Learner, viewer: Reader) -> bool:
    """Whether a viewer may see by name how far somebody is."""
    return viewer.may_read(SharedItem(viewer.community_id, learner.member_id, learner.sharing))


def view_progress(
    team: str, course: str, size: int, learners: Sequence[Learner], lessons: Mapping[str, str], viewer: Reader
) -> TeamProgressView:
    """What this viewer may see of a team. `lessons` maps slugs to titles, in order."""
    named = [one for one in learners if may_see(one, viewer)]
    others = [one for one in named if one.member_id != viewer.member_id]
    hidden = len(learners) - len(named)
    unpicked = not others and len(learners) >= MINIMUM
    whole = hidden == 0 or hidden >= MINIMUM or unpicked
    if not whole and not others and len(learners) >= TOTAL:
        return TeamProgressView(
            team, course, size, len(learners), _total(learners, lessons), (), _rows(named, lessons), hidden, True
        )  # fmt: skip
    counted = list(learners) if whole else named
    if not counted or (not whole and not others):
        # Only the viewer is left, or nobody: their own row says it all, and a total would be theirs.
        return TeamProgressView(team, course, size, None, None, (), _rows(named, lessons), hidden, False)
    counts = tuple(
        LessonCount(
            title,
            sum(one.state(slug) == "done" for one in counted),
            sum(one.state(slug) == "started" for one in counted),
            len(counted),
        )
        for slug, title in lessons.items()
    )
    return TeamProgressView(
        team, course, size, len(learners) if whole else None, _total(counted, lessons), counts,
        _rows(named, lessons), hidden, whole,
    )  # fmt: skip


def _total(learners: Sequence[Learner], lessons: Mapping[str, str]) -> tuple[int, int]:
    done = sum(one.state(slug) == "done" for one in learners for slug in lessons)
    return done, len(learners) * len(lessons)


def _rows(learners: Sequence[Learner], lessons: Mapping[str, str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((one.name, tuple(one.state(slug) for slug in lessons)) for one in learners)
