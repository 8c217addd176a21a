"""A stage for stories: the real bot on a real database, a platform with people in it, and a clock that is moved by hand."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from sqlalchemy import Connection, select

from bot.app import App, build_app
from bot.chat import plain_text
from bot.chat.cards import Card
from bot.chat.menu import Menu
from bot.chat.models import Place
from bot.chat.port import Adapter
from bot.courses.lessons.files import read_courses
from bot.courses.lessons.model import Course
from bot.playground.bare_app import bare_menu
from bot.reflections.answers import tables
from bot.reflections.prompts.files import read_decks
from bot.reflections.prompts.model import Deck
from bot.reflections.schedule import asked_prompts
from bot.runtime.clock import SteerableClock
from bot.settings.environment import content_root, load
from bot.settings.model import CommunitySettings, Settings
from bot.store.adapter_state import StoredAdapterState
from bot.store.journal import Journal
from bot.store.single_process import hold_database
from bot.store.startup import open_store
from bot.store.store import Store
from tests.databases import open_quickly
from tests.stories.platforms import make_room
from tests.stories.recorder import Record, Recorder
from tests.stories.room import Complaint, Entry, Line, Newcomer, Room, Sheet, Shown

SUNDAY = datetime(2026, 10, 4, 18, 0, tzinfo=UTC)
"""The evening before the first Monday of a story. Dublin is an hour ahead of UTC."""
DECKS = Path(__file__).parent / "decks"
ROOM = "c1"
CHANNELS = {ROOM: "staffroom"}
PEOPLE = (
    Newcomer("ada", "Ada Quinn"),
    Newcomer("ben", "Ben Okafor"),
    Newcomer("cleo", "Cleo Marsh"),
    Newcomer("mo", "Mo Hale", ("moderator",)),
    Newcomer("ida", "Ida Vale", ("admin",)),
)


class WrongClock(SteerableClock):
    """The clock of a machine that is wrong by as much as `ahead`; moving it moves the right one."""

    def __init__(self, right: SteerableClock, ahead: timedelta) -> None:
        super().__init__(right.now())
        self.ahead, self._right = ahead, right

    def now(self) -> datetime:
        return self._right.now() + self.ahead

    def set(self, at: datetime) -> None:
        self._right.set(at - self.ahead)


class Stage:
    """What a story needs to say; everything is read from what people would see, or from the rows."""

    def __init__(
        self, folder: Path, room: Room, clock: SteerableClock, url: str = "", zone: str = "Europe/Dublin",
        **changes: Any,
    ) -> None:  # fmt: skip
        """`changes` are settings that are not the usual ones, by the name of their group."""
        self.folder = folder
        self.zone = zone
        """The community's."""
        self.platform = room
        """The platform itself, for stories about it."""
        self.clock = clock
        self._url = url
        self._changes = changes
        self._app: App | None = None
        self.record = Record()
        """What the bot posted, as cards: for what cannot be read on every platform."""
        self._furnished = False

    # ── the bot ───────────────────────────────────────────────────────────────

    @property
    def app(self) -> App:
        assert self._app is not None, "the bot is not running"
        return self._app

    @property
    def space(self) -> str:
        return self.platform.space

    def settings(self) -> Settings:
        base = settings_for(self.folder, self._url, **self._changes)
        home = base.community.model_copy(update={"zone": self.zone})
        return self.platform.settings(base.model_copy(update={"community": home}))

    async def starts(self) -> None:
        """The bot starts; the first time, people and a channel are there already."""
        settings = self.settings()
        store, release = open_store(settings) if self._url else _open_quickly(settings)
        made = await self.platform.adapters(settings, lambda key: StoredAdapterState(store, key))
        adapters = [cast("Adapter", Recorder(one, self.record)) for one in made]
        self._app = build_app(
            settings,
            self.clock,
            store,
            adapters,
            decks=story_decks(),
            lessons=story_courses(),
            release=release,
        )
        if not self._furnished:
            await self.platform.furnish(CHANNELS, PEOPLE)
            self._furnished = True
        await self._app.start()
        await self.platform.settle()

    async def stops(self) -> None:
        """The bot stops; the platform and its people go on."""
        app, self._app = self.app, None
        await app.stop()

    async def restarts(self) -> None:
        await self.stops()
        await self.starts()

    async def settles(self) -> None:
        """Let everything that is due now happen."""
        await self.platform.settle()
        await self.app.settle()
        await self.platform.settle()

    # ── time ──────────────────────────────────────────────────────────────────

    async def until(self, day: str) -> None:
        """Move to a local time of the community (Dublin, where nothing else is said): `2026-10-05 09:00`."""
        local = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(self.zone))
        await self._pass_time(local.astimezone(UTC))

    async def later(self, **length: float) -> None:
        await self._pass_time(self.clock.now() + timedelta(**length))

    async def _pass_time(self, until: datetime) -> None:
        await self.platform.settle()
        await self.app.pass_time(until)
        await self.platform.settle()

    # ── people ────────────────────────────────────────────────────────────────

    async def says(
        self, who: str, text: str, *, thread: Line | None = None, to: str | None = None, channel: str = ROOM,
        files: tuple[str, ...] = (),
    ) -> str:  # fmt: skip
        """Somebody writes in the room, or in a thread of it; the id of the message. `@Full Name` is a mention."""
        root, where = (thread.id, thread.channel) if thread else (None, channel)
        return await self.platform.say(who, where, text, thread=root, to=to, files=files)

    async def writes_to_the_bot(self, who: str, text: str) -> str:
        return await self.platform.direct(who, text)

    async def answers_card(self, who: str, card: Line, text: str, files: tuple[str, ...] = ()) -> str:
        """Somebody writes under a direct message of the bot: in its thread, or as a reply to it."""
        if self.platform.platform == "slack":
            return await self.says(who, text, thread=card, files=files)
        return await self.says(who, text, channel=card.channel, to=card.id, files=files)

    async def edits(self, who: str, message: str, text: str) -> None:
        await self.platform.edit(who, message, text)

    async def erases(self, who: str, message: str) -> None:
        await self.platform.erase(who, message)

    async def reacts(self, who: str, message: str, emoji: str, *, gone: bool = False) -> None:
        await self.platform.react(who, message, emoji, gone=gone)

    async def asks(self, who: str, line: str, channel: str = ROOM) -> Shown:
        """Somebody writes a slash command, as `/tilth help` spells it."""
        return await self.platform.command(who, channel, line)

    async def presses(self, who: str, line: Line, button: str) -> Shown:
        return await self.platform.press(who, line, button)

    async def confirms(self, line: str, who: str = "mo") -> Shown:
        """Ask for something, and confirm its preview."""
        await self.asks(who, line)
        return await self.presses(who, self.last(who), "Confirm")

    async def forges(self, who: str, line: Line, button: str) -> Shown:
        """Press a button that only somebody else can see, as a tampered client could."""
        return await self.platform.press(who, line, button, forged=True)

    async def chooses(self, who: str, line: Line, select: str, option: str) -> Shown:
        return await self.platform.choose(who, line, select, option)

    async def fills_in(self, who: str, form: Shown, **fields: Entry) -> Shown:
        """Send a form; options are named by value or label, fields left out keep what they hold."""
        assert isinstance(form, Sheet), f"{who} was shown no form but {form!r}"
        for name in fields:
            form.blank(name)
        return await self.platform.submit(who, form, fields)

    async def amends(self, who: str, complaint: Shown) -> Sheet:
        """The form that was not taken, once more, with what had been filled in."""
        assert isinstance(complaint, Complaint), f"nothing was wrong: {complaint!r}"
        return await self.platform.amend(who, complaint)

    async def opens_home(self, who: str) -> Shown:
        """Somebody opens the bot's own page; None on platforms without one."""
        return await self.platform.open_home(who)

    async def uses(self, who: str, shortcut: str, message: str | None = None, channel: str = ROOM) -> Shown:
        """Somebody uses a shortcut of the menu: on a message, or from anywhere."""
        return await self.platform.shortcut(who, shortcut, channel, message)

    async def joins(
        self, who: str, name: str, *, facts: tuple[str, ...] = (), zone: str | None = None, stranger: bool = False,
        locale: str = "en-US",
    ) -> None:  # fmt: skip
        """Somebody joins, or is changed. Facts are `moderator` and `admin`; `locale` is the language of their client."""
        await self.platform.join(Newcomer(who, name, facts, zone, stranger, locale))
        if zone and not self.platform.knows_zones:
            await self.asks(who, f"/my settings zone:{zone}")

    async def leaves(self, who: str) -> None:
        await self.platform.leave(who)

    async def opens_channel(self, id: str, name: str, *, forum: bool = False) -> None:
        await self.platform.open_channel(id, name, forum=forum)

    # ── what can be seen ──────────────────────────────────────────────────────

    def room(self, who: str | None = None, channel: str = ROOM) -> list[Line]:
        """The messages of the bot in a channel, as one person sees them (None: only what everybody sees)."""
        return [one for one in self.platform.look(who, channel) if one.own]

    def thread(self, who: str | None, under: Line) -> list[Line]:
        """All messages in a thread with its root, as one person sees them."""
        return self.platform.look(who, under.channel, under.thread or under.id)

    def inbox(self, who: str) -> list[Line]:
        """What the bot has said to somebody in direct messages."""
        return [one for one in self.platform.inbox(who) if one.own]

    def prompts(self) -> list[Line]:
        return [one for one in self.room() if one.title and not one.title.startswith("Looking back")]

    def digests(self) -> list[Line]:
        return [one for one in self.room() if one.title.startswith("Looking back")]

    def last(self, who: str, channel: str = ROOM, thread: Line | None = None) -> Line:
        """The newest message of the bot that somebody sees there, or was told directly where it cannot be shown there."""
        seen = self.platform.look(who, channel, thread.id if thread else None)
        if thread is not None and not self.platform.whispers:
            seen = sorted(seen + self.inbox(who), key=lambda one: int(one.id))
        return [one for one in seen if one.own][-1]

    def text(self, shown: Shown | Card) -> str:
        """All words on a card or form as lines; moments as they read in Dublin, or in the zone they name."""
        if isinstance(shown, Card):  # the door itself was asked: no platform has shown it yet
            return plain_text.card_text(shown)
        assert isinstance(shown, Line | Sheet), f"expected something to read, not {shown!r}"
        return shown.text

    def plain(self, shown: Shown | Card) -> str:
        """The same without what makes words bold, which some platforms show as letters."""
        return self.text(shown).replace("*", "")

    def title(self, line: Shown) -> str:
        """What a notification says first; where the platform shows no titles, that of the card that was posted."""
        assert isinstance(line, Line | Sheet), f"expected something with a title, not {line!r}"
        if isinstance(line, Sheet) or self.platform.titles or not line.id:
            return line.title
        card = self.record.of_message(line.id)
        return card.title if card is not None else line.title

    def is_form(self, shown: Shown) -> bool:
        return isinstance(shown, Sheet)

    def value(self, form: Shown, field: str) -> str | tuple[str, ...]:
        """What a field of a form holds before anybody has touched it."""
        assert isinstance(form, Sheet), f"expected a form, not {form!r}"
        return form.blank(field).value

    def errors(self, shown: Shown) -> dict[str, str]:
        """What is wrong with a form that was sent, by field; empty when it was taken."""
        return dict(shown.errors) if isinstance(shown, Complaint) else {}

    def options(self, line: Shown, select: str) -> tuple[str, ...]:
        """The labels a select on a card offers; none where there is no such select."""
        assert isinstance(line, Line), f"expected a card, not {line!r}"
        return next((one.options for one in line.selects if one.label == select), ())

    def files(self, shown: Shown) -> dict[str, bytes]:
        """The files of a card by name."""
        assert isinstance(shown, Line), f"expected a card, not {shown!r}"
        return dict(shown.files)

    def pinned(self, channel: str = ROOM) -> list[str]:
        """Ids of the pinned messages."""
        return self.platform.pinned(channel)

    def is_closed(self, line: Line) -> bool:
        """Whether the thread under a message is locked. Never on a platform that cannot."""
        return self.platform.closed(line.channel, line.thread or line.id)

    def place(self, channel: str = ROOM, thread: Line | None = None) -> Place:
        """Where that is, in the words of the door."""
        return self.platform.place(channel, thread.id if thread else None)

    # ── accidents ─────────────────────────────────────────────────────────────

    def deafen(self, deaf: bool = True) -> None:
        """People go on talking, and nothing of it is told to the bot; or it is again."""
        self.platform.deafen(deaf)

    def hide_history(self, hidden: bool = True) -> None:
        """The bot may not look back; or it may again."""
        self.platform.hide_history(hidden)

    def shut(self, channel: str = ROOM) -> str:
        """The bot may not speak in a channel any more; the platform's word for why."""
        return self.platform.shut(channel)

    def reopen(self, channel: str = ROOM) -> None:
        self.platform.reopen(channel)

    def lose_answer(self, times: int = 1) -> None:
        """The next posts happen, and nobody tells the bot."""
        self.platform.lose_answer(times)

    def break_before(self, times: int = 1) -> None:
        """The next posts do not happen, and nobody tells the bot."""
        self.platform.break_before(times)

    def limit(self, seconds: int) -> None:
        """The next post is refused, with how long to wait."""
        self.platform.limit(seconds)

    async def redelivers(self) -> None:
        """What the bot did not take is told again."""
        await self.platform.redeliver()

    # ── what is kept ──────────────────────────────────────────────────────────

    async def answers(self) -> dict[str, str]:
        """Name of the member → the text the database keeps, over all prompts."""

        def look(conn: Connection) -> dict[str, str]:
            found = {}
            for row in conn.execute(
                select(asked_prompts.asking.c.occurrence_id).order_by(asked_prompts.asking.c.opened_at)
            ):
                for one in tables.list_answers(conn, row.occurrence_id):
                    found[one.name] = one.text
            return found

        return await self.app.store.read(look)

    async def dump(self) -> list[str]:
        """The whole database as SQL, without the tables in which a pretend platform keeps its own world."""

        def look(conn: Connection) -> list[str]:
            dump = import_module("sqlite3.dump")  # written in Python; pysqlite3 leaves it out
            return list(dump._iterdump(conn.connection.dbapi_connection))

        lines = await self.app.store.read(look)
        own = tuple(f'INSERT INTO "{table}"' for table in self.platform.keeps_in)
        return [line for line in lines if not own or not line.startswith(own)]

    async def broken(self) -> list[str]:
        return await self.app.store.read(self.app.invariants)


