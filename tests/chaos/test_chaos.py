"""A slice of chaos: whatever is done to the bot, every prompt is there once, and everything people said is kept.

`make chaos MINUTES=10` does it for longer, with a server that is restarted, and shows that a bot that does not look
first would not stand it.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest

from tests.chaos.audit import table_of
from tests.chaos.storm import StormPlan, run_storm
from tests.chaos.weather import strike_connections

pytestmark = pytest.mark.slow

SECONDS, PROMPTS = 8.0, 12


def _seed() -> int:
    return int(os.environ.get("CHAOS_SEED") or secrets.randbelow(10**6))


async def _stand(plan: StormPlan) -> None:
    audit, deeds = await run_storm(plan)
    assert audit.clean, f"seed {plan.seed}: {deeds}\n{table_of({'storm': audit})}"


@pytest.mark.timeout(600)
async def test_one_process_that_is_killed_and_frozen_while_answers_get_lost(sqlite_url: str, tmp_path: Path):
    await _stand(StormPlan(_seed(), SECONDS, sqlite_url, tmp_path, prompts=PROMPTS))


@pytest.mark.postgres
@pytest.mark.timeout(600)
async def test_two_processes_with_clocks_of_their_own_whose_connections_end(
    postgres_url: str, tmp_path: Path
):
    strike = strike_connections(postgres_url)
    await _stand(
        StormPlan(_seed(), SECONDS, postgres_url, tmp_path, processes=2, prompts=PROMPTS, strike=strike)
    )
