"""Texts that have to fit: cut, with a sign that something is missing."""

from __future__ import annotations


def shorten(text: str, most: int) -> str:
    """The text, or as much of it as leaves room for `…` within so many characters."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
