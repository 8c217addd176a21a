"""Somebody's words where Markdown is read: they are shown as they were written, and mark nothing."""

from __future__ import annotations

_MARKS = frozenset("\\*_`~[]<>#|")


def literal_markdown(text: str) -> str:
    """Somebody's words in a line of Markdown, without what would be read as marks."""
    return "".join(f"\\{one}" if one in _MARKS else one for one in text)
