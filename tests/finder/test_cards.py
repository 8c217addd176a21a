"""What was found, as its cards show it."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.chat.cards import Markdown
from bot.finder.cards import Found, results_card
from bot.finder.state import Wanted
from bot.search.searchable import Finding


def test_a_name_that_somebody_gave_marks_nothing():
    at = datetime(2026, 10, 12, 9, tzinfo=UTC)
    one = Finding(7, "We called.", "Ada Quinn", at, "Ninth grade", (), "**Call** [home](https://example.org)")
    card = results_card(Wanted("call"), "", [Found(one, "We called.")], 1, "UTC", more=False)
    lines = [block.words for block in card.blocks if isinstance(block, Markdown)]
    assert lines == [r"**\*\*Call\*\* \[home\](https://example.org)**"]
