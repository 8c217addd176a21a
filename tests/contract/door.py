"""A door that writes down what an adapter tells it, and answers as it was told to."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from bot.chat.cards import Button, Buttons, Card, Markdown, Select
from bot.chat.events import CompletionRequest, Event, MessageReceived, Opening, Reply
from bot.chat.forms import Choice, Choices, DateTime, Form, Hint, LongText, Pick, Scale, ShortText
from bot.chat.menu import Command, Menu, Option, OptionKind, Shortcut
from bot.chat.models import Message

E = TypeVar("E")

EVERY_KIND = (
    Option("word", "Some words.", OptionKind.WORD),
    Option("number", "How many.", OptionKind.NUMBER),
    Option("sure", "Whether.", OptionKind.YES_NO),
    Option("color", "Which.", OptionKind.CHOICE, choices=("red", "green", "blue")),
    Option("item", "Which one.", OptionKind.ID, letter="p", completes=True),
    Option("who", "Whom.", OptionKind.MEMBER),
    Option("where", "Where.", OptionKind.CHANNEL),
    Option("when", "When.", OptionKind.WHEN),
    Option("day", "Which day.", OptionKind.DAY),
    Option("span", "From and to.", OptionKind.SPAN),
    Option("rhythm", "How often.", OptionKind.RHYTHM),
    Option("length", "How long.", OptionKind.DURATION),
    Option("zone", "Which zone.", OptionKind.ZONE),
    Option("text", "Your words.", OptionKind.TEXT),
)
MENU = Menu(
    (
        Command("try", "all", "Take everything.", EVERY_KIND),
        Command(
            "try", "one", "Take a number.", (Option("number", "How many.", OptionKind.NUMBER, True, True),)
        ),
        Command("try", "form", "Open a form.", opens=True),
        Command("try", "aloud", "Answer aloud.", public=True),
        Command("tilth", "help", "What I can do."),
    ),
    {"try": "Try things out.", "tilth": "About me."},
    (
        Shortcut("try.keep", "Keep this", "Keep a message."),
        Shortcut("try.about", "About this", "A form about a message.", opens=True),
        Shortcut("try.open", "Open a form", "A form from anywhere.", on="anywhere", opens=True),
    ),
)
OPTIONS = (("a", "First"), ("b", "Second"), ("c", "Third"))
WORDS = Form(
    "try.words",
    "Every kind of words",
    (
        Hint("Take your **time**."),
        ShortText("short", "A few words", hint="One line.", value="as it was", limit=80),
        LongText("long", "Many words", value="one\ntwo", limit=3000),
        Choice("choice", "One of three", OPTIONS, value="b"),
        Choices("choices", "Some of three", OPTIONS, value=("a", "c")),
        Scale("scale", "How much", 1, 5, "little", "much", value=4),
    ),
    value="w1",
    submit="Send",
)
THINGS = Form(
    "try.things",
    "Every kind of thing",
    (
        DateTime("when", "When", "Europe/Dublin", value=datetime(2026, 10, 9, 18, 30)),  # noqa: DTZ001 - local by contract
        Pick("member", "Who", "member"),
        Pick("channel", "Where", "channel"),
        ShortText("maybe", "If you like", required=False),
        Choices("any", "Any of three", OPTIONS, required=False),
    ),
    value="t1",
)
CARD = Card(
    "Something to do",
    (
        Markdown("Something **to do**."),
        Buttons(
            (
                Button("Words", opens="try.words", value="w1", style="main"),
                Button("Things", opens="try.things", value="t1"),
                Button("Do it", does="try.do", value="d1"),
                Button("Read", link="https://example.org/"),
            )
        ),
        Select("Help", "try.help", (("full", "Full"), ("half", "Half")), value="s1", chosen="half"),
    ),
)


@dataclass
class RecordingDoor:
    """Answers each kind of event with the next of its `answers`, or with nothing; an exception among them is raised."""

    menu: Menu = MENU
    heard: list[Event] = field(default_factory=list)
    opened: list[Opening] = field(default_factory=list)
    typed: list[CompletionRequest] = field(default_factory=list)
    opening: Form | Card = WORDS
    choices: tuple[tuple[str, str], ...] = ()
    answers: defaultdict[type, deque[Reply | Exception]] = field(default_factory=lambda: defaultdict(deque))

    def will_answer(self, kind: type, *replies: Reply | Exception) -> None:
        self.answers[kind].extend(replies)

    async def hear(self, event: Event) -> Reply:
        self.heard.append(event)
        waiting = self.answers[type(event)]
        if isinstance(event, MessageReceived) and event.message.own:
            return None
        answer = waiting.popleft() if waiting else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def form(self, opening: Opening) -> Form | Card:
        self.opened.append(opening)
        return self.opening

    async def complete(self, typing: CompletionRequest) -> tuple[tuple[str, str], ...]:
        self.typed.append(typing)
        return self.choices

    def of(self, kind: type[E]) -> list[E]:
        """Everything heard of one kind, oldest first."""
        return [one for one in self.heard if isinstance(one, kind)]

    @property
    def messages(self) -> list[Message]:
        """What people wrote, changed and deleted, oldest first."""
        return [one.message for one in self.of(MessageReceived) if not one.message.own]
