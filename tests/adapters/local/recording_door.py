"""A small door that writes down what it hears and answers as it was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.chat.cards import Card
from bot.chat.events import CompletionRequest, Event, MessageReceived, Opening, Reply
from bot.chat.forms import Form, LongText
from bot.chat.menu import Command, Menu, Option, OptionKind, Shortcut
from bot.runtime.clock import SteerableClock

START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)

MENU = Menu(
    (
        Command(
            "reflect",
            "answer",
            "Answer the open prompt.",
            (Option("text", "Your answer.", OptionKind.TEXT),),
            opens=True,
        ),
        Command("reflect", "now", "Show the open prompts."),
        Command(
            "team",
            "add",
            "Add a person.",
            (Option("person", "Who.", OptionKind.MEMBER, True, True),),
            public=True,
        ),
    ),
    {"reflect": "Think about your week.", "team": "Work together."},
    (
        Shortcut("reflect.save", "Save as reflection", "Keep this message as your answer."),
        Shortcut("reflect.answer", "Answer", "Answer the open prompt.", on="anywhere", opens=True),
    ),
)
FORM = Form("reflect.answer", "Your reflection", (LongText("text", "What did you notice?"),), value="o1")


@dataclass
class RecordingDoor:
    """Answers every event with the next of `answers`, or with nothing; an exception among them is raised."""

    heard: list[Event] = field(default_factory=list)
    answers: list[Reply | Exception] = field(default_factory=list)
    opening: Form | Card = FORM
    opened: list[Opening] = field(default_factory=list)
    menu: Menu = MENU

    async def hear(self, event: Event) -> Reply:
        self.heard.append(event)
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def form(self, opening: Opening) -> Form | Card:
        self.opened.append(opening)
        return self.opening

    async def complete(self, typing: CompletionRequest) -> tuple[tuple[str, str], ...]:
        return ()

    @property
    def told(self) -> list[tuple[str, bool]]:
        """The messages heard of: their text, and whether they were deleted."""
        return [(e.message.text, e.message.deleted) for e in self.heard if isinstance(e, MessageReceived)]


@dataclass
class Notebook:
    """A memory in a dictionary that counts how often it was written to."""

    pages: dict[str, Any] = field(default_factory=dict)
    written: list[tuple[str, ...]] = field(default_factory=list)
    fail: Exception | None = None

    async def put(self, items: Mapping[str, Any]) -> None:
        if self.fail is not None:
            raise self.fail
        self.written.append(tuple(items))
        self.pages.update(items)

    async def remove(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            self.pages.pop(key, None)

    async def load(self) -> dict[str, Any]:
        return dict(self.pages)


def clock() -> SteerableClock:
    return SteerableClock(START)
