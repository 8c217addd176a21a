"""The verbs of every scheduled post: one table from which the commands, buttons and forms of each kind are made."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.alerts.place_probe import PlaceProbe
from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.language import N_
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Role
from bot.feature import (
    ButtonHandler,
    CommandHandler,
    Completion,
    FormHandler,
    PeriodicJob,
    Reads,
    Request,
    Writes,
)
from bot.runtime.clock import Clock
from bot.scheduled_posts.approval import PostApproval
from bot.scheduled_posts.dates import PostDates
from bot.scheduled_posts.drafts import PostDrafts, drop_old_drafts
from bot.scheduled_posts.due_list import DueList
from bot.scheduled_posts.edit import FOLLOWING, THIS, PostEdits
from bot.scheduled_posts.ids import named_schedule
from bot.scheduled_posts.lifecycle import PostLifecycle
from bot.scheduled_posts.model import PostKind
from bot.scheduled_posts.options import CHANNEL, POST_OPTIONS, REPEAT, WHEN
from bot.scheduled_posts.places import PostPlaces
from bot.scheduled_posts.previews import PostPreviews
from bot.store.store import Store

MOD = Role.MODERATOR
DATE = Option(
    "occurrence", N_("Which date, like o57"), OptionKind.ID, positional=True, letter="o", completes=True
)
ON = Option("on", N_("The one on this day; without it, the next"), OptionKind.DAY)
DAYS = Option("days", N_("How many days ahead"), OptionKind.NUMBER)
UNTIL = Option("until", N_("The first day on which it posts again"), OptionKind.DAY)
SCOPE = Option(
    "scope", N_("Only this one, or this and all that follow"), OptionKind.CHOICE, choices=(THIS, FOLLOWING)
)
CHANGES = (
    replace(CHANNEL, required=False, positional=False, summary=N_("Another channel")),
    replace(WHEN, required=False, positional=False, summary=N_("A new rule, or for one date a new time")),
)


def which_schedule(kind: PostKind, *, required: bool = True) -> Option:
    """The option that names a schedule."""
    return Option(
        "schedule", N_("Which schedule"), OptionKind.ID, required=required, positional=True, letter=kind.letter, completes=True
    )  # fmt: skip


def _picked(option: Option) -> Option:
    """The group to notify is picked in the platform's own list; in an edit it is written, for it may be nobody too."""
    return replace(option, kind=OptionKind.GROUP) if option.name == "pings" else option


@dataclass(frozen=True, slots=True)
class _Verb:
    """A row of the table: how the command is declared, and who answers."""

    name: str
    summary: str
    handler: Reads[Card | Form] | Writes[Card | Form]
    options: tuple[Option, ...] = ()
    opens: bool = False
    label: str = ""
    common: bool = False
    repeats: bool = False


