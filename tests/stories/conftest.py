"""Every story gets a stage of its own, on every platform."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.discord.hearts import hearts_stopped
from tests.stories.platforms import parametrize_platforms
from tests.stories.stage import Stage, staged


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    parametrize_platforms(metafunc)


@pytest.fixture
async def stage(tmp_path: Path, platform: str) -> AsyncIterator[Stage]:
    async with staged(tmp_path, platform) as one:
        yield one


@pytest.fixture
async def monday(stage: Stage) -> Stage:
    """The rhythm is set, it is Monday, and the first prompt is in the room."""
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    await stage.until("2026-10-05 09:00")
    return stage


@pytest.fixture(autouse=True)
async def no_heart_beats_on() -> AsyncIterator[None]:
    """Set up first, so torn down last: discord.py's heartbeats end before the loop does."""
    yield
    await hearts_stopped()
