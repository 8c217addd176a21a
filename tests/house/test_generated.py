"""What is made from the code is current."""

from __future__ import annotations

from pathlib import Path

from bot.cli.generate import stale

ROOT = Path(__file__).parents[2]


def test_generated_files_are_current():
    assert stale(ROOT) == [], "run `make generated`"
