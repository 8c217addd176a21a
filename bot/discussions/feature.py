"""What discussions offer, put together: moderators' commands, the buttons of meetings, and the jobs behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.alerts.place_probe import PlaceProbe
from bot.chat.cards import Block, Button, Buttons, Card, Heading
from bot.chat.language import N_, _
from bot.chat.menu import Command, Shortcut
from bot.chat.models import Place, Refusal
from bot.chat.port import Adapter
from bot.delivery.facts import Failed, Sent
from bot.discussions import cards, linked_rsvps, moderator_cards, rsvps, tables, topics, webhook_event
from bot.discussions.closing import PATIENCE, DiscussionCloser
from bot.discussions.edit import DiscussionEdits
from bot.discussions.kind import DiscussionKind, kind_examples
from bot.discussions.meetings import BUTTONS, Meetings
from bot.discussions.publish import DiscussionPublisher
from bot.discussions.settings import KIND
from bot.discussions.topic_commands import TopicCommands
from bot.discussions.wording import Lessons
from bot.feature import (
    ButtonHandler,
    CommandHandler,
    Completion,
    DataSubject,
    Feature,
    PeriodicJob,
    Reads,
    Request,
)
from bot.people.links import MembersParted
from bot.runtime.clock import Clock
from bot.scheduled_posts.approval import PostApproval
from bot.scheduled_posts.due_list import date_rows
from bot.scheduled_posts.failures import PostFailures
from bot.scheduled_posts.ids import named_schedule
from bot.scheduled_posts.verbs import MOD, PostVerbs, which_schedule
from bot.store.next_due import only_where
from bot.store.retention import Ages
from bot.store.store import Store

SHORTCUTS = (
    Shortcut(
        "discuss.new",
        N_("Plan a discussion"),
        N_("Plan a discussion from this message"),
        opens=True,
        role=MOD,
    ),
)


draw_discussion = webhook_event.draw_discussion
meetings_after = tables.meetings


def feature(
    store: Store, clock: Clock, adapters: Mapping[str, Adapter], probe: PlaceProbe, alerts: Alerts, ages: Ages,
    lessons: Lessons | None = None,
) -> Feature:  # fmt: skip
    """Discussions. `lessons` tells which lesson the community is at, for `{lesson}`; None: no course runs here."""

    closing, meetings = DiscussionCloser(store, clock, adapters), Meetings(store, clock, adapters)
    kind = DiscussionKind(lessons)
    approval, failures = PostApproval(store, clock, alerts, kind), PostFailures(kind, alerts)
    publisher = DiscussionPublisher(clock, alerts, closing, lessons, approval, failures)
    commands = DiscussionCommands(PostVerbs(store, clock, alerts, kind, approval, probe), kind)
    facts = ((Sent, publisher.sent), (Failed, publisher.failed), (MembersParted, linked_rsvps.follow_parting))
    kind.refused = publisher
    kind.edit = DiscussionEdits(commands.verbs.edits, lessons).edit

    return Feature(
        name="discussions",
        forget=(forget_member,),
        hand_over=hand_over,
        nouns={"discuss": N_("Discussion threads that come by themselves")},
        commands=commands.commands(),
        buttons=commands.buttons(),
        forms=(*commands.verbs.forms(), *commands.topics.forms()),
        facts=facts,
        links=linked_rsvps.RULES,
        completions=commands.completions(),
        shortcuts=SHORTCUTS,
        home=commands.home_blocks,
        jobs=(*commands.verbs.jobs(), *_jobs(closing, meetings)),
        retention=(rsvps.retention(ages),),
        kinds={KIND: publisher},
        foretells={KIND: kind.foretell},
        invariants=(*tables.invariants(), *topics.invariants(), *rsvps.invariants()),
        examples=lambda: (*cards.examples(), *moderator_cards.examples(), *kind_examples()),
        rows=rows,
    )


def _jobs(closing: DiscussionCloser, meetings: Meetings) -> tuple[PeriodicJob, ...]:
    """What is looked after as time goes by."""
    return (
        PeriodicJob("closing discussions", 5, closing.close_due, tables.next_close(PATIENCE)),
        PeriodicJob("opening threads again", 300, closing.reopen_due, tables.next_reopen),
        PeriodicJob(
            "reminding of meetings",
            60,
            meetings.remind_due,
            only_where(tables.discussion, meetings.next_reminder),
        ),
        PeriodicJob(
            "listing meetings", 10, meetings.list_due, only_where(tables.discussion, meetings.next_listing)
        ),
    )


class DiscussionCommands:
    """The commands and buttons of `/discuss`: the verbs of every scheduled post, topics and guests."""

    def __init__(self, verbs: PostVerbs, kind: DiscussionKind) -> None:
        self.verbs, self.topics, self._kind = verbs, TopicCommands(kind), kind

    def commands(self) -> tuple[CommandHandler, ...]:
        """The commands under /discuss."""
        coming = Command(
            "discuss",
            "coming",
            N_("Who is coming to its meeting"),
            (which_schedule(self._kind),),
            MOD,
            label=N_("Who is coming"),
        )
        guests = CommandHandler(coming, Reads(self.list_guests))
        return (*self.verbs.commands(), *self.topics.commands(), guests)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The buttons."""
        return (*self.verbs.buttons(), *self.topics.buttons(), *BUTTONS)

    def completions(self) -> tuple[Completion, ...]:
        """Choices while typing."""
        choices = self.verbs.due_list.schedule_choices
        own = (Completion(f"discuss {verb}", "schedule", choices) for verb in ("topics", "coming"))
        return (*self.verbs.completions(), *own)

    def list_guests(self, conn: Connection, request: Request) -> Card:
        """Who is coming to the meeting of a schedule that is open."""
        schedule = named_schedule(conn, self._kind, request)
        found = [one for one in tables.open_of(conn, schedule.id) if one.meets_at is not None]
        if not found:
            problem = _("{schedule} has no meeting that is open.", schedule=schedule.name)
            raise Refusal(problem, _("`meets:` adds one."), request.line)
        return cards.guests_card(found[-1], rsvps.guests(conn, found[-1].id))

    def home_blocks(self, conn: Connection, request: Request) -> Sequence[Block]:
        """What a moderator finds on the bot's own page: what is due next."""
        if request.role < MOD:
            return ()
        dates = self.verbs.due_list.due_dates(conn, request, request.now + timedelta(days=14))[:5]
        buttons = (
            Button(_("Plan a discussion"), opens="discuss.new"), Button(_("All that is due"), does="discuss.list")
        )  # fmt: skip
        return (Heading(_("Discussions")), date_rows(dates, request.community.zone), Buttons(buttons))


def forget_member(conn: Connection, whose: DataSubject) -> None:
    """Remove a member's answers to meetings, and their name from topics."""
    topics.forget(conn, whose.community.id, whose.member_id)
    for touched in rsvps.forget(conn, whose.community.id, whose.member_id):
        DiscussionCloser.show_again(conn, whose.community.id, touched, whose.now)


def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """The meetings a member answered to, and the topics they put into queues."""
    return {
        "meetings": rsvps.hand_over(conn, whose.community.id, whose.member_id),
        "topics": topics.hand_over(conn, whose.community.id, whose.member_id),
    }


def rows(conn: Connection, place: Place, message: str) -> list[tuple[str, Mapping[str, object]]]:
    """What the database holds of one message."""
    found = tables.by_message(conn, place, message)
    return [("discussion", dict(row._mapping)) for row in found]  # noqa: SLF001 - SQLAlchemy's public name