class PostVerbs:
    """Everything that moderators of one kind can do, put together."""

    def __init__(
        self, store: Store, clock: Clock, alerts: Alerts, kind: PostKind, approval: PostApproval, probe: PlaceProbe
    ) -> None:  # fmt: skip
        self.kind, self.approval, self.places = kind, approval, PostPlaces(store, kind, probe, alerts)
        self._store, self._clock = store, clock
        self.due_list, self.previews = DueList(kind), PostPreviews(kind)
        self.drafts, self.edits = PostDrafts(kind, self.previews), PostEdits(kind, approval)
        self.dates, self.lifecycle = PostDates(kind, approval), PostLifecycle(kind, approval, alerts)

    def show(self, conn: Connection, request: Request) -> Card:
        """One schedule with everything about it."""
        return self.previews.show(conn, request, named_schedule(conn, self.kind, request))

    def _table(self) -> tuple[_Verb, ...]:
        """The table of verbs."""
        return (*self._planning_verbs(), *self._date_verbs(), *self._schedule_verbs())

    def _planning_verbs(self) -> tuple[_Verb, ...]:
        kind, which, due = self.kind, (which_schedule(self.kind),), self.due_list
        plan = (CHANNEL, WHEN, *kind.plan_options, REPEAT, *map(_picked, POST_OPTIONS), *kind.text_options)
        change = (*which, SCOPE, *CHANGES, *kind.edit_options, *POST_OPTIONS)
        due_words = N_("What is due, with its state and reason")
        return (
            _Verb("", N_("What is due"), Reads(due.list_due), label=kind.home_label),
            _Verb(
                "schedule", N_("Plan a new one, once or on a schedule"), Writes(self.drafts.schedule, self.places.check_command), plan, opens=True,
                label=kind.plan_label, common=True,
            ),
            _Verb("list", due_words, Reads(due.list_due), (DAYS,), label=N_("What is due")),
            _Verb("queue", N_("The same as list"), Reads(due.list_due), (DAYS,), repeats=True),
            _Verb("show", N_("One schedule with everything about it"), Reads(self.show), which, label=N_("See one")),
            _Verb("edit", N_("Change a schedule"), Writes(self.edits.edit, self.places.check_command), change, opens=True, label=N_("Change one")),
        )  # fmt: skip

    def _date_verbs(self) -> tuple[_Verb, ...]:
        dated, dates = (which_schedule(self.kind, required=False), DATE, ON), self.dates
        return (
            _Verb("skip", N_("Skip one date"), Writes(dates.skip), dated, label=N_("Skip a date"), common=True),
            _Verb("unskip", N_("Put a skipped date back"), Writes(dates.unskip), dated, label=N_("Put a date back")),
            _Verb("approve", N_("Approve one that waits"), Writes(self.approval.approve), dated, label=N_("Approve")),
        )  # fmt: skip

    def _schedule_verbs(self) -> tuple[_Verb, ...]:
        which, life, dates = (which_schedule(self.kind),), self.lifecycle, self.dates
        now, again = N_("See the next one, and post it at once"), N_("Try again what could not be posted")
        return (
            _Verb("pause", N_("Pause a schedule"), Writes(life.pause), (*which, UNTIL), label=N_("Pause"), common=True),
            _Verb("resume", N_("Start a paused schedule again"), Writes(life.resume), which, label=N_("Start again")),
            _Verb("now", now, Writes(dates.preview_now), which, label=N_("Post one now"), common=True),
            _Verb("retry", again, Writes(dates.retry), which, label=N_("Try again")),
            _Verb("cancel", N_("Cancel a schedule"), Writes(life.cancel), which, label=N_("Cancel a schedule")),
            _Verb("delete", N_("The same as cancel"), Writes(life.cancel), which, repeats=True),
        )  # fmt: skip

    def commands(self) -> tuple[CommandHandler, ...]:
        """The commands of the table, for this kind's noun."""
        examples = self.kind.examples
        return tuple(
            CommandHandler(
                Command(
                    self.kind.noun, one.name, one.summary, one.options, MOD, one.opens, examples=examples.get(one.name, ()),
                    label=one.label, common=one.common, repeats=one.repeats,
                ),
                one.handler,
            )
            for one in self._table()
        )  # fmt: skip

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The buttons."""
        drafts, dates, life = self.drafts, self.dates, self.lifecycle
        found = {
            "confirm": drafts.confirm, "drop": drafts.drop, "approve": self.approval.approve, "skip": dates.skip,
            "unskip": dates.unskip, "post": dates.post, "dismiss": dates.dismiss, "again": dates.retry,
            "resume": life.resume, "restore": life.restore, "list": self.due_list.list_due,
        }  # fmt: skip
        return tuple(ButtonHandler(f"{self.kind.noun}.{name}", Writes(do), MOD) for name, do in found.items())

    def forms(self) -> tuple[FormHandler, ...]:
        """The forms: of a new schedule, of a draft, of a change, of another channel."""
        noun, drafts, edits, places = self.kind.noun, self.drafts, self.edits, self.places
        return (
            FormHandler(
                f"{noun}.new", Reads(self.kind.new_form), Writes(drafts.take_new, places.check_form), MOD
            ),
            FormHandler(f"{noun}.draft", Reads(drafts.draft_form), Writes(drafts.take_draft), MOD),
            FormHandler(f"{noun}.change", Reads(edits.build_form), Writes(edits.take), MOD),
            FormHandler(
                f"{noun}.place", Reads(places.build_form), Writes(places.take, places.check_form), MOD
            ),
        )

    def completions(self) -> tuple[Completion, ...]:
        """Choices while typing: titles, never bare ids."""
        noun, found = self.kind.noun, []
        for verb in self._table():
            names = {option.name for option in verb.options}
            if "schedule" in names:
                found.append(Completion(f"{noun} {verb.name}", "schedule", self.due_list.schedule_choices))
            if "occurrence" in names:
                found.append(Completion(f"{noun} {verb.name}", "occurrence", self.due_list.date_choices))
        return tuple(found)

    def jobs(self) -> tuple[PeriodicJob, ...]:
        """What is looked after as time goes by."""

        async def drop() -> int:
            return await drop_old_drafts(self._store, self._clock, self.kind)

        one = self.kind.one
        return (
            PeriodicJob(
                f"showing {one}s to moderators", 30, self.approval.show_due, self.approval.next_due()
            ),
            PeriodicJob(f"dropping old drafts of {one}s", 3600, drop, lambda _conn: None),
        )
