"""A stage for stories: the real bot on a real database, the pretend platform, and a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import select

from adapters.local.adapter import LocalAdapter, Shown
from adapters.local.said import Said
from bot.app import App, build, open_store
from bot.chat import plain
from bot.chat.cards import Card, File
from bot.chat.forms import FieldErrors, Form
from bot.chat.port import ShortcutUsed
from bot.reflections import asked, records
from bot.reflections.content import read_decks
from bot.settings import Settings, load
from bot.store.shelf import Shelf
from bot.timing.clock import SteerableClock

SPACE = "local:story"
SUNDAY = datetime(2026, 10, 4, 18, 0, tzinfo=UTC)
"""The evening before the first Monday of a story. Dublin is an hour ahead of UTC."""
DECKS = Path(__file__).parent / "decks"
ROOM = "c1"


class Stage:
    """What a story needs to say; everything is read from what people would see, or from the rows."""

    def __init__(self, app: App, adapter: LocalAdapter, clock: SteerableClock) -> None:
        self.app = app
        self.adapter = adapter
        self.clock = clock
        self.space = SPACE

    # ── time ──────────────────────────────────────────────────────────────────

    async def until(self, day: str) -> None:
        """Move to a local time in Dublin: `2026-10-05 09:00`."""
        from zoneinfo import ZoneInfo

        local = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo("Europe/Dublin"))
        await self.app.pass_time(local.astimezone(UTC))

    async def later(self, **length: float) -> None:
        await self.app.pass_time(self.clock.now() + timedelta(**length))

    # ── people ────────────────────────────────────────────────────────────────

    async def says(self, who: str, text: str, *, thread: Said | None = None, to: str | None = None) -> str:
        """Somebody writes in the room, or in a thread of it."""
        return await self.adapter.say(who, ROOM, text, thread=thread.id if thread else None, reply_to=to)

    async def writes_to_the_bot(self, who: str, text: str) -> str:
        return await self.adapter.say(who, self.adapter.world.direct(who).id, text)

    async def asks(self, who: str, line: str, channel: str = ROOM) -> Shown:
        return await self.adapter.command(who, channel, line)

    async def presses(self, who: str, message: Said, button: str) -> Shown:
        return await self.adapter.press(who, message.channel, message.id, button)

    async def fills_in(self, who: str, form: Shown, **fields: object) -> Shown:
        assert isinstance(form, Form), f"{who} was shown no form but {form!r}"
        return await self.adapter.submit(who, self.adapter.world.place(ROOM), form, fields)

    async def chooses(self, who: str, message: Said, select: str, option: str) -> Shown:
        return await self.adapter.choose(who, message.channel, message.id, select, option)

    async def edits(self, who: str, message: str, text: str) -> None:
        await self.adapter.edit(who, self.adapter.world.messages[message].channel, message, text)

    async def joins(self, id: str, name: str, facts=(), zone=None) -> None:
        await self.adapter.join(id, name, facts=facts, zone=zone)

    async def leaves(self, who: str) -> None:
        await self.adapter.leave(who)

    async def opens_channel(self, id: str, name: str) -> None:
        self.adapter.world.add_channel(id, name)
        await self.adapter.keep()

    async def uses(self, who: str, shortcut: str, message: str | None = None, channel: str = ROOM) -> Shown:
        world = self.adapter.world
        one = world.messages.get(message or "")
        told = world.told(one) if one is not None else None
        used = ShortcutUsed(world.who(who), world.place(channel), shortcut, told)
        [meant] = [found for found in self.app.door.menu.shortcuts if found.id == shortcut]
        return await (self.app.door.form(used) if meant.opens else self.app.door.hear(used))

    def shut(self, channel: str = ROOM) -> str:
        """The bot may no longer write there; the platform's word for why."""
        self.adapter.faults.refuse(channel, "is_archived")
        return "is_archived"

    def reopen(self, channel: str = ROOM) -> None:
        self.adapter.faults.allow(channel)

    # ── what can be seen ──────────────────────────────────────────────────────

    def room(self, who: str | None = None, channel: str = ROOM) -> list[Said]:
        """The messages of the bot in a channel, as one person sees them (None: only what everybody sees)."""
        return [
            one
            for one in self.adapter.world.look(channel, None, who)
            if one.author is None and not one.deleted
        ]

    def prompts(self) -> list[Said]:
        return [one for one in self.room() if one.card and not one.card.title.startswith("Looking back")]

    def digests(self) -> list[Said]:
        return [one for one in self.room() if one.card and one.card.title.startswith("Looking back")]

    def last(self, who: str, channel: str = ROOM, thread: Said | None = None) -> Said:
        """The newest message of the bot that somebody sees there."""
        seen = self.adapter.world.look(channel, thread.id if thread else None, who)
        return [one for one in seen if one.author is None][-1]

    def inbox(self, who: str) -> list[Said]:
        """The bot's direct messages to somebody."""
        there = f"dm-{who}" in self.adapter.world.channels
        return self.room(who, f"dm-{who}") if there else []

    def title(self, line: Said | Card) -> str:
        return line.card.title if isinstance(line, Said) and line.card else getattr(line, "title", "")

    def is_form(self, shown: Shown) -> bool:
        return isinstance(shown, Form)

    def value(self, form: Shown, field: str):
        assert isinstance(form, Form), form
        return next(one.value for one in form.inputs if one.name == field)

    def errors(self, shown: Shown) -> dict[str, str]:
        return dict(shown.errors) if isinstance(shown, FieldErrors) else {}

    def files(self, shown: Shown) -> dict[str, bytes]:
        card = shown.card if isinstance(shown, Said) else shown
        return {one.name: one.data for one in card.blocks if isinstance(one, File)}

    def text(self, shown: Shown | Said) -> str:
        card = shown.card if isinstance(shown, Said) else shown
        assert isinstance(card, Card), f"expected a card, not {card!r}"
        return plain.text(card)

    async def answers(self) -> dict[str, str]:
        """Name of the member → the text the database keeps, over all prompts."""

        def look(conn):
            found = {}
            for row in conn.execute(select(asked.asking.c.occurrence_id).order_by(asked.asking.c.opened_at)):
                for one in records.answers_to(conn, row.occurrence_id, late=True):
                    found[one.name] = one.text
            return found

        return await self.app.store.read(look)

    async def broken(self) -> list[str]:
        return await self.app.store.read(self.app.invariants)


