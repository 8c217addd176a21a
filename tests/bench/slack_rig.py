"""The bot on a pretended Slack with open prompts, and slack-bolt alone beside it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.adapter import SlackAdapter, SlackApp
from bot.app import App, build_app
from bot.runtime.clock import Clock, SystemClock
from bot.runtime.garbage import set_all_aside
from bot.store.adapter_state import StoredAdapterState
from bot.store.startup import open_store
from tests.bench.asking import ask_now
from tests.bench.findings import Spent
from tests.bench.rig import shipped_settings
from tests.bench.said_texts import SAID
from tests.fakes.slack import FakeSlack

AT_ONCE = 64
Take = Callable[[AsyncBoltRequest], Awaitable[Any]]
Json = dict[str, Any]


def bare_bolt(slack: FakeSlack, *, process_before_response: bool = True) -> AsyncApp:
    """slack-bolt with one listener for messages and one for a command, which do nothing."""
    auth = AuthorizeResult(
        enterprise_id=None, team_id=slack.team, bot_token=slack.bot_token, bot_user_id=slack.bot, bot_id="B1"
    )

    async def authorize() -> AuthorizeResult:
        return auth

    app = AsyncApp(
        client=AsyncWebClient(token=slack.bot_token, base_url=slack.api_url), authorize=authorize,
        signing_secret=slack.signing_secret, process_before_response=process_before_response,
        ignoring_self_events_enabled=False,
    )  # fmt: skip

    async def nothing() -> None:
        """Hear it, and that is all."""

    async def answer(ack: Callable[..., Awaitable[Any]]) -> None:
        await ack("Here it is.")

    app.event("message")(nothing)
    app.command("/reflect")(answer)
    return app


@dataclass(frozen=True, slots=True)
class Harbour:
    """A workspace in which the bot runs, with its people, its room and the threads of its open prompts."""

    slack: FakeSlack
    app: App
    adapter: SlackAdapter
    people: list[str]
    mo: str
    room: str
    threads: list[str]

    @property
    def take(self) -> Take:
        return self.adapter.workspaces[0].take


@asynccontextmanager
async def harbour(
    folder: Path, people: int, prompts: int = 1, url: str = "", clock: Clock | None = None
) -> AsyncIterator[Harbour]:
    """The whole bot on SQLite as shipped, or on the database that is named."""
    clock = clock or SystemClock()
    async with FakeSlack("bench") as slack:
        members = [slack.person(f"Person {number}") for number in range(people)]
        mo = slack.person("Mo Hale", admin=True)
        room = slack.channel("staffroom", [*members[:5], mo])
        settings = shipped_settings(folder, url)
        opened, release = open_store(settings)
        # By HTTP, so that no socket of the fake takes a share of the time.
        one = SlackApp("main", slack.bot_token, "", slack.signing_secret)
        adapter = SlackAdapter([one], clock.now, StoredAdapterState(opened, "slack"), api_url=slack.api_url)
        app = build_app(settings, clock, opened, [adapter], release=release)
        await app.start()
        try:
            threads = []
            for _ in range(prompts):
                threads.append(await open_prompt(app, adapter, slack, room, mo, set(threads)))
            set_all_aside()  # as the process does once it runs
            yield Harbour(slack, app, adapter, members, mo, room, threads)
        finally:
            await app.stop()


async def open_prompt(
    app: App, adapter: SlackAdapter, slack: FakeSlack, room: str, mo: str, known: set[str]
) -> str:
    """A prompt as a moderator asks it; the time stamp of its message."""
    await ask_now(app, adapter.workspaces[0], room, mo, number=len(known) + 1)
    while not (new := {one["ts"] for one in slack.messages(room) if one.get("bot_id")} - known):
        await app.planner.tick()
        await app.sender.beat()
        await asyncio.sleep(0.05)
    await app.sender.beat()
    return min(new)


def told(
    here: Harbour,
    thread: str,
    start: int,
    count: int,
    people: list[str] | None = None,
    said: Iterator[str] = SAID,
) -> list[str]:
    """Replies in a thread as Slack tells them, as text; each a message of its own."""
    made, base, who = [], time.time(), people or here.people
    for number in range(start, start + count):
        ts = f"{base + number / 1000:.6f}"
        event = {
            "type": "message", "channel": here.room, "channel_type": "channel", "user": who[number % len(who)],
            "team": here.slack.team, "text": next(said), "ts": ts, "event_ts": ts,
            "thread_ts": thread, "client_msg_id": f"c{number}",
        }  # fmt: skip
        whose = [
            {"enterprise_id": None, "team_id": here.slack.team, "user_id": here.slack.bot, "is_bot": True}
        ]
        made.append(json.dumps({
            "token": "t", "team_id": here.slack.team, "api_app_id": "A1", "event": event, "type": "event_callback",
            "event_id": f"Ev{number}", "event_time": int(base), "authorizations": whose,
        }))  # fmt: skip
    return made


def by_socket(text: str) -> AsyncBoltRequest:
    """As bolt's Socket Mode hands it over: read, and not signed."""
    return AsyncBoltRequest(body=json.loads(text), mode="socket_mode")


def sign(slack: FakeSlack, text: str, kind: str = "application/json") -> dict[str, str]:
    """The headers Slack would send."""
    now = str(int(time.time()))
    known = hmac.new(slack.signing_secret.encode(), f"v0:{now}:{text}".encode(), hashlib.sha256).hexdigest()
    return {
        "Content-Type": kind, "X-Slack-Request-Timestamp": now, "X-Slack-Signature": f"v0={known}",
    }  # fmt: skip


def command_body(here: Harbour, number: int, text: str = "history") -> str:
    """A slash command as Slack sends it."""
    return urlencode({
        "token": "t", "team_id": here.slack.team, "team_domain": "bench", "channel_id": here.room,
        "channel_name": "staffroom", "user_id": here.people[0], "user_name": "ada", "command": "/reflect", "text": text,
        "api_app_id": "A1", "is_enterprise_install": "false", "trigger_id": f"{number}.1",
        "response_url": here.slack.responses.url(here.people[0], here.room),
    })  # fmt: skip


async def rush(take: Take, requests: Iterator[Callable[[], AsyncBoltRequest]]) -> Spent:
    """Until all are acknowledged, `AT_ONCE` of them under way."""

    async def work() -> None:
        for make in requests:
            answer = await take(make())
            assert answer.status == 200, answer.status

    start, busy = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return Spent(time.perf_counter() - start, time.process_time() - busy)
