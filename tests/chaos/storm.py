"""A storm: processes of the bot are killed and frozen, clocks lie, connections end; then calm, and the audit."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from sqlalchemy import select

from bot.delivery.tables import outbox as outbox_rows
from bot.store.store import Store
from tests.chaos.audit import Audit, count_unsettled, take_audit
from tests.chaos.bot_process import AHEAD, TERMS
from tests.chaos.nursery import BotProcess, Nursery
from tests.chaos.town import Town
from tests.chaos.weather import Strike
from tests.mutations.mutation import ROOT

A_LITTLE, MUCH = (0.0, 0.0, 20.0, -20.0), (0.0, 45.0, 600.0, -600.0)
"""Seconds by which a process's clock may be wrong, drawn at each start: a little until half of the prompts are there,
for what a clock that is ahead puts off waits for as long as that."""
LATER = 900.0
"""Seconds that pass at once in the calm: copies are swept after ten minutes, absences believed after ten."""
PATIENCE = 60.0
"""Seconds that each part of the calm may take, and a storm that has brought no prompts yet."""
FIRST = 20.0
"""Seconds of the first part, after which time leaps anyway: a wrong clock has put some things off by minutes."""
HALF = 0.5
FREEZE = 0.15
"""How many of those whom something befalls are frozen for longer than a lease; the others are killed."""


@dataclass(frozen=True, slots=True)
class StormPlan:
    """What a storm is like. `url` is an empty database, `root` the tree whose bot is run, `processes` how many.

    `strike` ends connections of the database, or the database itself; None where nobody else can (SQLite).
    """

    seed: int
    seconds: float
    url: str
    folder: Path
    processes: int = 1
    prompts: int = 24
    root: Path = ROOT
    strike: Strike | None = None


@dataclass(slots=True)
class Slot:
    """A place for one process. `due`: when something befalls it, once it has started; `until`: when it thaws."""

    number: int
    bot: BotProcess | None = None
    began: float = 0.0
    due: float | None = None
    until: float | None = None


@dataclass(slots=True)
class Storm:
    """Runs one plan. `deeds` counts what was done to the bot."""

    plan: StormPlan
    town: Town
    nursery: Nursery
    dice: random.Random
    slots: list[Slot]
    deeds: dict[str, int] = field(default_factory=dict)

    # ── processes ─────────────────────────────────────────────────────────────

    def start(self, slot: Slot, wrong: float = 0.0) -> None:
        """Let a process begin whose clock is wrong by so many seconds."""
        slack, plan = self.town.slack, self.plan
        settings = {
            "STORE__URL": plan.url, "STORE__FOLDER": str(plan.folder), "WEB__PORT": "0", "COMMUNITY__ZONE": "UTC",
            "SLACK__BOT_TOKEN": slack.bot_token, "SLACK__APP_TOKEN": slack.app_token, "SLACK__API_URL": slack.api_url,
        }  # fmt: skip
        environment = {f"TILTH_{name}": value for name, value in settings.items()}
        environment[AHEAD] = str(self.town.clock.ahead + wrong)
        slot.bot = self.nursery.bear(environment, plan.folder / f"{slot.number}.log")
        slot.began, slot.due, slot.until = monotonic(), None, None

    def kill(self, slot: Slot) -> None:
        """End it, without a word."""
        if slot.bot is not None:
            slot.bot.signal(signal.SIGKILL)
        slot.bot = None

    def _note(self, deed: str) -> None:
        self.deeds[deed] = self.deeds.get(deed, 0) + 1

    # ── the storm ─────────────────────────────────────────────────────────────

    async def rage(self) -> None:
        """Do it all until the time is over, and on a slow machine until half of the prompts have come."""
        begin = monotonic()
        strikes = begin + self.dice.uniform(3, 8)
        while monotonic() < begin + self.plan.seconds or not self._worn_out(begin):
            for slot in self.slots:
                self._trouble(slot)
            if self.plan.strike is not None and monotonic() > strikes:
                await asyncio.to_thread(self.plan.strike, self.dice)
                self._note("database struck")
                strikes = monotonic() + self.dice.uniform(3, 8)
            self.town.live()
            await asyncio.sleep(0.05)
        for slot in self.slots:
            self.kill(slot)  # one that is frozen in the middle of a change would keep everybody waiting
        await self.town.fall_silent()

    def _worn_out(self, begin: float) -> bool:
        return self.town.share_told > HALF or monotonic() > begin + max(PATIENCE, 4 * self.plan.seconds)

    def _trouble(self, slot: Slot) -> None:
        now, bot = monotonic(), slot.bot
        if bot is None or not bot.alive:
            self._note("started")
            self.start(slot, self.dice.choice(MUCH if self.town.share_told > HALF else A_LITTLE))
        elif slot.until is not None:
            if now > slot.until:
                bot.signal(signal.SIGCONT)
                slot.due, slot.until = now + self.dice.uniform(0.5, 2), None
        elif slot.due is None:
            if bot.started:  # it lives for some seconds, and longer where starting takes longer
                slot.due = now + self.dice.uniform(0.3, 4) + self.dice.uniform(0.5, 4) * (now - slot.began)
        elif now > slot.due and self.dice.random() < FREEZE:
            self._note("frozen")
            bot.signal(signal.SIGSTOP)
            slot.until = now + TERMS.lease + self.dice.uniform(0.5, 2)
        elif now > slot.due:
            self._note("killed")
            self.kill(slot)

    # ── the calm ──────────────────────────────────────────────────────────────

    async def calm(self, store: Store) -> Audit:
        """Let everything go well and settle; what there is then. Time passes in leaps, which no process sees."""
        self.town.be_honest()
        audit = await self._quiet(
            store, FIRST, lambda: self.town.share_told == 1 and not count_unsettled(store)
        )
        for _ in range(4):
            self.town.clock.ahead += LATER
            audit = await self._quiet(
                store, PATIENCE, lambda: not _unswept(store) and self.audit(store).clean
            )
            if audit.clean:
                break
        return audit

    async def _quiet(self, store: Store, seconds: float, settled: Callable[[], bool]) -> Audit:
        for slot in self.slots:
            self.kill(slot)
            self.start(slot)
        end = monotonic() + seconds
        while monotonic() < end and not settled():
            self.town.live()
            await asyncio.sleep(0.2)
        await self.town.fall_silent()
        return self.audit(store)

    def audit(self, store: Store) -> Audit:
        return take_audit(self.town.slack, store, list(self.town.channels))


def _unswept(store: Store) -> bool:
    query = select(outbox_rows.c.id).where(outbox_rows.c.sweep_at.is_not(None)).limit(1)
    return store.read_now(lambda conn: conn.execute(query).first()) is not None


async def run_storm(plan: StormPlan) -> tuple[Audit, dict[str, int]]:
    """Run one storm and the calm after it: the audit, and how often what was done to the bot."""
    with Nursery(plan.root) as nursery:
        town = Town(plan.seed, max(1, int(plan.seconds // 60)), plan.prompts)
        await asyncio.to_thread(town.settle_in, plan.url)
        slots = [Slot(number) for number in range(plan.processes)]
        storm = Storm(plan, town, nursery, random.Random(plan.seed), slots)
        async with town.slack:
            town.clock.begin()
            town.lie()
            await storm.rage()
            with Store.open(plan.url) as store:
                return await storm.calm(store), storm.deeds
