"""Short ids as buttons and forms carry them."""

from __future__ import annotations

from bot.chat.models import Refusal


def number_of(value: str) -> int:
    """The number in a value like `s3`, `p12` or `o57`; `Refusal` when there is none."""
    number = value[1:]
    if not number.isdecimal():
        raise Refusal(
            "That button is from an older version of me.", "Write /tilth help to see what I can do."
        )
    return int(number)
