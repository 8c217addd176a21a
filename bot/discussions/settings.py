"""What only discussions have: title and opening text, topics, a meeting, the tags of a forum post."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from bot.schedules.model import Schedule

KIND = "discussion"

TITLE = 100
"""Characters of a title: a thread's name on every platform (Discord's limit)."""
TEXT = 3000
"""Characters of an opening text: what a form holds on every platform."""


class Dry(StrEnum):
    """What happens when `{topic}` is wanted and the queue of topics is empty."""

    OPEN = "open"
    """It comes with "open floor" as its topic."""
    AGAIN = "again"
    """The topics start over from the first."""
    SKIP = "skip"
    """It is left out."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that belongs to the thread: `when` as people write it, counted from the thread's own time."""

    when: str
    minutes: int = 60
    seats: int | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class DiscussionSettings:
    """The details of a schedule of discussions, and the role or group it may notify in its channel."""

    title: str
    text: str
    tags: tuple[str, ...] = ()
    dry: Dry = Dry.OPEN
    meeting: Meeting | None = None
    pings: str = ""

    def to_details(self) -> Mapping[str, Any]:
        """As plain JSON for the schedule's row; `settings_of` gives it back."""
        meeting = None if self.meeting is None else asdict(self.meeting)
        plain = {
            "title": self.title, "text": self.text, "tags": list(self.tags), "dry": self.dry.value, "meeting": meeting
        }  # fmt: skip
        return {name: value for name, value in plain.items() if value}


def settings_of(schedule: Schedule) -> DiscussionSettings:
    """The settings of a schedule of discussions."""
    details, meeting = schedule.details, schedule.details.get("meeting")
    return DiscussionSettings(
        details["title"],
        details.get("text", ""),
        tuple(details.get("tags", ())),
        Dry(details.get("dry", Dry.OPEN)),
        None if meeting is None else Meeting(**meeting),
        schedule.places[0].pings if schedule.places else "",
    )
