"""The plan of a team as a value: its parts, what stands in each, and which part comes next. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.chat.models import Sharing


class PlanPart(StrEnum):
    """What an entry of a plan is. There is one problem and one aim; of everything else there can be several."""

    PROBLEM = "problem"
    CAUSES = "causes"
    CHOICE = "choice"
    """A cause that the team chose; its words are the whys below it."""
    VOICES = "voices"
    AIM = "aim"
    CHANGE = "change"
    LOOK = "look"
    NEXT = "next"


ONCE = frozenset((PlanPart.PROBLEM, PlanPart.AIM))
"""Parts of which a plan has one."""
DEPENDENT = frozenset((PlanPart.CHOICE, PlanPart.LOOK))
"""Parts that are nothing without what they are about."""


class PlanSheet(StrEnum):
    """What one form asks for: a part, or a piece of it that has a form of its own.

    The whys belong to a choice, and the measure to a change.
    """

    PROBLEM = "problem"
    CAUSES = "causes"
    CHOICE = "choice"
    WHYS = "whys"
    VOICES = "voices"
    AIM = "aim"
    CHANGE = "change"
    MEASURE = "measure"
    LOOK = "look"
    NEXT = "next"

    @property
    def part(self) -> PlanPart:
        """The part in which it is stored."""
        return _PARTS.get(self) or PlanPart(self.value)


_PARTS = {PlanSheet.WHYS: PlanPart.CHOICE, PlanSheet.MEASURE: PlanPart.CHANGE}

OWNER, DAY = "owner", "day"
"""The two fields of an entry that are no words: a member's id, and a date."""
WEEKS = "weeks"
"""The field of a look that says after how many weeks it is: one of `LOOKS`. Nobody fills it in."""
FIELDS: Mapping[PlanSheet, tuple[str, ...]] = {
    PlanSheet.PROBLEM: ("what", "where", "students", "since", "evidence"),
    PlanSheet.CAUSES: ("cause", "category", "basis", "evidence"),
    PlanSheet.CHOICE: (),
    PlanSheet.WHYS: ("why1", "why2", "why3", "why4", "why5"),
    PlanSheet.VOICES: ("said", "students", "asked"),
    PlanSheet.AIM: ("amount", "students", DAY),
    PlanSheet.CHANGE: ("what", OWNER, DAY),
    PlanSheet.MEASURE: ("measure", "prediction", "wrong"),
    PlanSheet.LOOK: ("happened", "verdict", "learned"),
    PlanSheet.NEXT: ("what", OWNER, DAY),
}
"""The names of the fields of each form."""
CATEGORIES = ("instruction", "relationships", "structures", "resources", "policy", "family")
"""The bones of the fishbone: the `category` of a cause."""
KEEP, ADJUST, DROP = "keep", "change", "drop"
"""What a team does after a look: the `verdict`. After the last two the change is over, and another one can begin."""
CODES = frozenset(("category", "basis", "verdict", WEEKS))
"""Fields that hold one of a few words of ours, and no words of a person."""
LOOKS = ("2", "6")
"""The looks at a change: so many weeks after it began, in `weeks`."""


