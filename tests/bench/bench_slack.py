"""Answers that come in on Slack: how much of slack-bolt's own speed is left once each is kept before it is acknowledged.

The floor is a bare `AsyncApp` whose one listener does nothing; ours is the whole bot on SQLite with fsync. Both take
the same events, 64 of them under way at a time. Also: how long a slash command waits, beside the same with nothing
else to do.

    python -m tests.bench.bench_slack [events]
"""

from __future__ import annotations

import asyncio
import copy
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from rich.console import Console
from rich.table import Table as Sheet
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.adapter import SlackAdapter, SlackApp
from bot.app import App, build_app
from bot.runtime.clock import SystemClock
from bot.settings.environment import load
from bot.store.adapter_state import StoredAdapterState
from bot.store.startup import open_store
from tests.fakes.slack import FakeSlack

AT_ONCE = 64
ROUNDS = 5
PEOPLE = 650
GOAL = 0.55
"""G1 of the goals: ingest, durable before it is acknowledged, against the same app with a handler that does nothing."""
COMMAND_GOAL = 5.0
"""G4b: a command's p99 while a thousand messages a second come in, against its p99 with nothing else to do."""

Take = Callable[[AsyncBoltRequest], Awaitable[Any]]


async def floor(slack: FakeSlack) -> Take:
    """slack-bolt with one listener that does nothing."""
    auth = AuthorizeResult(
        enterprise_id=None, team_id=slack.team, bot_token=slack.bot_token, bot_user_id=slack.bot, bot_id="B1"
    )

    async def authorize() -> AuthorizeResult:
        return auth

    app = AsyncApp(
        client=AsyncWebClient(token=slack.bot_token, base_url=slack.api_url), authorize=authorize,
        process_before_response=True, ignoring_self_events_enabled=False,
    )  # fmt: skip

    async def nothing() -> None:
        """Hear it, and that is all."""

    app.event("message")(nothing)
    return app.async_dispatch


async def whole_bot(slack: FakeSlack, folder: Path) -> tuple[App, SlackAdapter]:
    """The bot with one open prompt in the room; what is measured are replies in its thread."""
    base = load(_env_file=None)
    store = base.store.model_copy(update={"url": SecretStr(f"sqlite:///{folder}/bench.db"), "folder": folder})
    settings = base.model_copy(update={"store": store})
    opened, release = open_store(settings)
    # By HTTP, so that no socket of the fake takes a share of the time.
    one = SlackApp("main", slack.bot_token, "", slack.signing_secret)
    adapter = SlackAdapter(
        [one], SystemClock().now, StoredAdapterState(opened, "slack"), api_url=slack.api_url
    )
    app = build_app(settings, SystemClock(), opened, [adapter], release=release)
    await app.start()
    return app, adapter


def events(
    slack: FakeSlack, channel: str, thread: str, people: list[str], start: int, count: int
) -> list[dict[str, Any]]:
    """Replies in a thread as Slack tells them; each a message of its own."""
    made = []
    base = time.time()
    for number in range(start, start + count):
        ts = f"{base + number / 1000:.6f}"
        event = {
            "type": "message", "channel": channel, "channel_type": "channel", "user": people[number % len(people)],
            "team": slack.team, "text": "We asked the students first this time. " * 8, "ts": ts, "event_ts": ts,
            "thread_ts": thread, "client_msg_id": f"c{number}",
        }  # fmt: skip
        made.append({
            "token": "t", "team_id": slack.team, "api_app_id": "A1", "event": event, "type": "event_callback",
            "event_id": f"Ev{number}", "event_time": int(base),
            "authorizations": [{"enterprise_id": None, "team_id": slack.team, "user_id": slack.bot, "is_bot": True}],
        })  # fmt: skip
    return made


async def through(take: Take, bodies: list[dict[str, Any]]) -> float:
    """Events per second with `AT_ONCE` of them under way."""
    waiting = iter(bodies)

    async def worker() -> None:
        for body in waiting:
            answer = await take(AsyncBoltRequest(body=copy.deepcopy(body), mode="socket_mode"))
            assert answer.status == 200, answer.status

    start = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return len(bodies) / (time.perf_counter() - start)