def settings_for(folder: Path, url: str = "", *, journal: Journal = "auto", **changes: object) -> Settings:
    """Settings of a story: everything below its own folder."""
    base = load(_env_file=None)
    kept = SecretStr(url or f"sqlite:///{folder}/tilth.db")
    store = base.store.model_copy(update={"url": kept, "folder": folder, "journal": journal})
    # Events are told at once on the stage; re-reading on the beat has a story of its own.
    capture = base.capture.model_copy(update={"beat_minutes": 360})
    home = changes.pop("community", base.community)
    if isinstance(home, CommunitySettings) and "zone" not in home.model_fields_set:
        home = home.model_copy(update={"zone": "Europe/Dublin"})
        home.model_fields_set.discard("zone")  # the playground knows a better one where nobody set it
    return base.model_copy(update={"store": store, "capture": capture, "community": home, **changes})


def _open_quickly(settings: Settings) -> tuple[Store, Callable[[], None]]:
    """Do what `open_store` does, without the time that migrating and syncing to disk take."""
    url = settings.store.url.get_secret_value()
    held = hold_database(url)
    try:
        return open_quickly(url, settings.store.journal), held.release
    except BaseException:
        held.release()
        raise


@functools.cache
def story_decks() -> tuple[Deck, ...]:
    """The decks of the stories, read once."""
    return read_decks(DECKS)


