"""The rehearsal: invented members live with the bot for weeks, and everything is counted after.

The real bot runs on a fresh SQLite file with the local adapter and a clock that is moved. Members answer through
all doors, edit, delete, talk to each other and stay silent; for a while the bot hears nothing and must find what
it missed. At the end every answer in the database is compared with what its author last left standing.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy import Connection, select

from adapters.local.adapter import LocalAdapter
from bot.app import App, build, content_root, open_store
from bot.capture import scan_queue
from bot.chat import plain_text
from bot.chat.cards import Card
from bot.chat.forms import Choice as FormChoice
from bot.chat.forms import Form, LongText, Scale, ShortText
from bot.chat.menu import Menu
from bot.people import accounts
from bot.reflections.answers import tables
from bot.reflections.prompts.files import read_decks
from bot.reflections.schedule import asked_prompts
from bot.runtime.clock import SteerableClock
from bot.settings.model import Settings
from bot.store.store import Store

SPACE = "local:rehearsal"
ROOM = "c1"
MODERATOR = "m0"
START = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)
"""A Monday, before nine in every zone the cast lives in."""
FIRST = [
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
LAST = [
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
_TOKEN = re.compile(r"#\d+#")


@contextmanager
def bare_app(settings: Settings) -> Iterator[App]:
    """The bot put together around an empty database, only to be looked at."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/bare.db")
        own = settings.store.model_copy(update={"folder": Path(folder)})
        try:
            yield build(
                settings.model_copy(update={"store": own}),
                SteerableClock(START),
                store,
                [],
                decks=(),
                lessons=(),
            )
        finally:
            store.close_now()


def bare_menu(settings: Settings) -> Menu:
    """Every command, without starting the bot."""
    with bare_app(settings) as app:
        return app.dispatcher.menu


def bare_gallery(settings: Settings) -> tuple[tuple[str, Card], ...]:
    """Every example card, without starting the bot."""
    with bare_app(settings) as app:
        return app.gallery()


