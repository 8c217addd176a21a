"""What the fake's own tests stand on: a small workspace, and a bare bot of slack-bolt and slack-sdk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack


def client_of(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)


class Bot:
    """An app that keeps every payload it hears, by event type, command or interaction type."""

    def __init__(self, slack: FakeSlack, **app: Any) -> None:
        self.slack = slack
        self.client = client_of(slack)
        self.app = AsyncApp(client=self.client, signing_secret=slack.signing_secret, **app)
        self.heard: list[dict[str, Any]] = []
        self.retries: list[str] = []

    def listen(self, *kinds: str) -> None:
        """Keep the events of these types."""
        for kind in kinds:

            async def keep(body: dict[str, Any], request: Any) -> None:
                self.heard.append(body)
                self.retries.append((request.headers.get("x-slack-retry-num") or ["0"])[0])

            self.app.event(kind)(keep)

    def events(self) -> list[dict[str, Any]]:
        return [body["event"] for body in self.heard]


@asynccontextmanager
async def bot(
    slack: FakeSlack, *, connections: int = 1, ping_interval: float = 0.2, **app: Any
) -> AsyncIterator[Bot]:
    """A bot that is connected through Socket Mode."""
    made = Bot(slack, **app)
    handlers = []
    try:
        for _ in range(connections):
            handler = AsyncSocketModeHandler(made.app, slack.app_token, ping_interval=ping_interval)
            handlers.append(handler)
            await handler.connect_async()  # type: ignore[no-untyped-call]
        await slack.connected(connections)
        yield made
    finally:
        for handler in handlers:
            await handler.close_async()  # type: ignore[no-untyped-call]


class StillClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass(slots=True)
class Town:
    """A workspace with an admin, two members and a channel."""

    slack: FakeSlack
    clock: StillClock
    ada: str
    ben: str
    cem: str
    room: str


async def furnished(slack: FakeSlack, clock: StillClock) -> Town:
    ada = slack.person("Ada Admin", admin=True)
    ben = slack.person("Ben Brook", display_name="Benny")
    cem = slack.person("Cem Clay")
    return Town(slack, clock, ada, ben, cem, slack.channel("staffroom", [ada, ben, cem]))
