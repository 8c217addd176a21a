"""Sentences of the catalogue that hold more than text: a moment, a mention or a link in the middle of them."""

from __future__ import annotations

import re

from bot.chat.cards import Part

_NAME = re.compile(r"\{(\w+)\}")


def fill_parts(sentence: str, **parts: Part) -> tuple[Part, ...]:
    """The sentence with these parts where their names stand in braces, so that it is translated as a whole."""
    pieces = _NAME.split(sentence)
    found = [parts[piece] if place % 2 else piece for place, piece in enumerate(pieces)]
    return tuple(one for one in found if one != "")
