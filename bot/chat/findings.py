"""What a check of a deployment or a platform found, for `tilth doctor` and `/tilth doctor`."""

from __future__ import annotations

from typing import Literal

Finding = tuple[Literal["ok", "warning", "error"], str, str]
"""How bad it is, what it is, and what to do (empty where there is nothing to do)."""


def continue_sentence(text: str) -> str:
    """A sentence as the end of another one: "Post prompts." as in "It cannot post prompts."."""
    return text[:1].lower() + text[1:]
