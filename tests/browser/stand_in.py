"""A small bot for the page's own tests: a prompt, a form, a few commands, a plan and a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from adapters.local.adapter import LocalAdapter
from adapters.local.inspector import DueEntry, InspectorRow, TourStep
from bot.chat import card_examples, forms
from bot.chat.cards import (
    Button,
    Buttons,
    Card,
    Heading,
    Markdown,
    Mention,
    Moment,
    Note,
    Progress,
    Quote,
    Select,
    Table,
    say,
)
from bot.chat.events import (
    ButtonPressed,
    CommandInvoked,
    CompletionRequest,
    Event,
    FormSubmitted,
    HomeOpened,
    MessageReceived,
    Opening,
    Reply,
    ShortcutUsed,
)
from bot.chat.forms import (
    Choice,
    Choices,
    DateTime,
    FieldErrors,
    Form,
    Hint,
    LongText,
    Pick,
    Scale,
    ShortText,
)
from bot.chat.menu import Command, Menu, Option, OptionKind, Shortcut
from bot.chat.models import Place, Role
from bot.runtime.clock import SteerableClock

START = datetime(2026, 10, 2, 15, 12, tzinfo=UTC)
ZONE, COUNTRY = "Europe/Dublin", "IE"
CAST = (
    ("maren", "Maren Holt", ("moderator",)),
    ("tomas", "Tomás Ferreira", ()),
    ("adaeze", "Adaeze Obi", ()),
    ("kenji", "Kenji Mori", ()),
    ("ruth", "Ruth Adler", ("admin",)),
)
SHARE = Option(
    "share", "Who may read it", OptionKind.CHOICE, choices=("me", "moderators", "team", "everyone")
)
PROMPT = Option("prompt", "Which prompt", OptionKind.ID, positional=True, letter="p", completes=True)
TEXT = Option("text", "Your answer", OptionKind.TEXT)
PERSON = Option("person", "Who", OptionKind.MEMBER, required=True, positional=True)
MENU = Menu(
    (
        Command("reflect", "", "What is open now."),
        Command("reflect", "answer", "Answer a prompt.", (PROMPT, SHARE, TEXT), opens=True),
        Command("reflect", "history", "Your own answers."),
        Command("team", "add", "Add somebody to your team.", (PERSON,), public=True),
        Command("prompt", "queue", "What comes next.", role=Role.MODERATOR),
        Command("tilth", "everything", "A form with every field.", opens=True),
    ),
    {
        "reflect": "Answer the prompts of your community.",
        "team": "Your team and how far it is.",
        "prompt": "The bank of prompts.",
        "tilth": "The bot itself.",
    },
    (
        Shortcut("reflect.save", "Save as my reflection", "Keep your own message"),
        Shortcut("reflect.suggest", "Suggest as prompt", "Suggest it to the moderators", opens=True),
        Shortcut("discuss.new", "Plan a discussion", "From this message", opens=True, role=Role.MODERATOR),
        Shortcut("reflect.answer", "Answer the prompt", "Answer what is open", on="anywhere", opens=True),
    ),
)
ANSWER = Form(
    "reflect.answer",
    "Your reflection",
    (
        Hint("When did a student surprise you this week, and what had you expected?"),
        LongText("text", "What did you notice?", hint="A few sentences are plenty. You can edit it later."),
        Choice("share", "Who may read it?", (("me", "Only me"), ("team", "My team"), ("everyone", "Everyone")), value="team"),
    ),
    value="o1",
    submit="Keep it",
)  # fmt: skip
EVERYTHING = Form(
    "tilth.everything",
    "Every kind of field",
    (
        ShortText("title", "A title", hint="Shown in the channel."),
        Choices(
            "days",
            "Which days?",
            (("mon", "Monday"), ("wed", "Wednesday"), ("fri", "Friday")),
            value=("mon",),
        ),
        Scale("ease", "How easy was it?", 1, 5, "a struggle", "easy"),
        DateTime("when", "When?", ZONE, required=False, value=datetime(2026, 10, 5, 9, 0)),  # noqa: DTZ001
        Pick("who", "With whom?", "member", required=False),
    ),
)


TOUR = (
    TourStep("next", "Press “Next due”.", ("clock next",), "tomas", "reflections", controls=True),
    TourStep("answer", "Answer the prompt.", ("form reflect.answer",), "tomas", "reflections"),
    TourStep("thread", "Reply in a thread.", ("say in a thread of reflections",), "adaeze", "reflections"),
    TourStep("home", "Open your page.", ("open home",), "tomas", "reflections", home=True),
    TourStep("command", "Write /prompt queue.", ("command /prompt",), "maren", "staffroom"),
    TourStep("database", "Choose Database.", ("open database",), "tomas", "reflections"),
    TourStep("break", "Cut the network.", ("mend network",), "tomas", "reflections", controls=True),
)


def prompt(week: int) -> Card:
    return Card(
        "When did a student surprise you this week?",
        (
            Heading("When did a student surprise you this week?"),
            Markdown("Think of one moment. What had you expected, and what does the difference tell you?\n\nReply **in the thread**, or press a button."),
            Buttons(
                (
                    Button("Answer", opens="reflect.answer", value=f"o{week}", style="main"),
                    Button("Not this week", does="reflect.skip", value=f"o{week}"),
                )
            ),
            Note(("Week ", str(week), ". Open until ", Moment(START + timedelta(weeks=week + 1), ZONE, "date"), ".")),
        ),
    )  # fmt: skip


class StandInDoor:
    """Answers like a bot would, from memory."""

    menu = MENU

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.told: list[MessageReceived] = []
        self.used: list[ShortcutUsed] = []
        self.homes: dict[str, str] = {}
        """What each person chose on their page."""
        self.opened = 0

    async def hear(self, event: Event) -> Reply:
        match event:
            case MessageReceived():
                self.told.append(event)
                self.kept[event.message.id] = event.message.text
                if event.message.place.private and not event.message.deleted:
                    return say("Kept. Thank you.", Markdown("Kept. **Thank you**, I have saved that."))
                return None
            case CommandInvoked():
                return self._command(event)
            case HomeOpened():
                self.opened += 1
                return self._home(event)
            case ShortcutUsed():
                self.used.append(event)
                return say(
                    "Kept",
                    Markdown("Kept as your answer."),
                    Quote(event.message.text if event.message else ""),
                )
            case ButtonPressed(id="my.reminders"):
                self.homes[event.person.id] = event.value.rpartition("/")[2]
                return None
            case ButtonPressed():
                return replace(
                    say(
                        "Skipped.",
                        Markdown("Fine, not this week."),
                        Note("You can change your mind until Friday."),
                    ),
                    replaces=True,
                )
            case FormSubmitted(id="reflect.answer"):
                _, errors = forms.read_fields(ANSWER, event.fields)
                return FieldErrors(errors) if errors else _receipt(str(event.fields["text"]))
            case FormSubmitted():
                _, errors = forms.read_fields(EVERYTHING, event.fields)
                return FieldErrors(errors) if errors else say("All there.")
            case _:
                return None

    def _home(self, event: HomeOpened) -> Card:
        """Everything that can be on somebody's page."""
        chosen = self.homes.get(event.person.id, "standard")
        return say(
            "Playground",
            Heading("Open prompts"),
            Markdown(f"For {event.person.name}: **a prompt** is open. {len(self.kept)} messages were heard."),
            Buttons(
                (
                    Button("Answer", opens="reflect.answer", value="o1", style="main"),
                    Button("Not this week", does="reflect.skip", value="o1"),
                )
            ),
            Heading("Your settings"),
            Progress("Lessons", 2, 3),
            card_examples.examples()[0].blocks[6],
            Select(
                "Reminders", "my.reminders", (("standard", "Standard"), ("light", "Light"), ("none", "None")),
                chosen=chosen,
            ),
        )  # fmt: skip

    def _command(self, event: CommandInvoked) -> Card:
        match event.call.command.path:
            case "team add":
                who = Mention(str(event.call.values["person"]), "your colleague")
                return replace(say("Welcome", Markdown((who, " joins *North*."))), public=True)
            case "reflect history":
                return say(
                    "Your answers",
                    Table(("week", "answer"), (("W39", "We tried wait time."), ("W38", "—"))),
                    Progress("Answered", 5, 8),
                )
            case _:
                return prompt(1)

    async def form(self, opening: Opening) -> Form | Card:
        if isinstance(opening, ShortcutUsed):
            self.used.append(opening)
        if not isinstance(opening, CommandInvoked):
            return ANSWER
        if opening.call.command.noun == "tilth":
            return EVERYTHING
        text = str(opening.call.values.get("text", ""))
        fields = tuple(
            replace(part, value=text) if isinstance(part, LongText) else part for part in ANSWER.fields
        )
        return replace(ANSWER, fields=fields)

    async def complete(self, typing: CompletionRequest) -> tuple[tuple[str, str], ...]:
        offered = (("p1", "p1 When did a student surprise you?"), ("p2", "p2 Who did you not hear from?"))
        return tuple(one for one in offered if one[0].startswith(typing.text))


