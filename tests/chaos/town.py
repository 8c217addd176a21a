"""The town of a storm: a fake Slack whose answers get lost, channels that each await a prompt, people who reply."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.slack.manifest import make_manifest
from bot.people import tables as people
from bot.playground.bare_app import bare_menu
from bot.reflections.prompts import bank
from bot.reflections.prompts.files import read_decks
from bot.reflections.schedule.settings import KIND, PromptSettings
from bot.schedules import edits
from bot.schedules.model import SchedulePlace
from bot.settings.environment import content_root, load
from bot.store.migrate import upgrade
from bot.store.store import Store
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.faults import Fault

MONDAY = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
LEAD = timedelta(seconds=1)
"""How long before nine o'clock it is when a storm begins."""
PEOPLE = ("Ada Quinn", "Ben Brook", "Cem Clay", "Dee Ashe", "Eli Frost", "Fay Holt")
ANSWERS: tuple[tuple[float, Mapping[str, Any]], ...] = (
    (0.15, {"drop": "after"}), (0.05, {"drop": "before"}), (0.05, {"half": "json"}), (0.05, {"status": 502}),
    (0.05, {"ratelimit": 1.0}), (0.05, {"error": "fatal_error"}), (0.1, {"delay": 0.6}), (0.05, {"delay": 2.5}),
)  # fmt: skip
"""How often an answer to a post goes wrong, and how."""


class WorldClock:
    """The time in the town: the machine's, `ahead` by some seconds."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """It is a moment before nine."""
        self.ahead = (MONDAY - LEAD - datetime.now(UTC)).total_seconds()

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)


class Town:
    """One workspace; the channel of each schedule hears one prompt at its minute after nine."""

    def __init__(self, seed: int, minutes: int, each: int) -> None:
        self.dice = random.Random(seed)
        self.clock = WorldClock()
        settings = load(_env_file=None)
        self.decks = read_decks(content_root(settings))
        self.slack = FakeSlack(
            "harbour", manifest=make_manifest(bare_menu(settings)), clock=self.clock, ack_seconds=2
        )
        self.people = [self.slack.person(name) for name in PEOPLE]
        self.channels = {
            self.slack.channel(f"c{minute}-{number}", self.people): minute
            for minute in range(minutes)
            for number in range(each)
        }
        self._tasks: set[asyncio.Task[None]] = set()
        self._answered: set[str] = set()

    def settle_in(self, url: str) -> None:
        """Write the community and its schedules into an empty database."""
        upgrade(url)
        now, space = MONDAY - timedelta(hours=1), f"slack:{self.slack.team}"
        with Store.open(url) as store:

            def lay_out(conn: Any) -> None:
                home = people.ensure_community(conn, "home", "Our community", "UTC", now)
                people.see_space(conn, space, "Harbour", home.id, now)
                bank.sync_bank(conn, home.id, self.decks, now)
                for channel, minute in self.channels.items():
                    edits.add_schedule(
                        conn, home.id, kind=KIND, title=channel, rule=f"every mon 09:{minute:02}", zone="UTC",
                        anchor=now.date(), now=now, letter="s", places=(SchedulePlace(space, channel),),
                        open_minutes=4 * 1440, details=PromptSettings((self.decks[0].slug,)).to_details(),
                    )  # fmt: skip

            store.write_now(lay_out)

    # ── trouble ───────────────────────────────────────────────────────────────

    def lie(self) -> None:
        """Let answers go wrong from now on."""
        for share, how in ANSWERS:
            self._sometimes("chat.postMessage", share, how)
        for method in ("conversations.history", "conversations.replies"):
            self._sometimes(method, 0.1, {"status": 500})

    def _sometimes(self, method: str, share: float, how: Mapping[str, Any]) -> None:
        fault = Fault(times=float("inf"), when=lambda _args: self.dice.random() < share, **how)
        self.slack.faults.add(method, fault)

    def be_honest(self) -> None:
        """Let everything go well from now on."""
        self.slack.stop_failing()

    # ── people ────────────────────────────────────────────────────────────────

    def live(self) -> None:
        """Somebody sees each new prompt: some reply; some think again, and some take it back."""
        for channel in self.channels:
            for one in self.slack.messages(channel):
                if one.get("bot_id") and one["ts"] not in self._answered:
                    self._answered.add(one["ts"])
                    for person in self.dice.sample(self.people, 2):
                        self._begin(self._answer(person, channel, str(one["ts"])))
        if self.dice.random() < 0.1:
            self.slack.lose_events(1)

    async def _answer(self, person: str, channel: str, ts: str) -> None:
        dice = self.dice
        await asyncio.sleep(dice.uniform(0, 2))
        said = await self.slack.reply(
            person, channel, ts, f"I noticed {dice.randrange(10**6)} students in the hallway."
        )
        change = dice.random()
        if change < 0.5:
            return
        await asyncio.sleep(dice.uniform(0, 3))
        if change < 0.8:
            await self.slack.edit(
                person, channel, said.ts, f"I meant {dice.randrange(10**6)} students in the hallway."
            )
        else:
            await self.slack.delete(person, channel, said.ts)

    @property
    def share_told(self) -> float:
        """How many of the channels have heard their prompt, from 0 to 1."""
        told = sum(
            any(one.get("bot_id") for one in self.slack.messages(channel)) for channel in self.channels
        )
        return told / len(self.channels)

    def _begin(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def fall_silent(self) -> None:
        """Wait until everybody has said what they wanted to say."""
        while self._tasks:
            with suppress(Exception):
                await asyncio.gather(*self._tasks)