def settings_for(folder: Path, **changes: object) -> Settings:
    """Settings of a story: everything below its own folder."""
    url = SecretStr(f"sqlite:///{folder}/tilth.db")
    base = load(_env_file=None)
    store = base.store.model_copy(update={"url": url, "folder": folder})
    # Events are told at once on the stage; re-reading on the beat has a story of its own.
    capture = base.capture.model_copy(update={"beat_minutes": 360})
    return base.model_copy(update={"store": store, "capture": capture, **changes})


@asynccontextmanager
async def staged(folder: Path, clock: SteerableClock | None = None, url: str = "") -> AsyncIterator[Stage]:
    """A bot that runs: two members, a teacher's aide, a moderator and an admin are in the room."""
    settings = settings_for(folder)
    if url:
        own = settings.store.model_copy(update={"url": SecretStr(url)})
        settings = settings.model_copy(update={"store": own})
    clock = clock or SteerableClock(SUNDAY)
    store, release = open_store(settings)
    adapter = LocalAdapter(clock, Shelf(store, SPACE), SPACE, "Story")
    app = build(settings, clock, store, [adapter], decks=read_decks(DECKS), release=release)
    if not await Shelf(store, SPACE).load():
        adapter.world.add_channel(ROOM, "staffroom")
        for person, name, facts in (
            ("ada", "Ada Quinn", ()),
            ("ben", "Ben Okafor", ()),
            ("cleo", "Cleo Marsh", ()),
            ("mo", "Mo Hale", ("moderator",)),
            ("ida", "Ida Vale", ("admin",)),
        ):
            adapter.world.add_person(person, name, facts=facts)
    await app.start()
    try:
        yield Stage(app, adapter, clock)
    finally:
        await app.stop()
