"""Reasons of what becomes of a date, in the language of whoever reads them: they are stored in English."""

from __future__ import annotations

import re

from bot.chat.language import N_, _

MOVED = N_("moved by a moderator: {name}")
"""The reason of a date whose place another schedule took."""
EMPTY_DECK = N_("the deck {name} has no prompts")
"""The reason of a date for which there was no prompt."""
_WITH_A_NAME = (
    N_("break: {name}, a later one takes its place"),
    N_("break: {name}, held until the return"),
    N_("break: {name}"),
    MOVED,
    EMPTY_DECK,
)
"""Reasons that name something; the first that fits counts."""


def reason_words(reason: str) -> str:
    """Return the words for a stored reason."""
    for text in _WITH_A_NAME:
        before, after = text.split("{name}")
        if found := re.fullmatch(f"{re.escape(before)}(.+){re.escape(after)}", reason, re.DOTALL):
            return _(text, name=found[1])
    return _(reason) if reason else ""
