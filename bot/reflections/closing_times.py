"""The time at which a prompt closes, as its cards say it."""

from __future__ import annotations

from datetime import datetime

from bot.chat.cards import Moment
from bot.reflections.prompts.model import Prompt


def closing_moment(prompt: Prompt, closes_at: datetime, zone: str) -> Moment:
    """When a prompt closes: on the card of a deck that has its own language, in that language too."""
    return Moment(closes_at, zone, in_words=bool(prompt.language))
