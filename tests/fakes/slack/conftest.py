"""A workspace with three people and a channel for the fake's own tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.fakes.slack import FakeSlack
from tests.fakes.slack.rig import StillClock, furnished


@pytest.fixture
async def town() -> AsyncIterator[Any]:
    clock = StillClock()
    async with FakeSlack(clock=clock, retry_delays=(0.02, 0.05, 0.1)) as slack:
        yield await furnished(slack, clock)
