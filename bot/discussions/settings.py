"""What a planned discussion is, as its schedule's `details` keep it: words, place, how long it is open, who approves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from bot.chat.models import Place, Role

KIND = "discussion"
DRAFT = "draft"
STARTS = "starts"
"""The first day of a draft, where that is not today."""
SUSPENDED = "suspended"
"""Set while a schedule rests because its place refuses it."""

TITLE = 100
"""Characters of a title: a thread's name on every platform (Discord's limit)."""
TEXT = 3000
"""Characters of an opening text: what a form holds on every platform."""
TAGS = 5
"""Tags of one forum post (Discord's limit)."""
ONCE_OPEN = timedelta(days=7)
"""How long a single discussion stays open where nobody says."""


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
    """Everything about a discussion but its rhythm. `close` None: until the next one comes."""

    title: str
    text: str
    place: Place
    tags: tuple[str, ...] = ()
    pings: str = ""
    close: timedelta | None = None
    approve: Role | None = None
    heads_up: timedelta | None = None
    """How long before it goes out moderators are shown it."""
    dry: Dry = Dry.OPEN
    meeting: Meeting | None = None
    draft: bool = False
    suspended: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)
    """What others keep in the same details."""

    @property
    def templates(self) -> str:
        """All words in which placeholders may stand."""
        return f"{self.title}\n{self.text}"


_OURS = frozenset(
    (
        "title",
        "text",
        "places",
        "tags",
        "pings",
        "close",
        "approve",
        "heads_up",
        "dry",
        "meeting",
        DRAFT,
        SUSPENDED,
    )
)


def read(details: Mapping[str, Any]) -> DiscussionSettings:
    """The plan that `write` wrote."""
    spot, meeting = details["places"][0], details.get("meeting")
    approve = details.get("approve")
    return DiscussionSettings(
        title=details["title"],
        text=details.get("text", ""),
        place=Place(spot["space"], spot["channel"]),
        tags=tuple(details.get("tags", ())),
        pings=details.get("pings", ""),
        close=_length(details.get("close")),
        approve=None if approve is None else Role[approve],
        heads_up=_length(details.get("heads_up")),
        dry=Dry(details.get("dry", Dry.OPEN)),
        meeting=None if meeting is None else Meeting(**meeting),
        draft=bool(details.get(DRAFT)),
        suspended=bool(details.get(SUSPENDED)),
        more={key: value for key, value in details.items() if key not in _OURS},
    )


def write(plan: DiscussionSettings) -> dict[str, Any]:
    """A plan as JSON for the schedule's details."""
    made: dict[str, Any] = {
        **plan.more,
        "title": plan.title,
        "text": plan.text,
        "places": [{"space": plan.place.space, "channel": plan.place.channel}],
        "tags": list(plan.tags),
        "pings": plan.pings,
        "close": _minutes(plan.close),
        "approve": None if plan.approve is None else plan.approve.name,
        "heads_up": _minutes(plan.heads_up),
        "dry": plan.dry.value,
        "meeting": None,
    }
    if plan.meeting is not None:
        one = plan.meeting
        made["meeting"] = {
            "when": one.when, "minutes": one.minutes, "seats": one.seats, "where": one.where
        }  # fmt: skip
    made |= {name: True for name, holds in ((DRAFT, plan.draft), (SUSPENDED, plan.suspended)) if holds}
    return made


def _length(minutes: int | None) -> timedelta | None:
    return None if minutes is None else timedelta(minutes=minutes)


def _minutes(length: timedelta | None) -> int | None:
    return None if length is None else length // timedelta(minutes=1)
