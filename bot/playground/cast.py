"""The cast of a rehearsal: invented members, what each does in a week, and the tally of it."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters.local.adapter import LocalAdapter
from bot.app import App
from bot.chat.forms import Choice as FormChoice
from bot.chat.forms import Form, LongText, Scale, ShortText
from bot.people import accounts

SPACE = "local:rehearsal"
ROOM = "c1"
MODERATOR = "m0"
FIRST_NAMES = [
    "Ada",
    "Ben",
    "Cleo",
    "Dara",
    "Eli",
    "Fern",
    "Gus",
    "Hana",
    "Ivo",
    "June",
    "Kofi",
    "Lena",
    "Milo",
    "Nia",
    "Omar",
    "Pia",
    "Quin",
    "Rosa",
    "Sol",
    "Tess",
    "Uma",
    "Vik",
    "Wren",
    "Yara",
]
LAST_NAMES = [
    "Ash",
    "Birch",
    "Cedar",
    "Dale",
    "Elder",
    "Field",
    "Grove",
    "Heath",
    "Iris",
    "Lake",
    "Marsh",
    "North",
    "Oak",
    "Pine",
    "Reed",
    "Stone",
    "Thorn",
    "Vale",
    "West",
    "Yew",
]
OPENINGS = (
    "We moved the bins and the hallway got quieter.",
    "I asked one question and then waited, twice as long as I wanted to.",
    "The bell rings four minutes before anyone can be ready.",
    "Three of us read the same form and understood three things.",
    "Nobody had told the afternoon crew; that was most of it.",
    "I stopped printing the second sheet. No one missed it.",
    "The bus is late on Tuesdays, and so is everything else.",
)
TOKEN = re.compile(r"#\d+#")
"""A mark in every text by which it is recognized again."""


@dataclass(slots=True)
class Tally:
    """What the cast did, and what must therefore be in the database: (week, person) → the tokens still standing."""

    standing: dict[tuple[int, str], set[str]] = field(default_factory=dict)
    did: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    tokens: int = 0

    def token(self, text: str) -> str:
        """A text that can be recognized again."""
        self.tokens += 1
        return f"{text} #{self.tokens}#"

    def note(self, what: str) -> None:
        self.did[what] = self.did.get(what, 0) + 1


class Cast:
    """The invented members, and what each does in a week."""

    def __init__(self, app: App, adapter: LocalAdapter, members: int, seed: int) -> None:
        self.app = app
        self.adapter = adapter
        self.tally = Tally()
        self.people = [f"m{number}" for number in range(1, members + 1)]
        self._dice = random.Random(seed)  # noqa: S311 - a play, not a secret

    def join(self) -> None:
        """Everybody comes in; names repeat only after hundreds of people."""
        world = self.adapter.world
        world.add_channel(ROOM, "staff-lounge")
        world.add_person(MODERATOR, "Noor Hale", facts=("moderator",))
        for number, person in enumerate(self.people):
            first, last = (
                FIRST_NAMES[number % len(FIRST_NAMES)],
                LAST_NAMES[(number // len(FIRST_NAMES) + number) % len(LAST_NAMES)],
            )
            world.add_person(person, f"{first} {last}")

    def plan(self, week: int, monday: datetime) -> dict[datetime, list[tuple[str, str]]]:
        """Who does what when, by whole hours from half past nine on Monday until Thursday evening."""
        slots: dict[datetime, list[tuple[str, str]]] = {}
        for person in self.people:
            door = self._dice.choices(
                ("silent", "thread", "form", "direct", "talk"), weights=(35, 33, 17, 10, 5)
            )[0]
            if door == "silent":
                continue
            at = monday + timedelta(hours=1 + self._dice.randrange(80))
            slots.setdefault(at, []).append((person, door))
            after = self._dice.random()
            if door in {"thread", "direct"} and after < 0.30:
                change = (
                    "edit"
                    if after < 0.15
                    else "erase"
                    if after < 0.22
                    else "add"
                    if after < 0.27
                    else "late add"
                )
                later = at + timedelta(hours=0 if change == "add" else 2)
                slots.setdefault(later + timedelta(minutes=20), []).append((person, change))
        self._said: dict[str, tuple[str, str, str]] = {}
        self._known = set(
            self.app.store.read_now(lambda conn: dict(accounts.direct_channels(conn, 1, SPACE, "", 10_000)))
        )
        self._week = week
        return slots

    async def act(self, person: str, what: str, prompt: str) -> None:
        """One deed of one person, and what it leaves standing."""
        key, tally = (self._week, person), self.tally
        said = self._said.get(person)
        if what in {"edit", "erase", "add", "late add"} and said is None:
            return
        if what == "direct" and self.adapter.faults.drop_events and person not in self._known:
            # Nobody can know of a conversation that begins while the bot hears nothing (docs/stored-data.md, limits).
            what = "thread"
        tally.note(what)
        match what:
            case "thread":
                text = tally.token(self._dice.choice(OPENINGS))
                message = await self.adapter.say(person, ROOM, text, thread=prompt)
                self._said[person] = (ROOM, message, prompt)
                tally.standing[key] = set(TOKEN.findall(text))
            case "direct":
                channel = self.adapter.world.direct(person).id
                text = tally.token(self._dice.choice(OPENINGS))
                message = await self.adapter.say(person, channel, text)
                self._said[person] = (channel, message, "")
                tally.standing[key] = set(TOKEN.findall(text))
            case "form":
                await self._fill(person, prompt, key)
            case "talk":
                await self._talk(person, prompt)
            case _ if said is not None:
                await self._change(person, what, said, key)

    async def _talk(self, person: str, prompt: str) -> None:
        others = [one for one in self.adapter.world.look(ROOM, prompt) if one.author not in (None, person)]
        reply_to = self._dice.choice(others).id if others else None
        text = self.tally.token("Same with us, tell me more")
        if reply_to is None:
            text = f"@{self.adapter.world.who(MODERATOR).name} {text}"
        await self.adapter.say(person, ROOM, text, thread=prompt, reply_to=reply_to)

    async def _change(self, person: str, what: str, said: tuple[str, str, str], key: tuple[int, str]) -> None:
        channel, message, thread = said
        if what == "edit":
            text = self.tally.token("On second thought: " + self._dice.choice(OPENINGS))
            await self.adapter.edit(person, channel, message, text)
            self.tally.standing[key] = set(TOKEN.findall(text))
        elif what == "erase":
            await self.adapter.erase(person, channel, message)
            self.tally.standing.pop(key, None)
        else:
            text = self.tally.token("And one thing more")
            await self.adapter.say(person, channel, text, thread=thread or None)
            if what == "add" or not thread:
                self.tally.standing[key] |= set(TOKEN.findall(text))

    async def _fill(self, person: str, prompt: str, key: tuple[int, str]) -> None:
        form = await self.adapter.press(person, ROOM, prompt, "Answer or edit")
        if not isinstance(form, Form):
            self.tally.problems.append(f"week {key[0]}: the Answer button gave no form")
            return
        fields: dict[str, object] = {}
        tokens: set[str] = set()
        for part in form.inputs:
            match part:
                case LongText() | ShortText():
                    text = self.tally.token(self._dice.choice(OPENINGS))
                    fields[part.name] = text
                    tokens |= set(TOKEN.findall(text))
                case FormChoice():
                    fields[part.name] = self._dice.choice(part.options)[0]
                case Scale():
                    fields[part.name] = str(self._dice.randint(part.low, part.high))
                case _:
                    self.tally.problems.append(f"the cast cannot fill in a {type(part).__name__}")
        await self.adapter.submit(person, self.adapter.world.place(ROOM), form, fields)
        self.tally.standing[key] = tokens
