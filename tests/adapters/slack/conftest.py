"""A workspace with the adapter connected to it."""

from __future__ import annotations

import pytest

from tests.adapters.slack.rig import town


@pytest.fixture
async def here():
    async with town() as made:
        yield made
