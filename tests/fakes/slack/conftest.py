"""A workspace with two people and a channel for the fake's own tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes.slack import FakeSlack


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


@pytest.fixture
async def town():
    clock = StillClock()
    async with FakeSlack(clock=clock, ack_seconds=0.4) as slack:
        yield await furnished(slack, clock)
