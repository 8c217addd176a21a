"""The reader of what buttons and forms carry: whatever cannot be read is out of date, and says so politely.

A client can send anything, and a button may be years old: no value is taken for what it was when it was made.
"""

from __future__ import annotations

import re
from datetime import datetime
from enum import Enum
from typing import TypeVar

from bot.chat.models import StaleValue

E = TypeVar("E", bound=Enum)
DIGITS = 15
"""Digits of an id: more fit into no column."""


def read_number(text: str, letter: str = "", *, most: int = DIGITS) -> int:
    """The number of at most so many digits in `12`, or in `p12` with this letter."""
    found = re.fullmatch(rf"{re.escape(letter)}([0-9]{{1,{most}}})", text)
    if found is None:
        raise StaleValue
    return int(found[1])


def read_id(value: str, letter: str = "") -> int:
    """The number of what a value names: 3 in `s3` and in `d4/2026-W41`; with `letter`, only of that kind."""
    head = value.partition("/")[0]
    return read_number(head, letter or head[:1] if head[:1].isalpha() else letter)


def read_key(text: str) -> str:
    """A word without spaces that some platform or room made up, like a channel's id."""
    if re.fullmatch(r"[A-Za-z0-9._:-]{1,60}", text) is None:
        raise StaleValue
    return text


def read_fields(text: str, count: int, joint: str = "/") -> list[str]:
    """The parts of a value that a mark joins, exactly so many; the last may hold the mark again."""
    found = text.split(joint, count - 1)
    if len(found) != count:
        raise StaleValue
    return found


def read_member(kind: type[E], text: str) -> E:
    """The member of an enumeration that has this value."""
    try:
        return kind(text)
    except ValueError:
        raise StaleValue from None


def read_instant(text: str) -> datetime:
    """An aware instant in ISO format."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise StaleValue from None
    if at.tzinfo is None:
        raise StaleValue
    return at
