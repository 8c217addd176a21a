"""Positions of values in a content file: line and column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Loc = tuple[str | int, ...]
"""The way to a value: `("prompts", 0, "title")`."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a value stands: (line, column) of its key, if it has one, and of the value; `written` as typed."""

    key: tuple[int, int] | None
    value: tuple[int, int]
    written: str = ""


def start_of(event: Any) -> tuple[int, int]:
    """(line, column) where one of the parser's events begins."""
    return event.start_mark.line + 1, event.start_mark.column + 1