@dataclass(slots=True)
class Tally:
    """What the cast did, and what must therefore be in the database: (week, person) → the tokens still standing."""

    standing: dict[tuple[int, str], set[str]] = field(default_factory=dict)
    did: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    tokens: int = 0

    def token(self, text: str) -> str:
        """A text that can be recognised again."""
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
        world.add_channel(ROOM, "staffroom")
        world.add_person(MODERATOR, "Noor Hale", facts=("moderator",))
        for number, person in enumerate(self.people):
            first, last = FIRST[number % len(FIRST)], LAST[(number // len(FIRST) + number) % len(LAST)]
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
        self._known = set(self.app.store.read_now(lambda conn: dict(accounts.directs(conn, 1, SPACE))))
        self._week = week
        return slots

    async def act(self, person: str, what: str, prompt: str) -> None:
        """One deed of one person, and what it leaves standing."""
        key, tally = (self._week, person), self.tally
        said = self._said.get(person)
        if what in {"edit", "erase", "add", "late add"} and said is None:
            return
        if what == "direct" and self.adapter.faults.drop_events and person not in self._known:
            # Nobody can know of a conversation that begins while the bot hears nothing (README, limits).
            what = "thread"
        tally.note(what)
        match what:
            case "thread":
                text = tally.token(self._dice.choice(OPENINGS))
                message = await self.adapter.say(person, ROOM, text, thread=prompt)
                self._said[person] = (ROOM, message, prompt)
                tally.standing[key] = set(_TOKEN.findall(text))
            case "direct":
                channel = self.adapter.world.direct(person).id
                text = tally.token(self._dice.choice(OPENINGS))
                message = await self.adapter.say(person, channel, text)
                self._said[person] = (channel, message, "")
                tally.standing[key] = set(_TOKEN.findall(text))
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
            self.tally.standing[key] = set(_TOKEN.findall(text))
        elif what == "erase":
            await self.adapter.erase(person, channel, message)
            self.tally.standing.pop(key, None)
        else:
            text = self.tally.token("And one thing more")
            await self.adapter.say(person, channel, text, thread=thread or None)
            if what == "add" or not thread:
                self.tally.standing[key] |= set(_TOKEN.findall(text))

    async def _fill(self, person: str, prompt: str, key: tuple[int, str]) -> None:
        form = await self.adapter.press(person, ROOM, prompt, "Answer")
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
                    tokens |= set(_TOKEN.findall(text))
                case FormChoice():
                    fields[part.name] = self._dice.choice(part.options)[0]
                case Scale():
                    fields[part.name] = str(self._dice.randint(part.low, part.high))
                case _:
                    self.tally.problems.append(f"the cast cannot fill in a {type(part).__name__}")
        await self.adapter.submit(person, self.adapter.world.place(ROOM), form, fields)
        self.tally.standing[key] = tokens


async def rehearse(
    settings: Settings, *, weeks: int, members: int, seed: int, keep: Path | None, as_json: bool
) -> bool:
    """Play a term and tell how it went; whether everything held."""
    with tempfile.TemporaryDirectory(dir=_quick_folder()) as folder:
        file = keep or Path(folder) / "rehearsal.db"
        file.unlink(missing_ok=True)
        own = settings.store.model_copy(
            update={"url": SecretStr(f"sqlite:///{file}"), "folder": Path(folder)}
        )
        # A term in seconds: events are told at once, so the beat that catches what was not told may be slow.
        capture_settings = settings.capture.model_copy(update={"beat_minutes": 360})
        settings = settings.model_copy(update={"store": own, "capture": capture_settings})
        store, release = open_store(settings)
        clock = SteerableClock(START)
        adapter = LocalAdapter(clock, None, SPACE, "Rehearsal")
        decks = read_decks(content_root(settings))
        app = build(settings, clock, store, [adapter], decks=decks, release=release)
        cast = Cast(app, adapter, members, seed)
        cast.join()
        console = Console(stderr=as_json)
        began = asyncio.get_running_loop().time()
        try:
            await app.start()
            prompts = await _play(app, cast, weeks, console)
            took = asyncio.get_running_loop().time() - began
            await store.read(lambda conn: _compare(conn, app, cast, prompts))
            report = await store.read(lambda conn: _report(conn, cast, weeks, members, took))
        finally:
            await app.stop()
    if as_json:
        print(json.dumps({**report, "problems": cast.tally.problems}))  # noqa: T201
    else:
        _print(console, adapter, prompts, report, cast.tally)
    return not cast.tally.problems


def _quick_folder() -> str | None:
    """A folder in memory where there is one: nothing of a rehearsal needs to survive a power cut."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a random folder is made below it


async def _play(app: App, cast: Cast, weeks: int, console: Console) -> dict[int, str]:
    """The term itself; the prompt's message by week."""
    adapter, clock = cast.adapter, app.clock
    prompts: dict[int, str] = {}
    await adapter.command(MODERATOR, ROOM, "/prompt schedule #staffroom every mon 09:00 closes:4d")
    preview = next(one for one in reversed(adapter.world.look(ROOM, None, MODERATOR)) if one.card is not None)
    await adapter.press(MODERATOR, ROOM, preview.id, "Confirm")
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("Weeks", total=weeks)
        for week in range(1, weeks + 1):
            monday = START + timedelta(weeks=week - 1, hours=3)
            await app.pass_time(monday)
            prompts[week] = _prompt_of(adapter, cast.tally, week, prompts)
            slots = cast.plan(week, monday.replace(minute=30))
            for at in sorted(slots):
                await app.pass_time(max(at, clock.now()))
                adapter.faults.drop_events = _deaf(week, at - monday)
                # The fill of a form needs the bot; while it is deaf to talk, everything else still works.
                await asyncio.gather(*(cast.act(person, what, prompts[week]) for person, what in slots[at]))
                if not _deaf(week, at - monday) and week % 3 == 0:
                    await app.store.write(lambda conn: scan_queue.scan_all(conn, SPACE, clock.now()))
            adapter.faults.drop_events = False
            await app.pass_time(START + timedelta(weeks=week - 1, days=5))
            progress.advance(bar)
    return prompts


def _deaf(week: int, since_monday: timedelta) -> bool:
    """Every third week the bot hears nothing from Tuesday noon to Wednesday noon."""
    return week % 3 == 0 and timedelta(hours=27) <= since_monday <= timedelta(hours=51)


def _prompt_of(adapter: LocalAdapter, tally: Tally, week: int, before: dict[int, str]) -> str:
    """The one new prompt in the room this week."""
    new = [
        one
        for one in adapter.world.look(ROOM)
        if one.author is None and one.marker and one.id not in before.values() and one.card is not None
        and not one.card.title.startswith("Looking back")
    ]  # fmt: skip
    if len(new) != 1:
        tally.problems.append(f"week {week}: {len(new)} new prompts in the room instead of one")
    return new[-1].id if new else ""


def _compare(conn: Connection, app: App, cast: Cast, prompts: dict[int, str]) -> None:
    """Hold the database against what the cast left standing."""
    found: dict[tuple[int, str], set[str]] = {}
    week_of = {message: week for week, message in prompts.items()}
    weeks = {
        row.occurrence_id: week_of.get(row.message) for row in conn.execute(select(asked_prompts.asked_in))
    }
    person = {row.member_id: row.person for row in conn.execute(select(accounts.account))}
    for row in conn.execute(
        select(tables.answer.c.occurrence_id, tables.answer.c.member_id, tables.part.c.text).join(
            tables.part, tables.part.c.answer_id == tables.answer.c.id
        )
    ):
        key = (weeks.get(row.occurrence_id) or 0, person[row.member_id])
        found.setdefault(key, set()).update(_TOKEN.findall(row.text))
    wanted = {key: tokens for key, tokens in cast.tally.standing.items() if tokens}
    for key in sorted(wanted.keys() | found.keys()):
        lost, extra = (
            wanted.get(key, set()) - found.get(key, set()),
            found.get(key, set()) - wanted.get(key, set()),
        )
        if lost or extra:
            cast.tally.problems.append(
                f"week {key[0]}, {key[1]}: {len(lost)} texts lost, {len(extra)} too many"
            )
    digests = [
        one for one in cast.adapter.world.look(ROOM) if one.card and one.card.title.startswith("Looking back")
    ]
    if len(digests) != len(prompts):
        cast.tally.problems.append(f"{len(digests)} digests for {len(prompts)} prompts")
    cast.tally.problems += [f"invariant broken: {name}" for name in app.invariants(conn)]


def _report(conn: Connection, cast: Cast, weeks: int, members: int, took: float) -> dict[str, object]:
    answers = conn.execute(select(tables.answer.c.id)).all()
    parts = conn.execute(select(tables.part.c.door)).scalars().all()
    return {
        "weeks": weeks,
        "members": members,
        "prompts asked": len(conn.execute(select(asked_prompts.asking.c.occurrence_id)).all()),
        "answers": len(answers),
        **{
            f"parts by {door}": sum(1 for one in parts if one == door)
            for door in ("thread", "form", "direct")
        },
        **{f"people: {what}": count for what, count in sorted(cast.tally.did.items())},
        "seconds": round(took, 1),
    }


def _print(
    console: Console, adapter: LocalAdapter, prompts: dict[int, str], report: dict[str, object], tally: Tally
) -> None:
    """The dialogue of one thread, the summary, and what went wrong."""
    if prompts:
        _print_thread(console, adapter, prompts[max(prompts)])
    table = Table(title="The term")
    table.add_column("what")
    table.add_column("how much", justify="right")
    for what, much in report.items():
        table.add_row(what, str(much))
    console.print(table)
    for problem in tally.problems[:20]:
        console.print(f"[red]{problem}[/red]")
    console.print("Everything held." if not tally.problems else f"{len(tally.problems)} problems.")


def _print_thread(console: Console, adapter: LocalAdapter, prompt: str) -> None:
    root = adapter.world.messages[prompt]
    console.rule("One thread")
    if root.card is not None:
        console.print(plain_text.text(root.card), markup=False, highlight=False)
    for one in adapter.world.look(ROOM, prompt)[:12]:
        if one.id == prompt or one.author is None:
            continue
        mark = " (edited)" if one.version > one.at else ""
        name = adapter.world.who(one.author).name
        text = _TOKEN.sub("", str(one.body)).strip()
        console.print(f"  {one.at:%a %H:%M}  {name}: {text}{mark}", markup=False, highlight=False)
    console.rule()
