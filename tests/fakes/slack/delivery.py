"""How payloads reach the bot: tries, retries, acks, and what is still on its way."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from tests.fakes.quiet import wait_until_quiet

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack
    from tests.fakes.slack.world import Json


@dataclass(frozen=True, slots=True)
class Ack:
    """What the bot answered to one delivery: whether in time, its payload, and after how many real seconds."""

    ok: bool
    body: Any = None
    seconds: float = 0
    reason: str = ""
    again: bool = True
    """Whether the bot lets Slack try again."""


class Transport(Protocol):
    async def send(self, kind: str, payload: Json, attempt: int, reason: str) -> Ack: ...


class Delivery:
    """Sends events (with retries) and interactions (once), and knows what is in flight."""

    def __init__(self, slack: FakeSlack, transport: Transport, delays: tuple[float, ...]) -> None:
        self.slack = slack
        self.transport = transport
        self.delays = delays
        self.acks_to_lose = 0
        self.events_to_lose: float = 0
        self.sent: list[Json] = []
        """Every event the app should have got, by its wrapper, also those that were lost."""
        self.tries: list[tuple[str, int, Ack]] = []
        """Every try of an event: event_id, attempt, what came of it."""
        self._busy: dict[int, str] = {}
        self._last = time.monotonic()
        self._tasks: set[asyncio.Task[Any]] = set()

    # ── events ────────────────────────────────────────────────────────────────

    async def event(self, event: Json) -> Ack | None:
        """Deliver an event if the app hears it; the first try's ack. Retries go on behind."""
        if not self.slack.hears(event):
            return None
        return await self.wrapped(self.wrap(event))

    async def wrapped(self, payload: Json) -> Ack:
        self.sent.append(payload)
        if self.events_to_lose > 0:
            self.events_to_lose -= 1
            return Ack(False, reason="lost")
        ack = await self._try(payload, 0, "")
        if not ack.ok and ack.again:
            self.spawn(self._retry(payload, ack))
        return ack

    async def again(self, payload: Json, attempt: int) -> Ack:
        """One more try of an event, as if the ones before had failed."""
        return await self._try(payload, attempt, "timeout")

    async def _retry(self, payload: Json, ack: Ack) -> None:
        with self.busy(f"retries of {payload['event_id']}"):
            for attempt, delay in enumerate(self.delays, start=1):
                await asyncio.sleep(delay)
                ack = await self._try(payload, attempt, ack.reason)
                if ack.ok or not ack.again:
                    return

    async def _try(self, payload: Json, attempt: int, reason: str) -> Ack:
        with self.busy(f"event {payload['event']['type']}"):
            ack = await self.transport.send("events_api", payload, attempt, reason)
        self.tries.append((payload["event_id"], attempt, ack))
        return ack

    def wrap(self, event: Json) -> Json:
        world = self.slack.world
        return {
            "token": self.slack.verification_token,
            "team_id": world.team,
            "api_app_id": world.app,
            "event": event,
            "type": "event_callback",
            "event_id": world.id("Ev"),
            "event_time": world.seconds(),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": world.team,
                    "user_id": world.bot,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{uuid.uuid4().hex}",
        }

    # ── commands and interactions ─────────────────────────────────────────────

    async def interaction(self, kind: str, payload: Json) -> Ack:
        """Deliver a command (`slash_commands`) or interaction (`interactive`); Slack never tries these again."""
        with self.busy(f"{kind} {payload.get('command') or payload.get('type')}"):
            return await self.transport.send(kind, payload, 0, "")

    # ── what is on its way ────────────────────────────────────────────────────

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run behind the test's back; `settle` waits for it."""

        async def run() -> None:
            with self.busy("background"):
                await work

        task = asyncio.ensure_future(run())
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.slack.problems.append(f"the fake itself failed: {error!r}")

    @contextmanager
    def busy(self, what: str) -> Iterator[None]:
        mark = object()
        self._busy[id(mark)] = what
        self._last = time.monotonic()
        try:
            yield
        finally:
            del self._busy[id(mark)]
            self._last = time.monotonic()

    async def settle(self, quiet: float, within: float) -> None:
        await wait_until_quiet(
            lambda: self._busy, lambda: self._last, quiet, within, lambda: sorted(self._busy.values())
        )

    async def stop(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
