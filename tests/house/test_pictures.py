"""What the pictures of the pages are made from is there, and both platforms show the same times in them."""

from __future__ import annotations

import re

import pytest
from PIL import Image

from bot.platforms import PLATFORMS
from bot.playground.bare_app import bare_gallery
from tests.browser.pictures import CARDS
from tests.house.pages import ROOT
from tests.stories.stage import settings_for

TIME = re.compile(r"\w+day, \w+ \d+ at \d+:\d\d [AP]M")


@pytest.fixture(scope="module")
def cards(tmp_path_factory):
    """Return the example cards of the gallery: the first of each name."""
    found = {}
    for room, card in bare_gallery(settings_for(tmp_path_factory.mktemp("gallery"))):
        found.setdefault(f"{room}: {card.title}", card)
    return found


def test_the_cards_of_the_pictures_are_in_the_gallery(cards):
    assert [name for name in CARDS if name not in cards] == []


def test_both_platforms_show_the_same_times(cards):
    shown = 0
    for name in CARDS:
        drawn = [TIME.findall(str(one.draw(cards[name]))) for one in PLATFORMS]
        assert all(times == drawn[0] for times in drawn), name
        shown += len(drawn[0])
    assert shown >= 3


def test_the_recording_is_short_and_small():
    file = ROOT / "docs" / "tour.gif"
    assert file.stat().st_size < 2_000_000
    with Image.open(file) as film:
        assert film.n_frames > 10
        milliseconds = 0
        for number in range(film.n_frames):
            film.seek(number)
            milliseconds += film.info["duration"]
        assert 15_000 <= milliseconds <= 25_000
        assert film.info["loop"] == 0
