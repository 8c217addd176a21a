"""What a prompt schedule says beyond its rule: where, from which decks, how long, who sees it before; as `details`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from bot.chat.models import Place, Role
from bot.reflections.prompts.selection import PromptSource
from bot.schedules.tables import Occurrence, Schedule

KIND = "prompt"
"""The planner's kind of prompt schedules."""
OPEN_FOR = timedelta(days=4)
"""How long a prompt stays open where the schedule does not say."""
NOTICE = timedelta(hours=24)
"""How long before a prompt moderators see it, where it needs their approval and the schedule does not say."""


class Unapproved(StrEnum):
    """What becomes of a prompt that nobody approved in time."""

    WAIT = "wait"
    SKIP = "skip"
    POST = "post"


@dataclass(frozen=True, slots=True)
class SchedulePlace:
    """A place of a schedule. `pings` is the role or group an admin lets it call; `suspended` why nothing goes there."""

    space: str
    channel: str
    pings: str = ""
    suspended: str = ""

    @property
    def place(self) -> Place:
        return Place(self.space, self.channel)


@dataclass(frozen=True, slots=True)
class PromptScheduleSettings:
    """The details of a prompt schedule.

    `headsup` is how long before a prompt moderators see it; `approver` the role whose word it needs. `draft` was
    never confirmed; `deleted` was taken away and can be brought back for a while. `instead` names the (schedule, key)
    of the one occurrence that this one-off stands for, `kept` a prompt that was chosen for it.
    """

    places: tuple[SchedulePlace, ...]
    decks: tuple[str, ...]
    tag: str = ""
    direct: bool = False
    open_for: timedelta = OPEN_FOR
    headsup: timedelta | None = None
    approver: Role | None = None
    unapproved: Unapproved = Unapproved.WAIT
    draft: bool = False
    deleted: bool = False
    paused_until: date | None = None
    """Until when it was paused when it was deleted."""
    instead: tuple[int, str] | None = None
    kept: int | None = None

    @property
    def notice(self) -> timedelta | None:
        """How long before a prompt moderators see it; None: not at all."""
        return self.headsup or (NOTICE if self.approver is not None else None)

    @property
    def shown(self) -> bool:
        """Whether it is a schedule that moderators have: confirmed, and not deleted."""
        return not self.draft and not self.deleted

    def source(self, schedule_id: int) -> PromptSource:
        """Where it draws from; a moved occurrence draws as the schedule it came from."""
        return PromptSource(self.instead[0] if self.instead else schedule_id, self.decks, self.tag)

    def with_spot(self, spot: SchedulePlace) -> PromptScheduleSettings:
        """The same with one place changed, or one more."""
        others = tuple(one for one in self.places if one.place != spot.place)
        if len(others) == len(self.places):
            return replace(self, places=(*others, spot))
        return replace(self, places=tuple(spot if one.place == spot.place else one for one in self.places))

    def to_details(self) -> dict[str, Any]:
        """As plain JSON for the schedule's row; `read` gives it back. What is not said is left out."""
        plain: dict[str, Any] = {
            "places": [_plain(spot) for spot in self.places],
            "to": "direct" if self.direct else "channel",
            "open_minutes": self.open_for // timedelta(minutes=1),
            "deck": self.decks[0] if self.decks else "",
            "decks": list(self.decks),
            "tag": self.tag,
            "headsup_minutes": self.headsup // timedelta(minutes=1) if self.headsup else 0,
            "approver": self.approver.title if self.approver is not None else "",
            "unapproved": self.unapproved.value if self.unapproved is not Unapproved.WAIT else "",
            "draft": self.draft,
            "deleted": self.deleted,
            "paused_until": self.paused_until.isoformat() if self.paused_until else "",
            "instead": list(self.instead) if self.instead else None,
            "kept": self.kept,
        }
        always = ("places", "to", "open_minutes", "deck", "decks")
        return {name: value for name, value in plain.items() if value or name in always}


def _plain(spot: SchedulePlace) -> dict[str, str]:
    plain = {"space": spot.space, "channel": spot.channel, "pings": spot.pings, "suspended": spot.suspended}
    return {name: value for name, value in plain.items() if value}


def read(details: Mapping[str, Any]) -> PromptScheduleSettings:
    """The terms that `to_details` wrote, in this version or an earlier one."""
    headsup, approver, paused = (
        details.get(name) for name in ("headsup_minutes", "approver", "paused_until")
    )
    instead = details.get("instead")
    return PromptScheduleSettings(
        tuple(SchedulePlace(**spot) for spot in details["places"]),
        tuple(details.get("decks") or [details["deck"]]),
        details.get("tag", ""),
        details.get("to") == "direct",
        timedelta(minutes=int(details["open_minutes"])),
        timedelta(minutes=headsup) if headsup else None,
        Role[approver.upper()] if approver else None,
        Unapproved(details.get("unapproved") or Unapproved.WAIT),
        bool(details.get("draft")),
        bool(details.get("deleted")),
        date.fromisoformat(paused) if paused else None,
        (int(instead[0]), str(instead[1])) if instead else None,
        details.get("kept"),
    )


def terms_of(schedule: Schedule) -> PromptScheduleSettings:
    """The terms of a prompt schedule."""
    return read(schedule.details)


def key_of(one: Occurrence) -> str:
    """A name for one dated occurrence that outlives its row, which planning again replaces: `3/2026-W41`."""
    return f"{one.schedule_id}/{one.key}"


def length(open_for: timedelta) -> str:
    """A length of time in words: "4 days", "1 day 6 hours", "30 minutes"."""
    minutes = open_for // timedelta(minutes=1)
    parts = [(minutes // 1440, "day"), (minutes % 1440 // 60, "hour"), (minutes % 60, "minute")]
    said = [f"{number} {unit}{'s' if number != 1 else ''}" for number, unit in parts if number]
    return " ".join(said) or "no time"
