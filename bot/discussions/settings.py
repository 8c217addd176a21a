"""What a planned discussion is beside its rule: words, place, how long it is open, who approves."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum

from bot.chat.models import Place
from bot.schedules.edits import PostColumns
from bot.schedules.model import Approver, Schedule, SchedulePlace

KIND = "discussion"
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
    """Everything about a discussion but its rule. `close` None: until the next one comes."""

    title: str
    text: str
    place: Place
    tags: tuple[str, ...] = ()
    pings: str = ""
    close: timedelta | None = None
    approve: Approver | None = None
    heads_up: timedelta | None = None
    """How long before it goes out moderators are shown it."""
    dry: Dry = Dry.OPEN
    meeting: Meeting | None = None
    suspended: str = ""

    @property
    def templates(self) -> str:
        """All words in which placeholders may stand."""
        return f"{self.title}\n{self.text}"

    @property
    def places(self) -> tuple[SchedulePlace]:
        """Its one place, as the row of its schedule."""
        return (SchedulePlace(self.place.space, self.place.channel, self.pings, self.suspended),)

    def columns(self) -> PostColumns:
        """As the columns of its schedule; `read` gives it back. The place is a row of its own."""
        return {
            "open_minutes": _minutes(self.close),
            "headsup_minutes": _minutes(self.heads_up),
            "approver": self.approve,
            "details": {
                "title": self.title,
                "text": self.text,
                "tags": list(self.tags),
                "dry": self.dry.value,
                "meeting": None if self.meeting is None else asdict(self.meeting),
            },
        }


def read(schedule: Schedule) -> DiscussionSettings:
    """The settings of a discussion."""
    details, spot = schedule.details, schedule.places[0]
    meeting = details.get("meeting")
    return DiscussionSettings(
        title=details["title"],
        text=details.get("text", ""),
        place=spot.place,
        tags=tuple(details.get("tags", ())),
        pings=spot.pings,
        close=schedule.open_for,
        approve=schedule.approver,
        heads_up=schedule.headsup,
        dry=Dry(details.get("dry", Dry.OPEN)),
        meeting=None if meeting is None else Meeting(**meeting),
        suspended=spot.suspended,
    )


def _minutes(length: timedelta | None) -> int | None:
    return None if length is None else length // timedelta(minutes=1)