def _receipt(text: str) -> Card:
    edit = Button("Edit", opens="reflect.answer", value="o1")
    gone = Button("Delete", does="reflect.skip", value="o1", style="danger")
    return say(
        "Your answer is kept.",
        Markdown("Your answer is kept."),
        Quote(text),
        Buttons((edit, gone)),
        Note("Your team can read it."),
    )


class StandInStage:
    """A clock, a plan with a prompt every Monday, and a table of messages."""

    def __init__(self, adapter: LocalAdapter, door: StandInDoor, clock: SteerableClock) -> None:
        self._adapter, self._door, self._clock = adapter, door, clock
        self._weeks = 0

    def now(self) -> datetime:
        return self._clock.now()

    @property
    def running(self) -> bool:
        return self._clock.running

    def run(self, running: bool) -> None:
        if running:
            self._clock.run()
        else:
            self._clock.pause()

    def _next(self) -> datetime:
        return datetime(2026, 10, 5, 8, 0, tzinfo=UTC) + timedelta(weeks=self._weeks)

    async def due(self) -> tuple[DueEntry, ...]:
        first = self._next()
        return tuple(
            DueEntry(first + timedelta(weeks=n), "Weekly reflection", "", where="#reflections")
            for n in range(3)
        )

    async def go_to_next(self) -> dict[str, bool]:
        before = set(self._adapter.world.messages)
        self._clock.set(self._next())
        await self._happen()
        return {one: False for one in self._adapter.world.messages if one not in before}

    async def advance(self, by: timedelta) -> None:
        until = self._clock.now() + by
        while self._next() <= until:
            self._clock.set(self._next())
            await self._happen()
        self._clock.set(until)

    async def _happen(self) -> None:
        self._weeks += 1
        place = Place(self._adapter.space, "reflections")
        await self._adapter.post(place, prompt(self._weeks), f"prompt:{self._weeks}")

    async def rows(self, channel: str, message: str) -> tuple[InspectorRow, ...]:
        if message not in self._door.kept:
            return ()
        return (
            InspectorRow(
                "message", (("channel", channel), ("id", message), ("text", self._door.kept[message]))
            ),
            InspectorRow(
                "answer", (("occurrence", "2026-W40"), ("member", "m3"), ("source", "thread"), ("closed", ""))
            ),
        )

    def tour(self) -> tuple[TourStep, ...]:
        return TOUR

    def gallery(self) -> tuple[tuple[str, Card], ...]:
        return tuple(
            (name, card)
            for name, those in (("cards", card_examples.examples()), ("prompt", (prompt(1),)))
            for card in those
        )


def stand_in(running: bool = False) -> tuple[LocalAdapter, StandInDoor, StandInStage]:
    """The adapter with invented people and channels, not started yet."""
    clock = SteerableClock(START, running=running)
    adapter = LocalAdapter(clock, None)
    for id, name, facts in CAST:
        adapter.world.add_person(id, name, facts=facts, zone=ZONE)
    for channel in ("reflections", "staffroom", "course-talk"):
        adapter.world.add_channel(channel, channel)
    door = StandInDoor()
    return adapter, door, StandInStage(adapter, door, clock)
