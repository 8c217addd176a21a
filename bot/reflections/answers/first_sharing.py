"""Who can read an answer at first, before its author chooses: by the way it came, and by what its prompt asks for."""

from __future__ import annotations

from bot.chat.models import Sharing
from bot.reflections.prompts.model import Prompt


def choose_sharing(prompt: Prompt, preferred: Sharing | None, *, private: bool = True) -> Sharing:
    """Who can read an answer at first.

    A sensitive prompt's stay with their authors, wherever they were said; others are for everyone when said in a thread,
    and else as their authors `preferred`.
    """
    if prompt.audience:
        return Sharing.ME
    return (preferred or Sharing.ME) if private else Sharing.EVERYONE
