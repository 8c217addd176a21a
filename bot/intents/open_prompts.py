"""The open prompts, as far as they say what can be an answer: a question where they ask for one, "Stop …" where they ask what to stop."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from bot.intents.intent import NOTHING_INVITED, Invited
from bot.intents.sentences import split_words

_ASKING = ("question", "ask", "wonder", "pregunt", "interrog")
"""What a word begins with that speaks of asking; "task" and the like do not begin so."""
_STOPPING = (
    "stop", "quit", "leav", "drop", "cancel", "remov", "unsubscrib", "paus", "dej", "deten", "detien", "renunci", "abandon",
    "solt", "suelt", "cort", "suspend", "elimin", "desist",
)  # fmt: skip
"""What a word begins with that speaks of stopping. Too many words cost little: a wish to stop that is outright stays one."""
_STOPPING_WORDS = frozenset(
    ("cut", "cutting", "skip", "end", "parar", "pararias", "pararian", "paras", "pares", "less")
)
_STOPPING_PAIRS = frozenset(
    (("give", "up"), ("giving", "up"), ("let", "go"), ("letting", "go"), ("no", "longer"), ("ya", "no"))
)


@lru_cache(maxsize=256)
def read_invitation(prompt: str) -> Invited:
    """What a prompt asks for that would be a wish elsewhere."""
    words = split_words(prompt)
    invited = NOTHING_INVITED
    if any(word.startswith(_ASKING) for word in words):
        invited |= Invited.QUESTION
    pairs = pairwise(words)
    if any(
        one.startswith(_STOPPING) or one in _STOPPING_WORDS for one in words
    ) or not _STOPPING_PAIRS.isdisjoint(pairs):
        invited |= Invited.STOP
    return invited


def read_invitations(prompts: Iterable[str]) -> Invited:
    """What any of the questions that are open asks for."""
    invited = NOTHING_INVITED
    for one in prompts:
        invited |= read_invitation(one)
    return invited
