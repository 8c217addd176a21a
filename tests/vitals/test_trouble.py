"""What is wrong is said in sentences that are right for one and for several."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.vitals.figures import Figures
from bot.vitals.trouble import find_troubles

AT = datetime(2026, 11, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "1 workspace or server refuses the bot's token"),
        (2, "2 workspaces or servers refuse the bot's token"),
    ],
)
def test_one_refuses_and_several_refuse(number: int, said: str):
    [found] = find_troubles(Figures(AT, refusing_spaces=number), {})
    assert found.what.startswith(f"{said}: ")
