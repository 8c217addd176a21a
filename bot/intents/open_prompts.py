"""The open prompts, as far as they say what can be an answer: some ask for a question, and then a question is one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from bot.intents.sentences import split_words

_ASKING = ("question", "ask", "wonder", "pregunt", "interrog")
"""What a word begins with that speaks of asking; "task" and the like do not begin so."""


@lru_cache(maxsize=256)
def asks_for_question(prompt: str) -> bool:
    """Whether a prompt speaks of asking somebody, so that its answer may be a question as a whole."""
    return any(word.startswith(_ASKING) for word in split_words(prompt))


def want_question(prompts: Iterable[str]) -> bool:
    """Whether one of the questions that are open may be answered by a question."""
    return any(map(asks_for_question, prompts))
