"""A workspace of the fake Slack as a room, with the real adapter on the real wire."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from adapters.slack import http
from adapters.slack.adapter import SlackAdapter
from adapters.slack.app import SlackApp
from adapters.slack.connection import ConnectionIntervals
from adapters.slack.manifest import make_manifest
from adapters.slack.timings import SlackTimings
from bot.chat.menu import Menu
from bot.chat.models import Place
from bot.chat.port import AdapterState, CalendarEvent
from bot.runtime.clock import SteerableClock
from bot.settings.model import Settings
from tests.fakes.slack import FakeSlack, reading
from tests.stories import slack_seen as seen
from tests.stories.room import Complaint, Entry, Line, Newcomer, Sheet, Shown

Json = dict[str, Any]
HABITS = SlackTimings(
    ConnectionIntervals(ping=0.5, glance=0.05, deadline=5, first=0.05, longest=0.2),
    rest=0,
    between=0,
    soon=(0,),
    drain=5,
)
"""Of the adapter: nothing waits where people would have to."""
RETRIES = (0.01, 0.02, 0.03)
"""Real seconds between Slack's tries."""
PATIENCE = 30.0
"""Real seconds in which a form can be opened: no story is about how busy this machine is."""
ZONE = "Europe/Dublin"


class SlackRoom:
    """Implements `Room` on the fake Slack, over Socket Mode, or over signed HTTP."""

    platform = "slack"
    knows_zones = True
    titles = True
    whispers = True
    keeps_in: tuple[str, ...] = ()

    def __init__(self, clock: SteerableClock, *, http: bool) -> None:
        self._clock, self._http = clock, http
        self._ids: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._people: dict[str, Newcomer] = {}
        self._beside: dict[str, list[str]] = {}
        """Further messages of one answer, by the id of its first."""
        self._moderators = ""
        self._adapter: SlackAdapter | None = None

    # ── running ───────────────────────────────────────────────────────────────

    async def open(self, menu: Menu) -> None:
        url = await self._serve() if self._http else None
        self.slack = FakeSlack(
            "north",
            manifest=make_manifest(menu, url=url or "", files=True),
            clock=self._clock,
            request_url=url,
            retry_delays=RETRIES,
            trigger_seconds=PATIENCE,
        )
        # A canvas is looked at every ten minutes of the clock: only the stories about canvases grant what it takes.
        self.slack.manifest.scopes -= {"canvases:read", "canvases:write"}
        await self.slack.__aenter__()
        self.space = f"slack:{self.slack.team}"
        self._moderators = self.slack.group("Moderators", [])
        self.teachers = self.slack.group("Teachers", [])

    async def close(self) -> None:
        problems = list(self.slack.problems)
        await self.slack.__aexit__(None, None, None)
        if self._http:
            await self._runner.cleanup()
        assert problems == []

    async def _serve(self) -> str:
        """An address for Slack's requests; whichever adapter runs now takes them."""
        app = web.Application()
        takers = http.event_routes(
            lambda name: {one.app.name: one.take for one in self.adapter.workspaces}.get(name)
        )
        app.add_routes(takers)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}/slack/events/main"

    @property
    def adapter(self) -> SlackAdapter:
        assert self._adapter is not None, "no bot has been started"
        return self._adapter

    def settings(self, settings: Settings) -> Settings:
        roles = settings.roles.model_copy(
            update={
                "moderators": frozenset({f"slack:group:{self._moderators}"}),
                "admins": frozenset({"slack:admin"}),
            }
        )
        return settings.model_copy(update={"roles": roles})

    async def adapters(
        self, settings: Settings, memory: Callable[[str], AdapterState]
    ) -> Sequence[SlackAdapter]:
        socket = "" if self._http else self.slack.app_token
        app = SlackApp("main", self.slack.bot_token, socket, self.slack.signing_secret)
        self._adapter = SlackAdapter(
            [app], self._clock.now, memory("slack"), api_url=self.slack.api_url, timings=HABITS
        )
        return [self._adapter]

    async def furnish(self, channels: Mapping[str, str], people: Iterable[Newcomer]) -> None:
        for one in people:
            self._people[one.id] = one
            self._name(one.id, self.slack.person(one.name, **_facts(one)))
        self._set_moderators()
        for id, name in channels.items():
            self._name(id, self.slack.channel(name, [self._ids[who] for who in self._people]))

    def _name(self, logical: str, real: str) -> None:
        self._ids[logical], self._names[real] = real, logical

    def _set_moderators(self) -> None:
        moderators = [self._ids[one.id] for one in self._people.values() if "moderator" in one.facts]
        self.slack.world.groups[self._moderators]["users"] = moderators

    async def settle(self) -> None:
        """Until nothing is on its way: on the wire, or in the adapter's background."""
        quiet = 0
        end = asyncio.get_running_loop().time() + 20
        while quiet < 3:
            await self.slack.settle(quiet=0)
            running = [task for one in self.adapter.workspaces for task in one._background._running]
            if running:
                await asyncio.wait(running, timeout=1)
            quiet = 0 if running else quiet + 1
            assert asyncio.get_running_loop().time() < end, f"never at rest: {running}"
            await asyncio.sleep(0)
        # Slack gives every message a time of its own, and none of them is ahead of the clock.
        last = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=self.slack.world._last)
        self._clock.set(max(self._clock.now(), last))

    # ── people come and go ────────────────────────────────────────────────────

    async def join(self, person: Newcomer) -> None:
        known = self._people.get(person.id)
        self._people[person.id] = person
        if known is None:
            real, _ = await self.slack.arrive(person.name, **_facts(person))
            self._name(person.id, real)
            for channel in [one for one in self.slack.world.channels.values() if one.kind == "channel"]:
                await self.slack.join(real, channel.id)
        else:
            await self.slack.change_person(
                self._ids[person.id], real_name=person.name, deleted=False, **_facts(person)
            )
        self._set_moderators()
        if known is None or ("moderator" in known.facts) != ("moderator" in person.facts):
            group = self.slack.world.groups[self._moderators]
            await self.slack.emit({"type": "subteam_updated", "subteam": dict(group)})
        await self.settle()

    async def leave(self, who: str) -> None:
        await self.slack.change_person(self._ids[who], deleted=True)
        await self.settle()

    async def open_channel(self, id: str, name: str, *, forum: bool = False) -> None:
        """Somebody makes a channel with everybody, the bot last; it is not invited, so it does not greet. Slack has no forums."""
        people = [self._ids[who] for who in self._people]
        self._name(id, self.slack.channel(name, people, bot=False))
        await self.slack.join(self.slack.bot, self._ids[id])
        await self.settle()

    # ── people talk ───────────────────────────────────────────────────────────

    async def say(
        self, who: str, channel: str, text: str, *, thread: str | None = None, to: str | None = None,
        files: tuple[str, ...] = (),
    ) -> str:  # fmt: skip
        if to is not None:
            _, answered = self._message(to)
            text = f"<@{answered['user']}> {text}"
        heard = await self.slack.post(
            self._ids[who], self._channel(channel), self._typed(text), thread_ts=thread,
            files=[(name, b"something") for name in files],
        )  # fmt: skip
        await self.settle()
        return heard.ts

    async def direct(self, who: str, text: str) -> str:
        return await self.say(who, f"dm-{who}", text)

    async def edit(self, who: str, message: str, text: str) -> None:
        channel, _ = self._message(message)
        await self.slack.edit(self._ids[who], channel, message, self._typed(text))
        await self.settle()

    async def erase(self, who: str, message: str) -> None:
        channel, _ = self._message(message)
        await self.slack.delete(self._ids[who], channel, message)
        await self.settle()

    async def react(self, who: str, message: str, emoji: str, *, gone: bool = False) -> None:
        channel, _ = self._message(message)
        act = self.slack.unreact if gone else self.slack.react
        await act(self._ids[who], channel, message, emoji)
        await self.settle()

    def _message(self, id: str) -> tuple[str, Json]:
        for channel in self.slack.world.channels.values():
            if id in channel.messages:
                return channel.id, channel.messages[id]
        raise AssertionError(f"there is no message {id}")

    def _typed(self, text: str) -> str:
        """`@Full Name` and `#channel` as the client sends them when somebody picks the name from its list."""
        known = {f"@{one.id}": f"<@{self._ids[one.id]}>" for one in self._people.values()}
        known |= {f"@{one.name}": f"<@{self._ids[one.id]}>" for one in self._people.values()}
        known |= {
            f"#{one.name}": f"<#{one.id}>"
            for one in self.slack.world.channels.values()
            if one.kind == "channel"
        }
        known["@Tilth"] = f"<@{self.slack.world.bot}>"
        pattern = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
        return re.sub(rf"({pattern})\b", lambda found: known[found[1]], text)

    # ── people ask ────────────────────────────────────────────────────────────

    async def command(self, who: str, channel: str, line: str) -> Shown:
        before = self._screen(who)
        await self.slack.slash(self._ids[who], self._channel(channel), self._typed(line))
        return await self._shown(who, before)

    async def press(self, who: str, line: Line, button: str, *, forged: bool = False) -> Shown:
        before = self._screen(who)
        if forged:
            await self._forge(who, line, button)
        else:
            await self.slack.click(self._ids[who], self._with(who, line, button), button)
        return await self._shown(who, before, line.id)

    async def _forge(self, who: str, line: Line, button: str) -> None:
        """What Slack would send if somebody could press a button that only another person sees."""
        owner, [whisper] = next(
            (user, found)
            for user, hidden in self.slack.world.ephemerals.items()
            if (found := [one for one in hidden if one["ts"] == line.id])
        )
        mine = self._ids[who]
        assert owner != mine, "nothing is forged about a button one can see"
        theirs = self.slack.world.ephemerals.setdefault(mine, [])
        theirs.append(whisper)
        try:
            await self.slack.click(mine, whisper, button)
        finally:
            theirs.remove(whisper)

    async def choose(self, who: str, line: Line, select: str, option: str) -> Shown:
        before = self._screen(who)
        await self.slack.choose(self._ids[who], self._with(who, line, select), select, option)
        return await self._shown(who, before, line.id)

    def _with(self, who: str, line: Line, label: str) -> Json:
        """The message or view that has this button or select."""
        if line.id.startswith("V"):
            return {"id": line.id}
        there = [self._current(who, id) for id in (line.id, *self._beside.get(line.id, ()))]
        having = [
            one
            for one in there
            if label in reading.buttons(one)
            or label in [s.label for s in seen.selectors(one.get("blocks") or [])]
        ]
        return having[0] if having else there[0]

    def _current(self, who: str, id: str) -> Json:
        for hidden in self.slack.ephemerals(self._ids[who]):
            if hidden["ts"] == id:
                return hidden
        channel, _ = self._message(id)
        return self.slack.message(channel, id)

    async def submit(self, who: str, sheet: Sheet, fields: Mapping[str, Entry]) -> Shown:
        view = self.slack.modal(self._ids[who])
        assert view is not None, f"no form is open for {who}"
        before = self._screen(who)
        await self.slack.submit(self._ids[who], seen.entries(view, fields, self.id_of))
        errors = self.slack.modal_errors(self._ids[who])
        if errors:
            return Complaint({block.removeprefix(seen.FIELD): said for block, said in errors.items()})
        return await self._shown(who, before)

    async def amend(self, who: str, complaint: Complaint) -> Sheet:
        view = self.slack.modal(self._ids[who])
        assert view is not None, "the form is not open any more"
        return seen.sheet(self.slack, who, view, self._logical)

    async def open_home(self, who: str) -> Shown:
        await self.slack.open_home(self._ids[who])
        await self.settle()
        home = self.slack.home(self._ids[who])
        return seen.page(self.slack, home) if home else None

    async def shortcut(self, who: str, shortcut: str, channel: str, message: str | None) -> Shown:
        before = self._screen(who)
        if message is None:
            await self.slack.global_shortcut(self._ids[who], shortcut)
        else:
            await self.slack.message_shortcut(self._ids[who], self._current(who, message), shortcut)
        return await self._shown(who, before)

    # ── what came of it ───────────────────────────────────────────────────────

    def _screen(self, who: str) -> dict[str, Any]:
        """Everything of the bot's that somebody can see, by its id: to find out what is new."""
        user = self._ids[who]
        own = {one["ts"]: one for one in self.slack.ephemerals(user)}
        for channel in list(self.slack.world.channels.values()):
            if user in channel.members:
                for ts, one in channel.messages.items():
                    if one.get("user") == self.slack.bot:
                        own[ts] = {**one, "channel": channel.id}
        view = self.slack.modal(user)
        return {id: repr(one) for id, one in own.items()} | ({"modal": view["hash"]} if view else {})

    async def _shown(self, who: str, before: dict[str, Any], pressed: str = "") -> Shown:
        await self.settle()
        user = self._ids[who]
        view = self.slack.modal(user)
        if view and view["hash"] != before.get("modal"):
            return self._opened(who, view)
        after = self._screen(who)
        new = [id for id, what in after.items() if id != "modal" and before.get(id) != what]
        hidden = {one["ts"] for one in self.slack.ephemerals(user)}
        # What only they see is the answer; else what took the place of the card that was pressed; else what is new.
        new.sort(key=lambda id: (id not in hidden, id != pressed, id in before, id))
        if not new:
            return None
        lines = [seen.line(self.slack, self._current(who, id), self._logical) for id in new]
        self._beside[new[0]] = new[1:]
        return _joined([one for one in lines if one.private == lines[0].private or one.files])

    def _opened(self, who: str, view: Json) -> Shown:
        if view["callback_id"] == "form":
            return seen.sheet(self.slack, who, view, self._logical)
        return seen.page(self.slack, view)

    # ── what can be seen ──────────────────────────────────────────────────────

    def look(self, who: str | None, channel: str, thread: str | None = None) -> list[Line]:
        place = self._channel(channel)
        if thread is None:
            there = self.slack.messages(place)
        else:
            there = [self.slack.message(place, thread), *self.slack.replies(place, thread)]
        if who is not None:
            there += [
                one
                for one in self.slack.ephemerals(self._ids[who])
                if one["channel"] == place and one.get("thread_ts") == thread
            ]
        there.sort(key=lambda one: one["ts"])
        return [seen.line(self.slack, one, self._logical) for one in seen.said(there)]

    def inbox(self, who: str) -> list[Line]:
        return self.look(who, f"dm-{who}")

    def place(self, channel: str, thread: str | None = None) -> Place:
        return Place(self.space, self._channel(channel), thread, channel.startswith("dm-"))

    def id_of(self, who: str) -> str:
        return self._ids[who]

    def _channel(self, logical: str) -> str:
        if logical.startswith("dm-"):
            return self.slack.dm(self._ids[logical.removeprefix("dm-")])
        return self._ids[logical]

    def _logical(self, real: str) -> str:
        channel = self.slack.world.channels.get(real)
        if channel is not None and channel.kind == "im":
            [other] = [member for member in channel.members if member != self.slack.bot]
            return f"dm-{self._names[other]}"
        return self._names[real]

    def pinned(self, channel: str) -> list[str]:
        return list(self.slack.world.channels[self._channel(channel)].pins)

    def closed(self, channel: str, thread: str) -> bool:
        return False  # apps cannot lock threads

    def gatherings(self) -> list[CalendarEvent]:
        return []  # there is no such list

    def notified(self) -> list[str]:
        found: list[str] = []
        for channel in self.slack.world.channels.values():
            for message in channel.messages.values():
                if message.get("user") == self.slack.bot:
                    found += reading.live_mentions(message)
        for hidden in self.slack.world.ephemerals.values():
            for message in hidden:
                found += reading.live_mentions(message)
        return found

    # ── accidents ─────────────────────────────────────────────────────────────

    def deafen(self, deaf: bool) -> None:
        self.slack.lose_events(math.inf if deaf else 0)

    def hide_history(self, hidden: bool) -> None:
        for method in ("conversations.replies", "conversations.history"):
            if hidden:
                self.slack.fail(method, error="missing_scope", times=math.inf)
            else:
                self.slack.mend(method)

    def shut(self, channel: str) -> str:
        self.slack.world.channels[self._channel(channel)].archived = True
        return "is_archived"

    def reopen(self, channel: str) -> None:
        self.slack.world.channels[self._channel(channel)].archived = False

    def lose_answer(self, times: int = 1) -> None:
        self.slack.fail("chat.postMessage", drop="after", times=times)

    def break_before(self, times: int = 1) -> None:
        self.slack.fail("chat.postMessage", drop="before", times=times)

    def limit(self, seconds: int) -> None:
        self.slack.fail("chat.postMessage", ratelimit=seconds)

    def lock_out(self, out: bool) -> None:
        self.slack.revoked = out

    async def redeliver(self) -> None:
        """Slack's last try: of every event that the bot has never acknowledged."""
        done = {event for event, _, ack in self.slack.delivery.tries if ack.ok}
        tried = {event for event, _, _ in self.slack.delivery.tries}
        for wrapper in self.slack.events():
            if wrapper["event_id"] in tried - done:
                await self.slack.redeliver(wrapper, attempt=3)
        await self.settle()

    def leave_the_disk(self) -> None:
        """It never was there."""


def _facts(person: Newcomer) -> dict[str, Any]:
    return {
        "admin": "admin" in person.facts,
        "tz": person.zone or ZONE,
        "guest": person.stranger,
        "locale": person.locale,
    }


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
