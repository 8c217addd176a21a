"""Every story gets a stage of its own."""

from __future__ import annotations

import pytest

from tests.stories.stage import staged


@pytest.fixture
async def stage(tmp_path):
    async with staged(tmp_path) as one:
        yield one


@pytest.fixture
async def monday(stage):
    """The rhythm is set, it is Monday, and the first prompt is in the room."""
    await stage.asks("mo", "/prompt schedule #staffroom every mon 09:00 closes:4d")
    await stage.presses("mo", stage.last("mo"), "Confirm")
    await stage.until("2026-10-05 09:00")
    return stage