class CheckState(StrEnum):
    """What somebody says about what they do in a plan."""

    DONE = "done"
    """It is done; of a change: it has started."""
    MOVING = "moving"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class PlanReport:
    """What somebody said about an entry when they were asked, on a `day` of the community.

    `member_id` is None where they were erased.
    """

    entry_id: int
    state: CheckState
    line: str
    member_id: int | None
    day: date


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """One thing that stands in a plan. `version` grows with every change; forms carry the one they were made from.

    `about_id` is the cause of a choice, the choice of a change, and the change of a look. `owner_id` is whoever does it,
    `day` by when or from when, and `author_id` whoever wrote it first; both are None where they were erased.
    """

    id: int
    part: PlanPart
    version: int
    words: Mapping[str, str]
    about_id: int | None = None
    owner_id: int | None = None
    day: date | None = None
    done_at: datetime | None = None
    author_id: int | None = None

    def text(self, name: str) -> str:
        """One of its fields, or "" where it is empty."""
        return self.words.get(name, "")

    @property
    def whys(self) -> tuple[str, ...]:
        """The whys of a choice, from the cause downwards."""
        return tuple(text for name in FIELDS[PlanSheet.WHYS] if (text := self.text(name)))


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """What a team decided so far, oldest first within each part. `sharing` is TEAM or EVERYONE, by `shared_by`."""

    community_id: int
    team_id: int
    team: str
    sharing: Sharing = Sharing.TEAM
    entries: tuple[PlanEntry, ...] = field(default=())
    shared_by: int | None = None
    check_ins: tuple[PlanReport, ...] = field(default=())

    def of(self, part: PlanPart) -> tuple[PlanEntry, ...]:
        """The entries of one part."""
        return tuple(one for one in self.entries if one.part is part)

    def find(self, entry_id: int | None) -> PlanEntry | None:
        """One entry."""
        return next((one for one in self.entries if one.id == entry_id), None)

    @property
    def problem(self) -> PlanEntry | None:
        """The problem statement."""
        return next(iter(self.of(PlanPart.PROBLEM)), None)

    @property
    def causes(self) -> tuple[PlanEntry, ...]:
        """Everything that may be behind it."""
        return self.of(PlanPart.CAUSES)

    @property
    def choices(self) -> tuple[PlanEntry, ...]:
        """The causes that were chosen, in the order in which they were."""
        return self.of(PlanPart.CHOICE)

    @property
    def voices(self) -> tuple[PlanEntry, ...]:
        """What students said."""
        return self.of(PlanPart.VOICES)

    @property
    def aim(self) -> PlanEntry | None:
        """How much, for whom, by when."""
        return next(iter(self.of(PlanPart.AIM)), None)

    @property
    def changes(self) -> tuple[PlanEntry, ...]:
        """What was tried, the newest last: those that were dropped stay."""
        return self.of(PlanPart.CHANGE)

    @property
    def steps(self) -> tuple[PlanEntry, ...]:
        """The next steps."""
        return self.of(PlanPart.NEXT)

    @property
    def change(self) -> PlanEntry | None:
        """The change that runs now."""
        last = self.changes[-1] if self.changes else None
        return None if last is None or self.is_over(last) else last

    def looks_of(self, change: PlanEntry) -> tuple[PlanEntry, ...]:
        """The looks at a change, the earlier one first."""
        found = (one for one in self.of(PlanPart.LOOK) if one.about_id == change.id)
        return tuple(sorted(found, key=lambda one: int(one.text("weeks") or 0)))

    def is_over(self, change: PlanEntry) -> bool:
        """Whether a look ended a change: it was dropped, is to be changed, or was kept after the last look."""
        return not self.weeks_to_look(change) or any(
            one.text("verdict") in (ADJUST, DROP) for one in self.looks_of(change)
        )

    def verdict_of(self, change: PlanEntry) -> str:
        """What the last look at a change decided, or "" before the first one."""
        looks = self.looks_of(change)
        return looks[-1].text("verdict") if looks else ""

    def last_said(self, entry: PlanEntry) -> PlanReport | None:
        """What was said last about an entry, if it still holds: a step that was done once may be open again."""
        said = next((one for one in reversed(self.check_ins) if one.entry_id == entry.id), None)
        undone = entry.part is PlanPart.NEXT and entry.done_at is None
        return None if said is None or (undone and said.state is CheckState.DONE) else said

    def weeks_to_look(self, change: PlanEntry) -> str:
        """Which look at a change is next: "2", "6", or "" where the last one was taken."""
        last = max((int(one.text("weeks") or 0) for one in self.looks_of(change)), default=0)
        return next((weeks for weeks in LOOKS if int(weeks) > last), "")

    def cause_of(self, choice_id: int | None) -> PlanEntry | None:
        """The cause that was chosen."""
        choice = self.find(choice_id)
        return self.find(choice.about_id) if choice is not None else None

    def untried(self) -> tuple[PlanEntry, ...]:
        """The choices that no change is about yet."""
        tried = {one.about_id for one in self.changes}
        return tuple(one for one in self.choices if one.id not in tried)

    def unchosen(self) -> tuple[PlanEntry, ...]:
        """The causes that were not chosen."""
        chosen = {one.about_id for one in self.choices}
        return tuple(one for one in self.causes if one.id not in chosen)


def look_day(change: PlanEntry, weeks: str) -> date | None:
    """The day of a look at a change, so many weeks after it began; None where nobody said when it begins."""
    return change.day + timedelta(weeks=int(weeks)) if change.day is not None and weeks else None


def next_sheet(plan: TeamPlan, today: date) -> PlanSheet | None:
    """What a team writes next; None where everything is written and the next look is not due yet."""
    if plan.problem is None:
        return PlanSheet.PROBLEM
    if not plan.causes:
        return PlanSheet.CAUSES
    if not plan.choices:
        return PlanSheet.CHOICE
    if not all(one.whys for one in plan.choices):
        return PlanSheet.WHYS
    if not plan.voices:
        return PlanSheet.VOICES
    if plan.aim is None:
        return PlanSheet.AIM
    last = plan.changes[-1] if plan.changes else None
    if last is None or (plan.is_over(last) and plan.verdict_of(last) != KEEP):
        return sheet_of_new_change(plan)
    if not plan.is_over(last):
        if not last.text("measure"):
            return PlanSheet.MEASURE
        due = look_day(last, plan.weeks_to_look(last))
        if due is None or due <= today:
            return PlanSheet.LOOK
    return None if any(one.done_at is None for one in plan.steps) else PlanSheet.NEXT


def sheet_of_new_change(plan: TeamPlan) -> PlanSheet:
    """What comes next where no change runs: a change, or another cause first where each was tried."""
    last = plan.changes[-1] if plan.changes else None
    adjusts = last is not None and plan.verdict_of(last) == ADJUST
    return PlanSheet.CHANGE if adjusts or plan.untried() or not plan.unchosen() else PlanSheet.CHOICE
