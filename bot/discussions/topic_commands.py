"""`/discuss topics`: what comes next in a schedule of discussions, added, listed and dropped by moderators."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.chat.cards import Button, Card
from bot.chat.forms import Form, LongText
from bot.chat.language import N_, _
from bot.chat.mass_mentions import refuse_calls
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, UnclearOption
from bot.chat.parsing.button_values import read_fields, read_number
from bot.discussions import moderator_cards, topics
from bot.discussions.settings import settings_of
from bot.discussions.topics import LONGEST, MOST
from bot.discussions.wording import uses_topics
from bot.feature import ButtonHandler, CommandHandler, FormHandler, Reads, Request, Writes, note_change
from bot.scheduled_posts.cards import done_card
from bot.scheduled_posts.ids import named_schedule
from bot.scheduled_posts.model import PostKind
from bot.scheduled_posts.verbs import MOD, which_schedule
from bot.schedules.model import Schedule


class TopicCommands:
    """The queue of topics of a schedule."""

    def __init__(self, kind: PostKind) -> None:
        self._kind = kind

    def commands(self) -> tuple[CommandHandler, ...]:
        """The one command."""
        options = (
            which_schedule(self._kind),
            Option("do", N_("What to do with the queue"), OptionKind.CHOICE, positional=True, choices=("add", "list", "drop")),
            Option("topic", N_("Which topic, like t3"), OptionKind.ID, positional=True, letter="t"),
            Option("text", N_("Topics, one per line"), OptionKind.TEXT),
        )  # fmt: skip
        command = Command(
            "discuss",
            "topics",
            N_("The topics that come next, in order"),
            options,
            MOD,
            opens=True,
            label=N_("Topics"),
        )
        return (CommandHandler(command, Writes(self.answer)),)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """Undo of a dropped topic."""
        return (ButtonHandler("discuss.undrop", Writes(self.restore_topic), MOD),)

    def forms(self) -> tuple[FormHandler, ...]:
        """The form for more topics."""
        return (FormHandler("discuss.topics", Reads(self.build_form), Writes(self.add_topics), MOD),)

    def answer(self, conn: Connection, request: Request) -> Card | Form:
        """List, add or drop topics."""
        what = request.text("do") or ("add" if request.text("text") else "list")
        if what == "add":
            return self.add_topics(conn, request) if request.text("text") else self.build_form(conn, request)
        if what == "drop":
            return self.drop_topic(conn, request)
        return _show(conn, named_schedule(conn, self._kind, request))

    def build_form(self, conn: Connection, request: Request) -> Form:
        """The form for more topics."""
        name = named_schedule(conn, self._kind, request).name or ""
        field = LongText("text", _("Topics, one per line"), _("Wait time\nThe first five minutes"))
        title = _("Topics of {name}", name=name)
        return Form("discuss.topics", title, (field,), value=name, submit=_("Add"))

    def add_topics(self, conn: Connection, request: Request) -> Card:
        """Put topics at the end of the queue, one for each line."""
        texts = [" ".join(line.split()) for line in request.text("text").splitlines() if line.strip()]
        long = next((one for one in texts if len(one) > LONGEST), None)
        if long is not None:
            problem = _(
                "A topic has up to {most} characters, and one has {count}.", most=LONGEST, count=len(long)
            )
            raise Refusal(problem, _("Shorten it."), request.text("text"))
        refuse_calls(*texts, returning=request.text("text"))
        schedule = named_schedule(conn, self._kind, request)
        if len(topics.waiting_topics(conn, schedule.id)) + len(texts) > MOST:
            problem = _("{count} topics fit into a queue.", count=MOST)
            raise Refusal(problem, _("Add the others later."), request.text("text"))
        topics.add_topics(conn, request.community.id, schedule.id, texts, request.member.id, request.now)
        note_change(conn, request, "added topics", schedule.name or "", None, {"topics": texts})
        return _show(conn, schedule)

    def drop_topic(self, conn: Connection, request: Request) -> Card:
        """Take a topic out of the queue."""
        wanted, schedule = request.number("topic"), named_schedule(conn, self._kind, request)
        if wanted is None:
            raise UnclearOption("topic", _("Which topic do you want to remove?"), _waiting(conn, schedule))
        there = {one.id: one.text for one in topics.waiting_topics(conn, schedule.id)}
        if wanted not in there:
            problem = _("There is no topic {id} in the list.", id=f"t{wanted}")
            raise UnclearOption("topic", problem, _waiting(conn, schedule))
        topics.drop_topic(conn, request.community.id, schedule.id, wanted, request.now)
        note_change(conn, request, "dropped topic", schedule.name or "", None, {"topic": there[wanted]})
        undo = Button(_("Undo"), does="discuss.undrop", value=f"{schedule.name}/{wanted}")
        return done_card(_("“{topic}” is out of the queue.", topic=there[wanted]), undo)

    def restore_topic(self, conn: Connection, request: Request) -> Card:
        """Put a dropped topic back where it was."""
        schedule = named_schedule(conn, self._kind, request)
        topics.drop_topic(
            conn, request.community.id, schedule.id, read_number(read_fields(request.value, 2)[1]), None
        )
        return _show(conn, schedule)


def _waiting(conn: Connection, schedule: Schedule) -> list[tuple[str, str]]:
    return [(f"t{one.id}", one.text) for one in topics.waiting_topics(conn, schedule.id)]


def _show(conn: Connection, schedule: Schedule) -> Card:
    plan, waiting = settings_of(schedule), topics.waiting_topics(conn, schedule.id)
    return moderator_cards.topics_card(schedule.name or "", plan.title, waiting, plan.dry, uses_topics(plan))
