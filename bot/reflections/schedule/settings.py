"""What a prompt schedule says beyond its rule: where, from which decks, how long, who sees it before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.reflections.prompts.selection import PromptSource
from bot.schedules.edits import PostColumns
from bot.schedules.model import NOTICE, Approver, Occurrence, Schedule, SchedulePlace, Unapproved

KIND = "prompt"
"""The planner's kind of prompt schedules."""
OPEN_FOR = timedelta(days=4)
"""How long a prompt stays open where the schedule does not say."""


@dataclass(frozen=True, slots=True)
class PromptScheduleSettings:
    """What a prompt schedule has beside its rule.

    `headsup` is how long before a prompt moderators see it; `approver` whose approval it needs. `instead` names the
    (schedule, key) of the one occurrence that this one-off stands for, `kept` a prompt that was chosen for it.
    """

    places: tuple[SchedulePlace, ...]
    decks: tuple[str, ...]
    tag: str = ""
    direct: bool = False
    open_for: timedelta = OPEN_FOR
    headsup: timedelta | None = None
    approver: Approver | None = None
    unapproved: Unapproved = Unapproved.WAIT
    instead: tuple[int, str] | None = None
    kept: int | None = None

    @property
    def notice(self) -> timedelta | None:
        """How long before a prompt moderators see it; None: not at all."""
        return self.headsup or (NOTICE if self.approver is not None else None)

    def source(self, schedule_id: int) -> PromptSource:
        """Where it draws from; a moved occurrence draws as the schedule it came from."""
        return PromptSource(self.instead[0] if self.instead else schedule_id, self.decks, self.tag)

    def with_spot(self, spot: SchedulePlace) -> PromptScheduleSettings:
        """The same with one place changed, or one more."""
        others = tuple(one for one in self.places if one.place != spot.place)
        if len(others) == len(self.places):
            return replace(self, places=(*others, spot))
        return replace(self, places=tuple(spot if one.place == spot.place else one for one in self.places))

    def columns(self) -> PostColumns:
        """As the columns of its schedule; `terms_of` gives it back. The places are rows of their own."""
        details = {"decks": list(self.decks), "tag": self.tag, "kept": self.kept}
        return {
            "direct": self.direct,
            "open_minutes": self.open_for // timedelta(minutes=1),
            "headsup_minutes": self.headsup // timedelta(minutes=1) if self.headsup else None,
            "approver": self.approver,
            "unapproved": self.unapproved,
            "instead_of": self.instead[0] if self.instead else None,
            "instead_key": self.instead[1] if self.instead else None,
            "details": {name: value for name, value in details.items() if value},
        }


def terms_of(schedule: Schedule) -> PromptScheduleSettings:
    """The settings of a prompt schedule."""
    details = schedule.details
    instead = (schedule.instead_of, schedule.instead_key or "") if schedule.instead_of else None
    return PromptScheduleSettings(
        schedule.places,
        tuple(details["decks"]),
        details.get("tag", ""),
        schedule.direct,
        schedule.open_for or OPEN_FOR,
        timedelta(minutes=schedule.headsup_minutes) if schedule.headsup_minutes else None,
        schedule.approver,
        schedule.unapproved,
        instead,
        details.get("kept"),
    )


def key_of(one: Occurrence) -> str:
    """A name for one dated occurrence that outlives its row, which planning again replaces: `3/2026-W41`."""
    return f"{one.schedule_id}/{one.key}"


def length(open_for: timedelta) -> str:
    """A length of time in words: "4 days", "1 day 6 hours", "30 minutes"."""
    minutes = open_for // timedelta(minutes=1)
    parts = [(minutes // 1440, "day"), (minutes % 1440 // 60, "hour"), (minutes % 60, "minute")]
    said = [f"{number} {unit}{'s' if number != 1 else ''}" for number, unit in parts if number]
    return " ".join(said) or "no time"
