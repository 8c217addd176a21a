"""A workspace with the adapter connected to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.adapters.slack.rig import town


@pytest.fixture
async def here() -> AsyncIterator[Any]:
    async with town() as made:
        yield made