async def commanded(slack: FakeSlack, take: Take, channel: str, person: str, times: int) -> list[float]:
    """Seconds from a slash command to its acknowledgment, one after the other, thirty a second."""
    waits = []
    for number in range(times):
        body = {
            "token": "t", "team_id": slack.team, "team_domain": "bench", "channel_id": channel, "channel_name": "staffroom",
            "user_id": person, "user_name": "ada", "command": "/reflect", "text": "history", "api_app_id": "A1",
            "is_enterprise_install": "false", "trigger_id": f"{number}.1",
            "response_url": slack.responses.url(person, channel),
        }  # fmt: skip
        start = time.perf_counter()
        answer = await take(AsyncBoltRequest(body=body, mode="socket_mode"))
        waits.append(time.perf_counter() - start)
        assert answer.status == 200
        await asyncio.sleep(1 / 30)
    return waits


def p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


async def run(count: int) -> tuple[float, float]:
    """Print the medians, and return the two ratios the goals are about."""
    with tempfile.TemporaryDirectory() as folder:
        async with FakeSlack("bench") as slack:
            people = [slack.person(f"Person {number}") for number in range(PEOPLE)]
            mo = slack.person("Mo Hale", admin=True)
            room = slack.channel("staffroom", [*people[:5], mo])
            app, adapter = await whole_bot(slack, Path(folder))
            ours = adapter.workspaces[0].take
            await _open_a_prompt(app, adapter, slack, room, mo)
            prompt = next(one for one in slack.messages(room) if one.get("bot_id"))
            bare = await floor(slack)
            numbers = itertools.count(0, count)
            rates: dict[str, list[float]] = {
                "slack-bolt, a handler that does nothing": [],
                "the bot, kept before the ack": [],
            }
            for _ in range(ROUNDS):
                for way, take in zip(rates.values(), (bare, ours), strict=True):
                    bodies = events(slack, room, prompt["ts"], people, next(numbers), count)
                    way.append(await through(take, bodies))
            quiet = await commanded(slack, ours, room, people[0], 100)
            busy = await _while_busy(slack, ours, room, prompt["ts"], people, next(numbers))
            await app.stop()
    return _report(rates, quiet, busy)


async def _open_a_prompt(app: App, adapter: SlackAdapter, slack: FakeSlack, room: str, mo: str) -> None:
    from tests.bench.asking import ask_now  # the way a moderator does it

    await ask_now(app, adapter.workspaces[0], room, mo)
    while not any(one.get("bot_id") for one in slack.messages(room)):
        await app.planner.tick()
        await app.sender.beat()
        await asyncio.sleep(0.2)
    await app.sender.beat()


async def _while_busy(
    slack: FakeSlack, take: Take, room: str, thread: str, people: list[str], start: int
) -> list[float]:
    """Commands while about a thousand messages a second come in."""
    bodies = events(slack, room, thread, people, start, 4000)
    done = asyncio.Event()

    async def flood() -> None:
        for at in range(0, len(bodies), 10):
            if done.is_set():
                return
            await asyncio.gather(
                *(take(AsyncBoltRequest(body=body, mode="socket_mode")) for body in bodies[at : at + 10])
            )
            await asyncio.sleep(0.008)

    flooding = asyncio.create_task(flood())
    waits = await commanded(slack, take, room, people[0], 100)
    done.set()
    await flooding
    return waits


def _report(rates: dict[str, list[float]], quiet: list[float], busy: list[float]) -> tuple[float, float]:
    bare, ours = rates.values()
    sheet = Sheet(title=f"events per second, {AT_ONCE} under way, median of {ROUNDS} rounds")
    for heading in ("way", "events/s", "of slack-bolt alone"):
        sheet.add_column(heading, justify="left" if heading == "way" else "right")
    for name, values in rates.items():
        share = statistics.median(value / base for value, base in zip(values, bare, strict=True))
        sheet.add_row(name, f"{statistics.median(values):,.0f}", f"{share:.2f}")
    ratio = statistics.median(value / base for value, base in zip(ours, bare, strict=True))
    slower = p99(busy) / p99(quiet)
    console = Console()
    console.print(sheet)
    console.print(f"goal {GOAL}: {ratio:.2f} {'met' if ratio >= GOAL else 'MISSED'}")
    console.print(
        f"a command's p99 with a flood of messages, against without: {slower:.1f}x, goal {COMMAND_GOAL}: "
        f"{'met' if slower <= COMMAND_GOAL else 'MISSED'}; over 3 s: {sum(one > 3 for one in busy)}"
    )
    return ratio, slower


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]) if len(sys.argv) > 1 else 3000))
