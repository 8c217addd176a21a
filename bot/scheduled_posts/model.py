"""A kind of scheduled post: the words for it, and what only its own feature knows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol

from sqlalchemy import Connection

from bot.chat.cards import Block, Button, Card, ChannelLink, Words, compose
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import _
from bot.chat.menu import Option
from bot.chat.models import Place, Refusal
from bot.feature import Request
from bot.schedules.forecast import ForecastEntry, UpcomingOccurrence
from bot.schedules.model import CatchUp, Occurrence, Schedule


@dataclass(frozen=True, slots=True)
class PostPreview:
    """One post as it will look. `buttons` are what its kind offers moderators beside Approve and Skip.

    `choice` is what was chosen for the date and stays chosen (a prompt's number), if its kind chooses at all.
    """

    card: Card | None
    buttons: tuple[Button, ...] = ()
    choice: int | None = None


class RefusedPosts(Protocol):
    """The posts of a schedule that their places refused and that are still wanted."""

    def retry(
        self, conn: Connection, schedule: Schedule, now: datetime, moved: tuple[Place, Place] | None = None
    ) -> int:
        """Post them at once; how many posts that queues. `moved`: the schedule posts in the second place instead of the first."""
        ...

    def withdraw(self, conn: Connection, schedule: Schedule, now: datetime) -> Collection[Place]:
        """Take back what waits to be tried again; the places that refused something."""
        ...


class PostKind(ABC):
    """What a feature says of its scheduled posts; everything that moderators do with them is in this package."""

    kind: str
    """The planner's word for it."""
    noun: str
    """The command under which moderators find it."""
    letter: str
    """What the names of its schedules begin with."""
    one: str
    """What one post is called."""
    next_comes: str
    """The sentence that the next one comes on `{when}`."""
    going_out: str
    """The sentence that one is going out already."""
    home_label: str
    """What the button of its home says."""
    plan_label: str
    """What the button says that plans one."""
    refusal: str
    """The sentence that one of them, `{title}` of `{schedule}`, was not posted in `{channel}`."""
    late = CatchUp.LATEST
    """What happens to one that is late, where the schedule does not say."""
    grace = timedelta(hours=48)
    """How late one still goes out by itself."""
    closes: timedelta | None = None
    """How long one stays open where the schedule does not say; None: until the next one."""
    plan_options: tuple[Option, ...] = ()
    """What only this kind can be told when a schedule is planned."""
    edit_options: tuple[Option, ...] = ()
    """What of that can be changed."""
    text_options: tuple[Option, ...] = ()
    """The free text of a new schedule, if it takes any."""
    refused: RefusedPosts
    """Its posts that could not be posted."""
    examples: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Lines that show how a verb is written."""

    @abstractmethod
    def foretell(
        self, conn: Connection, schedule: Schedule, ahead: Sequence[UpcomingOccurrence]
    ) -> Sequence[ForecastEntry]:
        """What each coming post of one schedule will be, in order; changes nothing."""

    @abstractmethod
    def describe(self, conn: Connection, schedule: Schedule) -> Sequence[tuple[str, Words]]:
        """What a schedule does beside its rule, as labels and values."""

    @abstractmethod
    def show(self, conn: Connection, one: UpcomingOccurrence) -> PostPreview:
        """One coming post as it will look."""

    def show_now(self, conn: Connection, one: UpcomingOccurrence, _now: datetime) -> PostPreview:
        """The same, if a moderator posts it at once. Raises `Refusal` where there is nothing to post."""
        shown = self.show(conn, one)
        if shown.card is None:
            raise Refusal(
                _("There is nothing to post right now."),
                _("{command} says why.", command=self.command("list")),
            )
        return shown

    @abstractmethod
    def read_details(
        self, conn: Connection, request: Request, values: Mapping[str, object], rule: str, old: Schedule | None,
        one: Occurrence | None = None,
    ) -> tuple[str, Mapping[str, Any]]:  # fmt: skip
        """Title and details of a schedule from what was given, over what they were. Raises `Refusal`.

        `one` is the date whose place the schedule takes, if it stands for a single date of another.
        """

    @abstractmethod
    def new_form(self, conn: Connection, request: Request) -> Form:
        """The form of a new schedule, filled with what was understood."""

    @abstractmethod
    def draft_form(self, conn: Connection, request: Request, draft: Schedule) -> Form:
        """The form that changes a schedule before it is confirmed."""

    @abstractmethod
    def edit_form(self, conn: Connection, request: Request, schedule: Schedule) -> Form:
        """The form that changes a schedule that runs."""

    @abstractmethod
    def take_edit(
        self, conn: Connection, request: Request, schedule: Schedule, values: Mapping[str, object]
    ) -> Card | FieldErrors:
        """What that form said, with its times read; what was left as it was is not in it."""

    def check_line(self, request: Request) -> None:  # noqa: B027 - most kinds have nothing to do
        """Refuse a line that was surely meant otherwise."""

    def take_choice(self, _conn: Connection, _schedule: Schedule, _choice: int) -> None:  # noqa: B027 - most kinds have nothing to do
        """Moderators were shown what was chosen for a date: nobody else takes it."""

    def preview_blocks(self, _conn: Connection, _schedule: Schedule) -> Sequence[Block]:
        """What stands at the end of a preview."""
        return ()

    def after_confirm(self, _schedule: Schedule) -> str:
        """What a moderator may want to do next, after a schedule was confirmed, as a sentence; nothing where there is none."""
        return ""

    def summary(self, schedule: Schedule) -> str:
        """What a schedule draws from or says, in a few words after its rule."""
        return schedule.title

    def more(self, _conn: Connection, _request: Request) -> Sequence[Block]:
        """What its list shows beside what is due."""
        return ()

    def check(self, _conn: Connection, _schedule: Schedule, _now: datetime) -> None:  # noqa: B027 - most kinds have nothing to do
        """Look whether a schedule that was started or changed lacks anything."""

    def end(self, _conn: Connection, _schedule: Schedule, _now: datetime) -> None:  # noqa: B027 - most kinds have nothing to do
        """Settle what is open of a schedule that was cancelled."""

    def not_posted(self, title: str, schedule: Schedule, place: Place) -> Words:
        """The sentence that one of its posts was refused by a place."""
        return compose(
            _(self.refusal), title=title, schedule=schedule.name or "", channel=ChannelLink(place.channel)
        )

    def command(self, verb: str) -> str:
        """A command of this noun, as it is written."""
        return f"`/{self.noun} {verb}`"
