"""What discussions offer, put together: moderators' commands, the buttons of meetings, and the beats behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.cards import Block, Button, Buttons, Heading, Markdown
from bot.chat.menu import Command, Option, OptionKind, Shortcut
from bot.chat.models import Place, Role
from bot.chat.port import Adapter
from bot.delivery.facts import Failed, Sent
from bot.discussions import cards, drafts, moderator_cards, rsvps, tables, topics
from bot.discussions.approval import HeadsUp
from bot.discussions.closing import DiscussionCloser
from bot.discussions.drafts import DiscussionDrafts, running
from bot.discussions.edit import FOLLOWING, NEXT, DiscussionEdits
from bot.discussions.edit_options import DiscussionOptionEdits
from bot.discussions.lifecycle import DiscussionLifecycle
from bot.discussions.meetings import Meetings, forget_old
from bot.discussions.options import MORE, SCHEDULE
from bot.discussions.publish import DiscussionPublisher
from bot.discussions.schedule_lifecycle import DiscussionScheduleLifecycle
from bot.discussions.settings import KIND
from bot.discussions.topic_commands import TopicCommands
from bot.discussions.wording import Lessons, foretell
from bot.feature import (
    ButtonHandler,
    CommandHandler,
    Completion,
    DataSubject,
    Feature,
    FormHandler,
    PeriodicJob,
    Request,
    Waits,
)
from bot.runtime.clock import Clock
from bot.store.store import Store

MOD = Role.MODERATOR
WHICH = Option(
    "discussion",
    "Which discussion",
    OptionKind.ID,
    required=True,
    positional=True,
    letter="d",
    completes=True,
)
ON = Option("on", "The one on this day; empty: the next", OptionKind.DAY)
VERBS = ("edit", "skip", "unskip", "pause", "resume", "cancel", "approve", "now", "topics", "coming")


def feature(
    store: Store,
    clock: Clock,
    adapters: Mapping[str, Adapter],
    alerts: Alerts,
    lessons: Lessons | None = None,
) -> Feature:
    """Discussions. `lessons` tells which lesson the community is at, for `{lesson}`; None: no course runs here."""
    closing = DiscussionCloser(store, clock, adapters)
    rhythm = DiscussionPublisher(store, clock, alerts, closing, lessons)
    meetings = Meetings(store, clock, adapters)
    rooms = Rooms(store, rhythm, meetings, alerts, lessons)
    heads_up = HeadsUp(store, clock, alerts, lessons)

    def forget(conn: Connection, whose: DataSubject) -> None:
        tables.forget(conn, whose.community.id, whose.member_id)
        topics.forget(conn, whose.community.id, whose.member_id)
        for touched in rsvps.forget(conn, whose.community.id, whose.member_id):
            closing.show_again(conn, whose.community.id, touched, whose.now)

    async def tidy() -> int:
        now = clock.now()
        dropped = await store.write(lambda conn: drafts.drop_old(conn, now - timedelta(days=1)))
        return dropped + await store.write(lambda conn: forget_old(conn, now))

    drop = PeriodicJob("tidying discussions", 3600, tidy, lambda _conn: None)
    return Feature(
        name="discussions",
        forget=forget,
        hand_over=hand_over,
        nouns={"discuss": "Discussion threads that come by themselves"},
        commands=rooms.commands(),
        actions=rooms.actions(),
        forms=rooms.forms(),
        facts=((Sent, rhythm.sent), (Failed, rhythm.failed)),
        completions=rooms.completions(),
        shortcuts=(
            Shortcut(
                "discuss.new",
                "Plan a discussion",
                "Plan a discussion from this message",
                opens=True,
                role=MOD,
            ),
        ),
        home=rooms.home,
        beats=(*_beats(closing, rhythm, meetings, heads_up), drop),
        kinds={KIND: rhythm},
        foretells={KIND: foretell(lessons)},
        invariants=(*tables.invariants(), *topics.invariants(), *rsvps.invariants()),
        examples=lambda: (*cards.examples(), *moderator_cards.examples()),
        rows=rows,
    )


def _beats(
    closing: DiscussionCloser, rhythm: DiscussionPublisher, meetings: Meetings, heads_up: HeadsUp
) -> tuple[PeriodicJob, ...]:
    """What is looked after as time goes by."""
    return (
        PeriodicJob("closing discussions", 5, closing.close_due, closing.next_close),
        PeriodicJob("opening threads again", 300, closing.reopen_due, tables.next_reopen),
        PeriodicJob("trying discussions again", 60, rhythm.retry_due, tables.next_retry),
        PeriodicJob("reminding of meetings", 60, meetings.remind_due, meetings.next_reminder),
        PeriodicJob("listing meetings", 10, meetings.list_due, meetings.next_listing),
        PeriodicJob("showing discussions to moderators", 60, heads_up.show_due, heads_up.next_due),
    )


class Rooms:
    """The parts of the feature, and what each of them answers."""

    def __init__(
        self,
        store: Store,
        rhythm: DiscussionPublisher,
        meetings: Meetings,
        alerts: Alerts,
        lessons: Lessons | None,
    ) -> None:
        self._store, self.meetings = store, meetings
        self.planning, self.queueing = DiscussionDrafts(store, lessons), TopicCommands(store)
        self.managing = DiscussionLifecycle(store, rhythm, alerts, lessons)
        self.resting = DiscussionScheduleLifecycle(store, rhythm, alerts)
        self.editing = DiscussionEdits(store, self.managing, lessons)
        self.changing = DiscussionOptionEdits(store, self.editing)

    def commands(self) -> tuple[CommandHandler, ...]:
        """The commands under /discuss."""
        mine, whole, example = (
            self.managing,
            self.resting,
            '/discuss schedule #lounge "thu 16:00" title:"Week {week}: {topic}" repeat:weekly',
        )

        def on_one(verb: str, summary: str, *more: Option, opens: bool = False) -> Command:
            return Command("discuss", verb, summary, (WHICH, *more), MOD, opens)

        days = Option("days", "How many days ahead", OptionKind.NUMBER)
        scope = Option(
            "scope", "Only the next one, or all that follow", OptionKind.CHOICE, choices=(NEXT, FOLLOWING)
        )
        channel = Option("channel", "Another channel", OptionKind.CHANNEL)
        do = Option(
            "do",
            "What to do with the queue",
            OptionKind.CHOICE,
            positional=True,
            choices=("add", "list", "drop"),
        )
        topic = Option("topic", "Which topic, like t3", OptionKind.ID, positional=True, letter="t")
        text = Option("text", "Topics, one a line", OptionKind.TEXT)
        return (
            CommandHandler(Command("discuss", "", "What is due, and what is open", role=MOD), Waits(mine.list_due)),
            CommandHandler(
                Command("discuss", "schedule", "Plan a discussion, once or on a rhythm", SCHEDULE, MOD, opens=True,
                        examples=(example, '/discuss schedule #lounge "fri 12:00" title:"Lunch table" close:2d -- Bring a question.')),
                Waits(self.planning.schedule),
            ),
            CommandHandler(Command("discuss", "list", "What is due, with its state", (days,), MOD), Waits(mine.list_due)),
            CommandHandler(on_one("edit", "Change its words, time or options", scope, channel, *MORE, opens=True), Waits(self.changing.edit)),
            CommandHandler(on_one("topics", "The queue behind {topic}", do, topic, text, opens=True), Waits(self.queueing.topics)),
            CommandHandler(on_one("skip", "Leave one out", ON), Waits(mine.skip)),
            CommandHandler(on_one("unskip", "Take back a skip", ON), Waits(mine.unskip)),
            CommandHandler(on_one("pause", "Let it rest"), Waits(whole.pause)),
            CommandHandler(on_one("resume", "Let it go on"), Waits(whole.resume)),
            CommandHandler(on_one("cancel", "End it"), Waits(whole.cancel)),
            CommandHandler(on_one("approve", "Let one go out", ON), Waits(mine.approve)),
            CommandHandler(on_one("now", "Open the next one at once"), Waits(mine.now)),
            CommandHandler(on_one("coming", "Who is coming to its meeting"), Waits(whole.guests)),
        )  # fmt: skip

    def actions(self) -> tuple[ButtonHandler, ...]:
        """The buttons."""
        mine, whole, planning = self.managing, self.resting, self.planning
        moderators = {
            "confirm": planning.confirm, "drop": planning.drop, "skip": mine.skip, "unskip": mine.unskip,
            "approve": mine.approve, "resume": whole.resume, "uncancel": whole.uncancel, "again": whole.again,
            "post": mine.post_missed, "leave": mine.leave_missed, "undrop": self.queueing.undrop,
            "list": mine.list_due,
        }  # fmt: skip
        return (
            *(ButtonHandler(f"discuss.{name}", Waits(do), MOD) for name, do in moderators.items()),
            ButtonHandler("discuss.rsvp", Waits(self.meetings.answer)),
            ButtonHandler("discuss.ics", Waits(self.meetings.file)),
        )

    def forms(self) -> tuple[FormHandler, ...]:
        """The forms."""
        planning, editing = self.planning, self.editing
        return (
            FormHandler("discuss.new", Waits(planning.new_form), Waits(planning.take_new), MOD),
            FormHandler("discuss.draft", Waits(planning.draft_form), Waits(planning.take_draft), MOD),
            FormHandler("discuss.edit", Waits(editing.form), Waits(editing.take), MOD),
            FormHandler("discuss.topics", Waits(self.queueing.form), Waits(self.queueing.add), MOD),
        )

    def completions(self) -> tuple[Completion, ...]:
        """Choices while typing."""
        return tuple(Completion(f"discuss {verb}", "discussion", self._like) for verb in VERBS)

    def _like(self, conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
        found = running(conn, request.community.id)
        return ((f"d{one.id}", f"d{one.id} {one.title}: {one.rule}"[:100]) for one in found)

    def home(self, conn: Connection, request: Request) -> Sequence[Block]:
        """What a moderator finds on the bot's own page: what is due next."""
        if request.role < MOD:
            return ()
        lines = self.managing.due_lines(conn, request, request.now + timedelta(days=14))[:5]
        blocks: list[Block] = [Heading("Discussions")]
        if lines:
            blocks.append(moderator_cards.lines_block(lines, request.community.zone))
        else:
            blocks.append(Markdown("Nothing is planned for the next two weeks."))
        buttons = (
            Button("Plan a discussion", opens="discuss.new"), Button("All that is due", does="discuss.list")
        )  # fmt: skip
        return (*blocks, Buttons(buttons))


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
