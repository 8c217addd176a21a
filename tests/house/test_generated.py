"""What is made from the code is current."""

from __future__ import annotations

from pathlib import Path

from bot.cli.generate import stale_files
from tests.house import picture

ROOT = Path(__file__).parents[2]


def test_generated_files_are_current():
    assert stale_files(ROOT) == [], "run `make generated`"


def test_the_picture_of_the_house_is_current():
    assert picture.FILE.read_text() == picture.draw(), "run `make generated`"