@functools.cache
def shipped_courses() -> tuple[Course, ...]:
    """The courses as they ship, with the weeks that a team needs for them."""
    return read_courses(content_root(load(_env_file=None)))


@functools.cache
def story_courses() -> tuple[Course, ...]:
    """The shipped courses at a story's pace: each lesson a week after the last, reminded of after five days."""
    return tuple(
        replace(
            one,
            pacing=replace(one.pacing, open_days=min(5, one.pacing.open_days)),
            lessons=tuple(replace(each, after_days=0, waits_for=(), open_days=None) for each in one.lessons),
        )
        for one in shipped_courses()
    )


@functools.cache
def story_menu() -> Menu:
    """Every command of the bot, put together once."""
    return bare_menu(load(_env_file=None))


@asynccontextmanager
async def staged(
    folder: Path, platform: str = "local", clock: SteerableClock | None = None, url: str = "", *,
    zone: str = "Europe/Dublin", ahead: timedelta = timedelta(), on_disk: bool = True, **changes: object,
) -> AsyncIterator[Stage]:  # fmt: skip
    """A bot that runs: three members, a moderator and an admin are in the room.

    `ahead` is how wrong its clock is. With `on_disk=False` a pretended platform keeps nothing in the bot's
    database; `changes` are other settings.
    """
    clock = clock or SteerableClock(SUNDAY)
    room = make_room(platform, clock)
    if not on_disk:
        room.leave_the_disk()
    await room.open(story_menu())
    stage = Stage(folder, room, WrongClock(clock, ahead) if ahead else clock, url, zone, **changes)
    try:
        await stage.starts()
        try:
            yield stage
        finally:
            if stage._app is not None:
                await stage.stops()
    finally:
        await room.close()
