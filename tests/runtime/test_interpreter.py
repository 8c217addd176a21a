"""The threads of a bot that runs take short turns."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.stories.stage import staged


async def test_whoever_waits_for_a_busy_thread_waits_a_millisecond_at_most(tmp_path: Path) -> None:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(0.005)
    try:
        async with staged(tmp_path):
            assert sys.getswitchinterval() <= 0.001
    finally:
        sys.setswitchinterval(usual)
