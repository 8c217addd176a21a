"""A server on the fake Discord as a room, with the real adapter and the real discord.py on the wire."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from discord import Intents

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.command_tree import path_of
from adapters.discord.timings import Timings
from bot.chat.menu import Menu, OptionKind
from bot.chat.models import Place
from bot.chat.port import AdapterState, CalendarEvent
from bot.runtime.clock import SteerableClock
from bot.settings.model import Settings
from tests.fakes.discord import FakeDiscord, reading
from tests.fakes.discord.calls import Call
from tests.fakes.discord.errors import Impossible
from tests.fakes.discord.world import FORUM, Channel, Role, User
from tests.stories import discord_seen as seen
from tests.stories.room import Complaint, Entry, Line, Newcomer, Sheet, Shown
from tests.stories.typed import filled_in

Json = dict[str, Any]
QUICK = Timings(
    patience=5.0,
    settle=0.02,
    spacing=0.0,
    free=1000,
    first=0.02,
    longest=0.1,
    drain=2.0,
    slow=20.0,
    again=(60.0,),
)
"""Of the adapter: nothing waits where people would have to. What could not be kept is told again when a story says so."""
PATIENCE = timedelta(seconds=30)
"""How long people wait for a first answer: no story is about how busy this machine is. Discord's three seconds have tests of the
adapter."""
SEND, BEGIN = "POST /channels/{}/messages", "POST /channels/{}/threads"
LASTING = {"discord gateway", "discord retelling"}
"""Tasks that go on for as long as the bot is connected, or until somebody tells again."""
NOT_YET = "This is not saved yet:"
EMOJI = {"seedling": "🌱", "+1": "👍", "-1": "👎", "heart": "❤️", "tada": "🎉"}


@dataclass(frozen=True, slots=True)
class _Names:
    """Whom and what a typed name means, for whoever fills in the boxes of a command."""

    room: DiscordRoom

    def member(self, text: str) -> str | None:
        return next((one.id for one in self.room.known.values() if text in (one.id, one.name)), None)

    def channel(self, text: str) -> str | None:
        return next((id for id, one in self.room.channels.items() if text in (id, one.name)), None)

    def group(self, text: str) -> str:
        return text


class DiscordRoom:
    """Implements `Room` on the fake Discord: one server, whose threads hang from messages.

    What it asks of the pretended Discord beyond people's gestures stands under “the world behind it”.
    """

    platform = "discord"
    keeps_in: tuple[str, ...] = ()
    knows_zones = False
    titles = False
    whispers = False

    def __init__(self, clock: SteerableClock, *, message_content: bool = True, members: bool = True) -> None:
        """`message_content` and `members` are the privileged intents that the operator has switched on."""
        self._clock = clock
        self._intents = {"message_content": message_content, "members": members}
        self.known: dict[str, Newcomer] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self._beside: dict[str, list[str]] = {}
        """Further messages of one answer, by the id of its first."""
        self._adapter: DiscordAdapter | None = None

    # ── running ───────────────────────────────────────────────────────────────

    async def open(self, menu: Menu) -> None:
        self._menu = menu
        self.fake = FakeDiscord(self._clock)
        self.fake.answer_within = PATIENCE
        await self.fake.__aenter__()
        self.fake.gateway.budget.every = 0
        self.grant(**self._intents)
        self.guild = self.fake.guild("Harbour School")
        self.space = f"discord:{self.guild.id}"
        self._roles = {
            "moderator": self.fake.role(self.guild, "Moderators"),
            "admin": self.fake.role(self.guild, "Admins", "administrator"),
        }

    def grant(self, *, message_content: bool, members: bool) -> None:
        """The operator switches privileged intents on or off, from the next start of the bot."""
        self._intents = {"message_content": message_content, "members": members}
        self.fake.gateway.portal = int(Intents(**self._intents).value)

    async def close(self) -> None:
        self.fake.faults.clear()
        await self.fake.__aexit__(None)

    @property
    def adapter(self) -> DiscordAdapter:
        assert self._adapter is not None, "no bot has been started"
        return self._adapter

    def settings(self, settings: Settings) -> Settings:
        moderators = frozenset({f"discord:role:{self._roles['moderator'].id}"})
        admins = frozenset({"discord:administrator"})
        roles = settings.roles.model_copy(update={"moderators": moderators, "admins": admins})
        return settings.model_copy(update={"roles": roles})

    async def adapters(
        self, settings: Settings, memory: Callable[[str], AdapterState]
    ) -> Sequence[DiscordAdapter]:
        known = memory("discord")
        await known.put({f"server:{self.guild.id}": True})  # let in long before the story: nobody is greeted
        self._adapter = DiscordAdapter(
            self.fake.token,
            self._clock.now,
            known,
            api_url=self.fake.api_url,
            message_content=self._intents["message_content"],
            members=self._intents["members"],
            timings=QUICK,
        )
        return [self._adapter]

    async def furnish(self, channels: Mapping[str, str], people: Iterable[Newcomer]) -> None:
        for id, name in channels.items():
            self.channels[id] = self.fake.channel(self.guild, name)
        for one in people:
            self.known[one.id] = one
            roles = [self._roles[fact] for fact in one.facts]
            self.users[one.id] = self.fake.member(one.name, self.guild, roles=roles, locale=one.locale)

    async def settle(self) -> None:
        """Until nothing is on its way: on the wire, in discord.py, or in the adapter."""
        end = asyncio.get_running_loop().time() + 20
        quiet = 0
        while quiet < 3:
            await self._rest()
            running = [task for task in asyncio.all_tasks() if _is_ours(task)]
            if running:
                await asyncio.wait(running, timeout=1)
            heard = self._heard_all()
            quiet = 0 if running or not heard else quiet + 1
            assert asyncio.get_running_loop().time() < end, f"never at rest: {running}"
            await asyncio.sleep(0 if heard else 0.001)

    async def _rest(self) -> None:
        await self.fake.settle(quiet=0)

    def _heard_all(self) -> bool:
        """Whether discord.py has read every event: each has a number, and it remembers the last."""
        ws = getattr(self._adapter and self._adapter.client, "ws", None)
        return ws is None or all(one.sequence == ws.sequence for one in self.fake.gateway.connected)

    def _tick(self) -> None:
        """People do one thing after the other, and Discord tells times in milliseconds."""
        self._clock.advance(timedelta(milliseconds=1))

    # ── people come and go ────────────────────────────────────────────────────

    async def join(self, person: Newcomer) -> None:
        assert not person.stranger, "whoever is in a server is a member of it"
        self._tick()
        old = self.known.get(person.id)
        self.known[person.id] = person
        if person.id not in self.users:
            self.users[person.id] = self.fake.user(person.name, locale=person.locale)
        if old is None:
            await self.fake.join(self.users[person.id], self.guild)
        user = self.users[person.id]
        if old is not None and old.name != person.name:
            await self.fake.rename(user, self.guild, person.name)
        before = set(old.facts) if old else set()
        for fact in set(person.facts) - before:
            self.fake.give(self.guild, user, self._roles[fact])
        for fact in before - set(person.facts):
            self.fake.take(self.guild, user, self._roles[fact])
        await self.settle()

    async def leave(self, who: str) -> None:
        self._tick()
        self.known.pop(who)
        await self.fake.leave(self.users[who], self.guild)
        await self.settle()

    async def open_channel(self, id: str, name: str, *, forum: bool = False) -> None:
        if forum:
            self.channels[id] = self.fake.forum(self.guild, name, ("weekly", "staff"))
        else:
            self.channels[id] = self.fake.channel(self.guild, name)
        await self.settle()

    def tags_in(self, channel: str) -> list[list[str]]:
        """The names of the tags that each post of a forum carries."""
        forum = self.channels[channel]
        names = {int(one["id"]): one["name"] for one in forum.tags}
        return [[names[tag] for tag in post.applied_tags] for post in self.fake.posts(forum)]

    # ── people talk ───────────────────────────────────────────────────────────

    async def say(
        self, who: str, channel: str, text: str, *, thread: str | None = None, to: str | None = None,
        files: tuple[str, ...] = (),
    ) -> str:  # fmt: skip
        self._tick()
        place = await self._room_of(who, channel, thread)
        said = await self.fake.say(
            self.users[who], place, self._typed(text), reply_to=to, ping=True,
            files=dict.fromkeys(files, b"something") or None,
        )  # fmt: skip
        await self.settle()
        return str(said["id"])

    async def _room_of(self, who: str, channel: str, thread: str | None) -> Channel:
        """The channel to write in; somebody opens the thread where there is none yet."""
        if thread is None:
            return self._channel(channel)
        return self._at(thread) or await self.fake.start_thread(self.users[who], thread, "Answers")

    async def direct(self, who: str, text: str) -> str:
        return await self.say(who, f"dm-{who}", text)

    async def edit(self, who: str, message: str, text: str) -> None:
        self._tick()
        await self.fake.edit(self.users[who], message, self._typed(text))
        await self.settle()

    async def erase(self, who: str, message: str) -> None:
        self._tick()
        await self.fake.delete(self.users[who], message)
        await self.settle()

    async def react(self, who: str, message: str, emoji: str, *, gone: bool = False) -> None:
        self._tick()
        act = self.fake.unreact if gone else self.fake.react
        await act(self.users[who], message, EMOJI[emoji])
        await self.settle()

    def _typed(self, text: str) -> str:
        """`@Full Name` and `#channel` as the client sends them when somebody picks the name from its list."""
        known = {f"@{who}": f"<@{user.id}>" for who, user in self.users.items()}
        known |= {
            f"@{self.known[who].name}": f"<@{user.id}>"
            for who, user in self.users.items()
            if who in self.known
        }
        known |= {f"#{one.name}": f"<#{one.id}>" for one in self.channels.values()}
        known["@Tilth"] = f"<@{self.fake.world.bot.id}>"
        pattern = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
        return re.sub(rf"({pattern})\b", lambda found: known[found[1]], text)

    # ── people ask ────────────────────────────────────────────────────────────

    async def command(self, who: str, channel: str, line: str) -> Shown:
        before = self._about_to(who)
        command, given = filled_in(self._menu, line, _Names(self))
        options: dict[str, Any] = dict(given)
        for option in command.options:
            if option.name in given and option.kind in (OptionKind.MEMBER, OptionKind.CHANNEL):
                options[option.name] = self._real(str(given[option.name]))
            elif option.name in given and option.kind is OptionKind.GROUP:
                options[option.name] = self.role(str(given[option.name]).removeprefix("@"))
        path = " ".join([command.noun, *path_of(command, self._menu.of(command.noun))])
        await self.fake.slash(self.users[who], self._channel(channel), path, **options)
        return await self._shown(who, before)

    async def press(self, who: str, line: Line, button: str, *, forged: bool = False) -> Shown:
        before = self._about_to(who)
        if forged:
            with self._in_front_of(who, line):
                await self.fake.press(self.users[who], line.id, button)
        else:
            await self.fake.press(self.users[who], self._with(who, line, button), button)
        return await self._shown(who, before, line.id)

    async def choose(self, who: str, line: Line, select: str, option: str) -> Shown:
        before = self._about_to(who)
        await self.fake.choose(self.users[who], self._with(who, line, select), select, option)
        return await self._shown(who, before, line.id)

    def _with(self, who: str, line: Line, label: str) -> str:
        """The id of the message that has this button or select."""
        for id in [line.id, *self._beside.get(line.id, [])]:
            one = self._one(who, id)
            if one and (label in one.buttons or label in [select.label for select in one.selects]):
                return id
        return line.id

    async def submit(self, who: str, sheet: Sheet, fields: Mapping[str, Entry]) -> Shown:
        modal = self.fake.modal(self.users[who])
        assert modal is not None, f"no form is open for {who}"
        before = self._about_to(who)
        await self.fake.submit(self.users[who], seen.entries(modal, fields, self._real))
        shown = await self._shown(who, before)
        if isinstance(shown, Line) and shown.text.startswith(NOT_YET):
            return Complaint(dict(seen.complaints(shown.text, sheet)), shown)
        return shown

    async def amend(self, who: str, complaint: Complaint) -> Sheet:
        assert isinstance(complaint.handle, Line)
        shown = await self.press(who, complaint.handle, "Correct it")
        assert isinstance(shown, Sheet)
        return shown

    async def open_home(self, who: str) -> Shown:
        return None

    async def shortcut(self, who: str, shortcut: str, channel: str, message: str | None) -> Shown:
        assert message is not None, "Discord's menus are those of a message"
        before = self._about_to(who)
        label = next(one.label for one in self._menu.shortcuts if one.id == shortcut)
        await self.fake.context_menu(self.users[who], label, message)
        return await self._shown(who, before)

    # ── what came of it ───────────────────────────────────────────────────────

    def _about_to(self, who: str) -> dict[str, str]:
        self._tick()
        return self._screen(who)

    def _screen(self, who: str) -> dict[str, str]:
        """Everything of the bot's that somebody can see, by its id: to find out what is new."""
        user, found = self.users[who], {}
        for place in self._places():
            if user.id not in (self._partners(place) or [user.id]):
                continue
            for one in (*self.fake.messages(place), *self.fake.ephemerals(user, place)):
                if one["author"]["id"] == str(self._me.id) and one["type"] in seen.SPOKEN:
                    found[str(one["id"])] = repr(one)
        modal = self.fake.modal(user)
        return found | ({"modal": str(id(modal))} if modal else {})

    async def _shown(self, who: str, before: dict[str, str], pressed: str = "") -> Shown:
        await self.settle()
        after = self._screen(who)
        modal = self.fake.modal(self.users[who])
        if modal is not None and after["modal"] != before.get("modal"):
            return seen.sheet(modal, self._logical)
        new = [id for id, what in after.items() if id != "modal" and before.get(id) != what]
        hidden = self._hidden()
        # What only they see is the answer; else what took the place of the card that was pressed; else what is new.
        new.sort(key=lambda id: (id not in hidden, id != pressed, id in before, int(id)))
        if not new:
            return None
        lines = [line for id in new if (line := self._one(who, id)) is not None]
        self._beside[new[0]] = new[1:]
        return _joined([one for one in lines if one.private == lines[0].private or one.files])

    def _one(self, who: str, id: str) -> Line | None:
        try:
            message = self.fake.find(id)
        except Impossible:  # it is gone
            return None
        place = self._at(message.channel_id)
        assert place is not None
        return self._line(self.fake.shown(message), place)

    # ── what can be seen ──────────────────────────────────────────────────────

    def look(self, who: str | None, channel: str, thread: str | None = None) -> list[Line]:
        around = self._channel(channel)
        place: Channel | None = around
        there: list[tuple[Json, Channel]] = []
        if thread is not None:
            there += [(one, around) for one in self.fake.messages(around) if str(one["id"]) == thread]
            place = self._at(thread)
        if place is not None:
            there += [*self._first_words(place), *((one, place) for one in self.fake.messages(place))]
            there += [(one, place) for one in self.fake.ephemerals(self.users[who], place)] if who else []
        there.sort(key=lambda one: int(one[0]["id"]))
        visible = (*seen.SPOKEN, seen.PINNED)
        return [self._line(one, where) for one, where in there if one["type"] in visible]

    def _line(self, message: Json, place: Channel) -> Line:
        own = message["author"]["id"] == str(self._me.id)
        author = None if own else self._logical(message["author"]["id"])
        thread = str(place.id) if place.is_thread else None
        return seen.line(self.fake, message, (self._logical(str(self._parent(place))), thread), author)

    def inbox(self, who: str) -> list[Line]:
        return self.look(who, f"dm-{who}")

    def place(self, channel: str, thread: str | None = None) -> Place:
        return Place(self.space, str(self._channel(channel).id), thread, channel.startswith("dm-"))

    def id_of(self, who: str) -> str:
        return str(self._real(who).id)

    def _real(self, logical: str) -> User | Channel:
        return self.users[logical] if logical in self.users else self._channel(logical)

    def role(self, name: str) -> Role:
        """What somebody picks in the list of roles; the one that everybody has is the server's own."""
        named = "@everyone" if name == "everyone" else name
        known = (one for one in self.guild.roles.values() if one.name == named)
        return next(known, None) or self.fake.role(self.guild, name, mentionable=True)

    def _channel(self, logical: str) -> Channel:
        if logical.startswith("dm-"):
            return self._direct(self.users[logical.removeprefix("dm-")])
        return self.channels[logical]

    def _logical(self, real: str) -> str:
        place = self._at(real)
        if place is not None and (with_us := self._partners(place)):
            return next(f"dm-{who}" for who, user in self.users.items() if user.id in with_us)
        named = {str(user.id): who for who, user in self.users.items()}
        return (named | {str(room.id): name for name, room in self.channels.items()})[real]

    def pinned(self, channel: str) -> list[str]:
        return [str(one.id) for one in self._channel(channel).messages.values() if one.pinned_at is not None]

    def closed(self, channel: str, thread: str) -> bool:
        return self.fake.world.channel(thread).locked

    def gatherings(self) -> list[CalendarEvent]:
        return [
            CalendarEvent(
                one["name"], one["description"] or "", datetime.fromisoformat(one["scheduled_start_time"]),
                datetime.fromisoformat(one["scheduled_end_time"]), one["entity_metadata"]["location"],
            )
            for one in self.guild.events.values()
            if one["status"] in (1, 2)
        ]  # fmt: skip

    def notified(self) -> list[str]:
        found: list[str] = []
        for place in self._places():
            hidden = [one for user in self.users.values() for one in self.fake.ephemerals(user, place)]
            for one in (*self.fake.messages(place), *hidden):
                if one["author"]["id"] == str(self._me.id):
                    found += reading.live_mentions(one)
        return found

    # ── the world behind it ───────────────────────────────────────────────────

    @property
    def _me(self) -> User:
        """The bot as the pretended Discord knows it."""
        return self.fake.world.bot

    def _places(self) -> list[Channel]:
        """Every channel, thread and direct message."""
        return list(self.fake.world.channels.values())

    def _at(self, id: str | int) -> Channel | None:
        return self.fake.world.channels.get(int(id))

    def _direct(self, user: User) -> Channel:
        return self.fake.world.direct(user)

    def _parent(self, place: Channel) -> int:
        """The id of a thread's channel, or of the channel itself."""
        return place.parent_id if place.is_thread and place.parent_id else place.id

    def _partners(self, place: Channel) -> list[int]:
        """Ids of the people in a direct message; of nobody elsewhere."""
        return place.recipients

    def _first_words(self, forum: Channel) -> list[tuple[Json, Channel]]:
        """What each post of a forum begins with."""
        if forum.type != FORUM:
            return []
        return [
            (self.fake.shown(one), post)
            for post in self.fake.posts(forum)
            for one in post.messages.values()
            if one.id == post.id
        ]

    def _hidden(self) -> set[str]:
        """Ids of what only one person sees."""
        return {str(id) for id in self.fake.world.ephemerals}

    @contextmanager
    def _in_front_of(self, who: str, line: Line) -> Iterator[None]:
        """Inside, somebody sees what was shown to another person only, as a tampered client could."""
        hidden = self.fake.world.ephemerals[int(line.id)]
        owner, hidden.seen_by = hidden.seen_by, self.users[who].id
        assert owner != hidden.seen_by, "nothing is forged about a button one can see"
        try:
            yield
        finally:
            hidden.seen_by = owner

    # ── accidents ─────────────────────────────────────────────────────────────

    def deafen(self, deaf: bool) -> None:
        self.fake.gateway.deaf = deaf

    def hide_history(self, hidden: bool) -> None:
        change = self.fake.deny if hidden else self.fake.allow
        for place in self.channels.values():
            change(place, self._me, "read_message_history")

    def shut(self, channel: str) -> str:
        self.fake.deny(self._channel(channel), self._me, "view_channel")
        return "missing_access"

    def reopen(self, channel: str) -> None:
        self.fake.allow(self._channel(channel), self._me, "view_channel")

    def lose_answer(self, times: int = 1) -> None:
        self.fake.fail("*", when="after", drop=True, times=times, where=_is_post)

    def answer_with(self, status: int, route: str) -> None:
        """The next call of a route is carried out and answered with an error."""
        self.fake.fail(route, when="after", status=status)

    def break_before(self, times: int = 1) -> None:
        self.fake.fail("*", drop=True, times=times, where=_is_post)

    def limit(self, seconds: int) -> None:
        self.fake.fail(SEND, retry_after=float(seconds))

    def lock_out(self, out: bool) -> None:
        if out:
            refused = {"message": "401: Unauthorized", "code": 0}
            self.fake.fail("*", status=401, body=refused, times=1_000_000)
        else:
            self.fake.faults.clear()

    async def redeliver(self) -> None:
        await self.adapter.redeliver()
        await self.settle()

    def leave_the_disk(self) -> None:
        """It never was there."""


def _is_post(call: Call) -> bool:
    return call.route in (SEND, BEGIN)


def _is_ours(task: asyncio.Task[Any]) -> bool:
    name = task.get_name()
    return name.startswith(("discord", "CommandTree")) and name not in LASTING and not task.done()


def _joined(lines: list[Line]) -> Line:
    """One answer that came as several messages: its words together, standing where the first stands."""
    first = lines[0]
    files = {name: data for one in lines for name, data in one.files.items()}
    return Line(
        first.id, first.channel, "\n".join(one.text for one in lines if one.text), first.title, first.thread,
        first.author, tuple(label for one in lines for label in one.buttons),
        tuple(select for one in lines for select in one.selects), files,
        tuple(picture for one in lines for picture in one.pictures), first.private, first.edited,
    )  # fmt: skip
